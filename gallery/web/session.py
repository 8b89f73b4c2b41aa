"""The session cookie: who is looking, for how long, since when."""

from __future__ import annotations

from typing import cast

from flask import Response, current_app, g, request
from flask import session as form_session

from gallery.models import Person, SignIn
from gallery.people import sessions
from gallery.people.passwords import Passwords
from gallery.web.context import services, utcnow


def load() -> None:
    """Set g.person and g.sign_in. Without a session cookie nothing is asked of the database."""
    g.person, g.sign_in = None, None
    token = token_sent()
    if not token or request.endpoint == "static":
        return
    now = utcnow()
    with services().db.read() as session:
        found = sessions.find(session, token, now=now)
    if found is None:
        return
    g.person, g.sign_in = found
    if sessions.needs_note(found[1], now=now):
        with services().db.write() as session:
            sessions.note_seen(session, token, now=now)


def sign_in() -> SignIn | None:
    """The session of this request."""
    return cast("SignIn | None", g.get("sign_in"))


def is_recent() -> bool:
    """Whether the password was typed lately in this session."""
    row = sign_in()
    return row is not None and sessions.is_recent(row, now=utcnow())


def token_sent() -> str | None:
    """The token that the browser sent, good or not."""
    return request.cookies.get(_name())


def begin(response: Response, person: Person) -> Response:
    """Start a session for `person` in this browser, in place of the one it had."""
    with services().db.write() as session:
        token = sessions.start(session, person, now=utcnow(), instead_of=token_sent())
    form_session.clear()  # the forms of before belong to somebody else
    response.set_cookie(
        _name(),
        token,
        max_age=sessions.LONGEST,
        secure=services().settings.https,
        httponly=True,
        samesite="Lax",
    )
    return response


def finish(response: Response) -> Response:
    """End this browser's session, here and in the table."""
    token = token_sent()
    if token:
        with services().db.write() as session:
            sessions.end(session, token)
    form_session.clear()
    response.delete_cookie(_name(), secure=services().settings.https, httponly=True, samesite="Lax")
    return response


def passwords() -> Passwords:
    """How this app hashes and checks passwords."""
    return cast(Passwords, current_app.extensions["gallery.passwords"])


def _name() -> str:
    return str(current_app.config["SIGN_IN_COOKIE_NAME"])
