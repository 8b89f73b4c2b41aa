"""Who may open which page of the studio: one table, looked at before any view of it runs."""

from __future__ import annotations

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gallery.models import Role
from gallery.web import session
from gallery.web.context import person
from gallery.web.origin import page_behind, wants_json

OWNERS = frozenset({Role.OWNER})
EDITORS = frozenset({Role.OWNER, Role.EDITOR})
EVERYBODY = frozenset(Role)

# An endpoint that is missing here is for owners; a test asks that none is missing.
MAY_OPEN: dict[str, frozenset[Role]] = {
    "studio.nowhere": EVERYBODY,
    "studio.albums": EVERYBODY,
    "studio.add": EVERYBODY,
    "studio.receive": EVERYBODY,
    "studio.arriving": EVERYBODY,
}

# What can do lasting harm in a stranger's hands asks for the password again.
NEEDS_PASSWORD_LATELY: frozenset[str] = frozenset()


def enforce() -> ResponseReturnValue | None:
    """Let the request through, or answer instead of the view."""
    if request.blueprint != "studio":
        return None
    who = person()
    endpoint = str(request.endpoint)
    if who is None:
        return _ask_to_sign_in()
    if who.role not in MAY_OPEN.get(endpoint, OWNERS):
        return _not_yours(who.role)
    if endpoint in NEEDS_PASSWORD_LATELY and not session.is_recent():
        flash("Type your password once more, then press the button again.", "warn")
        return redirect(url_for("sign_in.confirm", next=_back()), code=303)
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_json():
        sentence = "You are signed out; sign in again in another tab, then try again here."
        return make_response(jsonify(error=sentence), 401)
    return redirect(url_for("sign_in.form", next=_back()), code=303)


def _not_yours(role: Role) -> ResponseReturnValue:
    sentence = f"This page is not for {role.value}s; ask an owner of this site."
    if wants_json():
        return make_response(jsonify(error=sentence), 403)
    return make_response(render_template("studio/not_yours.html", sentence=sentence), 403)


def _back() -> str:
    return page_behind(url_for("studio.albums"))
