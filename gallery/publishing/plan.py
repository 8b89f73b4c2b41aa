"""From photos, text and limits to exactly what would go out. Pure: no database, no clock."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gallery.errors import InvalidInput
from gallery.networks.contract import Limits, PlannedPhoto, PlannedPost
from gallery.publishing import frames
from gallery.publishing.frames import DRAWN, Framed, Look
from gallery.publishing.text import ELLIPSIS, Fitted, allows, fit


@dataclass(frozen=True)
class Plan:
    """Exactly what would go out, post by post, and what had to be changed for it."""

    posts: tuple[PlannedPost, ...]
    warnings: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()  # photos of posts that a person withdrew, this round or earlier

    @property
    def hash(self) -> str:
        """SHA-256 over all that goes out: the preview's is the payload's."""
        text = json.dumps(self.to_json()["posts"], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """As it is stored with the delivery."""
        posts = [
            {**vars(post), "photos": [dict(vars(photo)) for photo in post.photos]}
            for post in self.posts
        ]
        return {
            "posts": posts,
            "warnings": list(self.warnings),
            "withdrawn": list(self.withdrawn),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Plan:
        """The stored plan again."""
        posts = tuple(
            PlannedPost(**{**post, "photos": tuple(PlannedPhoto(**p) for p in post["photos"])})
            for post in data["posts"]
        )
        return cls(posts, tuple(data["warnings"]), tuple(data.get("withdrawn", ())))

    def withdrawing(self, nth: int) -> Plan:
        """The same plan once this post of it is withdrawn on purpose."""
        photos = (photo.id for photo in self.posts[nth - 1].photos)
        return replace(self, withdrawn=(*self.withdrawn, *photos))

    def left_out(self, *, anew: bool) -> set[str]:
        """The withdrawn photos that what is made of the album in its stead does not hold.

        Compared with the plan itself it holds those that the plan still names; posted anew, none.
        """
        named = {photo.id for post in self.posts for photo in post.photos}
        return set(self.withdrawn) - (set() if anew else named)


def plan(
    photos: Sequence[PlannedPhoto],
    text: str,
    link: str,
    limits: Limits,
    look: Look = frames.PADDED_AND_PLAIN,
) -> Plan:
    """Spread `photos` over posts in order and fit every text and every picture.

    `photos` are as the album has them, with the size of their originals. Parts are balanced and
    say (1/2); the link survives wherever there is room for it. Nothing is left out or changed in
    silence: each time there is a warning. Raises InvalidInput if there is nothing to post.
    """
    if not photos:
        raise InvalidInput("No photo is ready to be posted; add photos, or wait until they are.")
    sizes = balanced(len(photos), limits.photos_per_post)
    drawn, about_drawn = _fit_drawn(photos, limits, look)
    worded, about_words = _fit_words(drawn, limits)
    parts = [_framed(part, limits, look) for part in _split(worded, sizes)]
    texts = [
        fit(text, limits.text, _endings(n, len(sizes)), link) for n in range(1, len(sizes) + 1)
    ]
    posts = tuple(
        PlannedPost(nth, len(sizes), words.text, link, tuple(one.photo for one in part))
        for nth, (words, part) in enumerate(zip(texts, parts, strict=True), 1)
    )
    spread = f"{len(photos)} photos become {len(sizes)} posts of {_list(sizes)}."
    return Plan(
        posts,
        (
            *([spread] if len(sizes) > 1 else []),
            *about_words,
            *about_drawn,
            *_about_texts(texts),
            *_about_shapes(one for part in parts for one in part),
        ),
    )


def balanced(count: int, most: int) -> list[int]:
    """Sizes of the fewest groups of at most `most`, as even as can be: 11 at 10 is 6 and 5."""
    groups = -(-count // most)
    size, larger = divmod(count, groups)
    return [size + 1] * larger + [size] * (groups - larger)


def fits(made: Plan, limits: Limits) -> bool:
    """Whether a plan that was made some time ago still keeps within the limits."""
    return not misfits(made, limits)


def misfits(made: Plan, limits: Limits) -> list[str]:
    """What of a plan the network does not take any more, in sentences; empty: it fits."""
    said = []
    for post in made.posts:
        if len(post.photos) > limits.photos_per_post:
            said.append(
                f"Post {post.nth} has {len(post.photos)} photos; the network takes "
                f"{limits.photos_per_post} in a post now."
            )
        if not allows(limits.text, post.text):
            said.append(f"The text of post {post.nth} is longer than the network takes now.")
    photos = [photo for post in made.posts for photo in post.photos]
    checks = {
        "caption": [allows(limits.caption, photo.caption) for photo in photos],
        "alt text": [allows(limits.alt_text, photo.alt_text) for photo in photos],
        "picture": [frames.takes(limits.picture, photo) for photo in photos],
    }
    for what, allowed in checks.items():
        if not all(allowed):
            too_much = _photos(allowed.count(False))
            said.append(f"The {what} of {too_much} is more than the network takes now.")
    return said


def _split(photos: Sequence[PlannedPhoto], sizes: Sequence[int]) -> list[Sequence[PlannedPhoto]]:
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    return [photos[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def _framed(part: Sequence[PlannedPhoto], limits: Limits, look: Look) -> list[Framed]:
    alone = [replace(photo, alone=len(part) == 1) for photo in part]
    return frames.framed(alone, limits.picture, look)


def _endings(nth: int, of: int) -> tuple[str, ...]:
    """What tells a part from the others, the best first; the last ones are for want of room."""
    return (f"({nth}/{of})", f"{nth}/{of}", str(nth)) if of > 1 else ()


def _fit_words(
    photos: Sequence[PlannedPhoto], limits: Limits
) -> tuple[list[PlannedPhoto], list[str]]:
    fitted, warnings = [], []
    for number, photo in enumerate(photos, 1):
        caption = fit(photo.caption, limits.caption)
        alt_text = fit(photo.alt_text, limits.alt_text)
        for name, words, limit in (
            ("caption", caption, limits.caption),
            ("alt text", alt_text, limits.alt_text),
        ):
            if words.cut and limit.most:
                warnings.append(_too_long(f"The {name} of photo {number}", words.cut))
        fitted.append(replace(photo, caption=caption.text, alt_text=alt_text.text))
    return fitted, [*warnings, *_about_missing(photos, limits)]


def _about_missing(photos: Sequence[PlannedPhoto], limits: Limits) -> list[str]:
    warnings = []
    captions = sum(1 for photo in photos if photo.caption.strip() and not photo.drawn)
    if captions and not limits.caption.most:
        warnings.append(
            f"The network has no captions for single photos; {_photos(captions)} "
            f"{_go(captions)} without."
        )
    described = sum(1 for photo in photos if photo.alt_text.strip())
    if described and not limits.alt_text.most:
        warnings.append(
            f"The network has no alt texts; {_photos(described)} {_go(described)} without."
        )
    bare = sum(1 for photo in photos if not photo.alt_text.strip())
    if bare and limits.alt_text.most:
        have = "has" if bare == 1 else "have"
        warnings.append(f"{_photos(bare)} {have} no alt text for people who cannot see.")
    return warnings


def _fit_drawn(
    photos: Sequence[PlannedPhoto], limits: Limits, look: Look
) -> tuple[list[PlannedPhoto], list[str]]:
    """What is drawn into the pictures: what there is room for, and nothing into tiny ones."""
    fitted, warnings, tiny = [], [], 0
    for number, photo in enumerate(photos, 1):
        words = fit(photo.drawn if look.style else "", DRAWN)
        if words.text and not frames.is_drawable(photo, limits.picture):
            tiny += 1
            words = Fitted("")
        if words.cut:
            warnings.append(_too_long(f"What is drawn into photo {number}", words.cut))
        fitted.append(replace(photo, drawn=words.text))
    if tiny:
        are = "is" if tiny == 1 else "are"
        warnings.append(f"{_photos(tiny)} {are} too small for a caption to be drawn into.")
    return fitted, warnings


def _about_texts(texts: Sequence[Fitted]) -> list[str]:
    """What the posts had to leave out; posts that leave out the same share a sentence."""
    warnings = []
    for cut, numbers in _alike((words.cut for words in texts), len(texts)):
        warnings.append(_too_long(f"The text of {numbers}", cut))
    for _, numbers in _alike(("" if words.has_link else "link" for words in texts), len(texts)):
        warnings.append(f"The network takes too little text for the link: {numbers} go without it.")
    lost = ("" if words.ending or len(texts) == 1 else "number" for words in texts)
    for _, numbers in _alike(lost, len(texts)):
        warnings.append(
            f"The network takes too little text to number the posts: {numbers} may read alike."
        )
    return warnings


def _alike(said: Iterable[str], of: int) -> list[tuple[str, str]]:
    """Each different thing that is said, and by which posts."""
    found: dict[str, list[int]] = {}
    for nth, words in enumerate(said, 1):
        if words:
            found.setdefault(words, []).append(nth)
    return [(words, _posts(numbers, of)) for words, numbers in found.items()]


def _posts(numbers: Sequence[int], of: int) -> str:
    if len(numbers) == of and of > 1:
        return "all posts"
    return f"post{'' if len(numbers) == 1 else 's'} {_list(numbers)}"


def _about_shapes(pictures: Iterable[Framed]) -> list[str]:
    changes = Counter(one.change for one in pictures if one.change)
    return [
        f"{_photos(count)} {'is' if count == 1 else 'are'} {change}."
        for change, count in changes.items()
    ]


def _too_long(what: str, cut: str) -> str:
    return f"{what} is too long; left out: “{_short(cut)}”."


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + ELLIPSIS


def _photos(count: int) -> str:
    return f"{count} photo{'' if count == 1 else 's'}"


def _go(count: int) -> str:
    return "goes" if count == 1 else "go"


def _list(numbers: Sequence[int]) -> str:
    words = [str(number) for number in numbers]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
