"""What differs between two plans, in sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gallery.networks.contract import PlannedPhoto, PlannedPost
from gallery.publishing.difference import difference
from gallery.publishing.plan import Plan


def photo(nth: int, **more: str) -> PlannedPhoto:
    """A planned photo with a caption and an alt text."""
    made = PlannedPhoto(
        id=f"p{nth}", edit="e", recipe="1920.jpg", width=3, height=2,
        caption=f"Caption {nth}", alt_text=f"Alt {nth}", file=f"{nth}.jpg",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def plan(*posts: list[PlannedPhoto], text: str = "Hello") -> Plan:
    """A plan of these posts."""
    return Plan(
        tuple(
            PlannedPost(nth, len(posts), text, "", tuple(photos))
            for nth, photos in enumerate(posts, 1)
        )
    )


OLD = plan([photo(1), photo(2), photo(3)])


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (OLD, []),
        (
            plan([photo(1), photo(2), photo(3)], text="Hello you"),
            ["The text was “Hello” and is “Hello you” now."],
        ),
        (plan([photo(1), photo(3)]), ["1 photo was removed: 2.jpg."]),
        (
            plan([photo(n) for n in range(1, 10)]),
            ["6 photos were added: 4.jpg, 5.jpg, 6.jpg, 7.jpg, 8.jpg and 1 more."],
        ),
        (plan([photo(2), photo(1), photo(3)]), ["The photos are in another order."]),
        (
            plan([photo(1, caption="New"), photo(2, alt_text=""), photo(3)]),
            [
                "The caption of 1.jpg was “Caption 1” and is “New” now.",
                "The alt text of 2.jpg was “Alt 2” and is empty now.",
            ],
        ),
        (plan([photo(1, edit="f", file=""), photo(2), photo(3)]), ["1 photo looks otherwise: photo p1."]),
        (
            plan([photo(1), photo(2)], [photo(3)]),
            ["There was 1 post, there are 2 now."],
        ),
    ],
)  # fmt: skip
def test_each_change_has_its_sentence(new: Plan, said: list[str]) -> None:
    assert difference(OLD, new) == said


def test_of_several_posts_the_one_is_named() -> None:
    old = plan([photo(1)], [photo(2)])
    new = Plan((old.posts[0], replace(old.posts[1], text="Other")))

    assert difference(old, new) == ["The text of post 2 was “Hello” and is “Other” now."]


def test_a_drawn_caption_is_told_as_a_caption_only() -> None:
    old = plan([photo(1, recipe="a", edit="e", drawn="Caption 1")])
    new = plan([photo(1, recipe="b", edit="f", drawn="New", caption="New")])
    plain = plan([photo(1, recipe="c", edit="g")])

    assert difference(old, new) == ["The caption of 1.jpg was “Caption 1” and is “New” now."]
    assert difference(old, plain) == ["1 photo looks otherwise: 1.jpg."]


def test_of_a_long_text_the_place_is_shown_where_it_differs() -> None:
    (said,) = difference(
        plan([photo(1)], text="x" * 200 + "A"), plan([photo(1)], text="x" * 200 + "B")
    )

    assert said.endswith("xB” now.")
    assert len(said) < 250


def test_what_has_no_words_of_its_own_is_told_all_the_same() -> None:
    new = plan([replace(photo(1), width=9), photo(2), photo(3)])

    assert difference(OLD, new) == [
        "The pictures are spread over the posts, or prepared, in another way."
    ]
