"""Texts within a network's limit, counted as the network counts. Pure.

What people take for one character (UAX #29) is never cut apart, nor is a link.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import regex

from gallery.networks.contract import CountedIn, TextLimit

ELLIPSIS = "…"
NEAR = 40  # atoms: so far back a cut looks for the end of a word

_LINK = r"https?://[!#-;=?-~]*[#-&*+\-/-9=@-Z\\^-z|~]"  # no quotes; ends with no sign of a sentence
_ATOM = regex.compile(rf"{_LINK}|\X", regex.IGNORECASE)
_ATOM_IS_LINK = regex.compile("https?:", regex.IGNORECASE)
_CLUSTER = regex.compile(r"\X")
# What networks take for a link and count as such; the rest of a stranger one is counted as text.
_HOST = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?![\w.-]*@)"
_PATH = r"(?::[0-9]+)?(?:[/?](?:[a-z0-9!*';:=+,.$/%#_~@|&?-]{0,1900}[a-z0-9/=#_-])?)?"
_COUNTED = regex.compile(rf"(?<![\w@#$])https?://{_HOST}{_PATH}", regex.IGNORECASE)
_BARE = regex.compile(rf"(?<![\w@#$.-]){_HOST}{_PATH}", regex.IGNORECASE)
_PIECE = (
    r"(?:\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?\u20E3?[\U000E0020-\U000E007F]*)"
)
_EMOJI = regex.compile(
    rf"\p{{Regional_Indicator}}{{2}}|[0-9#*]\uFE0F?\u20E3|{_PIECE}(?:\u200D{_PIECE})*"
)
_LIGHT = regex.compile(r"[\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")  # they weigh 1


@dataclass(frozen=True)
class Fitted:
    """A text within its limit, and what had to be left out of it."""

    text: str
    cut: str = ""
    ending: str = ""  # which of the endings stands there; "": none fits
    has_link: bool = True


def length(text: str, limit: TextLimit) -> int:
    """How long `text` is, counted as the network counts."""
    count = _COUNTERS[limit.counted_in]
    if limit.link_counts is None:
        return count(text)
    parts = _COUNTED.split(text)
    links = limit.link_counts * (len(parts) - 1)
    if limit.counted_in == "weighted":
        return links + sum(_with_bare_links(part, limit.link_counts) for part in parts)
    return links + sum(count(part) for part in parts)


def allows(limit: TextLimit, text: str) -> bool:
    """Whether `text` keeps within the limit."""
    size = len(text.encode())
    if limit.most_bytes is not None and size > limit.most_bytes:
        return False
    no_more = limit.link_counts is None and size <= limit.most  # than bytes, however it is counted
    return no_more or length(text, limit) <= limit.most


def fit(text: str, limit: TextLimit, endings: Sequence[str] = (), link: str = "") -> Fitted:
    """Fit `text`, then an ending and `link` on lines of their own, into `limit`.

    The first of the `endings` that fits is kept, with the link if both fit; then comes as much of
    the text as there is room for, up to the end of a word where one is near. A link that stands
    in the text already is not added again.
    """
    text = text.strip()
    ending, has_link = _tail(limit, endings, link)
    tail = _lines(ending, link if has_link else "")
    is_plain = has_link and (not link or link not in text)
    if is_plain and allows(limit, whole := _join(text, tail)):
        return Fitted(whole, "", ending)
    atoms = _ATOM.findall(text)
    kept = _cut(atoms, limit, ending if link in atoms else tail)
    if link in atoms[:kept]:
        has_link, tail = True, ending
    elif link in atoms:
        kept = _cut(atoms, limit, tail)
    return Fitted(
        _shown(atoms[:kept], tail, whole=kept == len(atoms)),
        "".join(atoms[kept:]).strip(),
        ending,
        has_link or not link,
    )


def _tail(limit: TextLimit, endings: Sequence[str], link: str) -> tuple[str, bool]:
    """The ending that is kept, and whether the link is: rather a short ending than no link."""
    for has_link in (True, False):
        for ending in endings or ("",):
            if allows(limit, _lines(ending, link if has_link else "")):
                return ending, has_link
    return "", False


def _cut(atoms: Sequence[str], limit: TextLimit, tail: str) -> int:
    """How many atoms of a text are kept."""

    def fits(kept: int) -> bool:
        return allows(limit, _shown(atoms[:kept], tail, whole=kept == len(atoms)))

    if fits(len(atoms)):
        return len(atoms)
    low, high = 0, len(atoms) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return _end_of_word(atoms, low)


def _end_of_word(atoms: Sequence[str], kept: int) -> int:
    """The nearest end of a word before a cut; the cut itself if none is near."""
    for end in range(kept, max(kept - NEAR, 0), -1):
        if atoms[end].isspace():
            kept = end
            break
    while kept and (atoms[kept - 1].isspace() or atoms[kept - 1] in ",;:"):
        kept -= 1
    return kept


def _shown(atoms: Sequence[str], tail: str, *, whole: bool) -> str:
    """The text as it goes out. A sign that it was cut must not become a part of a link."""
    if whole or not atoms:
        return _join("".join(atoms), tail)
    gap = " " if _ATOM_IS_LINK.match(atoms[-1]) else ""
    return _join("".join(atoms) + gap + ELLIPSIS, tail)


def _join(text: str, tail: str) -> str:
    return "\n\n".join(part for part in (text, tail) if part)


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _bytes(text: str) -> int:
    return len(text.encode())


def _graphemes(text: str) -> int:
    return len(_CLUSTER.findall(text))


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _weighted(text: str) -> int:
    plain, emoji = _EMOJI.subn("", unicodedata.normalize("NFC", text))
    return 2 * emoji + 2 * len(plain) - len(_LIGHT.findall(plain))


def _with_bare_links(text: str, link_counts: int) -> int:
    """X shortens what looks like a host, too; a short one becomes longer by that."""
    links = [match.group() for match in _BARE.finditer(text)]
    longer = sum(max(link_counts - _weighted(link), 0) for link in links)
    return _weighted(text) + longer


def _emoji_bytes(text: str) -> int:
    return len(text) + sum(_bytes(emoji) - len(emoji) for emoji in _EMOJI.findall(text))


_COUNTERS: dict[CountedIn, Callable[[str], int]] = {
    "characters": len,
    "bytes": _bytes,
    "graphemes": _graphemes,
    "utf16": _utf16,
    "weighted": _weighted,
    "emoji_bytes": _emoji_bytes,
}
