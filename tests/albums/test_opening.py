from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.albums import opening, times
from gallery.albums.event import EventData
from gallery.errors import FieldErrors, NotFound
from gallery.models import Album, OldSlug, Photo, PhotoState, Site, Visibility

EVENT = EventData(
    title="Sports Day 2026",
    slug="games",
    first_day=date(2026, 11, 20),
    first_time=time(9),
    last_day=date(2026, 11, 21),
    last_time=time(8),
    zone="Europe/Berlin",
    venue="Stadium",
    address="1 Road",
    organiser="The Club",
    organiser_url="https://club.example.org/",
    write_up="# Hello\n\n    code",
    language="ms",
    credit="Us",
    licence="CC BY",
    tags=("sport", "2026"),
    focal_x=0.25,
    focal_y=1.0,
)


def photo(session: Session, album: Album, nth: int, now: datetime, **more: Any) -> Photo:
    """A row."""
    made = Photo(
        id=f"{nth:06}", album_id=album.id, sha256=f"{nth:064}", file=f"{nth}.jpg", bytes=1,
        position=nth, added_at=now, **more,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def test_a_new_album_is_a_draft_in_the_sites_zone_and_language(
    session: Session, now: datetime
) -> None:
    site = session.get_one(Site, 1)
    site.zone, site.language = "Europe/Berlin", "de"

    album = opening.create(session, "  A  title\x00 ", now=now, venue=" Hall ")

    assert (album.title, album.venue, album.created_at) == ("A title", "Hall", now)
    assert (album.zone, album.language) == ("Europe/Berlin", "de")
    assert (album.visibility, album.opened_at) == (Visibility.DRAFT, None)


def test_an_album_needs_a_title(session: Session, now: datetime) -> None:
    with pytest.raises(FieldErrors) as caught:
        opening.create(session, " \n ", now=now)

    assert caught.value.errors == {"title": "An album needs a title."}


def test_everything_about_an_event_can_be_said(session: Session, album: Album) -> None:
    opening.edit(session, album, EVENT)

    assert EventData.of(album) == EVENT
    assert album.revision == 2
    assert session.get_one(OldSlug, "sports-day").album_id == album.id


def test_saying_the_same_again_is_no_revision(session: Session, album: Album) -> None:
    opening.edit(session, album, EVENT)
    opening.edit(session, album, replace(EVENT, slug="", title=" Sports  Day 2026 "))

    assert album.revision == 2
    assert album.slug == "games"


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"title": "x" * 301}, {"title"}),
        ({"zone": "Mars/Olympus"}, {"zone"}),
        ({"language": "english please"}, {"language"}),
        ({"organiser_url": "javascript:alert(1)"}, {"organiser_url"}),
        ({"organiser_url": "https://[broken"}, {"organiser_url"}),
        ({"focal_x": 1.1}, {"focal_x"}),
        ({"first_day": None}, {"first_day"}),
        ({"last_day": date(2026, 11, 19)}, {"last_day"}),
        ({"last_day": None}, {"last_time"}),
        ({"tags": ("x" * 61,)}, {"tags"}),
        ({"tags": tuple(map(str, range(31)))}, {"tags"}),
        ({"cover_id": "zzzzzz"}, {"cover_id"}),
        ({"slug": "a b"}, {"slug"}),
        ({"slug": "other"}, {"slug"}),
        ({"title": "", "zone": "", "slug": "-"}, {"title", "zone", "slug"}),
    ],
)
def test_every_wrong_field_gets_its_sentence_and_nothing_changes(
    session: Session, album: Album, now: datetime, wrong: dict[str, Any], fields: set[str]
) -> None:
    opening.create(session, "Other", now=now)
    before = EventData.of(album)

    with pytest.raises(FieldErrors) as caught:
        opening.edit(session, album, replace(EVENT, **wrong))

    assert caught.value.errors.keys() == fields
    assert all(sentence.endswith(".") for sentence in caught.value.errors.values())
    assert (EventData.of(album), album.revision) == (before, 1)


def test_the_cover_is_a_photo_of_the_album(session: Session, album: Album, now: datetime) -> None:
    own = photo(session, album, 1, now)

    opening.edit(session, album, replace(EVENT, cover_id=own.id))
    opening.edit(session, album, replace(EVENT, cover_id=own.id))
    assert album.cover_id == own.id

    opening.edit(session, album, replace(EVENT, cover_id=""))
    assert album.cover_id is None


def test_clocks_without_a_zone_are_read_anew_when_the_zone_changes(
    session: Session, album: Album, now: datetime
) -> None:
    clock = {times.TAKEN_LOCAL: "2026-11-24T10:00:00"}
    local = photo(session, album, 1, now, taken_at=now, details=clock)
    exact = photo(session, album, 2, now, taken_at=now + timedelta(hours=1))
    for each in (local, exact):
        each.state = PhotoState.READY
    session.flush()

    opening.edit(session, album, replace(EVENT, slug=""))  # Berlin, seven hours behind Brunei

    assert local.taken_at == now + timedelta(hours=7)
    assert exact.taken_at == now + timedelta(hours=1)
    assert exact.position < local.position


def test_an_order_made_by_hand_survives_another_zone(
    session: Session, album: Album, now: datetime
) -> None:
    clock = {times.TAKEN_LOCAL: "2026-11-24T10:00:00"}
    local = photo(session, album, 1, now, details=clock)
    album.by_hand = True
    session.flush()

    opening.edit(session, album, EVENT)

    assert (local.position, album.by_hand) == (1, True)


def test_the_day_an_album_first_left_draft_is_kept(
    session: Session, album: Album, now: datetime
) -> None:
    later = now + timedelta(days=1)
    opening.set_visibility(session, album, Visibility.UNLISTED, now=now)
    opening.set_visibility(session, album, Visibility.DRAFT, now=later)
    opening.set_visibility(session, album, Visibility.PUBLIC, now=later)

    assert (album.visibility, album.opened_at) == (Visibility.PUBLIC, now)


def test_links_expire_after_30_days_unless_told_otherwise_and_can_be_revoked(
    session: Session, album: Album, now: datetime
) -> None:
    month = opening.new_link(session, album, now=now)
    ever = opening.new_link(session, album, now=now + timedelta(seconds=1), days=None)
    session.flush()

    assert (month.expires_at, ever.expires_at) == (now + timedelta(days=30), None)
    assert len(month.token) == 43
    assert opening.links(session, album) == [ever, month]

    opening.revoke_link(session, month.token, now=now)
    opening.revoke_link(session, month.token, now=now + timedelta(days=1))

    assert opening.links(session, album) == [ever]
    assert month.revoked_at == now
    with pytest.raises(NotFound):
        opening.revoke_link(session, "x", now=now)


def test_an_unknown_album_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        opening.by_id(session, "x")
    with pytest.raises(NotFound, match="no album “x”"):
        opening.by_slug(session, "x")
    assert session.scalars(select(Album)).one().title == "Sports Day"
