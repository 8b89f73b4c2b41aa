"""IPTC-IIM: what press programs write. Source: IPTC-NAA Information Interchange Model 4.2."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from PIL import Image, ImageFile, IptcImagePlugin

from gallery.imaging.moments import parse_iptc
from gallery.imaging.wording import decode

_UTF8 = b"\x1b%G"
_MOST_ITEMS = 1000


@dataclass(frozen=True)
class Press:
    """What we take from IPTC; texts are raw."""

    title: str = ""
    caption: str = ""
    byline: str = ""
    keywords: list[str] = field(default_factory=list)
    moment: datetime | None = None


def read(image: Image.Image) -> Press | None:
    """Read the block of an opened JPEG; raises whatever hostile bytes make Pillow raise."""
    if not isinstance(image, ImageFile.ImageFile):
        return None
    records = IptcImagePlugin.getiptcinfo(image) or {}

    def texts(number: int) -> list[str]:
        value = records.get((2, number), [])
        values = value if isinstance(value, list) else [value]
        return [_text(item, records.get((1, 90))) for item in values[:_MOST_ITEMS]]

    def text(number: int) -> str:
        return next(iter(texts(number)), "")

    return Press(
        title=text(5),
        caption=text(120),
        byline=", ".join(texts(80)),
        keywords=texts(25),
        moment=parse_iptc(text(55), text(60)),
    )


def _text(data: bytes, charset: bytes | list[bytes] | None) -> str:
    return data.decode("utf-8", "replace") if charset == _UTF8 else decode(data)
