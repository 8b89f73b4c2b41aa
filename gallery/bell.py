"""The doorbell: tells a worker that there is something to do.

A message is an id and nothing else. A lost ring is found by the sweep, a doubled one is stopped
by the rows.
"""

from __future__ import annotations

import threading
from typing import Any

import psycopg
from huey.storage import BaseStorage, PostgresStorage, SqliteStorage
from sqlalchemy import make_url

from gallery.settings import POSTGRES, Settings

WAIT_S = 1.0  # how long a worker waits for a ring at a time, on PostgreSQL
_ROOM = "afterglow_bell"  # the queues' own schema, so that ours holds our tables alone
_LOCK = 7_305_112_040  # any number, the same in every process


class Bell:
    """Two queues beside the database: deliveries to carry, photos to render."""

    def __init__(self, settings: Settings) -> None:
        self._deliveries = _queue("deliveries", settings)
        self._photos = _queue("photos", settings)
        self._closing = threading.Lock()  # two at once would close one connection twice

    def carry(self, delivery_id: str) -> None:
        """Somebody should look at this delivery now."""
        self._deliveries.enqueue(delivery_id.encode())

    def render(self, photo_id: str) -> None:
        """Somebody should make this photo's renditions now."""
        self._photos.enqueue(photo_id.encode())

    def next_delivery(self) -> str | None:
        """The id of a delivery that was rung for, once."""
        return _id(self._deliveries.dequeue())

    def rung(self) -> bool:
        """Whether a delivery was rung for that nobody looks at yet."""
        return int(self._deliveries.queue_size()) > 0

    def next_photo(self) -> str | None:
        """The id of a photo that was rung for, once."""
        return _id(self._photos.dequeue())

    def close(self) -> None:
        """Give back what this thread listened with, and what all of them asked with."""
        with self._closing:
            self._deliveries.close()
            self._photos.close()


def _id(message: bytes | memoryview | None) -> str | None:
    return None if message is None else bytes(message).decode()


def _queue(name: str, settings: Settings) -> BaseStorage:
    url = settings.queue_url
    if url.startswith(POSTGRES):
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        return _Listening(name, dsn=dsn, read_timeout=WAIT_S, create_tables=False)
    settings.queue_file.parent.mkdir(parents=True, exist_ok=True)
    return SqliteStorage(name, filename=str(settings.queue_file), fsync=False)


class _Listening(PostgresStorage):  # type: ignore[misc]
    """Huey's queue on PostgreSQL: who waits for a ring is told of it by NOTIFY."""

    def __init__(self, *args: Any, **more: Any) -> None:
        self._made = False
        self._making = threading.Lock()
        super().__init__(*args, **more)

    def _connect(self) -> psycopg.Connection[Any]:
        connection: psycopg.Connection[Any] = super()._connect()
        with self._making:
            if not self._made:
                self._make_tables(connection)
                self._made = True
        connection.execute(f"SET search_path TO {_ROOM}")
        return connection

    _create_connection = _connect

    def _make_tables(self, connection: psycopg.Connection[Any]) -> None:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_ROOM}")
            connection.execute(f"SET LOCAL search_path TO {_ROOM}")
            for statement in self.ddl:
                connection.execute(statement)
