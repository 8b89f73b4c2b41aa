"""Who may open which page of the studio, and how much they may send: looked at before any view."""

from __future__ import annotations

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gallery.albums.intake import MOST_BYTES
from gallery.models import Role
from gallery.web import session
from gallery.web.context import person
from gallery.web.origin import page_behind, wants_json
from gallery.web.room import insist_on_room

OWNERS = frozenset({Role.OWNER})
EDITORS = frozenset({Role.OWNER, Role.EDITOR})
EVERYBODY = frozenset(Role)

# An endpoint that is missing here is for owners; a test asks that none is missing.
MAY_OPEN: dict[str, frozenset[Role]] = {
    f"studio.{name}": roles
    for roles, names in (
        (EVERYBODY, "nowhere albums add receive arriving you save_you"),
        (EDITORS, "new_album album save_album set_visibility new_link revoke_link add_samples"),
        (EDITORS, "captions save_captions order save_order cover save_cover card left_out"),
        (EDITORS, "post preview send posts delivery following settle cancel go_on retract"),
        (EDITORS, "posts_following history_page history_json"),
        (EDITORS, "calendar approve change_time discard fitted"),
        (EDITORS, "requests decide take_down taken_down changes change withdraw withdrawn"),
        (EDITORS, "second_copy withdraw_post post_withdrawn"),
        (OWNERS, "accounts connect oauth_start oauth_back choose disconnect"),
        (OWNERS, "people add_person change_person new_password settings save_settings"),
    )
    for name in names.split()
}

# What can do lasting harm in a stranger's hands asks for the password again.
NEEDS_PASSWORD_LATELY = frozenset(
    {
        "studio.connect",
        "studio.oauth_start",
        "studio.choose",
        "studio.disconnect",
        "studio.add_person",
        "studio.change_person",
        "studio.new_password",
        "studio.save_you",
    }
)

FILES_AT_ONCE = 100
MOST_SENT = {"studio.receive": FILES_AT_ONCE * MOST_BYTES + 10_000_000}  # bytes, on disk
MOST_TYPED = {"studio.save_captions": 12_000_000}  # bytes, in memory


def enforce() -> ResponseReturnValue | None:
    """Let the request through, or answer instead of the view."""
    if request.blueprint != "studio":
        return None
    who = person()
    endpoint = str(request.endpoint)
    if who is None:
        return _ask_to_sign_in()
    if not may(endpoint):
        return _not_yours(who.role)
    if endpoint in NEEDS_PASSWORD_LATELY and not session.is_recent():
        flash("Type your password once more, then press the button again.", "warn")
        return redirect(url_for("sign_in.confirm", next=_back()), code=303)
    if endpoint in MOST_SENT:
        request.max_content_length = MOST_SENT[endpoint]
        insist_on_room(request.content_length)
    if endpoint in MOST_TYPED:
        request.max_content_length = request.max_form_memory_size = MOST_TYPED[endpoint]
    return None


def may(endpoint: str) -> bool:
    """Whether who is signed in may open this; for links too, so none leads to a closed door."""
    who = person()
    return who is not None and who.role in MAY_OPEN.get(endpoint, OWNERS)


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
