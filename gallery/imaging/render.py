"""From an original to its renditions: upright, sRGB, without any metadata, nothing enlarged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from gallery.errors import Unreadable
from gallery.imaging import bare, fit, metadata
from gallery.imaging.colour import colour_class, on_white, smooth, to_srgb
from gallery.imaging.files import fresh, prepare
from gallery.imaging.open import load, open_file, open_picture
from gallery.imaging.values import (
    AVIF_EDGES,
    STANDARD_EDGES,
    CaptionStyle,
    Frame,
    Metadata,
    Rendered,
)

JPEG_QUALITY = 82
AVIF_QUALITY, AVIF_SPEED = 62, 9
PROGRESSIVE_EDGE = 640  # px; progressive files pay from here up
NETWORK_QUALITIES = (90, 82, 74, 66)
_FIRST_SIDEWAYS = 5  # orientations from here on swap width and height
_SMALLEST_EDGE = 64  # px; a network that allows less gets nothing

TOO_FEW_BYTES = "The network allows so few bytes that nothing of the photo would be left."

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Top:
    """The largest picture of a cascade: RGB, upright, bare; and the original's upright size."""

    image: Image.Image
    width: int
    height: int
    metadata: Metadata


def standard(original: Path, folder: Path, language: str = "en") -> Rendered:
    """Write `1920.jpg` to `320.jpg` into `folder`, each at most its own size.

    Raises Unreadable, or RendererBusy if the storage does not give or take.
    """
    prepare(folder)
    top = decode(original, STANDARD_EDGES[0], language)
    image = top.image
    for edge in STANDARD_EDGES:
        image = shrink(image, edge)
        with fresh(folder / f"{edge}.jpg") as path:
            save_jpeg(image, path, JPEG_QUALITY)
    return Rendered(top.width, top.height, colour_class(image), top.metadata)


def avif(original: Path, folder: Path) -> None:
    """Write `1280.avif` to `320.avif` into `folder`, made from the original like the JPEGs."""
    prepare(folder)
    image = decode(original, AVIF_EDGES[0]).image
    for edge in AVIF_EDGES:
        image = shrink(image, edge)
        with fresh(folder / f"{edge}.avif") as path:
            image.save(path, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED, max_threads=1)


def for_network(
    original: Path,
    target: Path,
    *,
    frame: Frame,
    most_bytes: int,
    caption: str = "",
    style: CaptionStyle | None = None,
    language: str = "en",
) -> tuple[int, int]:
    """Write one JPEG in this frame, its caption drawn if `style` is given, within `most_bytes`.

    Returns (width, height). Quality gives way first, then size, in the same shape. Raises
    Unreadable, also if a network allows so little that no picture is left.
    """
    prepare(target.parent)
    image = decode(original, fit.edge_needed(original, frame)).image
    with fresh(target) as path:
        while True:
            picture = fit.framed(image, frame, caption, style, language)
            if any(_fits(picture, path, quality, most_bytes) for quality in NETWORK_QUALITIES):
                return picture.size
            frame = frame.scaled(min(0.8, (most_bytes / path.stat().st_size) ** 0.5))
            if max(frame.size) < _SMALLEST_EDGE:
                raise Unreadable(TOO_FEW_BYTES)


def decode(original: Path, edge: int, language: str = "en") -> Top:
    """Open, turn and colour an original, at most `edge` px long. Raises as `standard` does."""
    with open_file(original) as file:
        try:
            return _read(file, edge, language)
        except Unreadable:
            plain = bare.copy(file)
            if plain is None:
                raise
            return _read(plain, edge, language)


def _read(file: BinaryIO, edge: int, language: str) -> Top:
    """Decode first: asking a PNG for its metadata would decode it too, and hide that it failed."""
    file.seek(0)
    image = open_picture(file)
    stored = image.size
    _draft(image, edge)
    load(image)
    turn = metadata.orientation(image)
    picture = to_srgb(on_white(shrink(smooth(image), edge)), image.info.get("icc_profile"))
    if turn in _TURNS:
        picture = picture.transpose(_TURNS[turn])
    if picture is image:
        picture = image.copy()
    picture.info = {}
    width, height = stored if turn < _FIRST_SIDEWAYS else stored[::-1]
    return Top(picture, width, height, metadata.read(image, language))


def _draft(image: Image.Image, edge: int) -> None:
    """Let the JPEG decoder skip what the first rendition would throw away."""
    scale = edge / max(image.size)
    if image.format in ("JPEG", "MPO") and scale < 1:
        image.draft("RGB", (int(image.width * scale) or 1, int(image.height * scale) or 1))


def shrink(image: Image.Image, edge: int) -> Image.Image:
    """The picture with its longer side at most `edge` px; never enlarged."""
    scale = edge / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def save_jpeg(image: Image.Image, path: Path, quality: int) -> None:
    """Save by path: to a file of its own Pillow encodes without holding up other threads."""
    image.save(
        path,
        "JPEG",
        quality=quality,
        subsampling="4:2:0",
        optimize=True,
        progressive=max(image.size) >= PROGRESSIVE_EDGE,
    )


def _fits(picture: Image.Image, path: Path, quality: int, most_bytes: int) -> bool:
    save_jpeg(picture, path, quality)
    return path.stat().st_size <= most_bytes
