"""The shape and size in which each picture goes out: whole, padded or cropped. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, isclose

from gallery.albums.renditions import edit_of
from gallery.imaging import BAND_LINES, LEAST_DRAWN, STANDARD_EDGES, CaptionStyle, Fit, band_height
from gallery.networks.contract import PictureLimit, PlannedPhoto, TextLimit
from gallery.publishing.text import length

STANDARD = "1920.jpg"
STANDARD_EDGE = STANDARD_EDGES[0]
STANDARD_BYTES = 2_600_000  # white noise, measured; no photo comes near
DRAWN = TextLimit(200, "weighted")  # what our four lines hold
LINE = DRAWN.most // BAND_LINES
ALIKE = 0.01  # shapes that differ by so little are cropped by nobody
_NAME = re.compile(r"(?:(band|overlay)-)?(whole|pad|crop)-(\d{1,5})x(\d{1,5})-(\d{1,12})\.jpg")

PADDED, CROPPED = "padded to", "cropped around the focal point to"
SMALL = "smaller than this network takes, so paper is added around"


@dataclass(frozen=True)
class Look:
    """How pictures are to go out: what is done where a shape is not taken, and with captions."""

    fit: Fit = Fit.PAD
    style: CaptionStyle | None = None


PADDED_AND_PLAIN = Look()


@dataclass(frozen=True)
class Recipe:
    """How a rendition for a network is made; its name says all of it, but for text and point."""

    style: CaptionStyle | None
    fit: Fit
    width: int
    height: int
    most_bytes: int

    @property
    def name(self) -> str:
        """As its file is called."""
        style = f"{self.style.value}-" if self.style else ""
        return f"{style}{self.fit.value}-{self.width}x{self.height}-{self.most_bytes}.jpg"

    @classmethod
    def read(cls, name: str) -> Recipe | None:
        """The inverse of `name`; None for a standard rendition and for what is none of ours."""
        found = _NAME.fullmatch(name)
        if found is None:
            return None
        style, fit, *numbers = found.groups()
        width, height, most_bytes = map(int, numbers)
        return cls(CaptionStyle(style) if style else None, Fit(fit), width, height, most_bytes)


@dataclass(frozen=True)
class Framed:
    """A photo as it goes out, and what had to be done to its shape: `padded to 4:5`."""

    photo: PlannedPhoto
    change: str = ""


def framed(
    photos: Sequence[PlannedPhoto], limit: PictureLimit, look: Look = PADDED_AND_PLAIN
) -> list[Framed]:
    """The pictures of one post. `width` and `height` of `photos` are those of their originals."""
    shapes = [_Shape.of(photo, limit, look.style) for photo in photos]
    shared = shapes[0].allowed(limit) if limit.same_ratio and len(shapes) > 1 else None
    return [shape.framed(limit, look, shared) for shape in shapes]


def room(limit: PictureLimit) -> tuple[float, float]:
    """The ratios that are taken: with a shorter side that is long enough, too."""
    most = max(limit.edge / limit.edge_min, 1.0)
    return max(limit.ratio_min or 0.0, 1 / most), min(limit.ratio_max or most, most)


def takes(limit: PictureLimit, photo: PlannedPhoto) -> bool:
    """Whether a planned picture keeps within the limit; a pixel more or less is no other shape."""
    recipe = Recipe.read(photo.recipe)
    low, high = room(limit)
    sides = photo.width, photo.height
    return (
        max(sides) <= limit.edge
        and min(sides) >= limit.edge_min
        and (photo.width + 1) / photo.height >= low
        and photo.width / (photo.height + 1) <= high
        and (recipe.most_bytes if recipe else STANDARD_BYTES) <= limit.most_bytes
    )


def is_drawable(photo: PlannedPhoto, limit: PictureLimit) -> bool:
    """Whether the picture is large enough for words in it."""
    scale = min(1.0, limit.edge / max(photo.width, photo.height))
    least_width, least_height = LEAST_DRAWN
    return photo.width * scale >= least_width and photo.height * scale >= least_height


@dataclass(frozen=True)
class _Shape:
    """A photo with what is drawn below it: `share` of its width is the height of that."""

    photo: PlannedPhoto
    share: float = 0.0

    @classmethod
    def of(cls, photo: PlannedPhoto, limit: PictureLimit, style: CaptionStyle | None) -> _Shape:
        if style is not CaptionStyle.BAND or not photo.drawn:
            return cls(photo)
        lines = sum(-(-length(line, DRAWN) // LINE) for line in photo.drawn.split("\n"))
        width = min(photo.width, limit.edge)
        return cls(photo, band_height(width, min(lines, BAND_LINES)) / width)

    @property
    def size(self) -> tuple[float, float]:
        return self.photo.width, self.photo.height + self.photo.width * self.share

    @property
    def ratio(self) -> float:
        width, height = self.size
        return width / height

    def allowed(self, limit: PictureLimit) -> float:
        low, high = room(limit)
        return min(max(self.ratio, low), high)

    def framed(self, limit: PictureLimit, look: Look, shared: float | None) -> Framed:
        ratio = self.allowed(limit)
        if shared is not None and not isclose(ratio, shared, rel_tol=ALIKE):
            ratio = shared
        fit, natural = Fit.WHOLE, self.size
        if not isclose(ratio, self.ratio):
            cropped = self._cropped(ratio) if look.fit is Fit.CROP else None
            fit = Fit.CROP if cropped else Fit.PAD
            natural = cropped or _around(self.size, ratio)
        size = _sides(ratio, natural, limit)
        small = min(size) > ceil(min(natural))
        if fit is Fit.WHOLE and small:
            fit = Fit.PAD
        return Framed(self._planned(limit, look, fit, size), _change(fit, ratio, small=small))

    def _cropped(self, ratio: float) -> tuple[float, float] | None:
        """The largest part of this ratio; None if next to nothing but the band would be left."""
        width = float(self.photo.width)
        if ratio > self.ratio:
            height = width / ratio
            return (width, height) if height * (1 - self.share * ratio) > height / 2 else None
        height = self.photo.height / (1 - self.share * ratio)
        return height * ratio, height

    def _planned(
        self, limit: PictureLimit, look: Look, fit: Fit, size: tuple[int, int]
    ) -> PlannedPhoto:
        photo = self.photo
        plain = replace(photo, focal_x=0.5, focal_y=0.5, language="")
        if fit is Fit.WHOLE and not photo.drawn and (standard := _standard(photo, limit)):
            return replace(plain, recipe=STANDARD, width=standard[0], height=standard[1])
        made = replace(
            photo if fit is Fit.CROP else plain,
            recipe=Recipe(look.style if photo.drawn else None, fit, *size, limit.most_bytes).name,
            width=size[0],
            height=size[1],
            language=photo.language if photo.drawn else "",
        )
        return replace(made, edit=edit_for(made, photo.edit))


def edit_for(planned: PlannedPhoto, edit: str) -> str:
    """12 hex digits for a rendition that is made by this plan of a photo with this `edit`."""
    point = f"{planned.focal_x:.4f} {planned.focal_y:.4f}"
    return edit_of(edit, planned.recipe, point, planned.language, planned.drawn)


def _standard(photo: PlannedPhoto, limit: PictureLimit) -> tuple[int, int] | None:
    """The size of the rendition that is there already; None if the network wants another."""
    scale = min(1.0, STANDARD_EDGE / max(photo.width, photo.height))
    size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    within = limit.edge_min <= min(size) and max(size) <= limit.edge
    return size if within and limit.most_bytes >= STANDARD_BYTES else None


def _around(size: tuple[float, float], ratio: float) -> tuple[float, float]:
    """The smallest box of this ratio that holds `size`."""
    width, height = size
    return max(width, height * ratio), max(height, width / ratio)


def _sides(ratio: float, natural: tuple[float, float], limit: PictureLimit) -> tuple[int, int]:
    """Whole px of about this ratio: as large as `natural`, within the edges and ratios taken."""
    flat = max(ratio, 1 / ratio)
    least = min(limit.edge_min * flat, limit.edge)
    long = round(max(min(max(natural), limit.edge), ceil(least)))
    low, high = room(limit)

    def sides(short: int) -> tuple[int, int]:
        return (long, short) if ratio >= 1 else (short, long)

    shorts = [max(1, part(long / flat)) for part in (round, floor, ceil)]
    fitting = [
        short
        for short in shorts
        if short >= limit.edge_min and low <= sides(short)[0] / sides(short)[1] <= high
    ]
    return sides((fitting or shorts)[0])


def _change(fit: Fit, ratio: float, *, small: bool) -> str:
    if fit is Fit.WHOLE:
        return ""
    if small:
        return SMALL
    return f"{PADDED if fit is Fit.PAD else CROPPED} {_in_words(ratio)}"


def _in_words(ratio: float) -> str:
    """`4:5`, `16:9`; `1.91:1` where no small numbers say it."""
    near = Fraction(ratio).limit_denominator(16)
    if near.numerator <= 16 and isclose(near, ratio, rel_tol=0.002):
        return f"{near.numerator}:{near.denominator}"
    return f"{ratio:.2f}:1"
