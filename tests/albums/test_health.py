from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gallery.albums import avif, health, intake, opening, renditions
from gallery.albums.health import Health
from gallery.models import Database, Photo, PhotoState
from gallery.storage import LocalStorage
from tests.albums.pictures import PretendedRenderer, add, jpeg


@pytest.fixture
def photo_id(
    db: Database,
    storage: LocalStorage,
    renderer: PretendedRenderer,
    album_id: str,
    now: datetime,
) -> str:
    """A photo with all its renditions."""
    with db.write() as session:
        photo_id = add(
            session, storage, opening.by_id(session, album_id), "a.jpg", jpeg(), now
        ).photo.id
    renditions.work(db, storage, renderer, photo_id, clock=lambda: now)
    avif.make_avif(db, storage, renderer, photo_id, clock=lambda: now)
    return photo_id


@pytest.fixture
def examine(db: Database, storage: LocalStorage, now: datetime) -> Callable[..., Health]:
    """Looks at everything."""

    def look(*, deep: bool = False, at: datetime = now) -> Health:
        with db.read() as session:
            return health.examine(session, storage, now=at, deep=deep)

    return look


def row(db: Database, photo_id: str) -> Photo:
    """A photo as it is stored."""
    with db.read() as session:
        return session.get_one(Photo, photo_id)


def age(path: Path, now: datetime, hours: float) -> Path:
    """Let a file be so old."""
    then = (now - timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))
    return path


def test_all_is_well_with_a_photo_that_came_in_whole(
    examine: Callable[..., Health], photo_id: str
) -> None:
    found = examine(deep=True)

    assert found.well
    assert (found.looked_at, found.young) == (1, 0)


@pytest.mark.parametrize("damage", ["gone", "cut"])
def test_an_original_that_is_gone_or_cut_off_is_missing(
    db: Database,
    storage: LocalStorage,
    examine: Callable[..., Health],
    photo_id: str,
    damage: str,
) -> None:
    original = storage.original(row(db, photo_id).sha256)
    if damage == "gone":
        original.unlink()
    else:
        original.write_bytes(jpeg()[:-1])

    found = examine(deep=True)

    assert [photo.id for photo in found.missing] == [photo_id]
    assert not found.well


def test_only_a_deep_look_finds_rot(
    db: Database, storage: LocalStorage, examine: Callable[..., Health], photo_id: str
) -> None:
    original = storage.original(row(db, photo_id).sha256)
    original.write_bytes(b"x" + jpeg()[1:])

    assert examine().well
    assert [photo.id for photo in examine(deep=True).damaged] == [photo_id]


def test_lost_renditions_are_made_again(
    db: Database,
    storage: LocalStorage,
    renderer: PretendedRenderer,
    examine: Callable[..., Health],
    photo_id: str,
    now: datetime,
) -> None:
    storage.delete_renditions(row(db, photo_id).sha256)
    found = examine()
    assert [p.id for p in found.bare] == [p.id for p in found.no_avif] == [photo_id]

    health.repair(db, storage, found)

    assert row(db, photo_id).state is PhotoState.WAITING
    renditions.work(db, storage, renderer, photo_id, clock=lambda: now)
    assert examine().well


def test_lost_avifs_are_made_again_and_the_photo_stays_to_be_seen(
    db: Database, storage: LocalStorage, examine: Callable[..., Health], photo_id: str
) -> None:
    renditions.path_of(storage, row(db, photo_id), "640.avif").unlink()
    found = examine()
    assert (found.bare, [p.id for p in found.no_avif]) == ([], [photo_id])

    health.repair(db, storage, found)

    assert (row(db, photo_id).state, row(db, photo_id).has_avif) == (PhotoState.READY, False)
    assert examine().well


def test_a_repair_leaves_alone_what_was_hidden_or_deleted_meanwhile(
    db: Database, storage: LocalStorage, examine: Callable[..., Health], photo_id: str
) -> None:
    storage.delete_renditions(row(db, photo_id).sha256)
    found = examine()
    with db.write() as session:
        session.get_one(Photo, photo_id).state = PhotoState.HIDDEN
    health.repair(db, storage, found)
    assert row(db, photo_id).state is PhotoState.HIDDEN

    with db.write() as session:
        session.delete(session.get_one(Photo, photo_id))
    health.repair(db, storage, found)


def test_bytes_without_a_row_are_fine_for_a_day_and_then_go(
    db: Database, storage: LocalStorage, examine: Callable[..., Health], now: datetime
) -> None:
    arrival = intake.receive(storage, io.BytesIO(jpeg()), "a.jpg")
    assert arrival.incoming is not None
    orphan = storage.keep(arrival.incoming)
    leftover = storage.root / "tmp/left"
    leftover.touch()
    for path in (orphan, leftover):
        age(path, now, 23)

    found = examine()
    assert (found.well, found.young) == (True, 1)
    assert health.sweep(db, storage, now=now) == 0

    for path in (orphan, leftover):
        age(path, now, 25)
    found = examine()
    assert (found.orphans, found.leftovers, found.young) == ([orphan.name], [leftover], 0)
    assert health.sweep(db, storage, now=now) == 2
    assert examine() == Health(
        missing=[], damaged=[], bare=[], no_avif=[], idle=[], orphans=[], leftovers=[]
    )


def test_a_sweep_leaves_what_any_photo_uses(
    db: Database,
    storage: LocalStorage,
    examine: Callable[..., Health],
    photo_id: str,
    now: datetime,
) -> None:
    original = age(storage.original(row(db, photo_id).sha256), now, 99)
    with db.write() as session:
        session.get_one(Photo, photo_id).state = PhotoState.HIDDEN

    assert examine().orphans == []
    assert health.sweep(db, storage, now=now) == 0
    assert original.exists()


def test_bytes_that_a_photo_came_to_use_meanwhile_stay(
    db: Database,
    storage: LocalStorage,
    examine: Callable[..., Health],
    album_id: str,
    now: datetime,
) -> None:
    arrival = intake.receive(storage, io.BytesIO(jpeg()), "a.jpg")
    assert arrival.incoming is not None
    age(storage.keep(arrival.incoming), now, 25)
    found = examine()
    with db.write() as session:
        add(session, storage, opening.by_id(session, album_id), "a.jpg", jpeg(), now)

    health.repair(db, storage, found)

    assert len(list(storage.originals())) == 1


def test_a_photo_that_nobody_renders_is_idle_after_a_while(
    db: Database,
    storage: LocalStorage,
    examine: Callable[..., Health],
    album_id: str,
    now: datetime,
) -> None:
    with db.write() as session:
        album = opening.by_id(session, album_id)
        photo_id = add(session, storage, album, "a.jpg", jpeg(), now).photo.id

    assert examine(at=now + timedelta(minutes=14)).idle == []
    assert examine(at=now + timedelta(minutes=16)).idle == [photo_id]
    with db.write() as session:
        renditions.claim(session, photo_id, now=now + timedelta(minutes=10))
    assert examine(at=now + timedelta(minutes=16)).idle == []


def test_files_that_vanish_while_one_looks_do_no_harm(
    storage: LocalStorage, tmp_path: Path
) -> None:
    assert not health.is_old(tmp_path / "gone", datetime.now(UTC))
