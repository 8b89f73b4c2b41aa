from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from gallery.albums import describe, hiding, opening
from gallery.albums.describe import Captioned, Change
from gallery.errors import FieldErrors, InvalidInput
from gallery.models import Album, Photo, PhotoState
from gallery.storage import LocalStorage
from tests.albums.pictures import add, jpeg


@pytest.fixture
def photos(session: Session, storage: LocalStorage, album: Album, now: datetime) -> list[Photo]:
    """Three photos with captions, ready."""
    names = ("a.jpg", "day 1/b.jpg", "café.jpg")
    made = [add(session, storage, album, name, jpeg(n), now).photo for n, name in enumerate(names)]
    for photo in made:
        photo.state, photo.caption = PhotoState.READY, "before"
    session.flush()
    return made


def said(photos: list[Photo]) -> list[tuple[str, str, str]]:
    """What is said about them."""
    return [(photo.caption, photo.alt_text, photo.credit) for photo in photos]


def test_many_photos_are_described_at_once_and_what_is_not_named_stays(
    session: Session, album: Album, photos: list[Photo]
) -> None:
    changes = {
        photos[0].id: Change(caption=" new \r\nlines ", alt_text="alt\x00"),
        photos[1].id: Change(credit="by\nme"),
        photos[2].id: Change(caption="before"),
        "zzzzzz": Change(caption="nobody"),
    }

    assert describe.describe(session, album, changes) == 2

    assert said(photos) == [
        ("new\nlines", "alt", ""), ("before", "", "by me"), ("before", "", "")
    ]  # fmt: skip
    assert album.revision == 2


def test_saying_the_same_is_no_revision(
    session: Session, album: Album, photos: list[Photo]
) -> None:
    assert describe.describe(session, album, {photos[0].id: Change(caption="before")}) == 0
    assert album.revision == 1


def test_photos_of_another_album_are_left_alone(
    session: Session, album: Album, photos: list[Photo], now: datetime
) -> None:
    other = opening.create(session, "Other", now=now)

    assert describe.describe(session, other, {photos[0].id: Change(caption="mine")}) == 0
    assert said(photos)[0] == ("before", "", "")


def test_what_is_too_long_is_refused_and_nothing_is_changed(
    session: Session, album: Album, photos: list[Photo]
) -> None:
    changes = {
        photos[0].id: Change(caption="fine"),
        photos[1].id: Change(alt_text="x" * 2001, credit="y" * 301),
    }

    with pytest.raises(FieldErrors) as caught:
        describe.describe(session, album, changes)

    assert caught.value.errors.keys() == {f"alt_text-{photos[1].id}", f"credit-{photos[1].id}"}
    assert said(photos)[0] == ("before", "", "")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_sets_the_columns_that_it_has(
    session: Session, album: Album, photos: list[Photo], delimiter: str
) -> None:
    rows = [
        ["File", "alt_text", "caption", "remark"],
        ["a.jpg", "a dog", '"two\nlines, ""quoted"""', "x"],
        ["day 1/b.jpg", "", "بازار", ""],
        ["cafe\u0301.jpg", "coffee"],
        ["gone.jpg", "x", "y", ""],
        ["", "", "", ""],
    ]
    table = "\r\n".join(delimiter.join(row) for row in rows)

    done = describe.from_csv(session, album, table)

    assert done == Captioned(changed=3, matched=3, unknown=("gone.jpg",))
    assert said(photos) == [
        ('two\nlines, "quoted"', "a dog", ""), ("بازار", "", ""), ("before", "coffee", "")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("", "a column “file”"),
        ("name,caption\na.jpg,x", "a column “file”"),
        ("file,text\na.jpg,x", "none of the columns"),
        ("file,caption\na.jpg,x\na.jpg,y", "“a.jpg” is in the table twice"),
        ('file,caption\na.jpg,"x" y', "can't be read beyond its line 1"),
        ("file,caption\na.jpg," + "x" * 5001, "too long"),
    ],
)
def test_a_table_that_can_not_be_used_changes_nothing(
    session: Session, album: Album, photos: list[Photo], table: str, sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        describe.from_csv(session, album, table)

    assert said(photos)[0] == ("before", "", "")


def test_a_name_that_two_photos_have_is_refused(
    session: Session, storage: LocalStorage, album: Album, photos: list[Photo], now: datetime
) -> None:
    add(session, storage, album, "a.jpg", jpeg(9), now)

    with pytest.raises(InvalidInput, match=r"Two photos are called “a\.jpg”"):
        describe.from_csv(session, album, "file,caption\na.jpg,x")


def test_hiding_takes_ready_photos_from_visitors_and_showing_gives_them_back(
    session: Session, album: Album, photos: list[Photo]
) -> None:
    photos[2].state = PhotoState.WAITING
    ids = [photo.id for photo in photos]

    assert hiding.hide(session, album, ids) == photos[:2]
    assert album.revision == 2
    assert hiding.hide(session, album, ids) == []
    assert album.revision == 2
    assert hiding.show(session, album, ids[:1]) == photos[:1]
    assert [photo.state.value for photo in photos] == ["ready", "hidden", "waiting"]
