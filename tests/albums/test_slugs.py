from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from gallery.albums import opening, slugs
from gallery.errors import InvalidInput
from gallery.models import Album, OldSlug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Sports Day", "sports-day"),
        ("  Café & Kedai: Majlis 2026! ", "cafe-kedai-majlis-2026"),
        ("Farmer's Market", "farmers-market"),
        ("ﬁne ①", "fine-1"),
        ("مجلس", ""),
        ("A very long title that goes on and on about the many things that were seen", "a-very-long-title-that-goes-on-and-on-about-the-many-things"),
        ("x" * 70, "x" * 60),
    ],
)  # fmt: skip
def test_a_slug_is_the_ascii_letters_and_digits_of_the_title(title: str, slug: str) -> None:
    assert slugs.from_title(title) == slug


def test_a_title_without_ascii_letters_gets_its_day_and_a_piece_of_its_id(
    session: Session, now: datetime
) -> None:
    dated = opening.create(session, "مجلس", now=now, first_day=date(2026, 11, 20))
    undated = opening.create(session, "晚会", now=now)

    assert dated.slug == f"2026-11-20-{dated.id[:6]}"
    assert undated.slug == f"2026-11-24-{undated.id[:6]}"


def test_a_taken_slug_gets_a_number(session: Session, album: Album, now: datetime) -> None:
    assert opening.create(session, "Sports Day!", now=now).slug == "sports-day-2"
    assert opening.create(session, "Other", now=now, slug="sports-day").slug == "sports-day-3"


def test_an_old_slug_leads_to_its_album_for_ever_and_is_nobody_elses(
    session: Session, album: Album, now: datetime
) -> None:
    other = opening.create(session, "Other", now=now)
    slugs.rename(session, album, "games")

    assert opening.by_slug(session, "sports-day") is album
    assert opening.create(session, "Sports Day", now=now).slug == "sports-day-2"
    with pytest.raises(InvalidInput, match="Another album has this address"):
        slugs.rename(session, other, "sports-day")


def test_an_album_may_take_its_old_slug_back(session: Session, album: Album) -> None:
    slugs.rename(session, album, "games")
    slugs.rename(session, album, "sports-day")

    assert album.slug == "sports-day"
    assert [(old.slug, old.album_id) for old in session.query(OldSlug)] == [("games", album.id)]


def test_its_own_slug_is_no_change(session: Session, album: Album) -> None:
    slugs.rename(session, album, "sports-day")

    assert session.query(OldSlug).all() == []


@pytest.mark.parametrize("slug", ["ab", "A-b-c", "a--b-c", "-abc", "abc/def", "x" * 61, "été-x-y"])
def test_an_odd_slug_is_refused(slug: str) -> None:
    with pytest.raises(InvalidInput, match="small letters"):
        slugs.typed(slug)


def test_a_refused_slug_comes_with_one_that_would_do() -> None:
    with pytest.raises(InvalidInput, match="“my-album” would do"):
        slugs.typed("My Album")
