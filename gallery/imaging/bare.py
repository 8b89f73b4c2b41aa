"""A copy of a JPEG or PNG that holds the picture and nothing else.

Hostile or broken metadata can make a file unopenable; the photo in it may be fine all the same.
"""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

_PNG = b"\x89PNG\r\n\x1a\n"
_PICTURE_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_SCAN = 0xDA
_ADOBE, _COMMENT = 0xEE, 0xFE  # APP14 says how the colours are meant, so it stays


def copy(file: BinaryIO) -> BinaryIO | None:
    """The bare picture of a JPEG or PNG; None for every other file, and for one too broken."""
    file.seek(0)
    data = file.read()
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return io.BytesIO(_jpeg(data))
        if data.startswith(_PNG):
            return io.BytesIO(_png(data))
    except struct.error:
        pass
    return None


def _jpeg(data: bytes) -> bytes:
    kept, at = [data[:2]], 2
    while True:
        marker, length = struct.unpack_from(">xBH", data, at)
        if marker == _SCAN:
            return b"".join((*kept, data[at:]))
        if marker == _ADOBE or not (0xE0 <= marker <= 0xEF or marker == _COMMENT):
            kept.append(data[at : at + 2 + length])
        at += 2 + length


def _png(data: bytes) -> bytes:
    kept, at = [data[:8]], 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind in _PICTURE_CHUNKS:
            kept.append(data[at : at + 12 + length])
        at += 12 + length
    return b"".join(kept)
