"""What a picture says of itself: time, caption, title, credit, keywords, camera, exposure.

Pure: it looks at an opened picture and decodes nothing. Whatever can't be read is left out; it
never fails, and it never gives a place or a serial number away.
"""

from __future__ import annotations

from typing import Any

from PIL import Image

from gallery.imaging import exif, iptc, xmp
from gallery.imaging.open import FAULTS
from gallery.imaging.values import Metadata
from gallery.imaging.wording import clean, is_boilerplate

MOST_BYTES = 2 * 1024 * 1024  # of one metadata block; larger ones are not looked at
_LABEL, _TEXT, _WORD, _WORDS = 300, 5000, 100, 50  # characters, characters, characters, how many


def orientation(image: Image.Image) -> int:
    """How the stored picture must be turned: 1 to 8, as in Exif."""
    value = _attempt(exif.orientation, image) if _is_small(image, "exif") else None
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def read(image: Image.Image, language: str = "en") -> Metadata:
    """All that we keep; `language` chooses among captions that come in several."""
    camera = (_attempt(exif.read, image) if _is_small(image, "exif") else None) or exif.Exif()
    packet = (_attempt(xmp.read, image) if _is_small(image, "xmp") else None) or xmp.Packet()
    press = _attempt(iptc.read, image) or iptc.Press()
    moment = _first(camera.moment, packet.moment, press.moment)
    exact = moment is not None and moment.tzinfo is not None
    return Metadata(
        taken_at=moment if exact else None,
        taken_local=None if exact else moment,
        title=_line(packet.title(language), press.title),
        caption=_caption(
            packet.description(language), press.caption, camera.description, camera.comment
        ),
        credit=_line(packet.creator, press.byline, camera.artist),
        camera=clean(camera.camera, 120),
        keywords=_words(packet.keywords or press.keywords),
        details=camera.details,
    )


def _attempt(reader: Any, image: Image.Image) -> Any:
    try:
        return reader(image)
    except (*FAULTS, MemoryError):
        return None


def _is_small(image: Image.Image, block: str) -> bool:
    return len(image.info.get(block) or b"") <= MOST_BYTES


def _first(*candidates: Any) -> Any:
    return next((value for value in candidates if value), None)


def _line(*candidates: str) -> str:
    return _first(*(clean(text, _LABEL) for text in candidates)) or ""


def _caption(*candidates: str) -> str:
    texts = (clean(text, _TEXT, lines=True) for text in candidates)
    return _first(*("" if is_boilerplate(text) else text for text in texts)) or ""


def _words(candidates: list[str]) -> tuple[str, ...]:
    words = (clean(word, _WORD) for word in candidates[: _WORDS * 4])
    return tuple(dict.fromkeys(word for word in words if word))[:_WORDS]
