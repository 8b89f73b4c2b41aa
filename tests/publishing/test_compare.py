"""What differs between two plans, and who could change it in place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gallery.networks.contract import PlannedPhoto, PlannedPost
from gallery.publishing import compare
from gallery.publishing.compare import Changes
from gallery.publishing.plan import Plan
from tests.fakes.pretend import LIMITS


def photo(id_: str, **more: Any) -> PlannedPhoto:
    """A planned photo."""
    return replace(PlannedPhoto(id_, "e", "r", 3, 2, f"Caption {id_}", f"Alt {id_}"), **more)


def plan(*posts: str, text: str = "Words") -> Plan:
    """A plan whose posts hold these photos, one letter each."""
    return Plan(
        tuple(
            PlannedPost(nth, len(posts), text, "", tuple(photo(id_) for id_ in ids))
            for nth, ids in enumerate(posts, 1)
        )
    )


def with_photo(made: Plan, nth: int, changed: PlannedPhoto) -> Plan:
    """The plan with one photo changed."""
    post = made.posts[nth - 1]
    photos = tuple(changed if p.id == changed.id else p for p in post.photos)
    posts = tuple(replace(post, photos=photos) if p is post else p for p in made.posts)
    return replace(made, posts=posts)


def test_equal_plans_differ_in_nothing() -> None:
    changes = compare.plans(plan("ab", "c"), plan("ab", "c"))

    assert not changes
    assert changes == Changes()


def test_every_kind_of_change_is_told_apart() -> None:
    before = plan("abc")

    for after, expected in (
        (plan("abc", text="Other words"), Changes(text=True)),
        (with_photo(before, 1, photo("a", caption="Other")), Changes(captions=True)),
        (with_photo(before, 1, photo("a", alt_text="Other")), Changes(alt=True)),
        (plan("bac"), Changes(order=True)),
        (plan("ac"), Changes(dropped=("b",))),
        (plan("abcd"), Changes(added=("d",))),
        (with_photo(before, 1, photo("b", edit="f")), Changes(replaced=("b",))),
        (with_photo(before, 1, photo("b", recipe="s")), Changes(replaced=("b",))),
    ):
        assert compare.plans(before, after) == expected
        assert compare.posts(before.posts[0], after.posts[0]) == expected


def test_what_a_change_needs_is_said_in_the_words_of_limits() -> None:
    everything = Changes(
        text=True, captions=True, alt=True, order=True, dropped=("a",), added=("b",)
    )

    assert everything.needs == {"text", "caption", "alt", "order", "drop", "replace"}
    assert Changes(replaced=("a",)).needs == {"replace"}


def test_only_live_posts_have_to_be_changed_in_place() -> None:
    before, after = plan("ab", "cd"), plan("ab", "dce")

    assert compare.in_place(before, after, LIMITS, live={1})
    assert not compare.in_place(before, after, LIMITS, live={1, 2})


def test_a_photo_that_moves_to_another_post_is_not_changed_in_place() -> None:
    before, after = plan("abc", "de"), plan("ab", "cde")

    assert not compare.plans(before, after)
    assert not compare.in_place(before, after, LIMITS, live={1, 2})


def test_another_number_of_posts_is_not_changed_in_place() -> None:
    assert not compare.in_place(plan("ab", "cd"), plan("abcd"), LIMITS, live=set())


def test_posts_that_hold_a_photo_are_found() -> None:
    assert compare.holds(plan("ab", "cd", "ef"), {"c", "e"}) == {2, 3}
    assert compare.holds(plan("ab"), {"x"}) == set()


def test_a_plan_without_a_photo_keeps_all_else() -> None:
    left = compare.without(plan("abc", "de"), {"b", "d"})

    assert left is not None
    assert [[p.id for p in post.photos] for post in left.posts] == [["a", "c"], ["e"]]
    assert [[p.alone for p in post.photos] for post in left.posts] == [[False, False], [True]]
    assert [post.text for post in left.posts] == ["Words", "Words"]


def test_a_post_is_never_left_without_photos() -> None:
    assert compare.without(plan("ab", "c"), {"c"}) is None
    text_alone = plan("")
    assert compare.without(text_alone, {"c"}) == text_alone
