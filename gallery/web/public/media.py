"""Renditions and cards: each asked for by an address that never changes its meaning."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Response, send_file
from flask.typing import ResponseReturnValue

from gallery.albums import look
from gallery.albums.cards import card_path
from gallery.errors import NotFound
from gallery.models import Album, Visibility
from gallery.web.context import services
from gallery.web.headers import FOR_EVER, PRIVATE
from gallery.web.public.viewer import viewer

NAME = re.compile(r"(?:320|640|960|1280)\.(?:jpg|avif)|1920\.jpg")  # what networks get is not here
TYPES = {".jpg": "image/jpeg", ".avif": "image/avif"}
NO_PICTURE = "There is no such picture."


def rendition(photo: str, edit: str, name: str) -> ResponseReturnValue:
    """One of a photo's standard renditions, if this viewer may see the photo."""
    if not NAME.fullmatch(name):
        raise NotFound(NO_PICTURE)
    with services().db.read() as session:
        found = look.media(session, viewer(), photo, edit)
    return _send(services().storage.rendition(found.sha256, edit, name), found.public)


def card(album_id: str, edit: str) -> ResponseReturnValue:
    """The card of a public album (of any album, for people who sign in)."""
    with services().db.read() as session:
        album = look.album_by_id(session, viewer(), album_id)
    return send_card(album, edit, public=album.visibility is Visibility.PUBLIC)


def send_card(album: Album, edit: str, *, public: bool) -> Response:
    """The album's card, if this is its edit. Raises NotFound."""
    path = card_path(services().storage, album)
    if path is None or album.card_edit != edit:
        raise NotFound(NO_PICTURE)
    return _send(path, public)


def _send(path: Path, public: bool) -> Response:
    """A file under its own name for ever; for others than everybody it is kept nowhere."""
    if not path.is_file():
        raise NotFound(NO_PICTURE)
    etag = f"{path.parent.name}-{path.name}"
    response = send_file(path, mimetype=TYPES[path.suffix], conditional=True, etag=etag)
    response.headers["Cache-Control"] = FOR_EVER if public else PRIVATE
    if not public:
        response.headers["X-Robots-Tag"] = "noindex"
    return response
