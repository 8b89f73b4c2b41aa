"""AVIF copies of what pages show, made when there is nothing more urgent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from gallery.albums.renditions import LEASE_S, Clock, folder_of
from gallery.errors import RendererBusy, Unreadable
from gallery.imaging import Renderer
from gallery.models import Database, Photo, PhotoState
from gallery.storage import LocalStorage

SOON = timedelta(minutes=1)
LATE = timedelta(days=7)


def _lacking(now: datetime) -> Select[str]:
    return select(Photo.id).where(
        Photo.state == PhotoState.READY,
        Photo.has_avif.is_(False),
        or_(Photo.render_until.is_(None), Photo.render_until < now),
    )


def without_avif(session: Session, now: datetime, limit: int) -> list[str]:
    """Ids of ready photos that have no AVIF yet and that nobody has, newest first."""
    newest_first = _lacking(now).order_by(Photo.added_at.desc(), Photo.position)
    return list(session.scalars(newest_first.limit(limit)))


def make_avif(
    db: Database, storage: LocalStorage, renderer: Renderer, photo_id: str, *, clock: Clock
) -> bool:
    """Make one photo's AVIFs; whether they are there now.

    A photo that can't have any is tried again in a week; pages show its JPEGs.
    """
    photo = _claim(db, photo_id, clock())
    if photo is None:
        return False
    try:
        renderer.avif(storage.original(photo.sha256), folder_of(storage, photo))
    except RendererBusy:
        return _end(db, photo, made=False, not_before=clock() + SOON)
    except Unreadable:
        return _end(db, photo, made=False, not_before=clock() + LATE)
    return _end(db, photo, made=True)


def _claim(db: Database, photo_id: str, now: datetime) -> Photo | None:
    with db.write() as session:
        if session.scalar(_lacking(now).where(Photo.id == photo_id)) is None:
            return None
        photo = session.get_one(Photo, photo_id, with_for_update=True)
        photo.render_until = now + timedelta(seconds=LEASE_S)
        return photo


def _end(db: Database, photo: Photo, *, made: bool, not_before: datetime | None = None) -> bool:
    with db.write() as session:
        mine = session.get(Photo, photo.id, with_for_update=True)
        if mine is None or mine.state is not PhotoState.READY or mine.edit != photo.edit:
            return False
        mine.has_avif, mine.render_until = made, not_before
        return made
