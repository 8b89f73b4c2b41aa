"""Telling files apart by their first bytes, and what decoders' complaints mean."""

from __future__ import annotations

import io
import struct
import warnings
from pathlib import Path

import pytest
from PIL import Image

from gallery.errors import GalleryError, RendererBusy, Unreadable
from gallery.imaging import Probe, open, probe, require_features
from gallery.imaging.headers import Damaged, size_of
from gallery.imaging.open import formats, heif_is_safe, hush, open_file, open_picture
from tests.samples import Odd
from tests.samples.blocks import box, exif, png
from tests.samples.pictures import encoded, quarters


def test_a_probe_tells_kind_and_stored_size(odd_files: list[Odd]) -> None:
    files = {odd.file: odd.path for odd in odd_files}

    found = {
        name: probe(files[name])
        for name in (
            "progressive.jpg", "orientation-6.jpg", "plain.png", "lossy.webp", "lossless.webp",
            "see-through.webp", "moving.gif", "plain.avif", "phone.heic", "phone-turned.heic",
            "two-frames.mpo.jpg", "padded-markers.jpg", "really-png.jpg",
        )
    }  # fmt: skip

    assert found == {
        "progressive.jpg": Probe("jpeg", 360, 240),
        "orientation-6.jpg": Probe("jpeg", 240, 360),
        "plain.png": Probe("png", 360, 240),
        "lossy.webp": Probe("webp", 360, 240),
        "lossless.webp": Probe("webp", 360, 240),
        "see-through.webp": Probe("webp", 360, 240),
        "moving.gif": Probe("gif", 360, 240),
        "plain.avif": Probe("avif", 360, 240),
        "phone.heic": Probe("heif", 360, 240),
        "phone-turned.heic": Probe("heif", 240, 360),
        "two-frames.mpo.jpg": Probe("jpeg", 360, 240),
        "padded-markers.jpg": Probe("jpeg", 360, 240),
        "really-png.jpg": Probe("png", 360, 240),
    }


def test_a_probe_agrees_with_pillow_about_every_good_file(odd_files: list[Odd]) -> None:
    wrong = []
    for odd in odd_files:
        if odd.outcome == "ready" and not odd.file.endswith(".heic"):
            with odd.path.open("rb") as file:
                try:
                    image = open_picture(file)
                except (Unreadable, Warning):
                    continue  # its metadata is broken: rendering goes round it
            found = probe(odd.path)
            if (found.width, found.height) != image.size:
                wrong.append(odd.file)

    assert wrong == []


def test_the_largest_extent_counts_where_a_file_declares_several(tmp_path: Path) -> None:
    def extent(width: int, height: int) -> bytes:
        return box(b"ispe", b"\0\0\0\0", struct.pack(">II", width, height))

    meta = box(b"meta", b"\0\0\0\0", extent(512, 512), extent(4032, 3024), extent(320, 240))
    file = tmp_path / "grid.heic"
    file.write_bytes(box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"free") + meta)

    assert probe(file) == Probe("heif", 4032, 3024)


@pytest.mark.parametrize(
    "content",
    [
        struct.pack(">I4s", 8, b"free") + struct.pack(">I4sQ", 1, b"meta", 30) + b"\0\0\0\0ispe",
        struct.pack(">I4s", 3, b"free"),
        struct.pack(">I4s", 1, b"meta"),
        struct.pack(">I4s", 12, b"meta") + b"\0\0\0\0",
        b"abc",
        struct.pack(">I4s", 8, b"free") * 5000,
    ],
)
def test_boxes_that_lead_nowhere_are_damage(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "broken.heic"
    file.write_bytes(box(b"ftyp", b"heic\0\0\0\0mif1heic") + content)

    with pytest.raises(Unreadable, match="damaged"):
        probe(file)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xdb\x00\x00",
        b"\xff\xd8junk between\xff\x00\xff\xda",
        b"\xff\xd8\xff\xff",
        b"\xff\xd8\xff\xc0\x00\x11",
    ],
)
def test_a_jpeg_without_a_frame_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        size_of("jpeg", io.BytesIO(data))


def test_old_libheif_sees_no_file_of_a_stranger(odd_files: list[Odd]) -> None:
    phone = next(odd.path for odd in odd_files if odd.file == "phone.heic")

    assert [heif_is_safe(v) for v in ("1.21.2", "1.22.0", "1.22.1", "1.23.6")] == [
        False,
        False,
        True,
        True,
    ]
    assert formats(heif=False) == ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
    assert formats() == ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF")
    with pytest.raises(Unreadable, match="HEIC"):
        probe(phone, heif=False)


def test_a_build_of_pillow_that_lacks_something_is_named() -> None:
    require_features()

    with pytest.raises(GalleryError, match="lacks raqm"):
        require_features(lambda name: name != "raqm")


def test_other_formats_are_not_even_tried(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        open_picture(io.BytesIO(encoded(quarters("x"), "TIFF")))


BOMB = png(12000, 12000, 1, 0, b"\0" * 99)


@pytest.mark.filterwarnings("ignore")
def test_a_picture_whose_header_was_not_looked_at_is_still_too_large() -> None:
    with pytest.raises(Unreadable, match="120 million"):
        open_picture(io.BytesIO(BOMB))


def test_pillows_own_warning_of_a_bomb_is_an_error() -> None:
    with warnings.catch_warnings():
        hush()
        with pytest.raises(Unreadable, match="120 million"):
            open_picture(io.BytesIO(BOMB))


def test_odd_metadata_is_silent_in_a_process_of_its_own() -> None:
    with warnings.catch_warnings(record=True) as said:
        hush()
        warnings.warn("Corrupt EXIF data", stacklevel=1)

    assert said == []


def test_a_missing_original_is_not_the_photos_fault(tmp_path: Path) -> None:
    with pytest.raises(RendererBusy, match="could not be read"):
        open_file(tmp_path / "gone.jpg")


class _FailingFile(io.BytesIO):
    """A file on a disk that fails after its header."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 1000:
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_a_disk_that_fails_is_not_the_photos_fault() -> None:
    image = open_picture(_FailingFile(encoded(quarters("disk", (2000, 1500)), exif=exif(3))))

    with pytest.raises(RendererBusy, match="could not be read"):
        open.load(image)


@pytest.mark.parametrize(
    ("complaint", "sentence"),
    [
        (RuntimeError("Security limit exceeded: Image size 9x9"), "120 million"),
        (EOFError("no more"), "incomplete"),
        (OSError("image file is truncated (7 bytes not processed)"), "incomplete"),
        (SyntaxError("broken PNG file"), "damaged"),
    ],
)
def test_what_a_decoder_complains_about(complaint: Exception, sentence: str) -> None:
    class Complaining(Image.Image):
        def load(self) -> None:
            raise complaint

    with pytest.raises(Unreadable, match=sentence):
        open.load(Complaining())


def test_a_decoder_out_of_memory_is_not_the_photos_fault_yet() -> None:
    class Greedy(Image.Image):
        def load(self) -> None:
            raise OSError("out of memory error when reading image file")

    with pytest.raises(MemoryError):
        open.load(Greedy())
