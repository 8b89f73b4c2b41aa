"""How an album's photos are divided: by day, then morning, afternoon and evening. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from gallery.albums.look import Tile
from gallery.models import Album
from gallery.web import text
from gallery.web.public.pictures import Picture

FEWEST = 30  # an album with fewer photos has no sections
CHUNK = 60  # photos that a browser lays out together
HEAVY = 45  # fewer are laid out at once: their height is guessed too badly to put that off

Place = tuple[date | None, str]


@dataclass(frozen=True)
class Section:
    """Photos of one part of a day, in chunks. `day` is set where another day begins."""

    day: str
    part: str
    chunks: Sequence[Sequence[Picture]]


def divide(
    album: Album, tiles: Sequence[Tile], shown: Sequence[Picture], total: int
) -> list[Section]:
    """The page's pictures in sections; one without a heading where sections would not help.

    An order made by hand jumps between times, so it has none either.
    """
    if not shown:
        return []
    if total < FEWEST or album.by_hand:
        return [Section("", "", _chunks(shown))]
    places = list(_places(tiles, ZoneInfo(album.zone)))
    several = album.last_day not in (None, album.first_day) or len({day for day, _ in places}) > 1
    sections: list[Section] = []
    previous: date | None = None
    for (day, part), group in groupby(zip(places, shown, strict=True), key=lambda pair: pair[0]):
        begins = several and day is not None and day != previous
        heading = text.day(day, weekday=True) if begins and day else ""
        sections.append(Section(heading, part, _chunks([picture for _, picture in group])))
        previous = day
    return sections


def part_of(moment: datetime) -> str:
    """Morning, Afternoon or Evening, by a local clock."""
    if moment.hour < 12:
        return "Morning"
    return "Afternoon" if moment.hour < 18 else "Evening"


def _places(tiles: Sequence[Tile], zone: ZoneInfo) -> Iterator[Place]:
    """Day and part of each photo; one without a time belongs where it stands."""
    place: Place = (None, "")
    for tile in tiles:
        if tile.taken_at is not None:
            local = tile.taken_at.astimezone(zone)
            place = (local.date(), part_of(local))
        yield place


def _chunks(shown: Sequence[Picture]) -> list[Sequence[Picture]]:
    return [shown[start : start + CHUNK] for start in range(0, len(shown), CHUNK)]
