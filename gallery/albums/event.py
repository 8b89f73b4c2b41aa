"""The event on an album: every field that a person may edit, and what may stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cache
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from gallery.albums import slugs, text
from gallery.errors import FieldErrors, InvalidInput
from gallery.models import Album, DrawCaptions, Photo, PhotoState

_LONGEST = {
    "title": 300, "venue": 300, "address": 500, "organiser": 300, "organiser_url": 500,
    "write_up": 50_000, "credit": 300, "licence": 300,
}  # fmt: skip
MOST_TAGS = 30
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,2}")


@dataclass(frozen=True)
class EventData:
    """What a person may say about an event. An empty `slug` leaves the album's as it is.

    Days and times are the event's own, in `zone` (IANA). `focal_x`, `focal_y`: the point of the
    cover that stays in sight when it is cut, from 0 (left, top) to 1.
    """

    title: str
    slug: str = ""
    first_day: date | None = None
    first_time: time | None = None
    last_day: date | None = None
    last_time: time | None = None
    zone: str = "Asia/Brunei"
    venue: str = ""
    address: str = ""
    organiser: str = ""
    organiser_url: str = ""
    write_up: str = ""
    language: str = "en"
    credit: str = ""
    licence: str = ""
    tags: tuple[str, ...] = ()
    cover_id: str | None = None
    focal_x: float = 0.5
    focal_y: float = 0.4
    draw_captions: DrawCaptions = DrawCaptions.OFF

    @classmethod
    def of(cls, album: Album) -> Self:
        """What an album says now."""
        values = {name: getattr(album, name) for name in cls.__dataclass_fields__}
        return cls(**{**values, "tags": tuple(album.tags)})


def check(data: EventData, session: Session | None = None, album: Album | None = None) -> EventData:
    """The same with its texts tidied. Raises FieldErrors naming every field that can't stay."""
    data = _tidied(data)
    errors = {**_too_long(data), **_wrong_words(data), **_wrong_times(data)}
    if session is not None and album is not None:
        errors.update(_wrong_place(session, album, data))
    if errors:
        raise FieldErrors(errors)
    return data


def _tidied(data: EventData) -> EventData:
    lines: dict[str, Any] = {
        name: text.line(getattr(data, name)) for name in _LONGEST if name != "write_up"
    }
    tags = dict.fromkeys(tag for tag in map(text.line, data.tags) if tag)
    return replace(
        data, **lines, write_up=text.paragraphs(data.write_up), tags=tuple(tags),
        cover_id=data.cover_id or None,
    )  # fmt: skip


def _too_long(data: EventData) -> dict[str, str]:
    errors = {
        name: f"This is too long: {len(getattr(data, name))} characters, {most} are possible."
        for name, most in _LONGEST.items()
        if len(getattr(data, name)) > most
    }
    if len(data.tags) > MOST_TAGS or any(len(tag) > 60 for tag in data.tags):
        errors["tags"] = f"At most {MOST_TAGS} tags, each of at most 60 characters."
    return errors


def _wrong_words(data: EventData) -> dict[str, str]:
    errors = {}
    if not data.title:
        errors["title"] = "An album needs a title."
    if data.zone not in _zones():
        errors["zone"] = "There is no such time zone; an example is Asia/Brunei."
    if not _LANGUAGE.fullmatch(data.language):
        errors["language"] = "A language is a short code such as en, ms or zh-Hans."
    if data.organiser_url and not _is_link(data.organiser_url):
        errors["organiser_url"] = "A link starts with https:// or http://."
    if not (0 <= data.focal_x <= 1 and 0 <= data.focal_y <= 1):
        errors["focal_x"] = "The focal point is outside the cover."
    return errors


def _wrong_times(data: EventData) -> dict[str, str]:
    errors = {}
    if data.first_day is None and (data.last_day or data.first_time or data.last_time):
        errors["first_day"] = "The first day is missing."
    elif data.first_day and data.last_day and data.last_day < data.first_day:
        errors["last_day"] = "The last day is before the first."
    elif (
        data.first_time and data.last_time and _same_day(data) and data.last_time < data.first_time
    ):
        errors["last_time"] = "The end is before the beginning."
    return errors


def _same_day(data: EventData) -> bool:
    return data.last_day in (None, data.first_day)


def _wrong_place(session: Session, album: Album, data: EventData) -> dict[str, str]:
    errors = {}
    if data.cover_id and data.cover_id != album.cover_id:
        cover = session.get(Photo, data.cover_id)
        if cover is None or cover.album_id != album.id or cover.state is PhotoState.REJECTED:
            errors["cover_id"] = "The cover is not a photo of this album."
    try:
        if data.slug and data.slug != album.slug:
            slugs.available(session, album, data.slug)
    except InvalidInput as error:
        errors["slug"] = str(error)
    return errors


def _is_link(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
