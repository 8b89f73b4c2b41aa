"""The schema's version: making it, checking it, bringing it up to date.

Every change of the schema is one transaction. On SQLite foreign keys are off meanwhile (a table
that is made anew would take its children with it), and are checked before the commit; tables
never lose rows.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, func, insert, inspect, select, table, text
from sqlalchemy.exc import OperationalError

from gallery.errors import InvalidInput
from gallery.models.base import Model
from gallery.models.database import Database
from gallery.models.people import Site

SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"
_LOCK = 7_305_112_038  # any number, the same in every process


@dataclass(frozen=True)
class Upgrade:
    """What an upgrade did. `before` None: the database was empty. `backup`: where the copy is."""

    before: str | None
    after: str
    backup: Path | None

    @property
    def changed(self) -> bool:
        """Whether there was anything to do."""
        return self.before != self.after


def make_or_check(db: Database, *, scripts: Path = SCRIPTS) -> None:
    """Make the schema in an empty database; else see that it is the one that this code knows.

    Raises InvalidInput with what to do.
    """
    before = current(db)
    if before is None:
        _migrate(db, scripts)
    elif before != head(scripts):
        _refuse_newer(before, scripts)
        raise InvalidInput("The database is from an older version; run `flask upgrade` first.")


def upgrade(db: Database, *, now: datetime, scripts: Path = SCRIPTS) -> Upgrade:
    """Bring the schema up to date, after a verified copy of a database that holds anything.

    Raises InvalidInput for a database from a newer version; then nothing was changed.
    """
    before = current(db)
    if before == head(scripts):
        return Upgrade(before, before, None)
    backup = None
    if before is not None:
        _refuse_newer(before, scripts)
        backup = _backed_up(db, before, now)
    _migrate(db, scripts)
    return Upgrade(before, head(scripts), backup)


def head(scripts: Path = SCRIPTS) -> str:
    """The newest revision that this code knows."""
    newest = ScriptDirectory(str(scripts)).get_current_head()
    if newest is None:
        raise AssertionError("there are no migrations")
    return newest


def current(db: Database) -> str | None:
    """The revision that a database has; None if there is nothing in it.

    Raises InvalidInput for one that can't be reached or holds something else.
    """
    with _reached(db) as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None and inspect(connection).get_table_names():
            raise InvalidInput(
                "The database holds tables that are not this gallery's; nothing was changed. "
                "Give the gallery a database of its own in GALLERY_DATABASE_URL."
            )
        return revision


@contextlib.contextmanager
def _reached(db: Database) -> Iterator[Connection]:
    try:
        connection = db.engine.connect()
    except OperationalError as error:
        said = " ".join(str(error.orig).split())
        where = db.engine.url.render_as_string(hide_password=True)
        raise InvalidInput(f"The database {where} can't be reached: {said}.") from error
    with connection:
        yield connection


def config(connection: Connection | None = None, scripts: Path = SCRIPTS) -> Config:
    """What Alembic needs to know; there is no alembic.ini."""
    made = Config()
    made.set_main_option("script_location", str(scripts))
    made.attributes["connection"] = connection
    return made


def _refuse_newer(revision: str, scripts: Path) -> None:
    try:
        ScriptDirectory(str(scripts)).get_revision(revision)
    except CommandError as error:
        raise InvalidInput(
            "The database is from a newer version of this program; run that version again."
        ) from error


def _migrate(db: Database, scripts: Path) -> None:
    engine = db.engine.execution_options(access="write")
    with (
        engine.connect() as connection,
        _unchecked_foreign_keys(connection),
        connection.begin(),
    ):
        _wait_for_others(connection)
        before = _row_counts(connection)
        command.upgrade(config(connection, scripts), "head")
        _compare(before, _row_counts(connection))
        _check_foreign_keys(connection)
        if connection.scalar(select(func.count()).select_from(Site)) == 0:
            connection.execute(insert(Site).values(id=1))


@contextlib.contextmanager
def _unchecked_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite takes this pragma only outside of transactions."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _wait_for_others(connection: Connection) -> None:
    """Two processes that start at once must not both migrate. SQLite's BEGIN IMMEDIATE sees to it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
    if broken:
        raise InvalidInput(
            f"The upgrade would leave {len(broken)} rows without what they belong to, "
            f"the first in “{broken[0][0]}”; nothing was changed."
        )


def _row_counts(connection: Connection) -> dict[str, int]:
    names = [
        name for name in inspect(connection).get_table_names() if name in Model.metadata.tables
    ]
    return {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for name in names
    }


def _compare(before: dict[str, int], after: dict[str, int]) -> None:
    for name, rows in before.items():
        if after.get(name, 0) < rows:
            raise InvalidInput(
                f"The upgrade would lose rows of “{name}” ({rows} before, {after.get(name, 0)} "
                "after); nothing was changed."
            )


def _backed_up(db: Database, revision: str, now: datetime) -> Path | None:
    """A copy of an SQLite database beside it, checked; None on PostgreSQL (`pg_dump` makes it)."""
    database = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or database is None:
        return None
    stamp = now.astimezone(UTC).strftime("%Y%m%d-%H%M%S")
    copy = Path(f"{database}.before-upgrade-of-{revision}-{stamp}")
    with contextlib.closing(sqlite3.connect(database)) as source:
        source.execute("VACUUM INTO ?", (str(copy),))
        wanted = _tables(source)
    with contextlib.closing(sqlite3.connect(copy)) as made:
        sound = made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if not sound or _tables(made) != wanted:
            raise InvalidInput(
                f"The copy of the database at {copy} is not sound; nothing was changed. "
                "Look whether the disk is full or failing."
            )
    return copy


def _tables(connection: sqlite3.Connection) -> dict[str, int]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for (name,) in names
    }
