"""The order of photos, by buttons and numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from gallery.models import Photo
from gallery.web.studio.order import reordered
from tests.web.browser import Browser, parts_of
from tests.web.studio.conftest import AddPhotos, Stored


def _order(app: Flask) -> list[str]:
    with parts_of(app).db.read() as session:
        return list(session.scalars(select(Photo.id).order_by(Photo.position)))


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, "abcde"),
        ({"move": "first:c"}, "cabde"),
        ({"move": "up:c"}, "acbde"),
        ({"move": "up:a"}, "abcde"),
        ({"move": "down:c"}, "abdce"),
        ({"move": "down:e"}, "abcde"),
        ({"move": "last:a"}, "bcdea"),
        ({"move": "away:a"}, "abcde"),
        ({"move": "first:z"}, "abcde"),
        ({"place-e": "1"}, "eabcd"),
        ({"place-a": "5"}, "bcdea"),
        ({"place-a": "99"}, "bcdea"),
        ({"place-e": "0"}, "eabcd"),
        ({"place-a": "2", "place-b": "1"}, "bacde"),
        ({"place-a": "5", "place-b": "4", "place-c": "3", "place-d": "2", "place-e": "1"}, "edcba"),
        ({"place-c": "third"}, "abcde"),
        ({"place-e": "1", "move": "last:e"}, "abcde"),
    ],
)
def test_numbers_and_moves_give_the_order_that_was_meant(
    form: dict[str, str], expected: str
) -> None:
    assert "".join(reordered("abcde", form)) == expected


def test_a_button_moves_a_photo_and_the_page_comes_back_to_it(
    app: Flask, owner: Browser, at: str, stored: Stored, add_photos: AddPhotos
) -> None:
    one, two, three = add_photos(3)

    answer = owner.post(f"{at}/order", {"move": f"first:{three}", "page": "1"})

    assert answer.location == f"{at}/order?page=1#p-{three}"
    assert _order(app) == [three, one, two]
    assert stored().by_hand
    assert "Ordered by hand." in owner.get(f"{at}/order").text


def test_one_save_sends_all_numbers(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    one, two, three = add_photos(3)

    page = owner.follow(
        f"{at}/order", {f"place-{one}": "3", f"place-{two}": "2", f"place-{three}": "1"}
    )

    assert "The order is saved." in page.text
    assert _order(app) == [three, two, one]


def test_by_time_taken_undoes_what_was_done_by_hand(
    app: Flask, owner: Browser, at: str, stored: Stored, add_photos: AddPhotos, now: datetime
) -> None:
    (late,) = add_photos(1, taken_at=now)
    (early,) = add_photos(1, taken_at=now - timedelta(hours=1))
    owner.post(f"{at}/order", {"move": f"first:{late}"})

    owner.post(f"{at}/order", {"do": "by_time"})

    assert _order(app) == [early, late]
    assert not stored().by_hand


def test_every_photo_has_its_buttons_with_names(
    owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    (id_,) = add_photos(1)
    page = owner.get(f"{at}/order").text

    for verb, says in (("first", "first"), ("up", "one earlier"), ("last", "last")):
        assert f'value="{verb}:{id_}" aria-label="Photo 1: {says}"' in page
    assert f'for="place-{id_}"' in page


def test_an_empty_album_has_nothing_to_order(owner: Browser, at: str) -> None:
    assert "Add photos</a>; they sort themselves" in owner.get(f"{at}/order").text
