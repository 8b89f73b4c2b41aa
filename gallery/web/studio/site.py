"""Settings of the site itself: for owners."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from flask import request
from flask.typing import ResponseReturnValue

from gallery.errors import InvalidInput
from gallery.people import site
from gallery.web.context import services, utcnow
from gallery.web.studio.base import bp, done, errors_of, page, who

LANGUAGES = (
    ("en", "English"),
    ("ms", "Bahasa Melayu"),
    ("ms-Arab", "بهاس ملايو (Jawi)"),
    ("zh-Hans", "中文 (简体)"),
    ("zh-Hant", "中文 (繁體)"),
    ("ar", "العربية"),
    ("id", "Bahasa Indonesia"),
    ("ta", "தமிழ்"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("es", "Español"),
)


@bp.get("/settings")
def settings() -> ResponseReturnValue:
    """The site's name, language and time zone."""
    return _page({})


@bp.post("/settings")
def save_settings() -> ResponseReturnValue:
    """Save them."""
    try:
        with services().db.write() as session:
            site.edit(
                session,
                name=request.form.get("site_name", ""),
                language=request.form.get("language", ""),
                zone=request.form.get("zone", "").strip(),
                approval="approval" in request.form,
                now=utcnow(),
                by=who().id,
            )
    except InvalidInput as error:
        return _page(errors_of(error), status=422)
    return done("Saved.", "settings")


@cache
def zones() -> tuple[str, ...]:
    """Time zones to choose from, by name; read from the disk once."""
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"))


def _page(errors: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    return page(
        "settings.html",
        status=status,
        typed=request.form,
        errors=errors,
        languages=LANGUAGES,
        zones=zones(),
    )
