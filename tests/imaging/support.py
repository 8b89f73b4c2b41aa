"""Look at renditions: the parts of their files, their colours, their legibility."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests.samples.pictures import CORNERS

MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")  # neither a byte FF of the picture nor a restart
CLEAN = {"SOI", "APP0", "DQT", "SOF", "DHT", "SOS", "EOI"}


def parts_of(jpeg: bytes) -> list[str]:
    """The names of all segments of a JPEG, in order; trailing bytes are a part called REST."""
    names, at = ["SOI"], 2
    while True:
        marker = jpeg[at + 1]
        names.append(_name(marker))
        if marker == 0xD9:
            return names + (["REST"] if at + 2 < len(jpeg) else [])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == 0xDA:
            found = MARKER.search(jpeg, at)
            assert found, "the picture has no end"
            at = found.start()


def _name(marker: int) -> str:
    if 0xE0 <= marker <= 0xEF:
        return f"APP{marker - 0xE0}"
    known = {0xDB: "DQT", 0xC4: "DHT", 0xDA: "SOS", 0xD9: "EOI", 0xFE: "COM", 0xDD: "DRI"}
    return known.get(marker, "SOF" if 0xC0 <= marker <= 0xCF else f"{marker:02X}")


def picture_in(file: Path) -> Image.Image:
    """The picture in a file, decoded; the file is closed."""
    with Image.open(file) as image:
        image.load()
        return image


def corners_of(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours near the four corners: top left, top right, bottom left, bottom right."""
    picture = image.convert("RGB")
    width, height = picture.size
    places = [(width * x // 8, height * y // 8) for y in (1, 7) for x in (1, 7)]
    return [pixel(picture, place) for place in places]


def pixel(image: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    """One pixel of an RGB picture."""
    value = image.getpixel(place)
    assert isinstance(value, tuple)
    return value


def distance(first: tuple[int, ...], second: tuple[int, ...]) -> int:
    """How far two colours are apart in their worst channel."""
    return max(abs(a - b) for a, b in zip(first, second, strict=True))


def is_upright(file: Path) -> bool:
    """Whether a rendition shows the four quarters of our samples where they belong."""
    found = corners_of(picture_in(file))
    return all(distance(a, b) <= 24 for a, b in zip(found, CORNERS, strict=True))


def luminance(colour: tuple[int, ...]) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    shares = [c / 255 for c in colour[:3]]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    """The ratio of WCAG 2.2, 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def wait_for(what: Callable[[], bool], seconds: float = 20.0) -> None:
    """Look until it is so; fail after `seconds`."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.005)
