"""Text from strangers' files: decoded with patience, cleaned, capped."""

from __future__ import annotations

import re
import unicodedata

# What cameras and programs write where a person's description should be.
_BOILERPLATE = re.compile(
    r"(olympus|minolta|konica minolta|samsung|ricoh|kodak|sony|nikon|panasonic)?\s*"
    r"(digital (still )?camera|camera pictures|dsc|dslr)"
    r"|sanyo digital camera|created with gimp|default|untitled|screenshot|exif_jpeg_picture"
    r"|binary comment|user comments?|charset=\w+.*|dcim.*|lead technologies inc.*|\{.*\}",
    re.I | re.S,
)
# Embeddings, overrides and isolates: they outlive the text that they stand in.
_STEERING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])


def decode(data: object) -> str:
    """Text of unknown encoding: UTF-8 if it is that, else what western programs wrote."""
    if isinstance(data, str):
        return data
    if not isinstance(data, bytes):
        return ""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def clean(text: str, most: int, *, lines: bool = False) -> str:
    """At most `most` characters, composed, without control or direction signs; one line, or more."""
    text = text[: most * 4].partition("\0")[0].translate(_STEERING)
    text = unicodedata.normalize("NFC", text)
    if lines:
        kept = (_one_line(line) for line in re.split(r"\r\n|[\r\n\u2028\u2029]", text))
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    else:
        text = _one_line(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _one_line(text: str) -> str:
    spaced = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") else c for c in text)
    return " ".join("".join(spaced).split())


def is_boilerplate(text: str) -> bool:
    """Whether a caption was written by a machine, or says nothing at all."""
    return not any(c.isalnum() for c in text) or bool(_BOILERPLATE.fullmatch(text))
