from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from gallery.albums import arrange
from gallery.errors import InvalidInput, NotFound
from gallery.models import Album, Photo, PhotoState


class Shelf:
    """Puts photos into an album by name and minute, as their renditions become ready."""

    def __init__(self, session: Session, album: Album, now: datetime) -> None:
        self.session = session
        self.album = album
        self.now = now

    def put(self, name: str, minute: int | None, state: PhotoState = PhotoState.READY) -> Photo:
        """One more photo, in its place."""
        nth = self.session.query(Photo).count()
        photo = Photo(
            id=f"{nth:06}",
            album_id=self.album.id,
            sha256=f"{nth:064}",
            file=name,
            bytes=1,
            state=state,
            position=arrange.at_the_end(self.session, self.album.id),
            taken_at=None if minute is None else self.now + timedelta(minutes=minute),
            added_at=self.now,
        )
        self.session.add(photo)
        self.session.flush()
        if state is PhotoState.READY:
            arrange.place(self.session, self.album, photo)
        return photo

    @property
    def names(self) -> list[str]:
        """The ready photos in order."""
        return [p.file for p in arrange.photos_in_order(self.session, self.album.id)]


@pytest.fixture
def shelf(session: Session, album: Album, now: datetime) -> Shelf:
    """An empty album to fill."""
    return Shelf(session, album, now)


def test_photos_stand_by_time_taken_whatever_the_order_they_come_in(shelf: Shelf) -> None:
    for name, minute in [("c", 3), ("a", 1), ("e", 5), ("b", 2), ("d", 4)]:
        shelf.put(name, minute)

    assert shelf.names == ["a", "b", "c", "d", "e"]


def test_photos_of_the_same_moment_stand_by_name_as_people_count(shelf: Shelf) -> None:
    for name in ("img_10", "IMG_2", "img_1", "x"):
        shelf.put(name, 1)

    assert shelf.names == ["img_1", "IMG_2", "img_10", "x"]


def test_photos_that_do_not_know_their_time_come_last_by_name(shelf: Shelf) -> None:
    for name, minute in [("z", None), ("b", 2), ("y", None), ("a", 1)]:
        shelf.put(name, minute)

    assert shelf.names == ["a", "b", "y", "z"]


def test_many_photos_in_reverse_order_find_room(shelf: Shelf) -> None:
    for minute in range(40, 0, -1):
        shelf.put(f"{minute}", minute)

    assert shelf.names == [f"{minute}" for minute in range(1, 41)]


def test_waiting_and_rejected_photos_do_not_disturb_the_order(shelf: Shelf) -> None:
    shelf.put("waits", None, PhotoState.WAITING)
    shelf.put("no", None, PhotoState.REJECTED)
    for minute in range(30, 0, -1):
        shelf.put(f"{minute:02}", minute)

    assert shelf.names == [f"{minute:02}" for minute in range(1, 31)]


def test_a_new_photo_goes_to_the_end_of_an_order_made_by_hand(shelf: Shelf) -> None:
    a, b = shelf.put("a", 1), shelf.put("b", 2)
    arrange.set_order(shelf.session, shelf.album, [b.id, a.id])

    shelf.put("early", 0)

    assert shelf.names == ["b", "a", "early"]


def test_by_time_undoes_an_order_made_by_hand(shelf: Shelf) -> None:
    a, b = shelf.put("a", 1), shelf.put("b", 2)
    arrange.set_order(shelf.session, shelf.album, [b.id, a.id])
    revision = shelf.album.revision

    arrange.by_time(shelf.session, shelf.album)

    assert (shelf.names, shelf.album.by_hand) == (["a", "b"], False)
    assert shelf.album.revision == revision + 1


def test_an_order_that_changes_nothing_is_no_revision(shelf: Shelf) -> None:
    a, b = shelf.put("a", 1), shelf.put("b", 2)
    revision = shelf.album.revision

    arrange.set_order(shelf.session, shelf.album, [a.id, b.id])
    arrange.by_time(shelf.session, shelf.album)

    assert shelf.album.revision == revision


@pytest.mark.parametrize(
    ("to", "order"),
    [(1, "cabd"), (2, "acbd"), (3, "abcd"), (4, "abdc"), (99, "abdc"), (-3, "cabd")],
)
def test_a_photo_moves_to_the_place_counted_from_one(shelf: Shelf, to: int, order: str) -> None:
    photos = {name: shelf.put(name, nth) for nth, name in enumerate("abcd")}

    arrange.move(shelf.session, shelf.album, photos["c"].id, to)

    assert "".join(shelf.names) == order
    assert shelf.album.by_hand


def test_hidden_photos_keep_their_place_when_others_move(shelf: Shelf) -> None:
    photos = {name: shelf.put(name, nth) for nth, name in enumerate("abcd")}
    photos["b"].state = PhotoState.HIDDEN
    arrange.move(shelf.session, shelf.album, photos["d"].id, 1)
    photos["b"].state = PhotoState.READY

    assert shelf.names == ["d", "a", "b", "c"]


def test_photos_that_an_order_does_not_name_follow(shelf: Shelf) -> None:
    photos = {name: shelf.put(name, nth) for nth, name in enumerate("abcd")}

    arrange.set_order(shelf.session, shelf.album, [photos["d"].id, photos["b"].id])

    assert shelf.names == ["d", "b", "a", "c"]


def test_a_strange_order_changes_nothing(shelf: Shelf) -> None:
    a = shelf.put("a", 1)
    shelf.put("b", 2)

    for ids in ([a.id, a.id], [a.id, "zzzzzz"]):
        with pytest.raises(InvalidInput):
            arrange.set_order(shelf.session, shelf.album, ids)
    with pytest.raises(NotFound):
        arrange.move(shelf.session, shelf.album, "zzzzzz", 1)

    assert (shelf.names, shelf.album.by_hand) == (["a", "b"], False)
