"""The event form: what a person typed, read into EventData; kind about what can't be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, time
from typing import Any

from gallery.albums.opening import EventData
from gallery.errors import FieldErrors
from gallery.models import DrawCaptions

_Reader = Callable[[str], Any]


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str) -> time | None:
    return time.fromisoformat(text).replace(second=0, microsecond=0) if text else None


def _tags(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[,;\n،、]", text) if part.strip())


_READERS: dict[str, tuple[_Reader, str]] = {
    "first_day": (_date, "A day is written like 2026-11-24."),
    "last_day": (_date, "A day is written like 2026-11-24."),
    "first_time": (_time, "A time is written like 09:30."),
    "last_time": (_time, "A time is written like 17:00."),
    "tags": (_tags, "Tags are words with commas between."),
    "focal_x": (float, "The focal point is a number from 0 to 1."),
    "focal_y": (float, "The focal point is a number from 0 to 1."),
    "draw_captions": (DrawCaptions, "Choose how captions are drawn."),
}


def read(form: Mapping[str, str], before: EventData) -> EventData:
    """What was typed; a field that the form does not hold stays as it was.

    Raises FieldErrors naming every field that can't be read.
    """
    values, errors = {}, {}
    for name in (field.name for field in fields(EventData)):
        typed = form.get(name)
        if typed is None:
            values[name] = getattr(before, name)
            continue
        reader, sentence = _READERS.get(name, (str, ""))
        try:
            values[name] = reader(typed.strip() if name != "write_up" else typed)
        except ValueError:
            errors[name] = sentence
    if errors:
        raise FieldErrors(errors)
    return EventData(**values)


def typed_in(form: Mapping[str, str], before: EventData) -> dict[str, str]:
    """What to show in each field: what was just typed, or what is stored."""
    return {
        field.name: form.get(field.name, _shown(getattr(before, field.name)))
        for field in fields(EventData)
    }


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)
