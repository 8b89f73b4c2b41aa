"""For whoever watches the site: is the process there, and can it do its work."""

from __future__ import annotations

import logging
import os
import time

from flask import Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from gallery.models import Site
from gallery.web.context import services

log = logging.getLogger(__name__)
HEARTBEAT_S = 60.0


def alive() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return _plain(Response("ok\n", mimetype="text/plain"))


def ready() -> ResponseReturnValue:
    """Whether photos and posts could be taken now: 200, or 503 and what is missing."""
    checks = {
        "database": _database_takes_rows(),
        "storage": _storage_takes_files(),
        "workers": _workers_live(),
    }
    response = jsonify(
        ready=all(checks.values()),
        **{name: "ok" if fine else "no" for name, fine in checks.items()},
    )
    response.status_code = 200 if all(checks.values()) else 503
    return _plain(response)


def _database_takes_rows() -> bool:
    """The write lock can be had and the tables are there."""
    try:
        with services().db.write() as session:
            session.scalar(select(Site.id))
    except SQLAlchemyError:
        log.warning("the database takes no rows", exc_info=True)
        return False
    return True


def _storage_takes_files() -> bool:
    storage = services().storage
    return os.access(storage.root / "tmp", os.W_OK) and storage.free_bytes() > storage.reserve_bytes


def _workers_live() -> bool:
    """Workers gave a sign of life within the last minute; on PostgreSQL anywhere."""
    if services().db.on_postgres:
        return services().lives.anybody()
    try:
        beat = services().settings.heartbeat_file.stat().st_mtime
    except FileNotFoundError:
        return False
    return time.time() - beat < HEARTBEAT_S


def _plain(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
