"""What a file is and how large its picture is, from its first bytes alone.

Plain Python over a few thousand bytes: no decoder sees the file, so nothing in it can hurt the
process that asks. Where a number is doubtful the larger is taken.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

Size = tuple[int, int]
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # SOF0 … SOF15 without DHT, JPG, DAC
_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_MOST_BOXES = 4096
_MOST_META = 4 * 1024 * 1024  # bytes of a meta box that are looked at


class Damaged(Exception):
    """The header promises a picture but does not describe one."""


def kind_of(head: bytes) -> str | None:
    """Name the format of a file that begins with `head` (at least 64 bytes), if we know it."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return _brand(head)


def _brand(head: bytes) -> str | None:
    if head[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))}
    if brands & {b"avif", b"avis"}:
        return "avif"
    if brands & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}:
        return "heif"
    return None


def size_of(kind: str, file: BinaryIO) -> Size:
    """(width, height) in px of the picture in `file`, whose position is at its start.

    Raises Damaged.
    """
    read = {"jpeg": _jpeg, "png": _png, "gif": _gif, "webp": _webp}.get(kind, _boxed)
    try:
        width, height = read(file)
    except (struct.error, IndexError) as error:
        raise Damaged from error
    if width < 1 or height < 1:
        raise Damaged
    return width, height


def _jpeg(file: BinaryIO) -> Size:
    file.seek(2)
    while byte := file.read(1):
        if byte != b"\xff":
            continue
        while (marker := file.read(1)) == b"\xff":
            pass
        code = marker[0]
        if code in _FRAMES:
            height, width = struct.unpack(">3xHH", file.read(7))[:2]
            return width, height
        if code == 0xDA:
            break
        if code and code not in _ALONE:
            length = int.from_bytes(file.read(2), "big")
            file.seek(max(length - 2, 0), 1)
    raise Damaged


def _png(file: BinaryIO) -> Size:
    width, height = struct.unpack(">16xII", file.read(24))
    return width, height


def _gif(file: BinaryIO) -> Size:
    width, height = struct.unpack("<6xHH", file.read(10))
    return width, height


def _webp(file: BinaryIO) -> Size:
    head = file.read(30)
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + _little(head[24:27]), 1 + _little(head[27:30])
    if kind == b"VP8L" and len(head) >= 25:
        bits = _little(head[21:25])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and len(head) == 30:
        return _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF
    raise Damaged


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _boxed(file: BinaryIO) -> Size:
    """The largest extent that an AVIF or HEIF file declares: a grid is larger than its tiles."""
    for name, start, end in _boxes(file):
        if name == b"meta":
            file.seek(start)
            extents = list(_extents(file.read(min(end - start, _MOST_META))[4:]))
            if extents:
                return max(extents, key=lambda extent: extent[0] * extent[1])
    raise Damaged


def _boxes(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """(name, start of content, end) of the boxes at top level."""
    at = 0
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return
        length, begin = int.from_bytes(head[:4], "big"), 8
        if length == 1 and len(head) == 16:
            length, begin = int.from_bytes(head[8:], "big"), 16
        if length < begin:
            return
        yield head[4:8], at + begin, at + length
        at += length


def _extents(meta: bytes) -> Iterator[Size]:
    """Every `ispe` property: found by name, whatever the boxes around it claim."""
    at = meta.find(b"ispe")
    while at >= 0:
        if len(meta) >= at + 16:
            width, height = struct.unpack(">II", meta[at + 8 : at + 16])
            yield width, height
        at = meta.find(b"ispe", at + 4)
