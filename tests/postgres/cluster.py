"""A PostgreSQL of this test run's own, shared by its processes; and databases in it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote
from uuid import uuid4

import psycopg
from alembic import command

from gallery.models import Database, Model, Site, schema

SQLITE, POSTGRES = "sqlite", "postgresql"
BLANK = "blank"  # a database with the tables and a site; others are copied from it
START_S = 60.0
ALONE = uuid4().hex  # the run is this one process


@dataclass
class Cluster:
    """One server, reached by a socket in `folder`. It ends when nobody uses it any more."""

    folder: Path
    users: IO[str]

    @classmethod
    def joined(cls) -> Cluster:
        """The server of this test run, started if it is not there yet."""
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID", ALONE)
        folder = Path(tempfile.gettempdir()) / f"afterglow-pg-{run}"
        folder.mkdir(mode=0o755, exist_ok=True)
        users = (folder / "users").open("a")
        fcntl.flock(users, fcntl.LOCK_SH)
        if not (folder / "users").exists():  # the last one left just now
            users.close()
            return cls.joined()
        cluster = cls(folder, users)
        with (folder / "starting").open("a") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if not (folder / "blank").exists():
                cluster._start()
        return cluster

    def url(self, name: str, options: str = "") -> str:
        """The address of a database, for SQLAlchemy."""
        more = f"&options={quote(options)}" if options else ""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}/sockets{more}"

    def new(self, *, like: str = BLANK) -> str:
        """A fresh database; its name."""
        name = f"t{uuid4().hex}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def ask(self, statement: str) -> None:
        """Say something to the server, outside of all databases of tests."""
        address = f"postgresql://postgres@/postgres?host={self.folder}/sockets"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def leave(self) -> None:
        """Use it no more."""
        self.users.close()

    def _start(self) -> None:
        keeper = [sys.executable, "-m", "tests.postgres.keeper", str(self.folder)]
        started = subprocess.Popen(keeper, stdout=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + START_S
        while not (self.folder / "ready").exists():
            if started.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start; see {self.folder}/log.")
            time.sleep(0.05)
        started.returncode = 0  # it outlives us by design
        self.ask(f"CREATE DATABASE {BLANK}")
        self._fill_blank()
        (self.folder / "blank").touch()

    def _fill_blank(self) -> None:
        db = Database(self.url(BLANK))
        with db.engine.begin() as connection:
            Model.metadata.create_all(connection)
            command.stamp(schema.config(connection), "head")
        with db.write() as session:
            session.add(Site(name="Brunei SME Network"))
        db.close()
