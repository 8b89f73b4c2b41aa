"""From photos, text and limits to exactly what would go out. Pure: no database, no clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from gallery.errors import InvalidInput
from gallery.networks.contract import Limits, PlannedPhoto, PlannedPost, TextLimit

ELLIPSIS = "…"


@dataclass(frozen=True)
class Plan:
    """Exactly what would go out, post by post, and what had to be changed for it."""

    posts: tuple[PlannedPost, ...]
    warnings: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 over all that goes out: the preview's is the payload's."""
        text = json.dumps([asdict(post) for post in self.posts], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """As it is stored with the delivery."""
        return {"posts": [asdict(post) for post in self.posts], "warnings": list(self.warnings)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Plan:
        """The stored plan again."""
        posts = tuple(
            PlannedPost(**{**post, "photos": tuple(PlannedPhoto(**p) for p in post["photos"])})
            for post in data["posts"]
        )
        return cls(posts, tuple(data["warnings"]))


@dataclass(frozen=True)
class Fitted:
    """A text within its limit, and what had to be left out of it."""

    text: str
    cut: str = ""


def plan(photos: Sequence[PlannedPhoto], text: str, link: str, limits: Limits) -> Plan:
    """Spread `photos` over posts in order and fit every text.

    Parts are balanced and say (1/2); the link always survives. Nothing is left out in silence:
    every cut is a warning. Raises InvalidInput if there is nothing to post.
    """
    if not photos:
        raise InvalidInput("No photo is ready to be posted; add photos, or wait until they are.")
    sizes = balanced(len(photos), limits.photos_per_post)
    fitted, warnings = _fit_photos(photos, limits)
    posts, at = [], 0
    for nth, size in enumerate(sizes, 1):
        part = fitted[at : at + size]
        at += size
        ending = f"({nth}/{len(sizes)})" if len(sizes) > 1 else ""
        words = fit(text, limits.text, ending, link)
        if words.cut:
            warnings.append(f"The text of post {nth} is too long; left out: “{_short(words.cut)}”.")
        alone = tuple(replace(photo, alone=size == 1) for photo in part)
        posts.append(PlannedPost(nth, len(sizes), words.text, link, alone))
    if len(sizes) > 1:
        warnings.insert(0, f"{len(photos)} photos become {len(sizes)} posts of {_list(sizes)}.")
    return Plan(tuple(posts), tuple(warnings))


def balanced(count: int, most: int) -> list[int]:
    """Sizes of the fewest groups of at most `most`, as even as can be: 11 at 10 is 6 and 5."""
    groups = -(-count // most)
    size, larger = divmod(count, groups)
    return [size + 1] * larger + [size] * (groups - larger)


def length(text: str, limit: TextLimit) -> int:
    """How long `text` is, counted as the network counts."""
    return len(text.encode()) if limit.counted_in == "bytes" else len(text)


def fit(text: str, limit: TextLimit, ending: str = "", link: str = "") -> Fitted:
    """Fit `text`, then `ending` and `link` on lines of their own, into `limit`.

    Ending and link always survive; `cut` is what of the text had to go.
    """
    text = text.strip()
    whole = _join(text, _lines(ending, "" if link in text else link))
    if length(whole, limit) <= limit.most:
        return Fitted(whole)
    text = text.replace(link, "").strip() if link else text
    tail = _lines(ending, link)
    kept = text
    while kept and length(_join(kept + ELLIPSIS, tail), limit) > limit.most:
        over = length(_join(kept + ELLIPSIS, tail), limit) - limit.most
        kept = kept[: max(len(kept) - max(over // 4, 1), 0)]
    word_end = kept.rstrip().rfind(" ")
    if word_end > len(kept) // 2:
        kept = kept[:word_end]
    kept = kept.rstrip()
    return Fitted(_join(kept + ELLIPSIS if kept else "", tail), text[len(kept) :].strip())


def _join(text: str, tail: str) -> str:
    return "\n\n".join(part for part in (text, tail) if part)


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _fit_photos(
    photos: Sequence[PlannedPhoto], limits: Limits
) -> tuple[list[PlannedPhoto], list[str]]:
    fitted, warnings = [], []
    for number, photo in enumerate(photos, 1):
        caption = fit(photo.caption, limits.caption)
        alt_text = fit(photo.alt_text, limits.alt_text)
        for name, words in (("caption", caption), ("alt text", alt_text)):
            if words.cut:
                warnings.append(
                    f"The {name} of photo {number} is too long; left out: “{_short(words.cut)}”."
                )
        fitted.append(replace(photo, caption=caption.text, alt_text=alt_text.text))
    without = sum(1 for photo in photos if not photo.alt_text)
    if without and limits.alt_text.most:
        have = "photo has" if without == 1 else "photos have"
        warnings.append(f"{without} {have} no alt text for people who cannot see.")
    return fitted, warnings


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + ELLIPSIS


def _list(sizes: Sequence[int]) -> str:
    words = [str(size) for size in sizes]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
