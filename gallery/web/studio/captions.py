"""The captions desk: words for many photos at once, one form and one save."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from gallery.albums import describe, hiding, opening
from gallery.albums.describe import Change
from gallery.errors import InvalidInput
from gallery.models import Album, Photo, PhotoState
from gallery.web import text
from gallery.web.context import services
from gallery.web.origin import wants_json
from gallery.web.studio import queries
from gallery.web.studio.base import bp, done, page

WORDS = ("caption", "alt_text", "credit")
ON_DESK = (PhotoState.READY, PhotoState.HIDDEN, PhotoState.HELD)


@bp.get("/a/<album_id>/captions")
def captions(album_id: str) -> ResponseReturnValue:
    """All photos with their words side by side, 200 a page."""
    number = max(1, request.args.get("page", 1, type=int))
    without_alt = request.args.get("without") == "alt"
    with services().db.read() as session:
        album = opening.by_id(session, album_id)
        photos, total = queries.photos(
            session, album.id, states=ON_DESK, without_alt=without_alt, page=number
        )
        return page(
            "captions.html",
            album=album,
            photos=photos,
            total=total,
            number=number,
            pages=max(1, -(-total // queries.PHOTOS_A_PAGE)),
            before=(number - 1) * queries.PHOTOS_A_PAGE,
            without_alt=without_alt,
            counts=queries.counts_of(session, [album.id]).get(album.id, queries.Counts()),
            mark=mark_of,
        )


@bp.post("/a/<album_id>/captions")
def save_captions(album_id: str) -> ResponseReturnValue:
    """Save what was changed on this page, and do to the selected photos what the button says.

    Our script sends single rows and gets JSON.
    """
    with services().db.write() as session:
        album = opening.by_id(session, album_id)
        photos = describe.photos_of(session, album, _ids_sent(request.form))
        changes = _typed(request.form, photos)
        said = _for_selected(session, album, request.form, changes)
        changed = describe.describe(session, album, changes)
        marks = {photo.id: mark_of(photo) for photo in photos}
    if wants_json():
        return jsonify(changed=changed, marks=marks)
    return done(
        said or f"Saved: {text.count(changed, 'photo')} changed.",
        "captions",
        album_id=album_id,
        page=request.form.get("page", 1, type=int),
        without=request.form.get("without") or None,
    )


def mark_of(photo: Photo) -> str:
    """A mark of a photo's words: the form carries it, so only what a person changed is saved."""
    return _mark([getattr(photo, word) for word in WORDS])


def _mark(words: Sequence[str]) -> str:
    return hashlib.sha256("\x00".join(words).encode()).hexdigest()[:16]


def _ids_sent(form: Mapping[str, str]) -> list[str]:
    return [name.removeprefix("was-") for name in form if name.startswith("was-")]


def _typed(form: Mapping[str, str], photos: Sequence[Photo]) -> dict[str, Change]:
    changes = {}
    for photo in photos:
        typed = {
            word: form.get(f"{word}-{photo.id}", getattr(photo, word)).replace("\r\n", "\n")
            for word in WORDS
        }
        if _mark(list(typed.values())) != form[f"was-{photo.id}"]:
            changes[photo.id] = Change(**typed)
    return changes


def _for_selected(
    session: Session, album: Album, form: Mapping[str, str], changes: dict[str, Change]
) -> str:
    """Do to the selected photos what the pressed button says; the sentence about it."""
    action = form.get("do", "save")
    if action == "save":
        return ""
    ids = request.form.getlist("selected")
    if not ids:
        raise InvalidInput("No photo is selected; tick some, then press the button again.")
    some = text.count(len(ids), "photo")
    if action == "same":
        same = {word: form.get(f"same_{word}", "").strip() for word in WORDS}
        given = {word: words for word, words in same.items() if words}
        for photo_id in ids:
            before = changes.get(photo_id, Change())
            changes[photo_id] = Change(**{w: given.get(w, getattr(before, w)) for w in WORDS})
        return f"Put into {some}, and saved."
    if action == "hide":
        hiding.hide(session, album, ids)
        return f"{some} hidden from visitors; you can show them again here."
    hiding.show(session, album, ids)
    return f"{some} shown again."
