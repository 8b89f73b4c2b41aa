"""Whether the bytes and the rows about photos agree, and setting right what does not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gallery.albums.renditions import drop_unused, path_of
from gallery.imaging import AVIF_EDGES, STANDARD_EDGES
from gallery.models import Database, Photo, PhotoState
from gallery.storage import LocalStorage

LEFT_AFTER = timedelta(hours=24)  # bytes that no row uses may be on their way in for so long
IDLE_AFTER = timedelta(minutes=15)
_WITH_BYTES = (PhotoState.WAITING, PhotoState.READY, PhotoState.HELD)


@dataclass(frozen=True)
class Health:
    """What was found. `orphans` and `leftovers` are old enough to go; `young` are not yet."""

    missing: Sequence[Photo] = ()  # the original is not there, or cut off
    damaged: Sequence[Photo] = ()  # the original is not what came in
    bare: Sequence[Photo] = ()  # ready, but renditions are not there
    no_avif: Sequence[Photo] = ()  # said to have AVIFs that are not there
    idle: Sequence[str] = ()  # ids of photos that wait and that nobody has had for long
    orphans: Sequence[str] = ()  # hashes of originals that no photo uses
    leftovers: Sequence[Path] = ()  # in tmp
    young: int = 0
    looked_at: int = 0  # photos

    @property
    def well(self) -> bool:
        """Whether there is nothing to do."""
        photos = (*self.missing, *self.damaged, *self.bare, *self.no_avif)
        return not (photos or self.idle or self.orphans or self.leftovers)


def examine(
    session: Session, storage: LocalStorage, *, now: datetime, deep: bool = False
) -> Health:
    """Compare rows and files; `deep` reads every original to see that it is what came in."""
    photos = session.scalars(select(Photo).where(Photo.state.in_(_WITH_BYTES))).all()
    there = [p for p in photos if _is_there(storage, p)]
    ids_there = {p.id for p in there}
    ready = [p for p in there if p.state is PhotoState.READY]
    orphans = list(_orphans(session, storage))
    old_orphans = [path.name for path in orphans if is_old(path, now)]
    leftovers = [path for path in storage.unfinished() if is_old(path, now)]
    return Health(
        missing=[p for p in photos if p.id not in ids_there],
        damaged=[p for p in there if deep and not _is_sound(storage, p)],
        bare=[p for p in ready if not _all_there(storage, p, "jpg", STANDARD_EDGES)],
        no_avif=[p for p in ready if p.has_avif and not _all_there(storage, p, "avif", AVIF_EDGES)],
        idle=_idle(session, now),
        orphans=old_orphans,
        leftovers=leftovers,
        young=len(orphans) - len(old_orphans),
        looked_at=len(photos),
    )


def _is_there(storage: LocalStorage, photo: Photo) -> bool:
    original = storage.original(photo.sha256)
    return original.is_file() and original.stat().st_size == photo.bytes


def _is_sound(storage: LocalStorage, photo: Photo) -> bool:
    with storage.original(photo.sha256).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == photo.sha256


def _all_there(storage: LocalStorage, photo: Photo, ending: str, edges: Iterable[int]) -> bool:
    return all(path_of(storage, photo, f"{edge}.{ending}").is_file() for edge in edges)


def _orphans(session: Session, storage: LocalStorage) -> Iterable[Path]:
    used = set(session.scalars(select(Photo.sha256).where(Photo.state != PhotoState.REJECTED)))
    return (path for path in storage.originals() if path.name not in used)


def is_old(path: Path, now: datetime) -> bool:
    """Whether a file has lain there for so long that nobody is still at work on it."""
    try:
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # somebody else tidies up
        return False
    return changed < now - LEFT_AFTER


def _idle(session: Session, now: datetime) -> list[str]:
    since = now - IDLE_AFTER
    return list(
        session.scalars(
            select(Photo.id).where(
                Photo.state == PhotoState.WAITING,
                Photo.added_at < since,
                or_(Photo.render_until.is_(None), Photo.render_until < since),
            )
        )
    )


def sweep(db: Database, storage: LocalStorage, *, now: datetime) -> int:
    """Delete bytes that nobody has used for a day: refused, or left by a crash. How many files."""
    with db.read() as session:
        orphans = [path.name for path in _orphans(session, storage) if is_old(path, now)]
    leftovers = [path for path in storage.unfinished() if is_old(path, now)]
    return _delete(db, storage, orphans, leftovers)


def _delete(
    db: Database, storage: LocalStorage, orphans: Sequence[str], leftovers: Sequence[Path]
) -> int:
    deleted = len(leftovers)
    for path in leftovers:
        path.unlink(missing_ok=True)
    for sha256 in orphans:
        with db.write() as session:
            deleted += drop_unused(session, storage, sha256)
    return deleted


def repair(db: Database, storage: LocalStorage, health: Health) -> None:
    """Set right what can be: renditions are made again, bytes that nobody uses deleted.

    A missing or damaged original comes back when the same file is added once more.
    """
    _delete(db, storage, health.orphans, health.leftovers)
    with db.write() as session:
        for photo in health.bare:
            row = session.get(Photo, photo.id)
            if row is not None and row.state is PhotoState.READY:
                row.state, row.has_avif, row.render_until = PhotoState.WAITING, False, None
        for photo in health.no_avif:
            row = session.get(Photo, photo.id)
            if row is not None:
                row.has_avif, row.render_until = False, None
