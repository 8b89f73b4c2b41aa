"""The bare copy of a file: the picture and nothing else."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from gallery.imaging import bare
from tests.imaging.support import parts_of
from tests.samples.blocks import after_header, chunk, exif, xmp
from tests.samples.pictures import encoded, jpeg, quarters


def bare_of(data: bytes) -> bytes | None:
    """The bare copy's bytes."""
    copied = bare.copy(io.BytesIO(data))
    return copied.read() if copied else None


def test_a_bare_jpeg_shows_the_same_and_says_nothing() -> None:
    data = jpeg("bare", exif=exif(6), xmp=xmp(""), comment=b"hello")

    found = bare_of(data)

    assert found is not None
    assert set(parts_of(found)) == {"SOI", "DQT", "SOF", "DHT", "SOS", "EOI"}
    assert _pixels(found) == _pixels(data)


def test_a_bare_cmyk_jpeg_keeps_the_mark_that_says_how_its_colours_are_meant() -> None:
    data = encoded(quarters("bare").convert("CMYK"))

    found = bare_of(data)

    assert found is not None
    assert "APP14" in parts_of(found)
    assert _pixels(found) == _pixels(data)


def test_a_bare_png_keeps_palette_and_transparency() -> None:
    plain = encoded(quarters("bare").quantize(16), "PNG", transparency=3)
    data = after_header(plain, chunk(b"tEXt", b"Comment\0hello"))

    found = bare_of(data)

    assert found is not None
    assert b"hello" not in found
    assert _pixels(found) == _pixels(data)


@pytest.mark.parametrize(
    "data",
    [
        encoded(quarters("bare"), "WEBP"),
        jpeg("bare")[:9],
        encoded(quarters("bare"), "PNG")[:36],
    ],
)
def test_there_is_no_bare_copy_of_other_files_and_broken_ones(data: bytes) -> None:
    assert bare_of(data) is None


def _pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGBA").tobytes()
