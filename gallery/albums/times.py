"""When photos were taken: a camera's clock read in the event's zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.albums import arrange
from gallery.imaging import Metadata
from gallery.models import Album, Photo

TAKEN_LOCAL = "taken_local"  # in Photo.details: what the clock said, where no zone was given


def taken(metadata: Metadata, zone: str) -> datetime | None:
    """The instant a photo was taken, as well as its metadata tell; None if they don't."""
    if metadata.taken_at is not None:
        return _instant(metadata.taken_at)
    if metadata.taken_local is not None:
        return _instant(metadata.taken_local.replace(tzinfo=ZoneInfo(zone)))
    return None


def read_anew(session: Session, album: Album) -> None:
    """Read clocks without a zone in the album's zone, which has changed, and sort again."""
    for photo in session.scalars(select(Photo).where(Photo.album_id == album.id)):
        if clock := photo.details.get(TAKEN_LOCAL):
            local = datetime.fromisoformat(clock)
            photo.taken_at = _instant(local.replace(tzinfo=ZoneInfo(album.zone)))
    if not album.by_hand:
        arrange.by_time(session, album)


def _instant(moment: datetime) -> datetime | None:
    """In UTC; None for a clock so wrong that there is no such year."""
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
