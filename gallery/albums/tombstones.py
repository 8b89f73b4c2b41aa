"""Pictures that were taken down for good: their bytes go, and never come in or back again.

The row comes first, in the transaction that decides. Bytes follow: `purge` deletes what is left
of them and writes a tombstone file beside the originals. A restore of an older database finds
that file, and `reapply` takes the picture down once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.albums import hiding
from gallery.models import Album, Database, Photo, PhotoState, Tombstone
from gallery.storage import LocalStorage

REASON = "This picture was taken down, so it can't be added again."


def bury(session: Session, sha256: str, *, now: datetime, reason: str = "") -> list[Photo]:
    """Hide every photo that is this picture, for good; which photos, whatever their albums."""
    if session.get(Tombstone, sha256) is None:
        session.add(Tombstone(sha256=sha256, at=now, reason=reason))
    photos = session.scalars(
        select(Photo)
        .where(Photo.sha256 == sha256, Photo.state != PhotoState.REJECTED)
        .order_by(Photo.album_id, Photo.id)
    ).all()
    for photo in photos:
        hiding.hide(session, session.get_one(Album, photo.album_id), [photo.id])
        photo.state = PhotoState.HIDDEN
    return list(photos)


def refuses(session: Session, storage: LocalStorage, sha256: str) -> bool:
    """Whether these bytes were taken down."""
    return session.get(Tombstone, sha256) is not None or storage.is_buried(sha256)


def purge(db: Database, storage: LocalStorage) -> int:
    """Delete what is left of pictures that were taken down; of how many there was something."""
    with db.read() as session:
        buried = session.scalars(select(Tombstone.sha256)).all()
    return sum([_purge(storage, sha256) for sha256 in buried])


def reapply(db: Database, storage: LocalStorage, *, now: datetime) -> Sequence[Photo]:
    """Take down once more what a restored database has forgotten; which photos."""
    with db.read() as session:
        known = set(session.scalars(select(Tombstone.sha256)))
    forgotten = [sha256 for sha256 in storage.buried() if sha256 not in known]
    if not forgotten:
        return []
    with db.write() as session:
        return [
            photo
            for sha256 in forgotten
            for photo in bury(session, sha256, now=now, reason="From before a restore.")
        ]


def _purge(storage: LocalStorage, sha256: str) -> bool:
    something = storage.has_bytes_of(sha256) or not storage.is_buried(sha256)
    if something:
        storage.bury(sha256)
        storage.delete_original(sha256)
        storage.delete_renditions(sha256)
    return something
