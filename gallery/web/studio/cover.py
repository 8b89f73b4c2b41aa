"""The photo that stands for an album, and the point of it that stays in sight."""

from __future__ import annotations

from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue

from gallery.albums import opening
from gallery.albums.opening import EventData
from gallery.models import Photo, PhotoState
from gallery.web.context import services
from gallery.web.studio import queries
from gallery.web.studio.base import bp, done, page


@bp.get("/a/<album_id>/cover")
def cover(album_id: str) -> ResponseReturnValue:
    """Photos to choose from, 200 a page, and the chosen one with its point."""
    number = max(1, request.args.get("page", 1, type=int))
    with services().db.read() as session:
        album = opening.by_id(session, album_id)
        photos, total = queries.photos(session, album.id, states=(PhotoState.READY,), page=number)
        chosen = session.get(Photo, album.cover_id) if album.cover_id else None
        return page(
            "cover.html",
            album=album,
            photos=photos,
            total=total,
            number=number,
            pages=max(1, -(-total // queries.PHOTOS_A_PAGE)),
            before=(number - 1) * queries.PHOTOS_A_PAGE,
            chosen=chosen if chosen and chosen.state is PhotoState.READY else None,
        )


@bp.post("/a/<album_id>/cover")
def save_cover(album_id: str) -> ResponseReturnValue:
    """Save both. A new cover begins with its point where people usually are."""
    with services().db.write() as session:
        album = opening.by_id(session, album_id)
        before = EventData.of(album)
        data = replace(before, cover_id=request.form.get("cover_id", before.cover_id) or None)
        if data.cover_id != before.cover_id:
            data = replace(data, focal_x=0.5, focal_y=0.4)
        else:
            left = request.form.get("left", before.focal_x * 100, type=float)
            top = request.form.get("top", before.focal_y * 100, type=float)
            data = replace(data, focal_x=_share(left), focal_y=_share(top))
        opening.edit(session, album, data)
    return done("The cover is saved.", "cover", album_id=album_id)


def _share(percent: float) -> float:
    """0 to 1; what is outside, and what is no number, goes to the nearest end."""
    return min(1.0, max(0.0, percent / 100)) if percent == percent else 0.5
