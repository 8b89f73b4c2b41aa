"""How gunicorn serves us: one process with threads, the workers inside it."""

from __future__ import annotations

from typing import Any

from gallery.background.workers import Workers
from gallery.models import Database
from gallery.people import people
from gallery.settings import Settings

_settings = Settings.from_env()
_workers: list[Workers] = []

bind = _settings.bind
worker_class = "gthread"
workers = 1  # SQLite has one writer, and our own workers must exist once
threads = 32  # an upload holds one while it runs
graceful_timeout = 30
keepalive = 20
timeout = 120
loglevel = "warning"
control_socket_disable = True


def when_ready(_server: Any) -> None:
    """Print the way in while nobody has an account yet."""
    db = Database(_settings.database_url)
    with db.write() as session:
        token = people.new_setup_token(session)
    db.close()
    print(f"Afterglow is at {_settings.public_url}", flush=True)  # noqa: T201
    if token is not None:
        print(f"Begin here, once: {_settings.public_url}/setup?token={token}", flush=True)  # noqa: T201


def post_worker_init(worker: Any) -> None:
    """Start our workers in the process that serves."""
    background = Workers(worker.app.callable.extensions["gallery"])
    if background.start():
        _workers.append(background)


def worker_exit(_server: Any, worker: Any) -> None:
    """Let our workers finish what they are at."""
    for background in _workers:
        background.stop()
    worker.app.callable.extensions["gallery"].close()
