"""“Ask us to remove a photo”: choosing it, the form, and the reference that the asker gets.

Whoever may look at a photo may ask for it to go, without an account and without a script.
"""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address
from typing import cast

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask import session as form_session
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from gallery.albums import look
from gallery.albums.look import PhotoPage, Viewer
from gallery.albums.removals import WHO, Request
from gallery.errors import FieldErrors, NotFound
from gallery.people import audit
from gallery.publishing import accounts, takedown
from gallery.web.context import services, utcnow
from gallery.web.public.assets import reading
from gallery.web.public.errors import not_found
from gallery.web.public.pictures import picture, pictures
from gallery.web.public.viewer import guarded, viewer
from gallery.web.throttle import Throttle

LONGEST = {"reply": 300, "message": 2000}
TRAP = "website"  # no person sees this field
NO_PHOTO = "This photo is not here any more; it may have been taken down already."


def choose(slug: str) -> ResponseReturnValue:
    """The album's photos, each leading to its form."""
    who, number = viewer(), max(1, request.args.get("page", 1, type=int))
    with reading() as session:
        album = look.album(session, who, slug)
        shown = look.album_page(session, Viewer(who.now, tokens=who.tokens), album, number)
    listed = pictures(album, shown.tiles, before=shown.before, total=shown.total)
    photos = [
        photo._replace(href=url_for("public.remove", slug=slug, photo=photo.id)) for photo in listed
    ]
    page = render_template("public/choose.html", album=album, photos=photos, shown=shown)
    return guarded(make_response(page), album)


def form(slug: str, photo: str) -> ResponseReturnValue:
    """The form about one photo."""
    return _page(slug, photo, {})


def ask(slug: str, photo: str) -> ResponseReturnValue:
    """Write the request down; the photo is hidden at once, as far as this sender may."""
    try:
        wanted = _sent()
    except FieldErrors as error:
        return _page(slug, photo, error.errors, status=422)
    if not _throttle().may_ask(request.remote_addr or ""):
        raise TooManyRequests
    who = viewer()
    parts = services()
    limits_of = accounts.limits_of(parts.vault, parts.settings)
    with parts.db.write() as session:
        found = _found(session, who, slug, photo)
        removal = takedown.ask(
            session, parts.settings, limits_of, found.photo.id, wanted, now=utcnow()
        )
        audit.note(session, "removal asked", now=utcnow(), about=removal.id)
    form_session["asked"] = [removal.id, removal.hid]
    return redirect(url_for("public.remove_asked", slug=slug), code=303)


def asked(slug: str) -> ResponseReturnValue:
    """The reference, and what happens next."""
    who = viewer()
    with reading() as session:
        album = look.album(session, who, slug)
    reference, hid = form_session.get("asked", ["", False])
    if not reference:
        return redirect(url_for("public.remove_choose", slug=slug))
    page = render_template("public/asked.html", album=album, reference=reference, hid=hid)
    return _private(guarded(make_response(page), album))


def _page(
    slug: str, photo: str, errors: dict[str, str], *, status: int = 200
) -> ResponseReturnValue:
    who = viewer()
    with reading() as session:
        try:
            found = _found(session, who, slug, photo)
        except NotFound:
            album = look.album(session, who, slug)
            back = url_for("public.album", slug=album.slug)
            return guarded(not_found(NO_PHOTO, back, "Back to the album"), album)
    album = found.album
    shown = picture(album, look.tile_of(found.photo), number=found.number, total=found.total)
    page = render_template(
        "public/remove.html",
        album=album,
        photo=found.photo,
        picture=shown,
        errors=errors,
        typed=request.form,
        longest=LONGEST,
        trap=TRAP,
    )
    return _private(guarded(make_response(page, status), album))


def _found(session: Session, who: Viewer, slug: str, photo: str) -> PhotoPage:
    return look.photo_page(session, who, slug, photo)


def _sent() -> Request:
    """What was sent. Raises FieldErrors."""
    form = {name: value.replace("\r\n", "\n") for name, value in request.form.items()}
    wrong = {
        name: f"This is too long: at most {most:,} characters."
        for name, most in LONGEST.items()
        if len(form.get(name, "")) > most
    }
    if form.get("who") not in WHO:
        wrong["who"] = "Choose who asks, so that we know what it is about."
    if form.get(TRAP):
        wrong[TRAP] = "Nothing was sent: leave the hidden field empty, then send it again."
    if wrong:
        raise FieldErrors(wrong)
    reply, message = form.get("reply", ""), form.get("message", "")
    return Request(form["who"], reply, message, sender_of(request.remote_addr or ""))


def sender_of(address: str) -> str:
    """A keyed hash of an address; of IPv6 only the network, since a device has many there."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    told = str(int(ip) >> 64) if isinstance(ip, IPv6Address) else str(ip)
    key = services().settings.secret_key.reveal().encode()
    return hmac.new(key, f"removal {told}".encode(), hashlib.sha256).hexdigest()


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _throttle() -> Throttle:
    return cast(Throttle, current_app.extensions["gallery.throttle"])
