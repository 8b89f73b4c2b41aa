"""Albums as rows alone: for a page's HTML no picture is needed."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from gallery.albums import opening
from gallery.albums.look import PHOTOS_A_PAGE
from gallery.albums.renditions import edit_of
from gallery.models import Album, Database, Photo, PhotoState, Visibility

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 21)
MORNING = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
APART_S = 75  # between two photos: a page of them is a day, from half past eight on
SIZES = ((6000, 4000), (4000, 6000), (6000, 4000), (5472, 3648), (4032, 3024))
SUBJECTS = ("A full house for the opening talk", "Teh tarik before the last session", "We did it!")


_numbers = itertools.count(100_000)


def add_album(db: Database, photos: int) -> Album:
    """A public album with so many ready photos, described as one after an event is."""
    with db.write() as session:
        album = opening.create(
            session,
            f"Open house of {photos} photos",
            now=NOW,
            first_day=DAY,
            venue="BRIDEX, Jerudong",
        )
        album.organiser = "Brunei SME Network"
        album.write_up = "Two hundred guests, **thirty stalls** and one long evening by the water."
        album.last_day = DAY + timedelta(days=(photos - 1) // PHOTOS_A_PAGE)
        opening.set_visibility(session, album, Visibility.PUBLIC, now=NOW)
        session.flush()
        session.execute(insert(Photo), list(_rows(album.id, photos)))
    return album


def first_photo(db: Database, album: Album) -> str:
    """The id of an album's first photo."""
    with db.read() as session:
        ordered = select(Photo.id).where(Photo.album_id == album.id).order_by(Photo.position)
        return session.scalars(ordered.limit(1)).one()


def _rows(album_id: str, photos: int) -> Iterator[dict[str, Any]]:
    """Columns of photos, page by page alike but for ids and hashes."""
    for nth in range(photos):
        on_page = nth % PHOTOS_A_PAGE
        sha256 = hashlib.sha256(f"{album_id} {nth}".encode()).hexdigest()
        width, height = SIZES[on_page % len(SIZES)]
        yield {
            "id": str(next(_numbers)),
            "album_id": album_id,
            "sha256": sha256,
            "edit": edit_of(sha256),
            "file": f"DSC_{nth:05}.JPG",
            "bytes": 9_000_000,
            "kind": "jpeg",
            "state": PhotoState.READY,
            "position": nth + 1,
            "width": width,
            "height": height,
            "has_avif": True,
            "colour": "123",
            "caption": f"{SUBJECTS[on_page % len(SUBJECTS)]}, number {on_page}"
            if on_page % 3
            else "",
            "alt_text": f"Seen from stall {on_page}: people talk and laugh" if on_page % 2 else "",
            "taken_at": MORNING + timedelta(days=nth // PHOTOS_A_PAGE, seconds=on_page * APART_S),
            "added_at": NOW,
        }
