"""Pieces of files, byte by byte: Exif, IPTC, XMP, ICC, JPEG segments, PNG chunks, boxes."""

from __future__ import annotations

import struct
import zlib
from typing import Any

from PIL import Image, TiffImagePlugin

Entry = tuple[int, int, int, bytes]  # tag, type, count, value or offset (4 bytes)


def segment(marker: int, body: bytes) -> bytes:
    """A JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def with_segment(jpeg: bytes, piece: bytes) -> bytes:
    """The JPEG with a piece put in after its application segments."""
    at = 2
    while jpeg[at] == 0xFF and 0xE0 <= jpeg[at + 1] <= 0xEF:
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return jpeg[:at] + piece + jpeg[at:]


def exif(orientation: int = 1, **values: Any) -> Image.Exif:
    """Exif by Pillow: `values` by name of what we care for."""
    made = Image.Exif()
    if orientation != 1:
        made[0x0112] = orientation
    top = {"description": 0x010E, "make": 0x010F, "model": 0x0110, "artist": 0x013B}
    shot = {
        "exposure": 0x829A, "aperture": 0x829D, "iso": 0x8827, "taken": 0x9003, "zone": 0x9011,
        "comment": 0x9286, "fraction": 0x9291, "focal": 0x920A, "serial": 0xA431, "lens": 0xA434,
    }  # fmt: skip
    for name, value in values.items():
        if name in top:
            made[top[name]] = value
        elif name in shot:
            made.get_ifd(0x8769)[shot[name]] = value
    if "place" in values:
        made.get_ifd(0x8825).update(values["place"])
    return made


def ratio(above: int, below: int) -> TiffImagePlugin.IFDRational:
    """A number as Exif has it."""
    return TiffImagePlugin.IFDRational(above, below)


BRUNEI = {1: "N", 2: (4.0, 53.0, 25.0), 3: "E", 4: (114.0, 56.0, 32.0)}
CLOCK = {29: "2026:11:21", 7: (11.0, 4.0, 5.0)}


def raw_exif(entries: list[Entry], after: bytes = b"", following: int = 0) -> bytes:
    """An APP1 segment with one directory, as broken as its entries are."""
    body = struct.pack("<2sHIH", b"II", 42, 8, len(entries))
    for tag, kind, count, value in entries:
        body += struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")[:4]
    return segment(0xE1, b"Exif\0\0" + body + struct.pack("<I", following) + after)


def iptc(records: list[tuple[int, bytes]], *, utf8: bool) -> bytes:
    """An APP13 segment with IPTC records 2:n."""
    body = b"\x1c\x01\x5a\x00\x03\x1b%G" if utf8 else b""
    for number, text in records:
        body += struct.pack(">BBBH", 0x1C, 2, number, len(text)) + text
    body += b"\0" * (len(body) % 2)
    head = b"Photoshop 3.0\x008BIM\x04\x04\0\0"
    return segment(0xED, head + struct.pack(">I", len(body)) + body)


def xmp(inside: str, attributes: str = "") -> bytes:
    """An XMP packet around the properties of one description."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        'xmlns:exif="http://ns.adobe.com/exif/1.0/" '
        f'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" {attributes}>{inside}'
        "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    ).encode()


def alternatives(name: str, texts: dict[str, str]) -> str:
    """A property in several languages."""
    items = "".join(f'<rdf:li xml:lang="{lang}">{text}</rdf:li>' for lang, text in texts.items())
    return f"<{name}><rdf:Alt>{items}</rdf:Alt></{name}>"


def profile(primaries: tuple[tuple[float, float, float], ...], gamma: float | None = None) -> bytes:
    """A display profile, ICC version 2 or 4: D50 primaries, and a gamma or the curve of sRGB."""
    curve = _srgb_curve() if gamma is None else _gamma(gamma)
    tags = [(b"desc", _description("Test display")), (b"cprt", b"text\0\0\0\0none\0")]
    tags += [(b"wtpt", _xyz(0.9642, 1.0, 0.8249))]
    for name, primary in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True):
        tags.append((name, _xyz(*primary)))
    tags += [(name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")]
    return _icc(b"RGB ", tags)


P3 = ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407))
ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))


def grey_profile(gamma: float) -> bytes:
    """A profile for grey pictures."""
    tags = [(b"desc", _description("Test grey")), (b"wtpt", _xyz(0.9642, 1.0, 0.8249))]
    return _icc(b"GRAY", [*tags, (b"kTRC", _gamma(gamma))])


def _icc(space: bytes, tags: list[tuple[bytes, bytes]]) -> bytes:
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, value in tags:
        table += struct.pack(">4sII", name, start + len(data), len(value))
        data += value + b"\0" * (-len(value) % 4)
    head = struct.pack(
        ">I4sI4s4s4s", start + len(data), b"none", 0x02400000, b"mntr", space, b"XYZ "
    )
    head += struct.pack(">6H4s", 2026, 11, 24, 0, 0, 0, b"acsp")
    head = head.ljust(68, b"\0") + struct.pack(">3i", *map(_fixed, (0.9642, 1.0, 0.8249)))
    return head.ljust(128, b"\0") + table + data


def _fixed(value: float) -> int:
    return round(value * 65536)


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *map(_fixed, values))


def _gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256))


def _srgb_curve() -> bytes:
    numbers = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    return b"para\0\0\0\0\0\3\0\0" + struct.pack(">5i", *map(_fixed, numbers))


def _description(text: str) -> bytes:
    data = text.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(data)) + data + b"\0" * 78


def chunk(kind: bytes, body: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, depth: int, colour: int, rows: bytes, *more: bytes) -> bytes:
    """A PNG from its rows (each with its filter byte); `more` chunks stand before the picture."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    pieces = (
        chunk(b"IHDR", head),
        *more,
        chunk(b"IDAT", zlib.compress(rows, 9)),
        chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(pieces)


def after_header(png_file: bytes, piece: bytes) -> bytes:
    """The PNG with a chunk put in right after its header."""
    return png_file[:33] + piece + png_file[33:]


def box(kind: bytes, *contents: bytes) -> bytes:
    """A box of the ISO base media format."""
    body = b"".join(contents)
    return struct.pack(">I4s", 8 + len(body), kind) + body
