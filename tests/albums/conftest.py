"""An album to work on, and a renderer that only pretends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from gallery.albums import opening
from gallery.models import Album, Database
from tests.albums.pictures import PretendedRenderer


@pytest.fixture
def album_id(db: Database, now: datetime) -> str:
    """An album without photos."""
    with db.write() as session:
        return opening.create(session, "Sports Day", now=now).id


@pytest.fixture
def session(db: Database, album_id: str) -> Iterator[Session]:
    """A write session that lasts for the whole test; there is an album already."""
    with db.write() as session:
        yield session


@pytest.fixture
def album(album_id: str, session: Session) -> Album:
    """The same album, in that session."""
    return opening.by_id(session, album_id)


@pytest.fixture
def renderer() -> Iterator[PretendedRenderer]:
    """Makes empty files."""
    pretended = PretendedRenderer()
    yield pretended
    pretended.close()
