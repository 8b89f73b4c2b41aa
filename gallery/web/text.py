"""How dates, counts and pictures are put into words and classes on pages. Pure."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from gallery.albums.days import in_words

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RTL_SCRIPTS = frozenset({"Arab", "Hebr"})
RTL_LANGUAGES = frozenset({"ar", "fa", "he", "ur"})


def direction(language: str) -> str:
    """`rtl` or `ltr` for a BCP 47 tag; Jawi is `ms-Arab`."""
    first, *rest = language.split("-")
    scripts = {part.title() for part in rest if len(part) == 4}
    if scripts:
        return "rtl" if scripts & RTL_SCRIPTS else "ltr"
    return "rtl" if first.lower() in RTL_LANGUAGES else "ltr"


def day(value: date, *, weekday: bool = False) -> str:
    """`18 August 2009`, with `Tuesday` before it if wanted."""
    return f"{WEEKDAYS[value.weekday()]} {in_words(value)}" if weekday else in_words(value)


def times(first: time | None, last: time | None) -> str:
    """`09:00–17:30`, `from 09:00`, or nothing."""
    if first is None:
        return ""
    return f"{first:%H:%M}–{last:%H:%M}" if last else f"from {first:%H:%M}"


def moment(value: datetime, zone: str) -> str:
    """`18 August 2009, 09:04` as clocks in `zone` showed it."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {local:%H:%M}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 photo`, `48 photos`, `1,204 photos`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ratio_class(width: int, height: int) -> str:
    """The grid class of the nearest ratio: `r40` (tall) to `r300` (wide), in steps of 5."""
    if width < 1 or height < 1:
        return "r135"
    percent = round(20 * width / height) * 5
    return f"r{min(300, max(40, percent))}"


def size_at(width: int, height: int, edge: int) -> tuple[int, int]:
    """Width and height of the rendition with this long edge; nothing is ever enlarged."""
    scale = min(1.0, edge / max(width, height, 1))
    return max(1, round(width * scale)), max(1, round(height * scale))
