"""Hiding photos from visitors, and showing them again."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.albums.describe import photos_of
from gallery.albums.revision import lock, touch
from gallery.models import Album, Photo, PhotoState, Tombstone


def hide(session: Session, album: Album, ids: Iterable[str]) -> list[Photo]:
    """Show these ready photos to visitors no more; which ones that changed."""
    return _turn(session, album, ids, PhotoState.READY, PhotoState.HIDDEN)


def show(session: Session, album: Album, ids: Iterable[str]) -> list[Photo]:
    """Show these hidden photos again; which ones that changed. What was taken down for good stays."""
    hidden = photos_of(session, album, ids)
    gone = select(Tombstone.sha256).where(Tombstone.sha256.in_({p.sha256 for p in hidden}))
    buried = set(session.scalars(gone))
    left = [photo.id for photo in hidden if photo.sha256 not in buried]
    return _turn(session, album, left, PhotoState.HIDDEN, PhotoState.READY)


def _turn(
    session: Session, album: Album, ids: Iterable[str], from_: PhotoState, to: PhotoState
) -> list[Photo]:
    lock(session, album)
    turned = [photo for photo in photos_of(session, album, ids) if photo.state is from_]
    for photo in turned:
        photo.state = to
    if turned:
        touch(album)
    return turned
