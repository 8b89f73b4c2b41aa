"""The database: one engine, read sessions and write sessions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

_ALONE = text("SELECT pg_advisory_xact_lock(7305112039)")  # any number, the same in every process
_SOON = text("SET LOCAL synchronous_commit = off")
_POSTGRES = {  # whoever hangs in a transaction loses it: the rows that it locked are others' too
    "options": "-c timezone=UTC -c statement_timeout=60s -c lock_timeout=40s"
    " -c idle_in_transaction_session_timeout=30s"
    " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "application_name": "afterglow",
}


class Database:
    """Hands out sessions. SQLite and PostgreSQL are set up as docs/operating.md explains.

    `read()` can't write: on SQLite a transaction that began by reading can't safely go on to.
    `write()` waits for its turn first, commits at the end, and rolls back on an error. Write
    transactions are short and never nest: no network call, no picture, no stranger's upload inside.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._reading = self.engine.execution_options(access="read")
        if self.on_postgres:
            self._reading = self._reading.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._writing = self.engine.execution_options(access="write")
        self._writing_soon = self.engine.execution_options(access="write", lasting="soon")
        self._one_writer = threading.Lock()  # the database's own queue for writers is unfair
        self._writer = threading.local()

    @property
    def on_postgres(self) -> bool:
        """Whether several processes and machines may share it."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking; what it reads is of one moment."""
        with Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self, *, alone: bool = True, lasting: bool = True) -> Iterator[Session]:
        """A session whose changes are committed together when the block ends without an error.

        Nobody else writes meanwhile. With `alone=False` others may, on PostgreSQL: for those who
        lock the rows that they go by, a delivery before its account.

        What is committed outlives this process. With `lasting=False` a power cut may undo it,
        though never later commits without it: the next lasting one makes it last as well.
        """
        with (
            self._turn(),
            Session(
                self._writing if lasting else self._writing_soon, expire_on_commit=False
            ) as session,
            session.begin(),
        ):
            session.connection()  # takes SQLite's write lock now, before anything is read
            if alone and self.on_postgres:
                session.execute(_ALONE)
            if not lasting and self.on_postgres:
                session.execute(_SOON)
            yield session

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if getattr(self._writer, "busy", False):
            raise RuntimeError("a write transaction inside another would wait for itself for ever")
        with nullcontext() if self.on_postgres else self._one_writer:
            self._writer.busy = True
            try:
                yield
            finally:
                self._writer.busy = False

    def line(self) -> Connection:
        """A connection beside the pool, without transactions, for as long as it is kept."""
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
        return connection

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return _postgres(parsed)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, pool_size=10, max_overflow=50, connect_args={"timeout": 5})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _postgres(url: URL) -> Engine:
    """READ COMMITTED for writers: whoever waited for a row sees it as it is then."""
    theirs = url.query.get("options", "")
    options = {**_POSTGRES, "options": f"{_POSTGRES['options']} {theirs}".strip()}
    return create_engine(
        url.difference_update_query(["options"]),
        isolation_level="READ COMMITTED",
        pool_size=10,
        max_overflow=20,
        pool_pre_ping=True,
        connect_args=options,
    )


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves; Python's own mode loses updates
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    access = options.get("access")
    _set(connection, "query_only", "ON" if access == "read" else "OFF")
    _set(connection, "synchronous", "NORMAL" if options.get("lasting") == "soon" else "FULL")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if access == "write" else "BEGIN")


def _set(connection: Connection, pragma: str, value: str) -> None:
    """Set it, unless this connection was left so by whoever had it before."""
    if connection.info.get(pragma) != value:
        connection.exec_driver_sql(f"PRAGMA {pragma}={value}")
        connection.info[pragma] = value
