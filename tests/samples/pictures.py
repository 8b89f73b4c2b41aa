"""The picture on every sample: four coloured quarters, so that one sees which way up it is."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from PIL import Image, ImageDraw

SIZE = (360, 240)
CORNERS = ((214, 40, 40), (40, 150, 60), (40, 70, 200), (232, 200, 60))  # tl, tr, bl, br
PATCH = (200, 60, 40)

# How an upright picture must be stored for each value of Exif's orientation.
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def quarters(name: str, size: tuple[int, int] = SIZE) -> Image.Image:
    """The picture, with a mark of its own in the middle, so that no two files are alike."""
    picture = Image.new("RGB", size)
    canvas = ImageDraw.Draw(picture)
    width, height = size
    for number, colour in enumerate(CORNERS):
        left, top = number % 2 * width // 2, number // 2 * height // 2
        canvas.rectangle((left, top, left + width // 2, top + height // 2), colour)
    mark = hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest()
    for number in range(16):
        left, top = width // 2 - 32 + number % 4 * 16, height // 2 - 32 + number // 4 * 16
        canvas.rectangle((left, top, left + 15, top + 15), (mark[number], mark[16 + number], 90))
    return picture


def stored(name: str, orientation: int) -> Image.Image:
    """The picture as it lies in a file whose Exif says `orientation`."""
    picture = quarters(name)
    return picture.transpose(STORED[orientation]) if orientation in STORED else picture


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a file."""
    buffer = io.BytesIO()
    if kind == "JPEG":
        options = {"quality": 90, "subsampling": "4:4:4", **options}
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(name: str, **options: Any) -> bytes:
    """A JPEG of the picture."""
    return encoded(quarters(name), **options)
