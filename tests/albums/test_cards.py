from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from gallery.albums import cards, days, hiding, opening
from gallery.albums.event import EventData
from gallery.errors import RendererBusy, Unreadable
from gallery.models import Album, Database, Photo, PhotoState, Visibility
from gallery.storage import LocalStorage
from tests.albums.pictures import PretendedRenderer, add, jpeg


@pytest.fixture
def photos(db: Database, storage: LocalStorage, album_id: str, now: datetime) -> list[str]:
    """Four photos that are ready, in an album that is open."""
    with db.write() as session:
        album = opening.by_id(session, album_id)
        made = [add(session, storage, album, f"{n}.jpg", jpeg(n), now).photo for n in range(4)]
        for photo in made:
            photo.state = PhotoState.READY
        opening.set_visibility(session, album, Visibility.PUBLIC, now=now)
        return [photo.id for photo in made]


@pytest.fixture
def ensure(
    db: Database, storage: LocalStorage, renderer: PretendedRenderer, album_id: str
) -> Callable[[], Path | None]:
    """Sees that the card is as it should be."""
    return lambda: cards.ensure_card(db, storage, renderer, album_id)


def edit(db: Database, album_id: str, **fields: object) -> None:
    """Change something about the event."""
    with db.write() as session:
        album = opening.by_id(session, album_id)
        values = {**EventData.of(album).__dict__, **fields}
        opening.edit(session, album, EventData(**values))


def due(db: Database) -> list[str]:
    """Albums whose card is to be looked at."""
    with db.read() as session:
        return cards.cards_due(session, 10)


def album_of(db: Database, album_id: str) -> Album:
    """As it is stored."""
    with db.read() as session:
        return opening.by_id(session, album_id)


def test_a_card_shows_title_day_and_place_over_the_cover_and_the_first_of_the_others(
    db: Database,
    storage: LocalStorage,
    renderer: PretendedRenderer,
    ensure: Callable[[], Path | None],
    album_id: str,
    photos: list[str],
) -> None:
    edit(db, album_id, first_day=date(2026, 11, 24), venue="Hall", cover_id=photos[3])

    path = ensure()

    ((pictures, title, line, language),) = renderer.cards
    assert (title, line, language) == ("Sports Day", "24 November 2026 · Hall", "en")
    with db.read() as session:
        shown = [session.get_one(Photo, id_) for id_ in (photos[3], photos[0], photos[1])]
    assert pictures == [storage.rendition(p.sha256, p.edit, "1280.jpg") for p in shown]
    assert path == cards.card_path(storage, album_of(db, album_id))


def test_a_card_is_drawn_once_until_something_on_it_changes(
    db: Database,
    renderer: PretendedRenderer,
    ensure: Callable[[], Path | None],
    album_id: str,
    photos: list[str],
) -> None:
    first = ensure()
    assert due(db) == []
    edit(db, album_id, credit="somebody")
    assert due(db) == [album_id]
    assert ensure() == first
    assert due(db) == []
    assert len(renderer.cards) == 1

    edit(db, album_id, title="Games")
    second = ensure()

    assert second is not None
    assert (len(renderer.cards), second.exists(), first and first.exists()) == (2, True, False)


def test_a_lost_card_is_drawn_again(
    renderer: PretendedRenderer, ensure: Callable[[], Path | None], photos: list[str]
) -> None:
    path = ensure()
    assert path is not None
    path.unlink()

    assert ensure() == path
    assert path.exists()


def test_a_hidden_photo_leaves_the_card(
    db: Database,
    renderer: PretendedRenderer,
    ensure: Callable[[], Path | None],
    album_id: str,
    photos: list[str],
) -> None:
    before = ensure()
    with db.write() as session:
        hiding.hide(session, opening.by_id(session, album_id), photos)

    assert due(db) == [album_id]
    assert ensure() is None
    assert album_of(db, album_id).card_edit is None
    assert before is not None
    assert not before.exists()
    assert due(db) == []


def test_a_draft_needs_no_card(
    db: Database, album_id: str, photos: list[str], now: datetime
) -> None:
    assert due(db) == [album_id]
    with db.write() as session:
        album = opening.by_id(session, album_id)
        opening.set_visibility(session, album, Visibility.DRAFT, now=now)
    assert due(db) == []


def test_a_card_that_can_not_be_drawn_just_now_stays_due(
    db: Database,
    renderer: PretendedRenderer,
    ensure: Callable[[], Path | None],
    album_id: str,
    photos: list[str],
) -> None:
    renderer.error = RendererBusy("Stopping.")
    assert ensure() is None
    assert due(db) == [album_id]


def test_a_card_that_can_not_be_drawn_at_all_waits_for_the_next_change(
    db: Database,
    renderer: PretendedRenderer,
    ensure: Callable[[], Path | None],
    album_id: str,
    photos: list[str],
) -> None:
    renderer.error = Unreadable("Odd.")
    assert ensure() is None
    assert (due(db), album_of(db, album_id).card_edit) == ([], None)


def test_an_album_that_is_not_there_has_no_card(
    db: Database, storage: LocalStorage, renderer: PretendedRenderer, album_id: str
) -> None:
    assert cards.ensure_card(db, storage, renderer, "x") is None
    assert cards.card_path(storage, album_of(db, album_id)) is None


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, None, ""),
        (date(2026, 5, 1), None, "1 May 2026"),
        (date(2026, 5, 1), date(2026, 5, 1), "1 May 2026"),
        (date(2026, 5, 1), date(2026, 5, 3), "1–3 May 2026"),
        (date(2026, 5, 30), date(2026, 6, 1), "30 May – 1 June 2026"),
        (date(2026, 12, 31), date(2027, 1, 1), "31 December 2026 – 1 January 2027"),
    ],
)
def test_days_are_said_shortly(first: date | None, last: date | None, words: str) -> None:
    assert days.in_words(first, last) == words
