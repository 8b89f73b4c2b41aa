"""Names that files come with, and the ids that photos get."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable
from pathlib import PurePosixPath

from sqlalchemy.orm import Session

from gallery.models import Photo

LONGEST = 300
_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"  # nothing to misread, no vowels to make words of
_TRICKS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_DRIVE = re.compile(r"[A-Za-z]:")


def clean_name(name: str) -> str:
    """A file's name as a label: NFC, with its folders, without controls and direction tricks.

    It never leads outside: `..`, roots and drives are gone. A very long one keeps its start, a
    mark made of the whole, and its ending, so that two of them stay two.
    """
    label = unicodedata.normalize("NFC", _TRICKS.sub("", name)).replace("\\", "/")
    parts = [part.strip() for part in label.split("/")]
    kept = [p for p in parts if p not in ("", ".", "..") and not _DRIVE.fullmatch(p)]
    return _fitted("/".join(kept)) or "unnamed"


def _fitted(label: str) -> str:
    if len(label) <= LONGEST:
        return label
    mark = hashlib.sha256(label.encode()).hexdigest()[:8]
    ending = PurePosixPath(label).suffix[:10]
    return f"{label[: LONGEST - 30]}…{mark}{ending}"


def _draw() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(6))


def new_photo_id(session: Session, draw: Callable[[], str] = _draw) -> str:
    """Six characters that no photo has."""
    while session.get(Photo, photo_id := draw()) is not None:
        pass
    return photo_id
