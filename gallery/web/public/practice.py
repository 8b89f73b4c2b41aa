"""Posts of the practice network, as its visitors would see them."""

from __future__ import annotations

from datetime import datetime

from flask import make_response, render_template, send_file
from flask.typing import ResponseReturnValue

from gallery.errors import NotFound
from gallery.networks import practice
from gallery.web.context import services
from gallery.web.headers import PRIVATE, no_referrer
from gallery.web.public.assets import site

NO_POST = "There is no such practice post; it may have been taken back."


def post(id: str) -> ResponseReturnValue:
    """One post: its text, its photos, and each photo's caption and alt text."""
    found = practice.read(practice.folder_of(services().settings), id)
    if found is None:
        raise NotFound(NO_POST)
    page = render_template(
        "public/practice.html",
        post=found,
        at=datetime.fromisoformat(found["at"]),
        zone=site().zone,
    )
    return no_referrer(make_response(page))


def picture(id: str, name: str) -> ResponseReturnValue:
    """One picture of a post."""
    path = practice.picture(practice.folder_of(services().settings), id, name)
    if path is None:
        raise NotFound(NO_POST)
    response = send_file(path, mimetype="image/jpeg", conditional=True)
    response.headers["Cache-Control"] = PRIVATE
    return no_referrer(response)
