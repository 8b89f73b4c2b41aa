"""What differs between two plans. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from gallery.networks.contract import Limits, PlannedPhoto, PlannedPost
from gallery.publishing.plan import Plan


@dataclass(frozen=True)
class Changes:
    """What would have to change: the last three name photos by id."""

    text: bool = False
    captions: bool = False
    alt: bool = False
    order: bool = False
    dropped: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()  # the same photo, another picture of it

    @property
    def needs(self) -> frozenset[str]:
        """What a network must be able to change in place, in the words of `Limits.amend`."""
        needed = {
            "text": self.text,
            "caption": self.captions,
            "alt": self.alt,
            "order": self.order,
            "drop": bool(self.dropped),
            "replace": bool(self.added or self.replaced),
        }
        return frozenset(word for word, wanted in needed.items() if wanted)

    def __bool__(self) -> bool:
        return bool(self.needs)


def posts(before: PlannedPost, after: PlannedPost) -> Changes:
    """What turns one planned post into another."""
    return _changes((before.text,), (after.text,), before.photos, after.photos)


def plans(before: Plan, after: Plan) -> Changes:
    """What turns one plan into another, whichever post a photo stands in."""
    return _changes(
        tuple(post.text for post in before.posts),
        tuple(post.text for post in after.posts),
        [photo for post in before.posts for photo in post.photos],
        [photo for post in after.posts for photo in post.photos],
    )


def in_place(before: Plan, after: Plan, limits: Limits, live: Collection[int]) -> bool:
    """Whether the posts that are `live` can be changed where they are; the others are not out."""
    if len(before.posts) != len(after.posts):
        return False
    pairs = zip(before.posts, after.posts, strict=True)
    return all(posts(old, new).needs <= limits.amend for old, new in pairs if old.nth in live)


def holds(plan: Plan, photos: Collection[str]) -> set[int]:
    """Which posts of a plan hold one of these photos."""
    return {post.nth for post in plan.posts if any(photo.id in photos for photo in post.photos)}


def without(plan: Plan, photos: Collection[str]) -> Plan | None:
    """The same posts without these photos; None if a post would be left with none."""
    kept = []
    for post in plan.posts:
        left = tuple(photo for photo in post.photos if photo.id not in photos)
        if post.photos and not left:
            return None
        alone = tuple(replace(photo, alone=len(left) == 1) for photo in left)
        kept.append(replace(post, photos=alone))
    return replace(plan, posts=tuple(kept))


def _changes(
    old_texts: tuple[str, ...],
    new_texts: tuple[str, ...],
    before: Sequence[PlannedPhoto],
    after: Sequence[PlannedPhoto],
) -> Changes:
    old, new = {p.id: p for p in before}, {p.id: p for p in after}
    both = [(old[id_], new[id_]) for id_ in old if id_ in new]
    return Changes(
        text=old_texts != new_texts,
        captions=any(a.caption != b.caption for a, b in both),
        alt=any(a.alt_text != b.alt_text for a, b in both),
        order=[id_ for id_ in old if id_ in new] != [id_ for id_ in new if id_ in old],
        dropped=tuple(id_ for id_ in old if id_ not in new),
        added=tuple(id_ for id_ in new if id_ not in old),
        replaced=tuple(a.id for a, b in both if (a.edit, a.recipe) != (b.edit, b.recipe)),
    )
