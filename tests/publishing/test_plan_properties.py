"""Two thousand random albums x limits: nothing left out or changed in silence, all within limits.

The counters here are written apart from the product's: by the encodings themselves, by looking at
each code point's Unicode category, and by sums over a known list of emoji.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gallery.imaging import CaptionStyle, Fit, drawable
from gallery.networks.contract import CountedIn, Limits, PictureLimit, PlannedPhoto, TextLimit
from gallery.publishing.frames import Look
from gallery.publishing.plan import Plan, fits, plan

pytestmark = pytest.mark.properties

LINK = "https://photos.example.org/a/open-house"
OTHER = "https://photos.example.org/a/open-house-2"
EMOJI = ("👨‍👩‍👧‍👦", "👩🏽‍🍳", "🇧🇳", "🎉", "❤️", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👍🏿", "📷")
WORDS = (
    "Selamat", "datang", "ke", "Bengkel", "Café", "naïve", "e\u0301te\u0301", "o\u0308\u0323",
    "مجليس", "ڤمبوكاءن", "كنَّا", "青年工作坊开幕典礼", "日本語テキスト", "한국어", "2026", "—", "x" * 90,
    *EMOJI, "".join(EMOJI[:3]), LINK, OTHER, "(1/2)", "\n", "\n\n", "and", "the", "photos.", "go.bn",
)  # fmt: skip
COUNTED: tuple[CountedIn, ...] = (
    "characters", "bytes", "graphemes", "utf16", "weighted", "emoji_bytes",
)  # fmt: skip


def _text(number: int) -> str:
    """One number, read as the words of a text: far faster to draw than a list of them."""
    number, gap = divmod(number, 3)
    words = []
    while number:
        number, at = divmod(number, len(WORDS))
        words.append(WORDS[at])
    return (" ", " ", "")[gap].join(words)


texts = st.integers(0, 3 * len(WORDS) ** 24).map(_text)
mosts = st.one_of(st.integers(0, 60), st.integers(40, 400), st.sampled_from((2_200, 63_206)))
text_limits = st.builds(
    TextLimit,
    most=mosts,
    counted_in=st.sampled_from(COUNTED),
    link_counts=st.sampled_from((None, None, 23, 25)),
    most_bytes=st.sampled_from((None, None, 300, 3_000)),
)
ratios = st.sampled_from(
    ((None, None), (0.8, 1.91), (None, 1.0), (1.0, 1.0), (0.05, 20.0), (0.5, None))
)
picture_limits = st.builds(
    lambda ratio, **more: PictureLimit(ratio_min=ratio[0], ratio_max=ratio[1], **more),
    ratio=ratios,
    edge=st.sampled_from((1080, 1440, 2048, 4096)),
    most_bytes=st.sampled_from((1_900_000, 4_000_000)),
    edge_min=st.sampled_from((1, 1, 320)),
    same_ratio=st.booleans(),
)
sizes = st.sampled_from(
    ((6000, 4000), (4000, 6000), (4032, 3024), (1000, 1000), (9000, 900), (300, 2000), (150, 90),
     (1, 1), (1920, 1080), (3265, 4081), (1911, 1000)),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """An album of `count` photos that take turns with captions and shapes; a text; a network."""

    count: int
    captions: list[str]
    shapes: list[tuple[int, int]]
    text: str
    link: str
    limits: Limits
    look: Look

    @cached_property
    def photos(self) -> list[PlannedPhoto]:
        return [self._photo(n) for n in range(self.count)]

    def _photo(self, n: int) -> PlannedPhoto:
        caption = self.captions[n % len(self.captions)].strip()
        width, height = self.shapes[n % len(self.shapes)]
        return PlannedPhoto(
            f"p{n:05}", "0123456789ab", "1920.jpg", width, height,
            caption, self.captions[(n + 1) % len(self.captions)],
            drawn=_drawable(caption) if self.look.style else "", focal_x=0.3, language="ms",
        )  # fmt: skip

    def plan(self) -> Plan:
        return plan(self.photos, self.text, self.link, self.limits, self.look)


_drawable = lru_cache(drawable)
cases = st.builds(
    Case,
    count=st.integers(1, 200).map(
        lambda n: n % 12 + 1 if n <= 170 else n % 40 + 1 if n < 199 else 500
    ),
    captions=st.lists(texts, min_size=1, max_size=4),
    shapes=st.lists(sizes, min_size=1, max_size=4),
    text=texts,
    link=st.sampled_from((LINK, LINK, LINK, "")),
    limits=st.builds(
        Limits,
        photos_per_post=st.integers(1, 20),
        text=text_limits,
        caption=text_limits,
        alt_text=text_limits,
        picture=picture_limits,
        settle_s=st.just(1.0),
        source=st.just("made up"),
    ),
    look=st.builds(
        Look, st.sampled_from((Fit.PAD, Fit.CROP)), st.sampled_from((None, None, *CaptionStyle))
    ),
)


# --- counted apart from the product ---


@lru_cache
def _clusters(text: str) -> int:
    """UAX 29 for what our words are made of: marks, joiners, modifiers, tags and flags cling."""
    count, joined, flags = 0, False, 0
    for before, letter in zip("\0" + text, text, strict=False):
        code = ord(letter)
        is_flag = 0x1F1E6 <= code <= 0x1F1FF
        clings = (
            unicodedata.category(letter) in ("Mn", "Me", "Mc")
            or code in (0x200D, 0x20E3)
            or 0x1F3FB <= code <= 0x1F3FF
            or 0xE0020 <= code <= 0xE007F
            or (joined and code > 0x2600)
            or (is_flag and flags % 2 == 1)
            or (letter == "\n" and before == "\r")
        )
        starts_anew = before in "\0\n\r"
        count += starts_anew or not clings
        joined, flags = code == 0x200D, flags + 1 if is_flag else 0
    return count


def _split_emoji(text: str) -> tuple[list[str], str]:
    """The emoji of our list that stand in a text, the longest first, and the rest of it."""
    found = []
    for emoji in sorted(EMOJI, key=len, reverse=True):
        found += [emoji] * text.count(emoji)
        text = text.replace(emoji, "\0")
    return found, text.replace("\0", "")


def _weight(letter: str) -> int:
    code = ord(letter)
    light = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
    return 1 if any(first <= code <= last for first, last in light) else 2


def _plain(text: str, counted_in: str) -> int:
    """Without any regard to links."""
    if counted_in == "bytes":
        widths = ((0x80, 1), (0x800, 2), (0x10000, 3), (0x110000, 4))
        return sum(next(width for top, width in widths if ord(c) < top) for c in text)
    if counted_in == "utf16":
        return len(text.encode("utf-16-le")) // 2
    if counted_in == "graphemes":
        return _clusters(text)
    emoji, rest = _split_emoji(text)
    if counted_in == "weighted":
        return 2 * len(emoji) + sum(map(_weight, unicodedata.normalize("NFC", rest)))
    if counted_in == "emoji_bytes":
        return sum(len(one.encode()) for one in emoji) + len(rest)
    return len(text.encode("utf-32-le")) // 4


def _count(text: str, limit: TextLimit) -> int:
    """As the network counts; our links are known, and end where an ASCII letter or digit does not."""
    if limit.link_counts is None:
        return _plain(text, limit.counted_in)
    parts = re.split(r"(?<![A-Za-z0-9])https://photos\.example\.org/a/[!-~]*[A-Za-z0-9]", text)
    count = sum(_plain(part, limit.counted_in) for part in parts)
    return count + limit.link_counts * (len(parts) - 1)


@lru_cache
def _keeps(text: str, limit: TextLimit) -> bool:
    small = limit.most_bytes is None or len(text.encode()) <= limit.most_bytes
    return small and _count(text, limit) <= limit.most


# --- what must hold ---


@settings(
    max_examples=2_000,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(cases)
def test_nothing_is_left_out_or_changed_in_silence_and_all_keeps_within_limits(case: Case) -> None:
    made = case.plan()

    _order_and_balance(case, made)
    _texts(case, made)
    _captions(case, made)
    _pictures(case, made)
    again = Plan.from_json(made.to_json())
    assert again == made
    assert again.hash == made.hash == case.plan().hash
    assert fits(made, case.limits)


def _order_and_balance(case: Case, made: Plan) -> None:
    shown = [photo.id for post in made.posts for photo in post.photos]
    assert shown == [photo.id for photo in case.photos]
    counts = [len(post.photos) for post in made.posts]
    assert max(counts) <= case.limits.photos_per_post
    assert max(counts) - min(counts) <= 1
    assert len(counts) == -(-len(case.photos) // case.limits.photos_per_post)
    assert (len(counts) > 1) == any("photos become" in warning for warning in made.warnings)
    assert all(
        photo.alone == (len(post.photos) == 1) for post in made.posts for photo in post.photos
    )


def _texts(case: Case, made: Plan) -> None:
    limit, of = case.limits.text, len(made.posts)
    written = case.text.strip()
    for post in made.posts:
        assert _keeps(post.text, limit), (post.text, limit)
        ending = f"({post.nth}/{of})" if of > 1 else ""
        short = "\n".join(part for part in (ending, case.link) if part)
        if case.link and _keeps(short, limit):
            assert case.link in post.text
            assert ending in post.text
        elif case.link and case.link not in post.text:
            assert "too little text for the link" in " ".join(made.warnings)
        if written and written not in post.text:
            kept = post.text.partition("…")[0].rstrip() if "…" in post.text else ""
            assert written.startswith(kept)
            _said(written[len(kept) :], made)
            _not_cut_apart(written, kept)
    texts = [post.text for post in made.posts]
    if len(set(texts)) < of:
        assert limit.most < 3 or (limit.most_bytes or 9) < 3
        assert "may read alike" in " ".join(made.warnings)


def _said(cut: str, made: Plan) -> None:
    """The beginning of what was left out stands in a warning."""
    assert any(cut.strip()[:50] in warning for warning in made.warnings), cut


def _not_cut_apart(written: str, kept: str) -> None:
    assert _clusters(kept) + _clusters(written[len(kept) :]) == _clusters(written)
    for link in (OTHER, LINK):
        assert not any(
            kept.endswith(link[:end]) and written[len(kept) - end :].startswith(link)
            for end in range(1, len(link))
        )


def _captions(case: Case, made: Plan) -> None:
    for given_, photo in zip(case.photos, _shown(made), strict=True):
        for before, after, limit, none in (
            (given_.caption, photo.caption, case.limits.caption, "has no captions"),
            (given_.alt_text.strip(), photo.alt_text, case.limits.alt_text, "has no alt texts"),
        ):
            assert _keeps(after, limit)
            if after == before:
                continue
            assert after == "" or after.endswith("…")
            kept = after[:-1].rstrip()
            assert before.startswith(kept)
            _not_cut_apart(before, kept)
            if limit.most:
                _said(before[len(kept) :], made)
            else:
                assert photo.drawn or none in " ".join(made.warnings)
        if photo.drawn != given_.drawn:
            small = any("too small for a caption" in warning for warning in made.warnings)
            cut = any("What is drawn into photo" in warning for warning in made.warnings)
            assert cut or (small and not photo.drawn)


def _shown(made: Plan) -> list[PlannedPhoto]:
    return [photo for post in made.posts for photo in post.photos]


def _pictures(case: Case, made: Plan) -> None:
    limit, changed = case.limits.picture, 0
    for before, photo in zip(case.photos, _shown(made), strict=True):
        assert max(photo.width, photo.height) <= limit.edge
        assert min(photo.width, photo.height) >= limit.edge_min
        assert _ratio_is_taken(photo, limit)
        assert (photo.recipe == "1920.jpg") == (photo.edit == before.edit)
        changed += any(word in photo.recipe for word in ("pad", "crop"))
    said = [w for w in made.warnings if re.search(r"padded to|cropped around|paper is added", w)]
    assert sum(int(warning.split()[0]) for warning in said) == changed
    if limit.same_ratio:
        for post in made.posts:
            first = Fraction(post.photos[0].width, post.photos[0].height)
            for photo in post.photos:
                loose = 0.025 + 1 / min(photo.width, photo.height, *_sides(post.photos[0]))
                assert abs(float(Fraction(photo.width, photo.height) / first) - 1) <= loose
    if not changed and case.look.style is None and limit.most_bytes >= 2_600_000:
        for before, photo in zip(case.photos, _shown(made), strict=True):
            assert (photo.recipe == "1920.jpg") == _is_there(before, limit)


def _is_there(photo: PlannedPhoto, limit: PictureLimit) -> bool:
    """Whether the gallery's own 1920 px rendition keeps within the edges."""
    long, short = max(_sides(photo)), min(_sides(photo))
    if long > 1920:
        long, short = 1920, max(1, round(short * 1920 / long))
    return long <= limit.edge and short >= limit.edge_min


def _sides(photo: PlannedPhoto) -> tuple[int, int]:
    return photo.width, photo.height


def _ratio_is_taken(photo: PlannedPhoto, limit: PictureLimit) -> bool:
    """To the pixel."""
    width, height = photo.width, photo.height
    not_too_tall = limit.ratio_min is None or (width + 1) / height > limit.ratio_min
    not_too_wide = limit.ratio_max is None or width / (height + 1) < limit.ratio_max
    return not_too_tall and not_too_wide
