"""Requests to take a photo down, and what is decided about them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from gallery.albums import hiding, removals
from gallery.albums.removals import Request
from gallery.errors import Conflict, NotFound
from gallery.models import Album, Photo, PhotoState, Removal, RemovalState
from gallery.storage import LocalStorage
from tests.albums.pictures import add, jpeg


@pytest.fixture
def photos(session: Session, storage: LocalStorage, album: Album, now: datetime) -> list[Photo]:
    """Five photos that visitors see."""
    made = [add(session, storage, album, f"{n}.jpg", jpeg(n), now).photo for n in range(5)]
    for photo in made:
        photo.state = PhotoState.READY
    return made


def ask(session: Session, photo: Photo, now: datetime, sender: str = "one") -> Removal:
    """Somebody asks for a photo to go."""
    return removals.ask(session, photo.id, Request("child", sender=sender), now=now)


def test_asking_hides_a_photo_and_gives_a_reference(
    session: Session, album: Album, photos: list[Photo], now: datetime
) -> None:
    before = album.revision
    request = Request("me", " me@example.org\n", "Please.\n\n\n\nThank you", "hash")

    removal = removals.ask(session, photos[0].id, request, now=now)

    assert photos[0].state is PhotoState.HIDDEN
    assert album.revision == before + 1
    assert len(removal.id) == 8
    assert removals.by_id(session, removal.id) is removal
    assert (removal.who, removal.reply, removal.sender) == ("me", "me@example.org", "hash")
    assert (removal.state, removal.hid, removal.at) == (RemovalState.OPEN, True, now)


def test_who_asks_is_one_of_few(session: Session, photos: list[Photo], now: datetime) -> None:
    removal = removals.ask(session, photos[0].id, Request("<b>"), now=now)

    assert removal.who == "other"


def test_a_site_may_leave_it_to_a_decision(
    session: Session, photos: list[Photo], now: datetime
) -> None:
    removal = removals.ask(session, photos[0].id, Request("me"), now=now, hide=False)

    assert (removal.hid, photos[0].state) == (False, PhotoState.READY)


def test_a_photo_that_nobody_may_see_is_not_found(
    session: Session, photos: list[Photo], now: datetime
) -> None:
    photos[0].state = PhotoState.WAITING

    for photo_id in (photos[0].id, "zzzzzz"):
        with pytest.raises(NotFound):
            removals.ask(session, photo_id, Request("me"), now=now)


def test_one_sender_hides_three_photos_a_day(
    session: Session, photos: list[Photo], now: datetime
) -> None:
    hid = [ask(session, photo, now).hid for photo in photos[:4]]
    somebody_else = ask(session, photos[3], now, sender="two").hid
    tomorrow = ask(session, photos[4], now + timedelta(days=1, seconds=1)).hid

    assert hid == [True, True, True, False]
    assert (somebody_else, tomorrow) == (True, True)


def test_a_photo_that_is_kept_is_shown_again(
    session: Session, photos: list[Photo], now: datetime
) -> None:
    removal = ask(session, photos[0], now)

    removals.keep(session, removal.id, now=now, by="somebody")

    assert photos[0].state is PhotoState.READY
    assert (removal.state, removal.decided_at, removal.decided_by) == (
        RemovalState.KEPT, now, "somebody",
    )  # fmt: skip
    with pytest.raises(Conflict):
        removals.keep(session, removal.id, now=now, by=None)


def test_a_photo_that_was_hidden_before_is_not_shown_by_keeping_it(
    session: Session, album: Album, photos: list[Photo], now: datetime
) -> None:
    hiding.hide(session, album, [photos[0].id])
    removal = ask(session, photos[0], now)

    removals.keep(session, removal.id, now=now, by=None)

    assert (removal.hid, photos[0].state) == (False, PhotoState.HIDDEN)


def test_it_stays_hidden_while_somebody_else_asks(
    session: Session, photos: list[Photo], now: datetime
) -> None:
    first, second = (ask(session, photos[0], now, sender) for sender in ("one", "two"))

    removals.keep(session, first.id, now=now, by=None)
    between = photos[0].state
    removals.keep(session, second.id, now=now, by=None)

    assert (between, photos[0].state) == (PhotoState.HIDDEN, PhotoState.READY)


def test_a_decision_is_about_all_that_was_asked(
    session: Session, photos: list[Photo], now: datetime
) -> None:
    asked = [ask(session, photos[0], now, sender) for sender in ("one", "two")]
    other = ask(session, photos[1], now)

    decided = removals.decide(session, photos[:1], now=now, by="somebody")

    assert sorted(removal.id for removal in decided) == sorted(removal.id for removal in asked)
    assert {removal.state for removal in decided} == {RemovalState.REMOVING}
    assert removals.removing(session) == decided
    assert other.state is RemovalState.OPEN


def test_what_nobody_asked_for_is_a_request_of_its_own(
    session: Session, photos: list[Photo], now: datetime
) -> None:
    (removal,) = removals.decide(session, photos[:1], now=now, by="somebody")

    assert (removal.who, removal.photo_id, removal.hid) == ("person", photos[0].id, True)


def test_a_reference_that_nobody_has_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        removals.by_id(session, "ABCDEFGH")
