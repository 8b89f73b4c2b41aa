"""Captions drawn into renditions for networks: a band below the picture, or over its foot."""

from __future__ import annotations

from PIL import Image, ImageDraw

from gallery.imaging.fonts import Type
from gallery.imaging.text import Line, draw_line, wrap
from gallery.imaging.values import (
    BAND_LEAD,
    BAND_LINES,
    LEAST_DRAWN,
    band_height,
    band_margin,
    type_size,
)

PAPER, INK, WHITE = "#FBFAF7", "#1D1A16", "#FFFFFF"
_ASCENT = 1.06  # top of a line to its baseline, in sizes
_OVERLAY_LINES = 3
# The scrim: how black it is where the text begins and where it ends (white on white paper then has
# a contrast of more than 6:1), and how far above the text it begins, in sizes.
_SCRIM_TOP, _SCRIM_FOOT, _SCRIM_FADE = 0.62, 0.82, 2.6


def band(picture: Image.Image, text: str, language: str) -> Image.Image:
    """The picture on paper, its caption below: it grows in height, never in width."""
    below = strip(picture.width, text, language)
    drawn = Image.new("RGB", (picture.width, picture.height + below.height), PAPER)
    drawn.paste(picture, (0, 0))
    drawn.paste(below, (0, picture.height))
    return drawn


def strip(width: int, text: str, language: str) -> Image.Image:
    """A caption on paper, without its picture."""
    type_ = Type(type_size(width), language=language)
    margin = band_margin(type_.size)
    lines = wrap(text, type_, width - 2 * margin, BAND_LINES)
    drawn = Image.new("RGB", (width, band_height(width, len(lines))), PAPER)
    _write(drawn, lines, type_, margin=margin, top=round(margin * 0.72), fill=INK)
    return drawn


def overlay(picture: Image.Image, text: str, language: str) -> Image.Image:
    """The caption in white on the picture's foot, over a scrim that makes it legible on anything."""
    type_ = Type(type_size(picture.width), language=language)
    margin = band_margin(type_.size)
    lines = wrap(text, type_, picture.width - 2 * margin, _OVERLAY_LINES)
    height = round(type_.size * (BAND_LEAD * (len(lines) - 1) + 1.3)) + round(margin * 0.9)
    drawn = picture.copy()
    _darken(drawn, height, round(type_.size * _SCRIM_FADE))
    _write(drawn, lines, type_, margin=margin, top=picture.height - height, fill=WHITE)
    return drawn


def is_tiny(size: tuple[int, int]) -> bool:
    """Whether a picture is too small for words."""
    return size[0] < LEAST_DRAWN[0] or size[1] < LEAST_DRAWN[1]


def _darken(picture: Image.Image, height: int, fade: int) -> None:
    height = min(height, picture.height)
    fade = min(fade, picture.height - height)
    scrim = Image.new("L", (1, fade + height))
    for y in range(fade + height):
        scrim.putpixel((0, y), round(255 * _blackness(y - fade, fade, height)))
    mask = scrim.resize((picture.width, fade + height))
    picture.paste("#000000", (0, picture.height - fade - height), mask)


def _blackness(y: int, fade: int, height: int) -> float:
    if y < 0:
        share = (y + fade) / fade
        return _SCRIM_TOP * share * share * (3 - 2 * share)
    return _SCRIM_TOP + (_SCRIM_FOOT - _SCRIM_TOP) * y / height


def _write(
    drawn: Image.Image, lines: list[Line], type_: Type, *, margin: int, top: int, fill: str
) -> None:
    canvas = ImageDraw.Draw(drawn)
    width = drawn.width - 2 * margin
    for number, line in enumerate(lines):
        baseline = top + round(type_.size * (_ASCENT + number * BAND_LEAD))
        draw_line(canvas, line, type_, left=margin, width=width, baseline=baseline, fill=fill)
