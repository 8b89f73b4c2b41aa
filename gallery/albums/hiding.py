"""Hiding photos from visitors, and showing them again."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from gallery.albums.describe import photos_of
from gallery.albums.revision import lock, touch
from gallery.models import Album, Photo, PhotoState


def hide(session: Session, album: Album, ids: Iterable[str]) -> list[Photo]:
    """Show these ready photos to visitors no more; which ones that changed."""
    return _turn(session, album, ids, PhotoState.READY, PhotoState.HIDDEN)


def show(session: Session, album: Album, ids: Iterable[str]) -> list[Photo]:
    """Show these hidden photos again; which ones that changed."""
    return _turn(session, album, ids, PhotoState.HIDDEN, PhotoState.READY)


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
