"""Captions drawn into renditions for networks: a band below the picture, or over its foot."""

from __future__ import annotations

from PIL import Image, ImageDraw

from gallery.imaging.fonts import Type
from gallery.imaging.text import Line, draw_line, drawable, wrap
from gallery.imaging.values import CaptionStyle

PAPER, INK, WHITE = "#FBFAF7", "#1D1A16", "#FFFFFF"
_LEAST_WIDTH, _LEAST_HEIGHT = 200, 100  # px; smaller pictures stay without
_LEAD = 1.42  # baseline to baseline, in sizes
_ASCENT = 1.06  # top of a line to its baseline, in sizes
_BAND_LINES, _OVERLAY_LINES = 4, 3
# The scrim: how black it is where the text begins and where it ends (white on white paper then has
# a contrast of more than 6:1), and how far above the text it begins, in sizes.
_SCRIM_TOP, _SCRIM_FOOT, _SCRIM_FADE = 0.62, 0.82, 2.6


def captioned(
    image: Image.Image, edge: int, caption: str, style: CaptionStyle | None, language: str
) -> Image.Image:
    """The picture at most `edge` px long, with its caption if there is a style and room for it."""
    picture = _fit(image, edge)
    text = drawable(caption)
    if style is None or not text or _is_tiny(picture):
        return picture
    if style is CaptionStyle.OVERLAY:
        return overlay(picture, text, language)
    drawn = band(picture, text, language)
    while max(drawn.size) > edge and not _is_tiny(picture):
        picture = _fit(
            image, min(max(picture.size) - 1, max(picture.size) * edge // max(drawn.size))
        )
        drawn = band(picture, text, language)
    return drawn if max(drawn.size) <= edge else picture


def band(picture: Image.Image, text: str, language: str) -> Image.Image:
    """The picture on paper, its caption below: it grows in height, never in width."""
    type_ = _type(picture, language)
    margin = round(type_.size * 1.15)
    lines = wrap(text, type_, picture.width - 2 * margin, _BAND_LINES)
    height = round(type_.size * (_LEAD * (len(lines) - 1) + 1.3)) + 2 * round(margin * 0.72)
    drawn = Image.new("RGB", (picture.width, picture.height + height), PAPER)
    drawn.paste(picture, (0, 0))
    top = picture.height + round(margin * 0.72)
    _write(drawn, lines, type_, margin=margin, top=top, fill=INK)
    return drawn


def overlay(picture: Image.Image, text: str, language: str) -> Image.Image:
    """The caption in white on the picture's foot, over a scrim that makes it legible on anything."""
    type_ = _type(picture, language)
    margin = round(type_.size * 1.15)
    lines = wrap(text, type_, picture.width - 2 * margin, _OVERLAY_LINES)
    height = round(type_.size * (_LEAD * (len(lines) - 1) + 1.3)) + round(margin * 0.9)
    drawn = picture.copy()
    _darken(drawn, height, round(type_.size * _SCRIM_FADE))
    _write(drawn, lines, type_, margin=margin, top=picture.height - height, fill=WHITE)
    return drawn


def _fit(image: Image.Image, edge: int) -> Image.Image:
    scale = edge / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def _is_tiny(picture: Image.Image) -> bool:
    return picture.width < _LEAST_WIDTH or picture.height < _LEAST_HEIGHT


def _type(picture: Image.Image, language: str) -> Type:
    """Large enough to be read on a phone, where the picture is some 360 px wide."""
    return Type(max(14, round(picture.width / 30)), language=language)


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
        baseline = top + round(type_.size * (_ASCENT + number * _LEAD))
        draw_line(canvas, line, type_, left=margin, width=width, baseline=baseline, fill=fill)
