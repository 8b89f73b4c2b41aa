"""The first page of a new site: the link from the log makes its first owner."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gallery.albums import opening
from gallery.errors import FieldErrors, NotFound
from gallery.models import Album, Person
from gallery.people import people, site
from gallery.people.passwords import check
from gallery.web import session
from gallery.web.context import services, utcnow

FIELDS = ("site_name", "name", "email", "password")
FIRST_ALBUM = "My first album"


def form(token: str = "") -> ResponseReturnValue:
    """Ask for the site's name and its first owner. A wrong or used link is a 404."""
    token = token or request.args.get("token", "")
    _insist_on(token)
    return _page(token, {})


def submit() -> ResponseReturnValue:
    """Make the owner, sign them in, and open a first album in front of them."""
    token = request.form.get("token", "")
    _insist_on(token)
    typed = {name: request.form.get(name, "") for name in FIELDS}
    wrong = _wrong_in(typed)
    if wrong:
        return _page(token, wrong, status=422)
    try:
        owner, album = _make(token, typed, now=utcnow())
    except NotFound:
        abort(404)
    to = make_response(redirect(url_for("studio.album", album_id=album.id), code=303))
    return session.begin(to, owner)


def _insist_on(token: str) -> None:
    with services().db.read() as rows:
        if not people.setup_opens(rows, token):
            abort(404)


def _wrong_in(typed: dict[str, str]) -> dict[str, str]:
    wrong = site.wrong_in(typed["site_name"])
    wrong |= people.wrong_in(name=typed["name"], email=people.tidy_email(typed["email"]))
    try:
        check(typed["password"])
    except FieldErrors as error:
        wrong |= error.errors
    return wrong


def _make(token: str, typed: dict[str, str], *, now: datetime) -> tuple[Person, Album]:
    password_hash = session.passwords().hash(typed["password"])
    with services().db.write() as rows:
        owner = people.first_owner(
            rows,
            token,
            site_name=typed["site_name"],
            name=typed["name"],
            email=typed["email"],
            password_hash=password_hash,
            now=now,
        )
        today = now.astimezone(ZoneInfo(site.site(rows).zone)).date()
        return owner, opening.create(rows, FIRST_ALBUM, now=now, first_day=today)


def _page(token: str, errors: dict[str, str], *, status: int = 200) -> Response:
    typed = {name: request.form.get(name, "") for name in FIELDS}
    page = render_template("sign_in/setup.html", token=token, errors=errors, typed=typed)
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"  # the address is a secret
    return response
