"""What a view may ask for: the running parts and who is looking."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import current_app, g

from gallery.models import Person
from gallery.services import Services


def services() -> Services:
    """The running parts of this app."""
    return cast(Services, current_app.extensions["gallery"])


def person() -> Person | None:
    """Who signed in, set for each request by web.sign_in."""
    return cast("Person | None", g.get("person"))


def utcnow() -> datetime:
    """This moment, aware, by the clock that everybody here goes by."""
    return services().clock.now()
