"""A photo's renditions: where they are, who makes them, and what follows from making them.

The pictures are made outside of every transaction. Making them twice is harmless: the same
original and edit give the same files under the same names. So a claim only saves work; it is
forgotten when its time is over, and a photo whose renderer was killed is found again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from gallery.albums import arrange, times
from gallery.albums.revision import lock, touch
from gallery.albums.text import line, paragraphs, shorten
from gallery.errors import NotFound, RendererBusy, Unreadable
from gallery.imaging import Metadata, Rendered, Renderer
from gallery.models import Album, Database, Photo, PhotoState
from gallery.storage import LocalStorage

LEASE_S = 90.0
AGAIN_S = 15.0  # after the renderer could not be had
Clock = Callable[[], datetime]


def edit_of(sha256: str, *done: str) -> str:
    """12 hex digits that stand for an original and what was done to it, in order."""
    return hashlib.sha256("\n".join([sha256, *done]).encode()).hexdigest()[:12]


def path_of(storage: LocalStorage, photo: Photo, name: str) -> Path:
    """Where a photo's rendition is, or would be. `name` is like `640.jpg`."""
    return storage.rendition(photo.sha256, photo.edit, name)


def folder_of(storage: LocalStorage, photo: Photo) -> Path:
    """The folder of a photo's renditions."""
    return path_of(storage, photo, "-").parent


def _unclaimed(now: datetime) -> ColumnElement[bool]:
    return or_(Photo.render_until.is_(None), Photo.render_until < now)


def claim(
    session: Session, photo_id: str, *, now: datetime, lease_s: float = LEASE_S
) -> Photo | None:
    """Take a waiting photo for `lease_s` seconds; None if it does not wait or somebody has it."""
    taken = session.execute(
        update(Photo)
        .where(Photo.id == photo_id, Photo.state == PhotoState.WAITING, _unclaimed(now))
        .values(render_until=now + timedelta(seconds=lease_s))
        .returning(Photo.id)
    ).scalar()
    return session.get(Photo, photo_id, populate_existing=True) if taken else None


def waiting(session: Session, now: datetime, limit: int) -> list[str]:
    """Ids of photos that wait for their renditions and that nobody has, oldest first."""
    return list(
        session.scalars(
            select(Photo.id)
            .where(Photo.state == PhotoState.WAITING, _unclaimed(now))
            .order_by(Photo.added_at, Photo.position)
            .limit(limit)
        )
    )


def forget_claims(session: Session) -> None:
    """Take up at once whatever a process that is surely gone had in hand."""
    session.execute(
        update(Photo).where(Photo.state == PhotoState.WAITING).values(render_until=None)
    )


def finish(session: Session, photo: Photo, rendered: Rendered) -> None:
    """A photo's renditions are there: it is ready. What its metadata say fills what is empty."""
    album = session.get_one(Album, photo.album_id)
    lock(session, album)
    photo.state, photo.reason, photo.render_until = PhotoState.READY, "", None
    if not photo.width:  # for the first time
        _fill(photo, rendered.metadata, album.zone)
        arrange.place(session, album, photo)
        touch(album)
    photo.width, photo.height, photo.colour = rendered.width, rendered.height, rendered.colour


def _fill(photo: Photo, metadata: Metadata, zone: str) -> None:
    photo.title = photo.title or shorten(line(metadata.title), 300)
    photo.caption = photo.caption or shorten(paragraphs(metadata.caption), 2000)
    photo.credit = photo.credit or shorten(line(metadata.credit), 300)
    photo.camera = shorten(line(metadata.camera), 120)
    photo.details = dict(metadata.details)
    if photo.taken_at is None:
        photo.taken_at = times.taken(metadata, zone)
        if metadata.taken_at is None and metadata.taken_local is not None:
            photo.details[times.TAKEN_LOCAL] = metadata.taken_local.isoformat()


def reject(photo: Photo, reason: str) -> None:
    """This photo can't be shown. It keeps its name and one sentence; see `drop_unused`."""
    photo.state, photo.reason = PhotoState.REJECTED, shorten(reason, 500)
    photo.render_until = None


def drop_unused(session: Session, storage: LocalStorage, sha256: str) -> bool:
    """Delete bytes that no photo uses, in a write session, so that no photo can come to meanwhile.

    Only after the row that used them was committed.
    """
    users = select(Photo.id).where(Photo.sha256 == sha256, Photo.state != PhotoState.REJECTED)
    if session.scalar(users.limit(1)) is not None:
        return False
    storage.delete_original(sha256)
    storage.delete_renditions(sha256)
    return True


def work(
    db: Database,
    storage: LocalStorage,
    renderer: Renderer,
    photo_id: str,
    *,
    clock: Clock,
    take_over: bool = False,
) -> PhotoState:
    """Make a waiting photo's renditions; gives the state that it is in afterwards.

    `take_over`: even if somebody has it. Still waiting when the renderer is stopped, has no room
    or finds no original; then it is tried again later. Raises NotFound.
    """
    with db.write() as session:
        now = clock()
        if take_over:
            session.execute(update(Photo).where(Photo.id == photo_id).values(render_until=None))
        photo = claim(session, photo_id, now=now)
        language = session.get_one(Album, photo.album_id).language if photo else ""
    if photo is not None:
        _render(db, storage, renderer, photo, language, clock)
    with db.read() as session:
        left = session.get(Photo, photo_id)
    if left is None:
        raise NotFound("This photo was deleted meanwhile.")
    return left.state


def _render(
    db: Database,
    storage: LocalStorage,
    renderer: Renderer,
    photo: Photo,
    language: str,
    clock: Clock,
) -> None:
    original = storage.original(photo.sha256)
    try:
        rendered = renderer.standard(original, folder_of(storage, photo), language)
    except RendererBusy:
        with db.write() as session:
            if (mine := _still_waiting(session, photo.id)) is not None:
                mine.render_until = clock() + timedelta(seconds=AGAIN_S)
    except Unreadable as error:
        _reject(db, storage, photo, str(error))
    else:
        with db.write() as session:
            if (mine := _still_waiting(session, photo.id)) is not None:
                finish(session, mine, rendered)


def _still_waiting(session: Session, photo_id: str) -> Photo | None:
    """Somebody may have finished it, or taken it down, while the picture was made."""
    photo = session.get(Photo, photo_id, with_for_update=True)
    return photo if photo is not None and photo.state is PhotoState.WAITING else None


def _reject(db: Database, storage: LocalStorage, photo: Photo, reason: str) -> None:
    with db.write() as session:
        if (mine := _still_waiting(session, photo.id)) is not None:
            reject(mine, reason)
    with db.write() as session:
        drop_unused(session, storage, photo.sha256)
