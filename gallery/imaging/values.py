"""What the picture work gives back, and the sizes it makes: plain values, no picture library."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

STANDARD_EDGES = (1920, 1280, 960, 640, 320)  # long edge in px of "1920.jpg" … "320.jpg"
AVIF_EDGES = (1280, 960, 640, 320)  # likewise "1280.avif" …
CARD_SIZE = (1200, 630)  # px
BAND_LINES = 4
BAND_LEAD = 1.42  # baseline to baseline, in sizes
LEAST_DRAWN = (200, 100)  # px; smaller pictures stay without words


class CaptionStyle(StrEnum):
    """How a caption is drawn into a rendition."""

    BAND = "band"  # below the picture, on paper
    OVERLAY = "overlay"  # on the picture's lower part, which is darkened


class Fit(StrEnum):
    """How a picture comes into a frame."""

    WHOLE = "whole"  # it has the frame's shape
    PAD = "pad"  # all of it, on a soft ground
    CROP = "crop"  # as much of it as fills the frame


@dataclass(frozen=True)
class Frame:
    """What a rendition for a network is to be: its size in px, and how the picture comes into it."""

    width: int
    height: int
    fit: Fit = Fit.WHOLE
    focal_x: float = 0.5  # 0 left … 1 right of the picture: a crop keeps this point in
    focal_y: float = 0.5  # 0 top … 1 bottom

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in px."""
        return self.width, self.height

    def scaled(self, by: float) -> Frame:
        """The same frame, smaller."""
        width, height = max(1, round(self.width * by)), max(1, round(self.height * by))
        return replace(self, width=width, height=height)


def type_size(width: int) -> int:
    """In px, of a caption: large enough to be read on a phone, where a picture is some 360 wide."""
    return max(14, round(width / 30))


def band_height(width: int, lines: int) -> int:
    """How much a band with so many lines adds to a picture of this width, all in px."""
    size = type_size(width)
    return round(size * (BAND_LEAD * (lines - 1) + 1.3)) + 2 * round(band_margin(size) * 0.72)


def band_margin(size: int) -> int:
    """Left and right of a caption, in px."""
    return round(size * 1.15)


@dataclass(frozen=True)
class Probe:
    """What a file is by its content; width and height in px as stored, not turned upright."""

    kind: str  # jpeg, png, webp, gif, avif, heif
    width: int
    height: int


@dataclass(frozen=True)
class Metadata:
    """What a picture says of itself, cleaned and capped; never a place, never a serial number.

    `taken_at` is aware and exact; `taken_local` is naive, to be read in the event's zone. At most
    one of them is set. `details` may hold exposure_s, aperture, iso, focal_mm and lens.
    """

    taken_at: datetime | None = None
    taken_local: datetime | None = None
    title: str = ""
    caption: str = ""
    credit: str = ""
    camera: str = ""
    keywords: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The same as JSON can carry it."""
        return {
            **self.__dict__,
            "taken_at": self.taken_at and self.taken_at.isoformat(),
            "taken_local": self.taken_local and self.taken_local.isoformat(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Metadata:
        """The inverse of `to_json`."""
        return cls(
            taken_at=_moment(data["taken_at"]),
            taken_local=_moment(data["taken_local"]),
            title=str(data["title"]),
            caption=str(data["caption"]),
            credit=str(data["credit"]),
            camera=str(data["camera"]),
            keywords=tuple(str(word) for word in data["keywords"]),
            details=dict(data["details"]),
        )


@dataclass(frozen=True)
class Rendered:
    """The outcome of the standard renditions: the photo's upright size in px, and what it says.

    `colour` is the placeholder's class: three digits 0-3, red, green, blue, of the levels
    30, 70, a8, d8 (hexadecimal).
    """

    width: int
    height: int
    colour: str
    metadata: Metadata

    def to_json(self) -> dict[str, Any]:
        """The same as JSON can carry it."""
        return {**self.__dict__, "metadata": self.metadata.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Rendered:
        """The inverse of `to_json`."""
        metadata = Metadata.from_json(data["metadata"])
        return cls(int(data["width"]), int(data["height"]), str(data["colour"]), metadata)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
