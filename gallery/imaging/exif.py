"""Exif: the time a photo was taken, its words, the camera and the exposure.

Tags are those of Exif 2.32 (CIPA DC-008-2019). The place is read for nothing but its clock.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL import ExifTags, Image

from gallery.imaging.moments import parse_exif, parse_offset, within_reason
from gallery.imaging.wording import clean, decode

_QUARTER_S = 15 * 60
_FAR_S = 14 * 3600
_CODES = {b"UNICODE\0": "utf-16", b"ASCII\0\0\0": "", b"JIS\0\0\0\0\0": "iso2022_jp", b"\0" * 8: ""}


@dataclass(frozen=True)
class Exif:
    """What we take from Exif; texts are raw, `moment` is aware if the zone is known."""

    moment: datetime | None = None
    description: str = ""
    comment: str = ""
    artist: str = ""
    camera: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def orientation(image: Image.Image) -> object:
    """Tag 0x0112 as it stands."""
    return image.getexif().get(ExifTags.Base.Orientation)


def read(image: Image.Image) -> Exif:
    """Read it all; raises whatever hostile bytes make Pillow raise."""
    top = image.getexif()
    shot = top.get_ifd(ExifTags.IFD.Exif)
    return Exif(
        moment=_moment(shot, _clock(top)),
        description=decode(top.get(ExifTags.Base.ImageDescription)),
        comment=_comment(shot.get(ExifTags.Base.UserComment)),
        artist=decode(top.get(ExifTags.Base.Artist)),
        camera=_camera(decode(top.get(ExifTags.Base.Make)), decode(top.get(ExifTags.Base.Model))),
        details=_details(shot),
    )


def _clock(top: Image.Exif) -> datetime | None:
    """The satellites' time, in UTC."""
    try:
        gps = top.get_ifd(ExifTags.IFD.GPSInfo)
        day = decode(gps.get(ExifTags.GPS.GPSDateStamp)).strip("\0 ")
        hour, minute, second = (float(part) for part in gps[ExifTags.GPS.GPSTimeStamp])
        start = datetime.strptime(day, "%Y:%m:%d").replace(tzinfo=UTC)
        return within_reason(start + timedelta(hours=hour, minutes=minute, seconds=second))
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return None


def _moment(shot: Mapping[int, Any], clock: datetime | None) -> datetime | None:
    local = parse_exif(
        decode(shot.get(ExifTags.Base.DateTimeOriginal)),
        decode(shot.get(ExifTags.Base.SubsecTimeOriginal)),
    )
    if local is None:
        return clock
    zone = parse_offset(decode(shot.get(ExifTags.Base.OffsetTimeOriginal)))
    if zone is None and clock is not None:
        zone = _zone_between(local, clock)
    return local.replace(tzinfo=zone)


def _zone_between(local: datetime, clock: datetime) -> timezone | None:
    """The zone of a camera whose own clock reads `local` when the satellites say `clock`.

    Zones differ by quarters of an hour, so a fix some minutes old still tells the right one,
    and the camera's own seconds keep a burst in order.
    """
    apart = (local.replace(tzinfo=UTC) - clock).total_seconds()
    rounded = round(apart / _QUARTER_S) * _QUARTER_S
    return timezone(timedelta(seconds=rounded)) if abs(rounded) <= _FAR_S else None


def _comment(data: object) -> str:
    if not isinstance(data, bytes):
        return decode(data)
    code, text = data[:8], data[8:]
    if code not in _CODES:
        return decode(data)
    if _CODES[code] == "utf-16":
        return _utf16(text)
    return text.decode(_CODES[code], "replace") if _CODES[code] else decode(text)


def _utf16(text: bytes) -> str:
    """Either byte order: the one in which more of it reads like writing."""
    if text[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return text.decode("utf-16", "replace")
    big, little = text.decode("utf-16-be", "replace"), text.decode("utf-16-le", "replace")
    return max(big, little, key=lambda way: sum(c.isascii() and c.isprintable() for c in way))


def _camera(make: str, model: str) -> str:
    make, model = clean(make, 60), clean(model, 60)
    brand = make.split(" ")[0].lower()
    return model if not brand or model.lower().startswith(brand) else f"{make} {model}".strip()


def _details(shot: Mapping[int, Any]) -> dict[str, Any]:
    found = {
        "exposure_s": _number(shot.get(ExifTags.Base.ExposureTime), 86400),
        "aperture": _number(shot.get(ExifTags.Base.FNumber), 1000),
        "iso": _number(shot.get(ExifTags.Base.ISOSpeedRatings), 10_000_000),
        "focal_mm": _number(shot.get(ExifTags.Base.FocalLength), 100_000),
        "lens": clean(decode(shot.get(ExifTags.Base.LensModel)), 120),
    }
    return {name: value for name, value in found.items() if value}


def _number(value: Any, most: float) -> float | None:
    """A positive number up to `most`, whole where it is whole; anything else is not there."""
    if isinstance(value, tuple):
        value = value[0] if value else None
    try:
        number = float(value)
    except (ArithmeticError, TypeError, ValueError):
        return None
    if not math.isfinite(number) or not 0 < number <= most:
        return None
    return int(number) if number.is_integer() else round(number, 6)
