"""An album's revision: how others see that it changed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from gallery.models import Album


def touch(album: Album) -> None:
    """Something changed that a post or the card would show."""
    album.revision += 1


def lock(session: Session, album: Album) -> None:
    """Wait for whoever else changes this album, and see what they did.

    On SQLite a write session has the whole database to itself already.
    """
    session.flush()
    session.refresh(album, with_for_update=True)
