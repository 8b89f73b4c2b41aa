"""What the picture work gives back, and the sizes it makes: plain values, no picture library."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

STANDARD_EDGES = (1920, 1280, 960, 640, 320)  # long edge in px of "1920.jpg" … "320.jpg"
AVIF_EDGES = (1280, 960, 640, 320)  # likewise "1280.avif" …
CARD_SIZE = (1200, 630)  # px


class CaptionStyle(StrEnum):
    """How a caption is drawn into a rendition."""

    BAND = "band"  # below the picture, on paper
    OVERLAY = "overlay"  # on the picture's lower part, which is darkened


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
