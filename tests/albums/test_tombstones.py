"""A picture that was taken down is gone for good, and its bytes never come in again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from gallery.albums import hiding, opening, renditions, tombstones
from gallery.models import Database, Photo, PhotoState, Tombstone
from gallery.storage import LocalStorage
from tests.albums.pictures import PretendedRenderer, add, jpeg


@pytest.fixture
def photo(
    db: Database,
    storage: LocalStorage,
    renderer: PretendedRenderer,
    album_id: str,
    now: datetime,
) -> Photo:
    """A photo with all its renditions."""
    with db.write() as session:
        album = opening.by_id(session, album_id)
        made = add(session, storage, album, "a.jpg", jpeg(), now).photo
    renditions.work(db, storage, renderer, made.id, clock=lambda: now)
    return made


def bury(db: Database, photo: Photo, now: datetime) -> list[str]:
    """Take the picture down; which photos it was."""
    with db.write() as session:
        return [one.id for one in tombstones.bury(session, photo.sha256, now=now)]


def left(storage: LocalStorage) -> list[Path]:
    """Every file but tombstones."""
    files = [path for path in storage.root.rglob("*") if path.is_file()]
    return [path for path in files if path.parent.name != "tombstones"]


def test_rows_come_first_and_bytes_follow(
    db: Database, storage: LocalStorage, photo: Photo, now: datetime
) -> None:
    assert bury(db, photo, now) == [photo.id]
    assert left(storage) != []

    assert tombstones.purge(db, storage) == 1

    assert left(storage) == []
    assert list(storage.buried()) == [photo.sha256]
    assert tombstones.purge(db, storage) == 0
    with db.read() as session:
        assert session.get_one(Photo, photo.id).state is PhotoState.HIDDEN


def test_every_album_loses_the_picture_whatever_its_state(
    db: Database, storage: LocalStorage, photo: Photo, now: datetime
) -> None:
    with db.write() as session:
        other = opening.create(session, "Other", now=now)
        waiting = add(session, storage, other, "b.jpg", jpeg(), now).photo
        revision = session.get_one(type(other), photo.album_id).revision

    bury(db, photo, now)
    bury(db, photo, now)

    with db.read() as session:
        assert session.get_one(Photo, waiting.id).state is PhotoState.HIDDEN
        assert session.get_one(type(other), photo.album_id).revision == revision + 1


def test_it_can_not_be_shown_again(
    db: Database, photo: Photo, album_id: str, now: datetime
) -> None:
    bury(db, photo, now)

    with db.write() as session:
        shown = hiding.show(session, opening.by_id(session, album_id), [photo.id])

    assert shown == []


def test_its_bytes_are_refused_with_one_sentence(
    db: Database, storage: LocalStorage, photo: Photo, album_id: str, now: datetime
) -> None:
    bury(db, photo, now)
    tombstones.purge(db, storage)

    for _ in range(2):
        with db.write() as session:
            album = opening.by_id(session, album_id)
            again = add(session, storage, album, "again.jpg", jpeg(), now)
            assert again.photo.state is PhotoState.REJECTED

        assert (again.outcome, again.reason) == ("rejected", tombstones.REASON)
    assert left(storage) == []


def test_a_database_from_before_is_told_by_the_file(
    db: Database, storage: LocalStorage, photo: Photo, now: datetime
) -> None:
    storage.bury(photo.sha256)

    taken = tombstones.reapply(db, storage, now=now)

    assert [one.id for one in taken] == [photo.id]
    with db.read() as session:
        assert session.get_one(Tombstone, photo.sha256).at == now
        assert session.get_one(Photo, photo.id).state is PhotoState.HIDDEN
    assert tombstones.reapply(db, storage, now=now) == []


def test_the_file_alone_refuses_the_bytes(
    db: Database, storage: LocalStorage, album_id: str, photo: Photo, now: datetime
) -> None:
    storage.bury(photo.sha256)

    with db.write() as session:
        album = opening.by_id(session, album_id)
        again = add(session, storage, album, "again.jpg", jpeg(), now)

    assert again.outcome == "rejected"


def test_what_was_made_after_the_purge_goes_with_the_next(
    db: Database, storage: LocalStorage, photo: Photo, now: datetime
) -> None:
    bury(db, photo, now)
    tombstones.purge(db, storage)
    late = storage.rendition(photo.sha256, photo.edit, "640.jpg")
    storage.make_room_for(late)
    late.touch()

    assert tombstones.purge(db, storage) == 1

    assert left(storage) == []
