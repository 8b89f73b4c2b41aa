"""Days in words."""

from __future__ import annotations

from datetime import date

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def in_words(first: date | None, last: date | None = None) -> str:
    """`24 November 2026`, `24–26 November 2026`, or with both months or years where they differ."""
    if first is None:
        return ""
    if last is None or last == first:
        return _day(first)
    if (last.year, last.month) == (first.year, first.month):
        return f"{first.day}–{_day(last)}"
    if last.year == first.year:
        return f"{first.day} {_MONTHS[first.month - 1]} – {_day(last)}"
    return f"{_day(first)} – {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
