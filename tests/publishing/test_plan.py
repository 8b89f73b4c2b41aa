"""The plan: pure, so it is tested by properties."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.errors import InvalidInput
from gallery.networks.contract import Limits, PictureLimit, PlannedPhoto, TextLimit
from gallery.publishing.plan import Plan, balanced, plan
from gallery.publishing.text import fit

LINK = "https://photos.example.org/a/open-house"
TEXT = st.text(alphabet=st.sampled_from("ab cé中ي🙂\n"), max_size=400)


def _photo(n: int, caption: str = "", alt_text: str = "") -> PlannedPhoto:
    return PlannedPhoto(f"p{n:05}", "0123456789ab", "1920.jpg", 1920, 1280, caption, alt_text)


def _limits(per_post: int = 10) -> Limits:
    most = TextLimit(500)
    return Limits(per_post, most, TextLimit(80), TextLimit(80), PictureLimit(), 1.0, "made up")


@given(captions=st.lists(TEXT, min_size=1, max_size=15), text=TEXT)
def test_a_stored_plan_is_the_same_plan(captions: list[str], text: str) -> None:
    made = plan([_photo(n, c) for n, c in enumerate(captions)], text, LINK, _limits())

    again = Plan.from_json(made.to_json())

    assert again == made
    assert again.hash == made.hash


@pytest.mark.parametrize(
    ("count", "most", "sizes"),
    [(11, 10, [6, 5]), (10, 10, [10]), (24, 10, [8, 8, 8]), (25, 10, [9, 8, 8]), (1, 10, [1])],
)
def test_posts_are_as_even_as_can_be(count: int, most: int, sizes: list[int]) -> None:
    assert balanced(count, most) == sizes


def test_any_change_that_a_stranger_could_see_changes_the_hash() -> None:
    one = plan([_photo(1, "One", "alt"), _photo(2)], "Text", LINK, _limits())

    others = [
        plan([_photo(2), _photo(1, "One", "alt")], "Text", LINK, _limits()),
        plan([_photo(1, "One!", "alt"), _photo(2)], "Text", LINK, _limits()),
        plan([_photo(1, "One", "alt!"), _photo(2)], "Text", LINK, _limits()),
        plan([_photo(1, "One", "alt"), _photo(2)], "Text!", LINK, _limits()),
        plan(
            [replace(_photo(1, "One", "alt"), edit="ba9876543210"), _photo(2)],
            "Text",
            LINK,
            _limits(),
        ),
        plan([_photo(1, "One", "alt"), _photo(2)], "Text", LINK, _limits(per_post=1)),
    ]

    assert len({made.hash for made in [one, *others]}) == 1 + len(others)


def test_a_text_that_fits_keeps_its_own_link_where_it_is() -> None:
    fitted = fit(f"Photos: {LINK} and more", TextLimit(500), (), LINK)

    assert fitted.text == f"Photos: {LINK} and more"


def test_a_text_cut_before_its_link_keeps_the_link() -> None:
    fitted = fit("word " * 100 + LINK, TextLimit(120), ("(1/2)",), LINK)

    assert fitted.text.endswith(f"(1/2)\n{LINK}")
    assert fitted.text.count(LINK) == 1
    assert fitted.cut


def test_a_text_of_one_long_word_is_cut_inside_it() -> None:
    fitted = fit("a" * 600, TextLimit(100))

    assert fitted.text == "a" * 99 + "…"
    assert fitted.cut == "a" * 501


def test_a_network_without_room_for_words_gets_the_link_alone() -> None:
    assert fit("Hello there", TextLimit(len(LINK)), (), LINK).text == LINK


def test_missing_alt_texts_are_said() -> None:
    made = plan([_photo(1, alt_text="alt"), _photo(2), _photo(3)], "Text", "", _limits())

    assert "2 photos have no alt text for people who cannot see." in made.warnings


def test_an_album_without_a_ready_photo_can_not_be_posted() -> None:
    with pytest.raises(InvalidInput):
        plan([], "Text", LINK, _limits())
