"""Tell what a file is, and open it for decoding: six formats, nothing else, nothing too large.

`probe` is for the process that takes files in: it reads headers in plain Python. `open_picture`
and `load` are for the render process: the only places where a decoder sees a stranger's bytes.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import BinaryIO

import pillow_heif
from PIL import Image, ImageFile, UnidentifiedImageError, features

from gallery.errors import GalleryError, RendererBusy, Unreadable
from gallery.imaging.headers import Damaged, kind_of, size_of
from gallery.imaging.strangers import describe
from gallery.imaging.values import Probe

MOST_PIXELS = 120_000_000
_HEAD = 4096  # bytes that tell a format, or a stranger
_SAFE_HEIF = (1, 22, 1)  # older versions of libheif read out of bounds (CVE-2026-49271)
_NEEDED = ("libjpeg_turbo", "webp", "avif", "raqm", "littlecms2")

INCOMPLETE = (
    "The file is incomplete, as if a copy had stopped half way; copy it again and add that."
)
DAMAGED = "The file is damaged and can't be opened; copy it from the camera or phone again."
TOO_LARGE = "The picture has more than 120 million pixels; make it smaller and add that."
NO_HEIF = "This server can't open HEIC photos; save it as JPEG and add that."
MISSING = "The original could not be read from the storage; `flask doctor` says what is wrong."

# What decoders and metadata readers raise when a file is not what it claims to be.
FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    struct.error,
    Image.DecompressionBombError,
)


def require_features(has: Callable[[str], bool | None] = features.check) -> None:
    """Check that Pillow was built with all that we use. Raises GalleryError with one sentence."""
    missing = [name for name in _NEEDED if not has(name)]
    if missing:
        raise GalleryError(
            f"This build of Pillow lacks {', '.join(missing)}; "
            "install the wheel from PyPI, as `make setup` does."
        )


def probe(path: Path, *, heif: bool | None = None) -> Probe:
    """Look at the first bytes of a file; nothing is decoded.

    `heif` says whether HEIC may be opened; else the version of the bundled libheif decides.
    Raises Unreadable with one sentence for everything that is not a photo in one of our formats,
    or has more than 120 million pixels.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        kind = kind_of(head)
        if kind is None:
            raise Unreadable(describe(head))
        file.seek(0)
        try:
            width, height = size_of(kind, file)
        except Damaged as error:
            raise Unreadable(DAMAGED) from error
    if kind == "heif" and not (heif_is_safe() if heif is None else heif):
        raise Unreadable(NO_HEIF)
    if width * height > MOST_PIXELS:
        raise Unreadable(TOO_LARGE)
    return Probe(kind, width, height)


@cache
def heif_is_safe(version: str = pillow_heif.libheif_version()) -> bool:
    """Whether this libheif, by default the bundled one, may see strangers' files."""
    return tuple(int(part) for part in version.split(".")[:3]) >= _SAFE_HEIF


@cache
def formats(*, heif: bool = heif_is_safe()) -> tuple[str, ...]:
    """Pillow's names of the formats that we open; decoders are set up on the first call."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    names = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
    if not heif:
        return names
    pillow_heif.register_heif_opener(
        thumbnails=False, depth_images=False, aux_images=False, decode_threads=2
    )
    return (*names, "HEIF")


def hush() -> None:
    """For a process of its own: warnings about odd metadata are silent, about bombs are errors."""
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def open_file(path: Path) -> BinaryIO:
    """Open an original. Raises RendererBusy if the storage does not give it."""
    try:
        return path.open("rb")
    except OSError as error:
        raise RendererBusy(MISSING) from error


def open_picture(file: BinaryIO) -> Image.Image:
    """Read headers and metadata; pixels come with `load`. Raises Unreadable."""
    try:
        image = Image.open(file, formats=formats())
    except FAULTS as error:
        raise _unreadable(error) from error
    if image.width * image.height > MOST_PIXELS:
        raise Unreadable(TOO_LARGE)
    return image


def load(image: Image.Image) -> None:
    """Decode the pixels of the first frame. Raises Unreadable."""
    try:
        image.load()
    except FAULTS as error:
        raise _unreadable(error) from error


def _unreadable(error: BaseException) -> GalleryError:
    """What a decoder's complaint means. Raises MemoryError where it ran out of memory."""
    said = str(error).lower()
    bomb = isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning)
    if bomb or "security limit" in said:
        return Unreadable(TOO_LARGE)
    if "memory" in said:
        raise MemoryError from error
    if isinstance(error, UnidentifiedImageError):
        return Unreadable(DAMAGED)
    if isinstance(error, OSError) and error.errno is not None:
        return RendererBusy(MISSING)
    incomplete = isinstance(error, EOFError) or "truncated" in said
    return Unreadable(INCOMPLETE if incomplete else DAMAGED)
