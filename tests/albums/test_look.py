"""What a viewer may see, asked of the use case itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from gallery.albums import listing, look, opening
from gallery.albums.look import Viewer
from gallery.errors import NotFound
from gallery.models import Album, Database, Photo, PhotoState, Visibility
from tests.conftest import NOW

STRANGER = Viewer(now=NOW)
PERSON = Viewer(now=NOW, signed_in=True)


def make(session: Session, title: str, **columns: Any) -> Album:
    album = opening.create(session, title, now=NOW)
    for name, value in {"visibility": Visibility.PUBLIC, **columns}.items():
        setattr(album, name, value)
    session.flush()
    return album


def add(session: Session, album: Album, *names: str, **columns: Any) -> None:
    """Photos with these ids, each further on in the album."""
    for name in names:
        values: dict[str, Any] = {
            "id": name, "album_id": album.id, "sha256": name, "file": f"{name}.jpg", "bytes": 1,
            "state": PhotoState.READY, "position": int(name, 36), "added_at": NOW,
        }  # fmt: skip
        session.add(Photo(**{**values, **columns}))
    session.flush()


@pytest.mark.parametrize("visibility", Visibility)
def test_a_stranger_opens_public_albums_and_a_person_all(
    db: Database, visibility: Visibility
) -> None:
    with db.write() as session:
        album = make(session, "Event", visibility=visibility)

    with db.read() as session:
        assert look.album(session, PERSON, "event").id == album.id
        if visibility is Visibility.PUBLIC:
            assert look.album(session, STRANGER, "event").id == album.id
            assert look.album_by_id(session, STRANGER, album.id).id == album.id
        else:
            with pytest.raises(NotFound):
                look.album(session, STRANGER, "event")
            with pytest.raises(NotFound):
                look.album_by_id(session, STRANGER, album.id)


def test_a_link_opens_its_own_unlisted_album_until_it_ends(db: Database) -> None:
    with db.write() as session:
        album = make(session, "Event", visibility=Visibility.UNLISTED)
        make(session, "Other", visibility=Visibility.UNLISTED)
        token = opening.new_link(session, album, now=NOW, days=1).token
    holder = Viewer(now=NOW, tokens=(token,))
    late = Viewer(now=NOW + timedelta(days=1), tokens=(token,))

    with db.read() as session:
        assert look.album(session, holder, "event").id == album.id
        assert look.by_link(session, STRANGER, token).id == album.id
        assert look.link_to_pass_on(session, holder, album) == token
        assert look.link_to_pass_on(session, PERSON, album) == token
        assert look.link_to_pass_on(session, STRANGER, album) is None
        for viewer, slug in ((holder, "other"), (late, "event")):
            with pytest.raises(NotFound):
                look.album(session, viewer, slug)
        with pytest.raises(NotFound):
            look.by_link(session, late, token)


def test_an_album_made_a_draft_again_is_shut_to_those_with_a_link(db: Database) -> None:
    with db.write() as session:
        album = make(session, "Event", visibility=Visibility.DRAFT)
        token = opening.new_link(session, album, now=NOW).token

    with db.read() as session:
        assert look.by_link(session, PERSON, token).id == album.id
        with pytest.raises(NotFound):
            look.by_link(session, STRANGER, token)
        with pytest.raises(NotFound):
            look.album(session, Viewer(now=NOW, tokens=(token,)), "event")


def test_an_album_page_holds_its_ready_photos_in_order(db: Database) -> None:
    with db.write() as session:
        album = make(session, "Event")
        add(session, album, "b", "a", "c")
        add(session, album, "0", state=PhotoState.HIDDEN)
        add(session, album, "d", state=PhotoState.WAITING)

    with db.read() as session:
        seen = look.album_page(session, STRANGER, album, 1)
        inside = look.album_page(session, PERSON, album, 1)

    assert [tile.id for tile in seen.tiles] == ["a", "b", "c"]
    assert (seen.total, seen.pages, seen.before) == (3, 1, 0)
    assert seen.cover is not None
    assert seen.cover.id == "a"
    assert [tile.id for tile in inside.tiles] == ["a", "b", "c", "d"]
    assert inside.total == 3


@pytest.mark.parametrize(("chosen", "cover"), [("b", "b"), ("h", "a"), ("x", "a"), (None, "a")])
def test_the_cover_is_the_chosen_photo_or_the_first_that_may_be_seen(
    db: Database, chosen: str | None, cover: str
) -> None:
    with db.write() as session:
        album = make(session, "Event", cover_id=chosen)
        add(session, album, "a", "b")
        add(session, album, "h", state=PhotoState.HIDDEN)
        add(session, make(session, "Other"), "x")

    with db.read() as session:
        shown = look.album_page(session, STRANGER, album, 1).cover
        listed = {a.album.id: a.cover for a in listing.home(session, 1)[0]}[album.id]

    assert shown is not None
    assert listed is not None
    assert (shown.id, listed.id) == (cover, cover)


def test_the_cover_may_stand_on_a_later_page(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "PHOTOS_A_PAGE", 2)
    with db.write() as session:
        album = make(session, "Event", cover_id="d")
        add(session, album, "a", "b", "c", "d", "e")

    with db.read() as session:
        pages = [look.album_page(session, STRANGER, album, n) for n in (1, 2, 3)]
        with pytest.raises(NotFound):
            look.album_page(session, STRANGER, album, 4)

    assert [[t.id for t in page.tiles] for page in pages] == [["a", "b"], ["c", "d"], ["e"]]
    assert [page.cover and page.cover.id for page in pages] == ["d", None, None]
    assert [page.before for page in pages] == [0, 2, 4]


def test_photos_at_one_position_keep_one_order(db: Database) -> None:
    with db.write() as session:
        album = make(session, "Event")
        add(session, album, "c", "a", "b", position=7)

    with db.read() as session:
        pages = [look.photo_page(session, STRANGER, "event", name) for name in "abc"]

    beside = [(p.previous and p.previous.id, p.following and p.following.id) for p in pages]
    assert beside == [(None, "b"), ("a", "c"), ("b", None)]
    assert [(p.number, p.total) for p in pages] == [(1, 3), (2, 3), (3, 3)]


def test_a_photo_page_counts_and_steps_over_what_may_not_be_seen(db: Database) -> None:
    with db.write() as session:
        album = make(session, "Event")
        add(session, album, "a", "c")
        add(session, album, "b", state=PhotoState.HIDDEN)

    with db.read() as session:
        page = look.photo_page(session, STRANGER, "event", "c")
        with pytest.raises(NotFound):
            look.photo_page(session, PERSON, "event", "b")

    assert (page.number, page.total) == (2, 2)
    assert page.previous is not None
    assert page.previous.id == "a"


def test_home_lists_by_day_of_the_event_and_else_of_the_album(db: Database) -> None:
    with db.write() as session:
        make(session, "Old", first_day=date(2020, 1, 1))
        make(session, "Undated", created_at=datetime(2026, 3, 1, tzinfo=UTC))
        make(session, "Ahead", first_day=date(2027, 1, 1))
        make(session, "Draft", visibility=Visibility.DRAFT)

    with db.read() as session:
        found, more = listing.home(session, 1)

    assert [(a.album.title, a.day.year) for a in found] == [
        ("Ahead", 2027),
        ("Undated", 2026),
        ("Old", 2020),
    ]
    assert not more
    assert [(a.photos, a.cover) for a in found] == [(0, None)] * 3


def test_the_feed_and_the_sitemap_go_by_the_day_an_album_was_opened(db: Database) -> None:
    with db.write() as session:
        make(session, "First", opened_at=NOW, first_day=date(2027, 1, 1))
        make(session, "Second", opened_at=NOW + timedelta(days=1))
        make(session, "Never said", created_at=NOW - timedelta(days=1))

    with db.read() as session:
        assert [a.album.title for a in listing.newest(session, 2)] == ["Second", "First"]
        assert listing.addresses(session, 5) == [
            ("second", NOW + timedelta(days=1)),
            ("first", NOW),
            ("never-said", NOW - timedelta(days=1)),
        ]
