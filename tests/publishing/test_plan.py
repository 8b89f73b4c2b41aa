"""The plan: pure, so it is tested by properties."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.errors import InvalidInput
from gallery.networks.contract import Limits, PictureLimit, PlannedPhoto, TextLimit
from gallery.publishing.plan import Plan, balanced, fits, misfits, plan
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


@pytest.mark.parametrize(
    ("smaller", "says"),
    [
        ({"photos_per_post": 1}, "Post 1 has 2 photos; the network takes 1 in a post now."),
        ({"text": TextLimit(20)}, "The text of post 1 is longer than the network takes now."),
        ({"caption": TextLimit(2)}, "The caption of 1 photo is more than the network takes now."),
        ({"alt_text": TextLimit(2)}, "The alt text of 1 photo is more than the network takes now."),
        (
            {"picture": PictureLimit(1440)},
            "The picture of 2 photos is more than the network takes now.",
        ),
        (
            {"picture": PictureLimit(ratio_max=1.2)},
            "The picture of 2 photos is more than the network takes now.",
        ),
    ],
)
def test_a_plan_that_fits_no_more_says_why(smaller: dict[str, Any], says: str) -> None:
    made = plan([_photo(1, "One", "alt"), _photo(2)], "Text", LINK, _limits())

    assert fits(made, _limits())
    assert misfits(made, replace(_limits(), **smaller)) == [says]
    assert not fits(made, replace(_limits(), **smaller))


def test_posts_that_leave_out_the_same_say_it_once() -> None:
    limits = replace(_limits(1), text=TextLimit(30))
    made = plan([_photo(n, alt_text="alt") for n in range(3)], "word " * 20, LINK, limits)

    assert [post.text[-5:] for post in made.posts] == ["(1/3)", "(2/3)", "(3/3)"]
    assert [w.partition(";")[0] for w in made.warnings] == [
        "3 photos become 3 posts of 1, 1 and 1.",
        "The text of all posts is too long",
        "The network takes too little text for the link: all posts go without it.",
    ]


def test_what_a_network_has_no_place_for_is_said_once() -> None:
    limits = replace(_limits(), caption=TextLimit(0), alt_text=TextLimit(0))
    made = plan([_photo(n, "Words", "alt") for n in range(3)], "Text", LINK, limits)

    assert made.warnings == (
        "The network has no captions for single photos; 3 photos go without.",
        "The network has no alt texts; 3 photos go without.",
    )


def test_shapes_that_are_changed_are_counted() -> None:
    limits = replace(_limits(), picture=PictureLimit(ratio_max=1.0))
    made = plan([_photo(n, "", "alt") for n in range(3)], "Text", LINK, limits)

    assert made.warnings == ("3 photos are padded to 1:1.",)
    assert {(p.width, p.height) for p in made.posts[0].photos} == {(1920, 1920)}


def test_missing_alt_texts_are_said() -> None:
    made = plan([_photo(1, alt_text="alt"), _photo(2), _photo(3)], "Text", "", _limits())

    assert "2 photos have no alt text for people who cannot see." in made.warnings


def test_an_album_without_a_ready_photo_can_not_be_posted() -> None:
    with pytest.raises(InvalidInput):
        plan([], "Text", LINK, _limits())
