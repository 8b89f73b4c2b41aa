"""Signing in, typing the password once more, signing out; and the guards of every request."""

from __future__ import annotations

from typing import cast

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from gallery.models import Person
from gallery.people import audit, people
from gallery.people.passwords import Passwords
from gallery.settings import Settings
from gallery.web import guards, origin, session, setup
from gallery.web.context import person, services, utcnow
from gallery.web.throttle import Throttle

WRONG = "That e-mail address and password do not belong together. Check both and try again."
TOO_OFTEN = "Too many tries just now. Nothing is locked: wait {wait}, then try again."

bp = Blueprint("sign_in", __name__)
bp.add_url_rule("/setup", "setup", setup.form)
bp.add_url_rule("/setup/<token>", "setup_by_path", setup.form)
bp.add_url_rule("/setup", "set_up", setup.submit, methods=["POST"])


def install(app: Flask, settings: Settings) -> None:
    """Guards in this order: sent from here; who is it; may they; is the form ours and fresh."""
    app.config["SIGN_IN_COOKIE_NAME"] = "__Host-session" if settings.https else "session"
    app.extensions["gallery.passwords"] = Passwords()
    app.extensions["gallery.throttle"] = Throttle(app)
    origin.install_check(app, settings)
    app.before_request(session.load)
    app.before_request(guards.enforce)
    origin.install_tokens(app)
    app.register_blueprint(bp)


@bp.get("/studio/sign-in")
def form() -> ResponseReturnValue:
    """The page with the password field."""
    if person():
        return redirect(_next())
    return _page("sign_in/form.html")


@bp.post("/studio/sign-in")
def submit() -> ResponseReturnValue:
    """Check the password; begin a session or say that it does not fit."""
    found = _checked("sign_in/form.html", request.form.get("email", ""))
    if isinstance(found, Response):
        return found
    return session.begin(make_response(redirect(_next(), code=303)), found)


@bp.get("/studio/confirm")
def confirm() -> ResponseReturnValue:
    """Ask who is signed in for the password once more."""
    if person() is None:
        return redirect(url_for("sign_in.form", next=_next()))
    return _page("sign_in/confirm.html")


@bp.post("/studio/confirm")
def confirmed() -> ResponseReturnValue:
    """Begin a fresh session if the password is right."""
    who = person()
    if who is None:
        return redirect(url_for("sign_in.form", next=_next()), code=303)
    found = _checked("sign_in/confirm.html", who.email)
    if isinstance(found, Response):
        return found
    return session.begin(make_response(redirect(_next(), code=303)), found)


@bp.post("/studio/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session, then lead to what everybody sees."""
    who = person()
    if who:
        with services().db.write() as rows:
            audit.note(rows, "sign-out", now=utcnow(), by=who.id)
    return session.finish(make_response(redirect(url_for("public.home"), code=303)))


def _checked(template: str, email: str) -> Person | Response:
    """Whoever has this address and password, or the page that says why not.

    An unknown address, a disabled person and a wrong password look alike and take as long.
    """
    email = people.tidy_email(email)[:254]
    address = request.remote_addr or "nowhere"
    throttle = cast(Throttle, current_app.extensions["gallery.throttle"])
    wait_s = throttle.wait_s(email, address)
    if wait_s:
        return _too_often(template, wait_s)
    with services().db.read() as rows:
        found = people.by_email(rows, email)
    if found and found.disabled_at:
        found = None
    password = request.form.get("password", "")
    hashed = found.password_hash if found else None
    if session.passwords().matches(hashed, password) and found:
        throttle.passed(email, address)
        _note_success(found, password)
        return found
    throttle.failed(address)
    with services().db.write() as rows:
        audit.note(rows, "sign-in refused", now=utcnow(), about=email)
    return _page(template, {"password": WRONG}, status=422)


def _note_success(found: Person, password: str) -> None:
    old = found.password_hash
    renewed = session.passwords().renewed(old, password)
    with services().db.write() as rows:
        audit.note(rows, "sign-in", now=utcnow(), by=found.id, about=found.email)
        if renewed:
            people.settle_password_cost(rows, found.id, old, renewed)


def _too_often(template: str, wait_s: int) -> Response:
    minutes = -(-wait_s // 60)
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    response = _page(template, {"password": TOO_OFTEN.format(wait=wait)}, status=429)
    response.headers["Retry-After"] = str(wait_s)
    return response


def _page(template: str, errors: dict[str, str] | None = None, *, status: int = 200) -> Response:
    page = render_template(
        template, errors=errors or {}, next=_next(), email=request.form.get("email", "")
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _next() -> str:
    return origin.own_path(request.values.get("next"), url_for("studio.albums"))
