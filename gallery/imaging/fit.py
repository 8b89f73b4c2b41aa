"""A picture into the frame that a network wants: whole, on a soft ground, or cropped."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from pathlib import Path

from PIL import Image

from gallery.imaging.draw import PAPER, is_tiny, overlay, strip
from gallery.imaging.open import probe
from gallery.imaging.text import drawable
from gallery.imaging.values import LEAST_DRAWN, CaptionStyle, Fit, Frame

Size = tuple[int, int]

_NEARLY = 2  # px by which a picture is drawn to the frame's edge, for sizes are whole numbers
_SOFT = 6  # px a side of the picture that the ground is blown up from
_HOW_MUCH_PAPER = 0.6  # in the ground


def edge_needed(original: Path, frame: Frame) -> int:
    """How long the original's longer side must be decoded, in px. Raises Unreadable."""
    if frame.fit is not Fit.CROP:
        return max(frame.size)
    found = probe(original)
    stored = found.width, found.height
    return ceil(max(stored) * min(1.0, max(frame.size) / min(stored)))


def framed(
    image: Image.Image, frame: Frame, caption: str, style: CaptionStyle | None, language: str
) -> Image.Image:
    """The picture in exactly this frame, never enlarged; its caption if there is room for it."""
    text = drawable(caption) if style else ""
    if text and style is CaptionStyle.BAND:
        drawn = _on_band(image, frame, text, language)
        if drawn is not None:
            return _on_ground(drawn, frame, Image.new("RGB", frame.size, PAPER))
    picture = _cropped(image, frame) if frame.fit is Fit.CROP else _within(image, frame.size)
    if text and style is CaptionStyle.OVERLAY and not is_tiny(picture.size):
        picture = overlay(picture, text, language)
    return (
        picture if picture.size == frame.size else _on_ground(picture, frame, _soft(image, frame))
    )


def _on_band(image: Image.Image, frame: Frame, text: str, language: str) -> Image.Image | None:
    """The picture and its caption below, on paper; None if that leaves too little of the picture."""
    below = strip(frame.width, text, language)
    room = replace(frame, height=frame.height - below.height)
    if room.height < LEAST_DRAWN[1] // 2:
        return None
    picture = _cropped(image, room) if frame.fit is Fit.CROP else _within(image, room.size)
    both = Image.new("RGB", (frame.width, picture.height + below.height), PAPER)
    both.paste(picture, ((frame.width - picture.width) // 2, 0))
    both.paste(below, (0, picture.height))
    return both


def _within(image: Image.Image, room: Size) -> Image.Image:
    """All of the picture, as large as the room and its own size allow."""
    scale = min(1.0, room[0] / image.width, room[1] / image.height)
    width, height = round(image.width * scale), round(image.height * scale)
    near = abs(width - room[0]) <= _NEARLY and abs(height - room[1]) <= _NEARLY
    size = room if near else (max(1, width), max(1, height))
    return image.resize(size, Image.Resampling.LANCZOS) if size != image.size else image


def _cropped(image: Image.Image, frame: Frame) -> Image.Image:
    """As much of the picture as fills the frame, around its focal point."""
    scale = min(1.0, max(frame.width / image.width, frame.height / image.height))
    width = min(image.width, frame.width / scale)
    height = min(image.height, frame.height / scale)
    left = min(max(frame.focal_x * image.width - width / 2, 0.0), image.width - width)
    top = min(max(frame.focal_y * image.height - height / 2, 0.0), image.height - height)
    size = min(frame.width, round(width * scale)), min(frame.height, round(height * scale))
    box = (left, top, left + width, top + height)
    return image.resize(size, Image.Resampling.LANCZOS, box=box)


def _on_ground(picture: Image.Image, frame: Frame, ground: Image.Image) -> Image.Image:
    """Left and right as much ground; so above and below, but a whole picture stands at the top."""
    left = (frame.width - picture.width) // 2
    top = 0 if frame.fit is Fit.WHOLE else (frame.height - picture.height) // 2
    ground.paste(picture, (left, top))
    return ground


def _soft(image: Image.Image, frame: Frame) -> Image.Image:
    """The picture's own colours without any of its shapes, as if on paper."""
    colours = image.resize((_SOFT, _SOFT), Image.Resampling.BOX)
    paper = Image.new("RGB", (_SOFT, _SOFT), PAPER)
    soft = Image.blend(colours, paper, _HOW_MUCH_PAPER)
    return soft.resize(frame.size, Image.Resampling.BICUBIC)
