"""What differs between two plans, in sentences for a person. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from gallery.networks.contract import PlannedPhoto
from gallery.publishing.plan import Plan

MOST_NAMES = 5
MOST_TEXT = 80


def difference(old: Plan, new: Plan) -> list[str]:
    """What would go out otherwise than `old` says. Never empty when the hashes differ."""
    said = [*_posts(old, new), *_photos(_all(old), _all(new))]
    if not said and old.hash != new.hash:
        return ["The pictures are spread over the posts, or prepared, in another way."]
    return said


def _posts(old: Plan, new: Plan) -> list[str]:
    if len(old.posts) != len(new.posts):
        were, are = (
            ("was" if len(old.posts) == 1 else "were"),
            ("is" if len(new.posts) == 1 else "are"),
        )
        return [f"There {were} {_count(len(old.posts), 'post')}, there {are} {len(new.posts)} now."]
    several = len(old.posts) > 1
    return [
        f"The text{f' of post {a.nth}' if several else ''} was {_quoted(a.text)} and is "
        f"{_quoted(b.text, a.text)} now."
        for a, b in zip(old.posts, new.posts, strict=True)
        if a.text != b.text
    ]


def _photos(old: Sequence[PlannedPhoto], new: Sequence[PlannedPhoto]) -> list[str]:
    before, after = {photo.id: photo for photo in old}, {photo.id: photo for photo in new}
    kept = [id_ for id_ in before if id_ in after]
    said = [
        _named([photo for photo in new if photo.id not in before], "was", "added"),
        _named([photo for photo in old if photo.id not in after], "was", "removed"),
        "The photos are in another order."
        if kept != [id_ for id_ in after if id_ in before]
        else "",
    ]
    for id_ in kept:
        said.extend(_words(before[id_], after[id_]))
    others = [after[id_] for id_ in kept if _is_another(before[id_], after[id_])]
    said.append(_named(others, "looks", "otherwise", "look"))
    return [sentence for sentence in said if sentence]


def _words(old: PlannedPhoto, new: PlannedPhoto) -> list[str]:
    return [
        f"The {what} of {_name(new)} was {_quoted(a)} and is {_quoted(b, a)} now."
        for what, a, b in (
            ("caption", old.caption, new.caption),
            ("alt text", old.alt_text, new.alt_text),
        )
        if a != b
    ]


def _is_another(old: PlannedPhoto, new: PlannedPhoto) -> bool:
    """Whether its picture is another, for more than a new caption that is drawn into it."""
    redrawn = old.drawn and new.drawn and old.drawn != new.drawn and old.caption != new.caption
    return (old.edit, old.recipe) != (new.edit, new.recipe) and not redrawn


def _all(plan: Plan) -> list[PlannedPhoto]:
    return [photo for post in plan.posts for photo in post.photos]


def _named(photos: Sequence[PlannedPhoto], one: str, what: str, many: str = "were") -> str:
    if not photos:
        return ""
    names = [_name(photo) for photo in photos[:MOST_NAMES]]
    more = f" and {len(photos) - MOST_NAMES} more" if len(photos) > MOST_NAMES else ""
    return (
        f"{_count(len(photos), 'photo')} {one if len(photos) == 1 else many} {what}: "
        f"{', '.join(names)}{more}."
    )


def _name(photo: PlannedPhoto) -> str:
    return photo.file or f"photo {photo.id}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _quoted(text: str, other: str = "") -> str:
    """A short piece of a text: from a little before the place where it leaves `other`."""
    if not text:
        return "empty"
    same = next((n for n, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), 0)
    start = max(0, same - MOST_TEXT // 4) if len(text) > MOST_TEXT else 0
    piece = text[start : start + MOST_TEXT]
    return f"“{'…' * (start > 0)}{piece}{'…' * (start + len(piece) < len(text))}”"
