"""A brush for pictures that look like photos: light, depth of field, people, grain.

Coordinates are points of a sheet 1200 x 800 (or 800 x 1200), whatever the resolution: far things
are painted small and soft, then the sheet is enlarged and near things are painted sharp.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Stops = Sequence[tuple[float, str]]  # (share of the way, colour)
FULL = 2.0  # px per point in the end


class Brush:
    """One picture on its way. `random` is seeded: the same seed paints the same picture."""

    def __init__(self, seed: int, width: int = 1200, height: int = 800, scale: float = 0.5) -> None:
        self.width, self.height, self.scale = width, height, scale
        self.random = Random(seed)  # noqa: S311
        self.image = Image.new("RGB", self._size())
        self._draw = ImageDraw.Draw(self.image, "RGBA")

    def _size(self) -> tuple[int, int]:
        return round(self.width * self.scale), round(self.height * self.scale)

    def _px(self, points: Sequence[float]) -> list[float]:
        return [value * self.scale for value in points]

    def _take(self, image: Image.Image) -> None:
        self.image = image
        self._draw = ImageDraw.Draw(image, "RGBA")

    def focus(self, scale: float = FULL) -> None:
        """Enlarge the sheet; what stands on it stays soft, what comes is sharper."""
        self.scale = scale
        self._take(self.image.resize(self._size(), Image.Resampling.BICUBIC))

    def blur(self, radius: float) -> None:
        """Put all that is painted so far out of focus."""
        self._take(self.image.filter(ImageFilter.BoxBlur(radius * self.scale)))
        self._take(self.image.filter(ImageFilter.BoxBlur(radius * self.scale)))

    def wash(self, stops: Stops, box: Box | None = None) -> None:
        """A gradient from top to bottom, over the sheet or a box."""
        left, top, right, bottom = self._px(box or (0, 0, self.width, self.height))
        size = (round(right) - round(left), round(bottom) - round(top))
        self.image.paste(column(stops).resize(size), (round(left), round(top)))

    def rect(self, box: Box, fill: str, radius: float = 0) -> None:
        """A rectangle, its corners rounded by `radius`."""
        self._draw.rounded_rectangle(self._px(box), radius * self.scale, fill)

    def disc(self, x: float, y: float, rx: float, ry: float, fill: str) -> None:
        """An ellipse by its centre and radii."""
        self._draw.ellipse(self._px((x - rx, y - ry, x + rx, y + ry)), fill)

    def ring(self, x: float, y: float, rx: float, ry: float, colour: str, width: float) -> None:
        """The outline of an ellipse, `width` points wide inwards."""
        box = self._px((x - rx, y - ry, x + rx, y + ry))
        self._draw.ellipse(box, outline=colour, width=max(1, round(width * self.scale)))

    def slice(self, x: float, y: float, r: float, start: float, end: float, fill: str) -> None:
        """A part of a disc between two angles in degrees, clockwise from three o'clock."""
        self._draw.pieslice(self._px((x - r, y - r, x + r, y + r)), start, end, fill)

    def shape(self, points: Sequence[Point], fill: str) -> None:
        """A polygon."""
        self._draw.polygon([(x * self.scale, y * self.scale) for x, y in points], fill)

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        """A line with round joints, `width` points wide."""
        scaled = [(x * self.scale, y * self.scale) for x, y in points]
        self._draw.line(scaled, colour, max(1, round(width * self.scale)), joint="curve")

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float = 1.0) -> None:
        """Light that falls off around a point and adds to what is there."""
        side = max(2, round(2 * radius * self.scale))
        left, top = round((x - radius) * self.scale), round((y - radius) * self.scale)
        box = (left, top, left + side, top + side)
        halo = _HALO.resize((side, side), Image.Resampling.BILINEAR)
        light = Image.merge(
            "RGB", [halo.point(_scaled(channel, strength)) for channel in ImageColor.getrgb(colour)]
        )
        self.image.paste(ImageChops.screen(self.image.crop(box), light), (left, top))

    def turned(self, sheet: Image.Image, x: float, y: float, degrees: float) -> None:
        """Lay an RGBA picture on the sheet, turned, its centre at a point."""
        sheet = sheet.rotate(degrees, Image.Resampling.BICUBIC, expand=True)
        at = (round(x * self.scale - sheet.width / 2), round(y * self.scale - sheet.height / 2))
        self.image.paste(sheet, at, sheet)

    def mirror(self, horizon: float, tint: str, share: float) -> None:
        """Water below `horizon`: what is above, upside down, rippled, mixed with `tint`."""
        line = round(horizon * self.scale)
        depth = self.image.height - line
        above = self.image.crop((0, max(0, line - depth), self.image.width, line))
        above = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((self.image.width, depth))
        above = Image.blend(above, Image.new("RGB", above.size, tint), share)
        for y in range(depth):
            near = y / depth
            swing = (1 + 7 * near) * self.scale
            shift = math.sin(y / self.scale / (2.2 + 9 * near) + 5 * near) * swing
            row = above.crop((0, y, self.image.width, y + 1))
            self.image.paste(ImageChops.offset(row, round(shift), 0), (0, line + y))

    def finish(self, *, grain: float = 0.08, vignette: float = 0.35) -> Image.Image:
        """The picture as a camera would have it: a little soft, darker in the corners, grainy."""
        self.focus(FULL)
        image = self.image.filter(ImageFilter.BoxBlur(0.7))
        shade = _CORNERS.point(lambda v: round(255 - v * vignette)).resize(image.size)
        image = ImageChops.multiply(image, Image.merge("RGB", (shade,) * 3))
        return ImageChops.soft_light(image, _noise(self.random, image.size, grain))


def column(stops: Stops) -> Image.Image:
    """A gradient one pixel wide and 256 high."""
    picture = Image.new("RGB", (1, 256))
    for y in range(256):
        picture.putpixel((0, y), _between(stops, y / 255))
    return picture


def _between(stops: Stops, share: float) -> tuple[int, int, int]:
    after = next((i for i, (at, _) in enumerate(stops) if at >= share), len(stops) - 1)
    (start, first), (end, second) = stops[max(after - 1, 0)], stops[after]
    part = min(max((share - start) / (end - start), 0.0), 1.0) if end > start else 0.0
    pairs = zip(ImageColor.getrgb(first)[:3], ImageColor.getrgb(second)[:3], strict=True)
    red, green, blue = (round(a + (b - a) * part) for a, b in pairs)
    return red, green, blue


def mixed(first: str, second: str, share: float) -> str:
    """A colour between two."""
    return "#{:02x}{:02x}{:02x}".format(*_between([(0, first), (1, second)], share))


def _scaled(channel: int, strength: float) -> list[int]:
    return [min(255, round(level * channel / 255 * strength)) for level in range(256)]


def _noise(random: Random, size: tuple[int, int], amount: float) -> Image.Image:
    """Film grain around middle grey: one tile, repeated."""
    side = 512
    tile = Image.frombytes("L", (side, side), random.randbytes(side * side))
    tile = tile.filter(ImageFilter.GaussianBlur(0.7))
    tile = tile.point(lambda v: round(128 + (v - 128) * amount * 2.2))
    sheet = Image.new("L", size)
    for left in range(0, size[0], side):
        for top in range(0, size[1], side):
            sheet.paste(tile, (left, top))
    return Image.merge("RGB", (sheet,) * 3)


_RADIAL = Image.radial_gradient("L")  # 0 in the middle, 180 at the sides, 255 in the corners
_HALO = _RADIAL.point(lambda v: round(255 * max(0.0, 1 - v / 180) ** 1.7))
_CORNERS = _RADIAL.point(lambda v: round(255 * (v / 255) ** 2.2))
