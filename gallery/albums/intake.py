"""The one way in for photos: form, folder, resumable upload, samples, all of them.

`receive` streams a file to the storage and looks what it is; nothing of the database is touched.
`admit` gives it a row in a short write transaction, and its bytes their place just before. So a
crash may leave bytes without a row, never a row without its bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.albums import arrange, tombstones
from gallery.albums.names import clean_name, new_photo_id
from gallery.albums.renditions import edit_of
from gallery.albums.revision import lock
from gallery.albums.text import shorten
from gallery.errors import Unreadable
from gallery.imaging import Probe, probe
from gallery.models import Album, Photo, PhotoState
from gallery.storage import Incoming, LocalStorage

__all__ = ["MOST_BYTES", "Admission", "Arrival", "Outcome", "admit", "clean_name", "receive"]

MOST_BYTES = 60_000_000
_WITH_BYTES = (PhotoState.WAITING, PhotoState.READY, PhotoState.HELD)

Outcome = Literal["added", "duplicate", "rejected"]


@dataclass(frozen=True)
class Arrival:
    """A file that came in and has no row yet. Without `incoming` it was refused, for `reason`.

    `sha256` is empty where not even the bytes could be had.
    """

    name: str
    incoming: Incoming | None = None
    probe: Probe | None = None
    reason: str = ""
    sha256: str = ""
    bytes: int = 0


@dataclass(frozen=True)
class Admission:
    """What became of a file. `photo` is its row, the older one for a duplicate."""

    file: str
    outcome: Outcome
    reason: str
    photo: Photo


def receive(storage: LocalStorage, stream: IO[bytes], name: str) -> Arrival:
    """Stream a file to the storage and look what it really is; its name decides nothing.

    A file that can't be a photo comes back refused, its bytes already deleted. Raises NoRoom.
    """
    label = clean_name(name)
    incoming = storage.receive(stream, most=MOST_BYTES)
    try:
        return Arrival(label, incoming, _look_at(incoming), "", incoming.sha256, incoming.bytes)
    except Unreadable as error:
        storage.drop(incoming)
        return Arrival(label, None, None, str(error), incoming.sha256, incoming.bytes)
    except BaseException:
        storage.drop(incoming)
        raise


def _look_at(incoming: Incoming) -> Probe:
    if incoming.bytes > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise Unreadable(f"The file is larger than {most} MB; send a smaller version of it.")
    return probe(incoming.path)


def admit(
    session: Session,
    storage: LocalStorage,
    album: Album,
    arrival: Arrival,
    *,
    now: datetime,
    by: str | None,
) -> Admission:
    """Give an arrival its row, in a write session. `by` is a person's id, None the operator.

    Bytes that the album has already are one photo; a file that was refused before keeps its row.
    Whoever commits rings the bell for a photo that was added.
    """
    lock(session, album)
    if arrival.incoming is None or arrival.probe is None:
        return _refuse(session, album, arrival, now=now, by=by)
    if tombstones.refuses(session, storage, arrival.sha256):
        storage.drop(arrival.incoming)
        refused = replace(arrival, incoming=None, reason=tombstones.REASON)
        return _refuse(session, album, refused, now=now, by=by)
    known = _same_bytes(session, album, arrival)
    if known is not None:
        _put_back(storage, known, arrival.incoming)
        return Admission(arrival.name, "duplicate", "This photo is already in the album.", known)
    storage.keep(arrival.incoming)
    photo = _row(session, album, arrival, now=now, by=by)
    photo.state, photo.reason = PhotoState.WAITING, ""
    photo.kind, photo.render_until = arrival.probe.kind, None
    session.add(photo)
    session.flush()
    return Admission(arrival.name, "added", "", photo)


def _refuse(
    session: Session, album: Album, arrival: Arrival, *, now: datetime, by: str | None
) -> Admission:
    photo = _row(session, album, arrival, now=now, by=by)
    photo.state, photo.reason = PhotoState.REJECTED, shorten(arrival.reason, 500)
    session.add(photo)
    session.flush()
    return Admission(arrival.name, "rejected", photo.reason, photo)


def _same_bytes(session: Session, album: Album, arrival: Arrival) -> Photo | None:
    return session.scalar(
        select(Photo).where(
            Photo.album_id == album.id,
            Photo.sha256 == arrival.sha256,
            Photo.state != PhotoState.REJECTED,
        )
    )


def _put_back(storage: LocalStorage, known: Photo, incoming: Incoming) -> None:
    """Sending a photo again heals an original that was lost; one taken down stays away."""
    if known.state in _WITH_BYTES:
        storage.keep(incoming)
    else:
        storage.drop(incoming)


def _row(
    session: Session, album: Album, arrival: Arrival, *, now: datetime, by: str | None
) -> Photo:
    """The row of the same file, if it was refused when it came before; else a new one."""
    same_file = select(Photo).where(
        Photo.album_id == album.id,
        Photo.sha256 == arrival.sha256,
        Photo.file == arrival.name,
        Photo.state == PhotoState.REJECTED,
    )
    return session.scalars(same_file).first() or Photo(
        id=new_photo_id(session),
        album_id=album.id,
        sha256=arrival.sha256,
        file=arrival.name,
        bytes=arrival.bytes,
        edit=edit_of(arrival.sha256),
        position=arrange.at_the_end(session, album.id),
        added_at=now,
        added_by=by,
    )
