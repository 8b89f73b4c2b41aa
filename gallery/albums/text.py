"""Text that strangers wrote, made fit to store: no controls, no tricks with direction."""

from __future__ import annotations

import re
import unicodedata

_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufeff\ud800-\udfff]")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")


def paragraphs(text: str) -> str:
    """Text that may have several lines, without controls and outer space; NFC."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    lines = (line.rstrip() for line in _UNFIT.sub("", text).split("\n"))
    return unicodedata.normalize("NFC", _MANY_BLANK_LINES.sub("\n\n", "\n".join(lines)).strip())


def line(text: str) -> str:
    """The same on one line: every run of white space is one space."""
    return " ".join(paragraphs(text).split())


def shorten(text: str, most: int) -> str:
    """At most `most` characters; what was cut shows as an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
