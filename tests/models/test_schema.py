from __future__ import annotations

import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from gallery.albums import opening
from gallery.errors import InvalidInput
from gallery.models import Album, AlbumLink, Database, Model, Site, schema
from tests.postgres.cluster import POSTGRES, Cluster

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "{name}"
down_revision = "{before}"

def upgrade():
    {body}
"""
ANEW = """anew = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("album", recreate=anew) as batch:
        batch.add_column(sa.Column("mood", sa.String(20)))"""
LOSE = 'op.execute("DELETE FROM album_link")'
BREAK = "op.execute(\"UPDATE album_link SET album_id = 'nobody'\")"


@pytest.fixture
def empty(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with nothing in it."""
    url = f"sqlite:///{tmp_path}/empty.db"
    if database == POSTGRES:
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.url(cluster.new(like="template0"))
    made = Database(url)
    yield made
    made.close()


@pytest.fixture
def filled(empty: Database, now: datetime) -> Database:
    """One with an album that has a link."""
    schema.make_or_check(empty)
    with empty.write() as session:
        opening.new_link(session, opening.create(session, "Sports Day", now=now), now=now)
    return empty


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A copy of our revisions, to which a test adds its own."""
    return Path(shutil.copytree(schema.SCRIPTS, tmp_path / "migrations"))


def add_revision(scripts: Path, body: str) -> None:
    """Write one more revision."""
    text = NEXT.format(name="next", before=schema.head(), body=body)
    (scripts / "versions/next.py").write_text(text, encoding="utf-8")


def counts(db: Database) -> tuple[int, int]:
    """Albums and links."""
    with db.read() as session:
        return session.query(Album).count(), session.query(AlbumLink).count()


def test_the_migrations_make_what_the_models_say(empty: Database) -> None:
    schema.make_or_check(empty)

    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Model.metadata) == []


def test_the_migrations_can_be_said_to_postgresql() -> None:
    config = schema.config()
    config.attributes["dialect"] = "postgresql"
    config.output_buffer = io.StringIO()

    command.upgrade(config, "head", sql=True)

    said = config.output_buffer.getvalue()
    for table in Model.metadata.tables:
        assert f"CREATE TABLE {table} (" in said
    assert "TIMESTAMP WITH TIME ZONE" in said
    assert "ON photo (album_id, sha256) WHERE state <> 'rejected'" in said


def test_an_empty_database_gets_its_schema_and_the_row_about_the_site(empty: Database) -> None:
    schema.make_or_check(empty)
    schema.make_or_check(empty)

    assert schema.current(empty) == schema.head()
    with empty.read() as session:
        assert session.scalars(select(Site.name)).all() == ["Afterglow"]


def test_a_database_of_somebody_else_is_left_alone(empty: Database) -> None:
    with empty.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (x integer)")

    for attempt in (schema.make_or_check, lambda db: schema.upgrade(db, now=datetime.min)):  # noqa: DTZ901
        with pytest.raises(InvalidInput, match="not this gallery's"):
            attempt(empty)
    assert inspect(empty.engine).get_table_names() == ["theirs"]


def test_an_older_schema_is_refused_with_the_command_to_run(
    filled: Database, scripts: Path
) -> None:
    add_revision(scripts, ANEW)

    with pytest.raises(InvalidInput, match="run `flask upgrade`"):
        schema.make_or_check(filled, scripts=scripts)


def test_a_newer_schema_is_refused(filled: Database, scripts: Path, now: datetime) -> None:
    add_revision(scripts, ANEW)
    schema.upgrade(filled, now=now, scripts=scripts)

    for attempt in (schema.make_or_check, lambda db: schema.upgrade(db, now=now)):
        with pytest.raises(InvalidInput, match="newer version"):
            attempt(filled)


def test_an_upgrade_of_an_empty_database_makes_it(empty: Database, now: datetime) -> None:
    done = schema.upgrade(empty, now=now)

    assert (done.before, done.after, done.backup) == (None, schema.head(), None)
    assert done.changed
    assert schema.current(empty) == schema.head()


def test_an_upgrade_with_nothing_to_do_makes_no_copy(
    filled: Database, now: datetime, tmp_path: Path
) -> None:
    done = schema.upgrade(filled, now=now)

    assert not done.changed
    assert list(tmp_path.glob("*before-upgrade*")) == []


@pytest.mark.sqlite
def test_a_table_that_is_made_anew_keeps_its_children_and_a_copy_of_before_is_kept(
    filled: Database, scripts: Path, now: datetime
) -> None:
    add_revision(scripts, ANEW)

    done = schema.upgrade(filled, now=now, scripts=scripts)

    assert counts(filled) == (1, 1)
    assert "mood" in {column["name"] for column in inspect(filled.engine).get_columns("album")}
    assert done.backup is not None
    assert done.backup.name == f"empty.db.before-upgrade-of-{schema.head()}-20261124-020000"
    with closing(sqlite3.connect(done.backup)) as copy:
        assert copy.execute("SELECT title FROM album").fetchall() == [("Sports Day",)]
    with filled.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_an_upgrade_that_would_lose_rows_is_taken_back_whole(
    filled: Database, scripts: Path, now: datetime
) -> None:
    add_revision(scripts, ANEW + "\n    " + LOSE)

    with pytest.raises(InvalidInput, match="would lose rows of “album_link”"):
        schema.upgrade(filled, now=now, scripts=scripts)

    assert_as_before(filled)


def test_an_upgrade_that_would_leave_rows_without_what_they_belong_to_is_taken_back_whole(
    filled: Database, scripts: Path, now: datetime
) -> None:
    add_revision(scripts, ANEW + "\n    " + BREAK)

    with pytest.raises((InvalidInput, IntegrityError), match=r"1 rows without|is not present"):
        schema.upgrade(filled, now=now, scripts=scripts)

    assert_as_before(filled)


def test_an_upgrade_adds_what_is_new_and_keeps_every_row(
    filled: Database, scripts: Path, now: datetime
) -> None:
    add_revision(scripts, ANEW)

    done = schema.upgrade(filled, now=now, scripts=scripts)

    assert (done.before, done.after) == (schema.head(), "next")
    assert counts(filled) == (1, 1)
    assert "mood" in {column["name"] for column in inspect(filled.engine).get_columns("album")}


def assert_as_before(filled: Database) -> None:
    """Nothing of the upgrade is left."""
    assert counts(filled) == (1, 1)
    assert schema.current(filled) == schema.head()
    assert "mood" not in {c["name"] for c in inspect(filled.engine).get_columns("album")}


def test_an_upgrade_that_breaks_half_way_changes_nothing(
    filled: Database, scripts: Path, now: datetime
) -> None:
    add_revision(scripts, ANEW + "\n    raise RuntimeError('broken')")

    with pytest.raises(RuntimeError):
        schema.upgrade(filled, now=now, scripts=scripts)

    assert schema.current(filled) == schema.head()
    assert "mood" not in {c["name"] for c in inspect(filled.engine).get_columns("album")}
    assert counts(filled) == (1, 1)


def test_a_database_that_can_not_be_reached_is_named_without_its_password() -> None:
    away = Database("postgresql+psycopg://somebody:canary@127.0.0.1:1/gallery")

    with pytest.raises(InvalidInput, match="can't be reached") as refused:
        schema.make_or_check(away)

    assert "canary" not in str(refused.value)
    assert "127.0.0.1:1/gallery" in str(refused.value)
