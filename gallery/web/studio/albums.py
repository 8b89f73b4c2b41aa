"""The studio's first page: all albums, and a new one."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from gallery.albums import opening
from gallery.errors import InvalidInput, NotFound
from gallery.web.context import services, utcnow
from gallery.web.guards import may
from gallery.web.studio import queries
from gallery.web.studio.base import bp, done, errors_of, page


@bp.get("/")
@bp.get("")  # what url_for gives
def albums() -> ResponseReturnValue:
    """All albums, newest event first."""
    return _list({})


@bp.post("/albums")
def new_album() -> ResponseReturnValue:
    """Make an album from its title alone; the rest can follow."""
    try:
        with services().db.write() as session:
            album = opening.create(session, request.form.get("title", ""), now=utcnow())
    except InvalidInput as error:
        return _list(errors_of(error), status=422)
    return done("Your album is open. Add photos now, or tell about the event first.",
                "album", album_id=album.id)  # fmt: skip


@bp.get("/<path:rest>")
def nowhere(rest: str) -> ResponseReturnValue:
    """Any other address below /studio; signed out it leads to the sign-in like all of them."""
    raise NotFound(f"There is no page {rest[:80]}.")


def _list(errors: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    number = max(1, request.args.get("page", 1, type=int))
    with services().db.read() as session:
        rows, more, asked = queries.albums(session, number)
        return page(
            "albums.html",
            status=status,
            rows=rows,
            number=number,
            more=more,
            errors=errors,
            asked=asked if may("studio.requests") else 0,
            typed=request.form.get("title", ""),
        )
