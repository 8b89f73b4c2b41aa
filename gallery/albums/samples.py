"""Sample photos, drawn by ourselves, for whoever has none at hand."""

from __future__ import annotations

import tempfile
from pathlib import Path

from gallery.albums import intake, opening
from gallery.albums.intake import Admission
from gallery.albums.renditions import Clock
from gallery.imaging import draw_sample_photos
from gallery.models import Database
from gallery.storage import LocalStorage


def add_sample_photos(
    db: Database,
    storage: LocalStorage,
    album_id: str,
    *,
    clock: Clock,
    by: str | None,
    count: int = 12,
) -> list[Admission]:
    """Draw photos and take them into an album by the one way in; what became of each.

    Draws before any transaction and uses one for each photo; whoever calls rings the bell for
    those that were added. Raises NotFound, NoRoom.
    """
    with db.read() as session:
        opening.by_id(session, album_id)
    with tempfile.TemporaryDirectory() as folder:
        drawn = draw_sample_photos(Path(folder), count)
        return [_take_in(db, storage, album_id, path, clock, by) for path in drawn]


def _take_in(
    db: Database, storage: LocalStorage, album_id: str, path: Path, clock: Clock, by: str | None
) -> Admission:
    with path.open("rb") as stream:
        arrival = intake.receive(storage, stream, path.name)
    with db.write() as session:
        album = opening.by_id(session, album_id)
        return intake.admit(session, storage, album, arrival, now=clock(), by=by)
