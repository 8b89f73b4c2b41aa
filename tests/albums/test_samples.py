from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from gallery.albums.samples import add_sample_photos
from gallery.errors import NotFound
from gallery.models import Database, Photo
from gallery.storage import LocalStorage


def test_sample_photos_come_in_by_the_one_way_in(
    db: Database, storage: LocalStorage, album_id: str, now: datetime
) -> None:
    first = add_sample_photos(db, storage, album_id, clock=lambda: now, by="me", count=1)
    again = add_sample_photos(db, storage, album_id, clock=lambda: now, by="me", count=1)

    assert [each.outcome for each in (*first, *again)] == ["added", "duplicate"]
    with db.read() as session:
        (photo,) = session.scalars(select(Photo)).all()
    assert (photo.added_by, photo.kind, photo.state.value) == ("me", "jpeg", "waiting")


def test_samples_need_an_album(db: Database, storage: LocalStorage, now: datetime) -> None:
    with pytest.raises(NotFound):
        add_sample_photos(db, storage, "x", clock=lambda: now, by=None)
