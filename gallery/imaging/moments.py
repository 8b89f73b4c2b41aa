"""Times as cameras and programs write them; naive where they don't name a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_EXIF = re.compile(r"\s*(\d{4})[:/-](\d\d)[:/-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(Z|[+-]\d\d:?\d\d)?"
)
_OFFSET = re.compile(r"\s*([+-])(\d\d):?(\d\d)")
_CLOCK = re.compile(r"(\d\d)(\d\d)(\d\d)([+-]\d{4})?")


def parse_exif(text: str, fraction: str = "") -> datetime | None:
    """`2026:11:21 19:04:05` and the digits after the second."""
    match = _EXIF.match(text)
    return _build(match.groups(), fraction) if match else None


def parse_iso(text: str) -> datetime | None:
    """An XMP date; one without a time of day says too little to order photos by."""
    match = _ISO.fullmatch(text.strip())
    if not match or match[4] is None:
        return None
    moment = _build((*match.groups()[:5], match[6] or "00"), match[7] or "")
    return moment and moment.replace(tzinfo=parse_offset(match[8] or ""))


def parse_iptc(day: str, clock: str) -> datetime | None:
    """`20261121` and `190405+0800`."""
    match = _CLOCK.match(clock)
    if not match or not re.fullmatch(r"\d{8}", day):
        return None
    moment = _build((day[:4], day[4:6], day[6:], *match.groups()[:3]), "")
    return moment and moment.replace(tzinfo=parse_offset(match[4] or ""))


def parse_offset(text: str) -> timezone | None:
    """`+08:00`, `+0800` or `Z`."""
    if text.strip() == "Z":
        return UTC
    match = _OFFSET.match(text)
    if not match:
        return None
    apart = timedelta(hours=int(match[2]), minutes=int(match[3]))
    if apart > timedelta(hours=14):
        return None
    return timezone(-apart if match[1] == "-" else apart)


def within_reason(moment: datetime) -> datetime | None:
    """None for years in which nobody took a digital photo, or a scan of an older one."""
    return moment if 1826 <= moment.year <= 2100 else None


def _build(parts: tuple[str, ...], fraction: str) -> datetime | None:
    digits = re.match(r"\d*", fraction.strip())
    micros = int((digits[0] if digits else "")[:6].ljust(6, "0"))
    try:
        year, month, day, hour, minute, second = map(int, parts)
        return within_reason(datetime(year, month, day, hour, minute, second, micros))  # noqa: DTZ001
    except ValueError:
        return None
