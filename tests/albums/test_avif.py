from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gallery.albums import avif, opening
from gallery.errors import RendererBusy, Unreadable
from gallery.models import Database, Photo, PhotoState
from gallery.storage import LocalStorage
from tests.albums.pictures import PretendedRenderer, add, jpeg


@pytest.fixture
def photo_id(db: Database, storage: LocalStorage, album_id: str, now: datetime) -> str:
    """A photo that is ready."""
    with db.write() as session:
        album = opening.by_id(session, album_id)
        photo = add(session, storage, album, "a.jpg", jpeg(), now).photo
        photo.state = PhotoState.READY
        return photo.id


class Maker:
    """Makes AVIFs at a time that moves on."""

    def __init__(self, db: Database, storage: LocalStorage, now: datetime) -> None:
        self.db = db
        self.storage = storage
        self.now = now

    @property
    def lacking(self) -> list[str]:
        """Photos to be done."""
        with self.db.read() as session:
            return avif.without_avif(session, self.now, 10)

    def make(self, renderer: PretendedRenderer, photo_id: str) -> bool:
        """One photo's."""
        return avif.make_avif(self.db, self.storage, renderer, photo_id, clock=lambda: self.now)


@pytest.fixture
def maker(db: Database, storage: LocalStorage, now: datetime) -> Maker:
    """Makes AVIFs."""
    return Maker(db, storage, now)


def test_a_ready_photo_gets_its_avifs_once(
    maker: Maker, renderer: PretendedRenderer, photo_id: str
) -> None:
    assert maker.lacking == [photo_id]

    assert maker.make(renderer, photo_id) is True

    assert maker.lacking == []
    assert maker.make(renderer, photo_id) is False
    assert renderer.asked == ["avif"]


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (RendererBusy("Stopping."), timedelta(minutes=1)),
        (Unreadable("Odd."), timedelta(days=7)),
    ],
)
def test_a_failure_is_tried_again_later_and_holds_nobody_up(
    maker: Maker, renderer: PretendedRenderer, photo_id: str, error: Exception, wait: timedelta
) -> None:
    renderer.error = error

    assert maker.make(renderer, photo_id) is False

    maker.now += wait - timedelta(seconds=1)
    assert maker.lacking == []
    maker.now += timedelta(seconds=2)
    assert maker.lacking == [photo_id]


def test_a_photo_that_somebody_has_is_left_to_them_until_their_time_is_over(
    maker: Maker, renderer: PretendedRenderer, photo_id: str
) -> None:
    seen: list[list[str]] = []
    renderer.meanwhile = lambda: seen.append(maker.lacking)

    maker.make(renderer, photo_id)

    assert seen == [[]]


def test_a_photo_hidden_meanwhile_is_not_said_to_have_avifs(
    db: Database, maker: Maker, renderer: PretendedRenderer, photo_id: str
) -> None:
    def hide() -> None:
        with db.write() as session:
            session.get_one(Photo, photo_id).state = PhotoState.HIDDEN

    renderer.meanwhile = hide

    assert maker.make(renderer, photo_id) is False
    with db.read() as session:
        assert session.get_one(Photo, photo_id).has_avif is False
