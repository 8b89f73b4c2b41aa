"""A full disk, a database that is away for a moment: what happened is written down all the same."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from gallery.models import Database
from gallery.publishing.reserve import Reserve
from gallery.publishing.rules import Rules
from tests.publishing.world import World


def failure(code: int) -> OperationalError:
    """What SQLAlchemy raises when SQLite fails with this code."""
    cause = sqlite3.OperationalError("no")
    cause.sqlite_errorcode = code
    return OperationalError("COMMIT", None, cause)


@pytest.mark.sqlite
def test_the_reserve_is_given_up_for_a_full_disk_and_for_nothing_else(
    db: Database, tmp_path: Path
) -> None:
    reserve, file = Reserve(db, 4096), tmp_path / "reserve"
    reserve.keep()
    reserve.keep()
    assert file.stat().st_size == 4096

    reserve.spend(failure(sqlite3.SQLITE_BUSY))
    assert file.exists()
    reserve.spend(failure(sqlite3.SQLITE_FULL))
    assert not file.exists()
    assert 0 < reserve.free_bytes() < float("inf")


@pytest.mark.sqlite
def test_where_there_is_no_room_for_a_reserve_none_is_kept(db: Database, tmp_path: Path) -> None:
    Reserve(db, 1 << 60).keep()

    assert not (tmp_path / "reserve").exists()


@pytest.mark.postgres
def test_beside_postgresql_there_is_no_reserve(db: Database, tmp_path: Path) -> None:
    reserve = Reserve(db)
    reserve.keep()
    reserve.spend(failure(sqlite3.SQLITE_FULL))

    assert reserve.free_bytes() == float("inf")


@pytest.mark.parametrize("failures", [1, 3])
def test_an_answer_is_written_down_at_last_or_the_post_is_looked_for(
    failures: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = world.another_carrier(Rules(record_again_s=(0.0, 0.0)))
    append, left = carrier.calls._append, iter(range(failures))

    def stumbling(*args: object, **more: bool) -> None:
        if next(left, None) is not None:
            raise failure(sqlite3.SQLITE_FULL)
        append(*args, **more)  # type: ignore[arg-type]

    delivery = world.order(photos=1)
    monkeypatch.setattr(carrier.calls, "_append", stumbling)
    lost = None
    try:
        carrier.carry(delivery)
    except OperationalError as error:
        lost = error
    carrier.close()
    world.later(61)
    world.carry(delivery)

    assert (lost is not None) == (failures == 3)
    assert world.view(delivery).state == "published"
    assert len(world.far.shown) == 1


def test_a_process_without_its_life_lock_takes_nothing(world: World) -> None:
    delivery = world.order()
    other = world.another_carrier()
    other.close()

    with other.claims.taken(delivery) as claim:
        assert claim is None
