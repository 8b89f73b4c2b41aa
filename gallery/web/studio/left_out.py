"""Files that were left out of an album: their names and why."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from gallery.albums import opening
from gallery.web.context import services
from gallery.web.studio import queries
from gallery.web.studio.base import bp, page


@bp.get("/a/<album_id>/left-out")
def left_out(album_id: str) -> ResponseReturnValue:
    """One row a file, with the sentence that says why."""
    with services().db.read() as session:
        album = opening.by_id(session, album_id)
        return page("left_out.html", album=album, photos=queries.rejected(session, album.id))
