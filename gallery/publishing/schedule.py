"""Wall times and the instants that they are. Pure: zone rules in, instants out.

A schedule is a wall time in a zone, and the instant which that is today. A wall time that clocks
skip moves to the first instant after it, one that they show twice is the first of the two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gallery.albums.days import in_words
from gallery.errors import InvalidInput

NOW_S = 60.0  # a time so little ago is now
MOST_YEARS = 5  # ahead; farther is a typing error
MOST_STAGGER = 24 * 60  # minutes between two accounts
FORMAT = "%Y-%m-%dT%H:%M"
_TYPED = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d)(?::00)?\s*(Z|[+-]\d\d:?\d\d|[A-Za-z].*)?")


@dataclass(frozen=True)
class When:
    """A wall time in a zone. `at` is the instant, in UTC, as the zone's rules are now."""

    wall: str  # 2026-11-25T09:00
    zone: str  # IANA
    at: datetime

    @classmethod
    def of(cls, wall: str, zone: str) -> When:
        """From what is stored. Raises InvalidInput for a zone that there is not."""
        return cls(wall, zone, instant(datetime.fromisoformat(wall), zone_of(zone)))


def parse(typed: str, zone: str, now: datetime) -> When:
    """Read `2026-11-25 09:00`, a wall time in `zone`.

    An offset (`+08:00`, `Z`) or the name of another zone may follow it. Raises InvalidInput for
    what is no time, for a zone that there is not, and for what is past by more than a minute.
    """
    found = _TYPED.fullmatch(typed.strip())
    if found is None:
        raise _unreadable(typed)
    when = _read(found[1].replace(" ", "T"), found[2] or "", zone, typed)
    if when.at < now - timedelta(seconds=NOW_S):
        raise InvalidInput(
            f"{words(when)} is past already, so nothing was changed; choose a time to come."
        )
    if when.at > now + timedelta(days=366 * MOST_YEARS):
        raise InvalidInput(f"{words(when)} is more than {MOST_YEARS} years ahead; look again.")
    return when


def staggered(first: When, count: int, minutes: int) -> list[When]:
    """So many times, the first one first, each at least so many minutes after the one before."""
    if not 0 <= minutes <= MOST_STAGGER:
        raise InvalidInput(f"Between two accounts may lie 0 to {MOST_STAGGER} minutes.")
    zone, wall = zone_of(first.zone), datetime.fromisoformat(first.wall)
    pause, times = timedelta(minutes=minutes), [first]
    for nth in range(1, count):
        at = max(instant(wall + nth * pause, zone), times[-1].at + pause)
        times.append(When(at.astimezone(zone).strftime(FORMAT), first.zone, at))
    return times


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which clocks in `zone` show `wall` or have passed over it."""
    before = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if before.astimezone(zone).replace(tzinfo=None) == wall:
        return before
    skipped_at = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _first_past(wall, zone, skipped_at, before)


def zone_of(name: str) -> ZoneInfo:
    """The zone with this name. Raises InvalidInput."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput(f"There is no time zone “{name}”; an example is Asia/Brunei.") from error


def words(when: When, now: datetime | None = None) -> str:
    """`Wed 25 November 2026, 09:00 (Brunei)`; within a week of `now` only `Wed 09:00 (Brunei)`."""
    local = when.at.astimezone(zone_of(when.zone))
    place = when.zone.rpartition("/")[2].replace("_", " ")
    near = now is not None and now <= when.at < now + timedelta(days=6)
    day = "" if near else f" {in_words(local.date())},"
    return f"{_DAYS[local.weekday()]}{day} {local:%H:%M} ({place})"


def _read(wall: str, suffix: str, zone: str, typed: str) -> When:
    try:
        if suffix == "Z" or suffix[:1] in ("+", "-"):
            return _with_offset(datetime.fromisoformat(wall + suffix).astimezone(UTC), zone)
        return When.of(wall, suffix.strip() or zone)
    except (ValueError, OverflowError) as error:
        raise _unreadable(typed) from error


def _with_offset(at: datetime, zone: str) -> When:
    """The wall time of this instant in `zone`; in UTC if that wall time would mean another."""
    local = When.of(at.astimezone(zone_of(zone)).strftime(FORMAT), zone)
    return local if local.at == at else When.of(at.strftime(FORMAT), "UTC")


def _first_past(wall: datetime, zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first whole second from `low` to `high` at which clocks show more than `wall`."""
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        if middle.astimezone(zone).replace(tzinfo=None) > wall:
            high = middle
        else:
            low = middle
    return high


def _unreadable(typed: str) -> InvalidInput:
    return InvalidInput(f"“{typed.strip()}” is no date and time; write it like 2026-11-25 09:00.")


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
