"""Files that are no photos, whatever they are called."""

from __future__ import annotations

import gzip
import io
import json
import wave
import zipfile

from PIL import Image

from tests.samples.blocks import box
from tests.samples.pictures import encoded, quarters
from tests.samples.sample import REJECTED, Sample

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><circle r="9"/></svg>'


def samples() -> list[Sample]:
    """All of them."""
    return [
        Sample(file, REJECTED, why, lambda _, data=data: data)  # type: ignore[misc]
        for file, why, data in (*_written(), *_pictures(), *_recordings(), *_archives(), *_noise())
    ]


def _written() -> list[tuple[str, str, bytes]]:
    page = b"<!DOCTYPE html><html><head><title>404</title></head></html>"
    return [
        ("page.jpg", "web page", page),
        ("page-with-preface.jpg", "web page", b"\xef\xbb\xbf\n <!-- saved from -->\n<HTML><body>"),
        ("drawing.jpg", "SVG", _SVG.encode()),
        ("drawing.svg", "SVG", b'<?xml version="1.0"?>\n<!-- made by hand -->\n' + _SVG.encode()),
        ("letter.jpg", "PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"),
        ("print.jpg", "PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n"),
        ("notes.jpg", "text file", "Nota: majlis di Café, pukul 8 pagi.\n".encode()),
        ("notes-utf16.jpg", "text file", "Nota majlis".encode("utf-16")),
        ("long-notes.jpg", "text file", "é".encode() * 9001),
        ("script.jpg", "text file", b"#!/bin/sh\nrm -rf /\n"),
        ("data.json", "text file", json.dumps({"file": "x.jpg"}).encode()),
    ]


def _pictures() -> list[tuple[str, str, bytes]]:
    picture = quarters("stranger")
    crx = box(b"ftyp", b"crx \0\0\0\1crx isom") + box(b"moov")
    return [
        ("scan.jpg", "TIFF", encoded(picture, "TIFF")),
        ("scan.tif", "TIFF", b"MM\0*" + b"\0" * 64),
        ("large-scan.tif", "TIFF", b"II+\0\x08\0\0\0" + b"\0" * 64),
        ("canon.cr2", "raw", b"II*\0\x10\0\0\0CR\2\0" + b"\0" * 64),
        ("canon.cr3", "raw", crx),
        ("fuji.raf", "raw", b"FUJIFILMCCD-RAW 0201FF389501X-T4" + b"\0" * 64),
        ("olympus.orf", "raw", b"IIRO\x08\0\0\0" + b"\0" * 64),
        ("lumix.rw2", "raw", b"IIU\0\x18\0\0\0" + b"\0" * 64),
        ("paint.jpg", "BMP", encoded(picture, "BMP")),
        ("layers.psd", "picture", b"8BPS\0\1" + b"\0" * 64),
        ("site.ico", "picture", encoded(picture.resize((32, 32)), "ICO")),
        ("wavelets.jpg", "picture", encoded(picture, "JPEG2000")),
        ("new.jxl", "picture", b"\0\0\0\x0cJXL \r\n\x87\n" + b"\0" * 64),
        ("new-bare.jxl", "picture", b"\xff\x0a" + b"\x10" * 64),
        ("wrapped.jpg", "format", box(b"ftyp", b"miaf\0\0\0\0miaf") + box(b"meta", b"\0" * 40)),
    ]


def _recordings() -> list[tuple[str, str, bytes]]:
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 800)
    return [
        ("clip.jpg", "video", box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41") + box(b"free")),
        ("clip.mov", "video", box(b"ftyp", b"qt  \0\0\2\0qt  ") + box(b"wide")),
        ("old-clip.mov", "video", box(b"moov", b"\0" * 64)),
        ("clip.webm", "video", b"\x1aE\xdf\xa3\x9fB\x86\x81\1webm" + b"\0" * 64),
        ("clip.avi", "video", b"RIFF\0\1\0\0AVI LIST" + b"\0" * 64),
        ("clip.wmv", "video", b"0&\xb2u\x8ef\xcf\x11\xa6\xd9" + b"\0" * 64),
        ("song.mp3", "sound", b"ID3\4\0\0\0\0\0\0" + b"\0" * 64),
        ("voice.wav", "sound", sound.getvalue()),
    ]


def _archives() -> list[tuple[str, str, bytes]]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(
            zipfile.ZipInfo("photo.jpg", (2026, 11, 21, 0, 0, 0)), encoded(Image.new("RGB", (9, 9)))
        )
    return [
        ("photos.zip", "archive", packed.getvalue()),
        ("letter.docx", "archive", packed.getvalue() + b"\0"),
        ("photos.tar.gz", "archive", gzip.compress(b"photos" * 99, mtime=0)),
        ("photos.7z", "archive", b"7z\xbc\xaf\x27\x1c" + b"\0" * 64),
    ]


def _noise() -> list[tuple[str, str, bytes]]:
    return [
        ("empty.jpg", "empty", b""),
        ("one-byte.jpg", "format", b"\xff"),
        ("zeros.jpg", "format", b"\0" * 5000),
        ("program.jpg", "format", b"MZ\x90\0\3\0\0\0" + bytes(range(256)) * 9),
        ("static.jpg", "format", bytes((n * 197 + n // 7 * 31 + 13) % 256 for n in range(4000))),
    ]
