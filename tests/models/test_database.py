from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from gallery.errors import InvalidInput
from gallery.models import Album, Audit, Database, OldSlug, Person, Role, Site, soundness


def note(session_db: Database, what: str, now: datetime) -> None:
    """Write one row."""
    with session_db.write() as session:
        session.add(Audit(at=now, what=what))


def count(db: Database) -> int:
    """How many rows there are."""
    with db.read() as session:
        return session.scalar(select(func.count(Audit.id))) or 0


def test_a_write_session_commits_at_its_end(db: Database, now: datetime) -> None:
    note(db, "one", now)

    assert count(db) == 1


def write_and_fail(session: Session, now: datetime) -> None:
    """Something goes wrong after the first row."""
    session.add(Audit(at=now, what="one"))
    session.flush()
    raise InvalidInput("No.")


def test_an_error_takes_everything_back(db: Database, now: datetime) -> None:
    with pytest.raises(InvalidInput), db.write() as session:
        write_and_fail(session, now)

    assert count(db) == 0
    note(db, "the lock is free again", now)


def test_a_read_session_can_not_write(db: Database, now: datetime) -> None:
    with db.read() as session:
        session.add(Audit(at=now, what="one"))
        with pytest.raises(DBAPIError, match=r"read-?only"):
            session.commit()

    note(db, "the same connection can, in a write session", now)
    assert count(db) == 1


def test_what_a_read_session_sees_is_of_one_moment(db: Database, now: datetime) -> None:
    rows = select(func.count(Audit.id))
    with db.read() as session:
        before = session.scalar(rows)
        note(db, "meanwhile", now)
        assert session.scalar(rows) == before


def test_write_sessions_never_nest(db: Database) -> None:
    with db.write(), pytest.raises(RuntimeError, match="inside another"), db.write():
        pass


@pytest.mark.parametrize("processes", [1, 4])
def test_no_update_is_lost_between_threads_or_processes(db: Database, processes: int) -> None:
    """Each database object has a lock of its own, as each process has."""
    others = [Database(db.url) for _ in range(processes)]

    def add_ten(own: Database) -> None:
        for _ in range(10):
            with own.write() as session:
                site = session.get_one(Site, 1)
                site.name = str(int(site.name) + 1)

    with db.write() as session:
        session.get_one(Site, 1).name = "0"
    threads = [threading.Thread(target=add_ten, args=(others[n % processes],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()

    with db.read() as session:
        assert session.get_one(Site, 1).name == "40"


def test_the_database_holds_on_to_what_rows_belong_to(db: Database) -> None:
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(OldSlug(slug="x", album_id="nobody"))


@pytest.mark.sqlite
def test_a_power_cut_loses_no_commit(db: Database) -> None:
    with db.read() as session:
        pragmas = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert pragmas == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000
    }  # fmt: skip


def test_instants_come_back_aware_and_in_utc(db: Database, now: datetime) -> None:
    in_brunei = now.astimezone(timezone(timedelta(hours=8)))
    with db.write() as session:
        session.add(Audit(at=in_brunei, what="x"))

    with db.read() as session:
        at = session.scalars(select(Audit.at)).one()
    assert (at, at.tzinfo) == (now, UTC)


def test_an_instant_without_a_zone_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="needs a zone"), db.write() as session:
        session.add(Audit(at=datetime(2026, 11, 24), what="x"))  # noqa: DTZ001


def test_a_word_that_a_column_does_not_know_is_refused(db: Database, now: datetime) -> None:
    with pytest.raises(StatementError), db.write() as session:
        session.add(Album(slug="x", title="x", visibility="secret", created_at=now))
    with db.write() as session:
        session.add(
            Person(name="A", email="a@b", password_hash="", role=Role.OWNER, created_at=now)
        )
    with db.read() as session:
        assert session.scalar(text("SELECT role FROM person")) == "owner"


def test_a_sound_database_has_no_faults(db: Database) -> None:
    assert soundness.faults(db) == []


@pytest.mark.sqlite
def test_rows_that_belong_to_nothing_are_faults(db: Database) -> None:
    with closing(sqlite3.connect(str(db.engine.url.database))) as connection, connection:
        connection.execute("INSERT INTO old_slug VALUES ('x', 'nobody')")

    assert soundness.faults(db) == [
        "1 rows belong to nothing, the first in “old_slug”; restore a backup."
    ]


@pytest.mark.sqlite
def test_a_damaged_file_is_a_fault(db: Database, now: datetime, tmp_path: Path) -> None:
    with db.write() as session:
        session.add_all(Audit(at=now, what="x" * 60) for _ in range(200))
    db.close()
    file = tmp_path / "gallery.db"
    with file.open("r+b") as damaged:
        damaged.seek(file.stat().st_size - 4096)
        damaged.write(b"\x00" * 4096)

    (sentence,) = soundness.faults(db)

    assert sentence.startswith("The database file is damaged")
    assert sentence.endswith("restore a backup.")
