"""Files that are no photos of ours: what they are, in a sentence for the person who sent them."""

from __future__ import annotations

import re

_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script)\b", re.I | re.S
)
_SVG = re.compile(rb"<svg\b|<!doctype\s+svg", re.I)
_VIDEO_BRANDS = (b"qt  ", b"isom", b"iso2", b"mp41", b"mp42", b"M4V ", b"avc1", b"3gp", b"dash")

UNKNOWN = (
    "This is not a photo in a format that can be shown; "
    "save it as JPEG, PNG, WebP, GIF, AVIF or HEIC and add that."
)
EMPTY = "The file is empty; copy it from the camera or phone again and add that."
HTML = "This is a web page, not a photo; save the photo itself and add that."
SVG = "This is an SVG drawing, which can carry programs and is not shown; export it as PNG."
PDF = "This is a PDF document, not a photo; export its pages as JPEG and add those."
PRINT = "This is a PostScript document, not a photo; export it as JPEG and add that."
VIDEO = "This is a video, and only photos can be shown; save a still of it as JPEG and add that."
SOUND = "This is a sound recording, not a photo."
TIFF = (
    "This is a TIFF or a camera's raw file, which can't be shown; export it as JPEG and add that."
)
RAW = "This is a camera's raw file, which can't be shown; export it as JPEG and add that."
BMP = "This is a BMP picture, which can't be shown; save it as PNG or JPEG and add that."
OTHER_PICTURE = "This kind of picture can't be shown; save it as JPEG or PNG and add that."
ARCHIVE = "This is an archive or an office document; take the photos out of it and add those."
TEXT = "This is a text file, not a photo."

_BEGINNINGS = (
    (b"%PDF-", PDF),
    (b"%!PS", PRINT),
    (b"\xc5\xd0\xd3\xc6", PRINT),
    (b"FUJIFILMCCD-RAW", RAW),
    (b"IIRO", RAW),
    (b"IIRS", RAW),
    (b"IIU\0", RAW),
    (b"FOVb", RAW),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
    (b"BM", BMP),
    (b"8BPS", OTHER_PICTURE),
    (b"\0\0\1\0", OTHER_PICTURE),
    (b"\0\0\0\x0cjP  ", OTHER_PICTURE),
    (b"\xff\x4f\xff\x51", OTHER_PICTURE),
    (b"\0\0\0\x0cJXL ", OTHER_PICTURE),
    (b"\xff\x0a", OTHER_PICTURE),
    (b"\x1aE\xdf\xa3", VIDEO),
    (b"FLV\1", VIDEO),
    (b"\0\0\1\xba", VIDEO),
    (b"\0\0\1\xb3", VIDEO),
    (b"0&\xb2u\x8ef\xcf\x11", VIDEO),
    (b"ID3", SOUND),
    (b"\xff\xfb", SOUND),
    (b"OggS", SOUND),
    (b"fLaC", SOUND),
    (b"PK\3\4", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"Rar!", ARCHIVE),
    (b"7z\xbc\xaf", ARCHIVE),
)


def describe(head: bytes) -> str:
    """One sentence on a file that begins with `head` and is none of the formats we open."""
    if not head:
        return EMPTY
    for beginning, sentence in _BEGINNINGS:
        if head.startswith(beginning):
            return sentence
    return _container(head) or _written(head) or UNKNOWN


def _container(head: bytes) -> str | None:
    if head[:4] == b"RIFF":
        return SOUND if head[8:12] == b"WAVE" else VIDEO
    if head[4:8] == b"ftyp":
        return RAW if head[8:11] == b"crx" else VIDEO if _is_video(head) else None
    return VIDEO if head[4:8] in (b"moov", b"mdat", b"wide", b"free") else None


def _is_video(head: bytes) -> bool:
    return head[8:12].startswith(_VIDEO_BRANDS)


def _written(head: bytes) -> str | None:
    plain = head.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(plain):
        return HTML
    if _SVG.search(plain):
        return SVG
    return TEXT if _is_text(head) else None


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        text = head.decode("utf-8", "strict" if len(head) < 4000 else "ignore")
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter in "\r\n\t\f\ufeff" for letter in text)
