"""What everybody who signs in may change of themselves: their password."""

from __future__ import annotations

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from gallery.errors import FieldErrors
from gallery.people import people
from gallery.web import session as sign_ins
from gallery.web.context import services, utcnow
from gallery.web.studio.base import bp, page, who


@bp.get("/you")
def you() -> ResponseReturnValue:
    """Who is signed in, and a new password."""
    return page("you.html", errors={})


@bp.post("/you")
def save_you() -> ResponseReturnValue:
    """Set the new password; every other browser must sign in again, this one goes on."""
    try:
        password_hash = sign_ins.passwords().hash(request.form.get("password", ""))
    except FieldErrors as error:
        return page("you.html", status=422, errors=error.errors)
    with services().db.write() as session:
        person = people.by_id(session, who().id)
        people.set_password(session, person, password_hash, now=utcnow(), by=person.id)
    answer = make_response(redirect(url_for("studio.you"), code=303))
    answer = sign_ins.begin(answer, person)
    flash("Your password is changed. Your other browsers must sign in again.", "ok")
    return answer
