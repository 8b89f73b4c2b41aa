"""What kind of picture some bytes are, by looking at them."""

from __future__ import annotations

from dataclasses import dataclass

MAGIC = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF8": "gif",
    b"BM": "bmp",
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
}


@dataclass(frozen=True)
class Picture:
    """Kind and size in px; the size is read of JPEG alone."""

    kind: str
    width: int = 0
    height: int = 0


def look_at(data: bytes) -> Picture | None:
    """What these bytes are; None if Facebook would not take them."""
    kind = next((kind for magic, kind in MAGIC.items() if data.startswith(magic)), None)
    if kind != "jpeg":
        return Picture(kind) if kind else None
    size = _jpeg_size(data)
    return Picture("jpeg", *size) if size else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from the frame header (markers C0 to CF but C4, C8, CC)."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 2 + length
    return None
