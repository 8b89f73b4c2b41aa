"""The database: one engine, read sessions and write sessions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session


class Database:
    """Hands out sessions. SQLite is set up as docs/operating.md explains.

    `read()` can't write: on SQLite a transaction that began by reading can't safely go on to.
    `write()` takes the write lock first, commits at the end, and rolls back on an error. Write
    transactions are short and never nest: no network call, no picture, no stranger's upload inside.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._reading = self.engine.execution_options(access="read", postgresql_readonly=True)
        self._writing = self.engine.execution_options(access="write")
        self._one_writer = threading.Lock()  # the database's own queue for writers is unfair
        self._writer = 0

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking; what it reads is of one moment."""
        with Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are committed together when the block ends without an error."""
        with (
            self._alone(),
            Session(self._writing, expire_on_commit=False) as session,
            session.begin(),
        ):
            session.connection()  # takes the database's write lock now, before anything is read
            yield session

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._writer == threading.get_ident():
            raise RuntimeError("a write transaction inside another would wait for itself for ever")
        with self._one_writer:
            self._writer = threading.get_ident()
            try:
                yield
            finally:
                self._writer = 0

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_size=10, max_overflow=50)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, pool_size=10, max_overflow=50, connect_args={"timeout": 5})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves; Python's own mode loses updates
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    access = connection.get_execution_options().get("access")
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if access == 'read' else 'OFF'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if access == "write" else "BEGIN")
