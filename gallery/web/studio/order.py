"""The order of an album's photos: numbers and buttons in one form, one save, no dragging needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request
from flask.typing import ResponseReturnValue

from gallery.albums import arrange, opening
from gallery.models import PhotoState
from gallery.web.context import services
from gallery.web.studio import queries
from gallery.web.studio.base import bp, done, page

IN_ORDER = (PhotoState.READY, PhotoState.HIDDEN, PhotoState.HELD)


@bp.get("/a/<album_id>/order")
def order(album_id: str) -> ResponseReturnValue:
    """Photos with their place and buttons to move them, 200 a page."""
    number = max(1, request.args.get("page", 1, type=int))
    with services().db.read() as session:
        album = opening.by_id(session, album_id)
        photos, total = queries.photos(session, album.id, states=IN_ORDER, page=number)
        return page(
            "order.html",
            album=album,
            photos=photos,
            total=total,
            number=number,
            pages=max(1, -(-total // queries.PHOTOS_A_PAGE)),
            before=(number - 1) * queries.PHOTOS_A_PAGE,
        )


@bp.post("/a/<album_id>/order")
def save_order(album_id: str) -> ResponseReturnValue:
    """Save the numbers that were changed, and the move of the button that was pressed."""
    moved = request.form.get("move", "").partition(":")[2]
    with services().db.write() as session:
        album = opening.by_id(session, album_id)
        if request.form.get("do") == "by_time":
            arrange.by_time(session, album)
            said = "In the order they were taken now."
        else:
            ids = queries.ids_in_order(session, album.id, IN_ORDER)
            arrange.set_order(session, album, reordered(ids, request.form))
            said = "The order is saved."
    number = request.form.get("page", 1, type=int)
    anchor = f"p-{moved}" if moved else None
    return done(said, "order", album_id=album_id, page=number, _anchor=anchor)


def reordered(ids: Sequence[str], form: Mapping[str, str]) -> list[str]:
    """The ids in the order that was asked for.

    `place-<id>` is where a photo should stand, from 1; who asks for the place it has stays in
    line behind those who move. `move` is `first`, `up`, `down` or `last`, a colon and an id.
    """
    now_at = {photo_id: nth for nth, photo_id in enumerate(ids, start=1)}
    wanted = {}
    for photo_id, nth in now_at.items():
        typed = form.get(f"place-{photo_id}", "")
        if typed.strip().isdecimal() and int(typed) != nth:
            wanted[photo_id] = int(typed)
    result = [photo_id for photo_id in ids if photo_id not in wanted]
    for photo_id, place in sorted(wanted.items(), key=lambda item: item[1]):
        result.insert(max(place, 1) - 1, photo_id)
    verb, _, photo_id = form.get("move", "").partition(":")
    return _moved(result, photo_id, verb) if photo_id in now_at else result


def _moved(ids: list[str], photo_id: str, verb: str) -> list[str]:
    at = ids.index(photo_id)
    to = {"first": 0, "up": max(0, at - 1), "down": at + 1, "last": len(ids)}.get(verb, at)
    rest = [other for other in ids if other != photo_id]
    rest.insert(to, photo_id)
    return rest
