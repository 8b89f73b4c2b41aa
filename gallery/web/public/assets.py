"""Addresses of our own files and pages, and what every template may use."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app, g, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gallery.albums import writeup
from gallery.albums.days import in_words
from gallery.models import Site
from gallery.web import text
from gallery.web.context import person, services


def install(app: Flask) -> None:
    """Teach templates our words: `site`, `person`, `static_url`, `absolute`, and the filters."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(static_url=static_url, absolute=absolute)
    app.jinja_env.filters["days"] = in_words
    for word in (text.day, text.times, text.moment, text.count, text.direction):
        app.jinja_env.filters[word.__name__] = word
    app.jinja_env.filters["write_up"] = writeup.html
    app.context_processor(_shared)


def static_url(name: str) -> str:
    """The address of a file in static/, with a mark of its content: it may be kept for ever."""
    return url_for(
        "static", filename=name, v=_mark(Path(cast(str, current_app.static_folder)), name)
    )


def absolute(path: str) -> str:
    """The address under which everybody reaches `path`, never the one this request came by."""
    return services().settings.public_url + path.removeprefix(request.script_root)


@contextmanager
def reading() -> Iterator[Session]:
    """A read session for a page; the site's row, which every page shows, is read along."""
    with services().db.read() as session:
        g.site = session.scalar(select(Site)) or _stand_in()
        yield session


def site() -> Site:
    """The row about this site, read once per request; a stand-in when the database is away."""
    if "site" not in g:
        try:
            with reading():
                pass
        except SQLAlchemyError:
            g.site = _stand_in()
    return cast(Site, g.site)


def _shared() -> dict[str, Any]:
    return {"site": site(), "person": person()}


def _stand_in() -> Site:
    return Site(name="Afterglow", language="en", zone="Asia/Brunei")


@cache
def _mark(folder: Path, name: str) -> str:
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]
