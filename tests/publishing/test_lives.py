"""Life locks and the time where several machines share a PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import ProgrammingError

from gallery.models import Database
from gallery.models.line import Line
from gallery.publishing.claims import Fenced
from gallery.publishing.lives import DatabaseClock, PostgresLives
from gallery.publishing.lock import LifeLock, process_of
from tests.faults.ground import wait_until
from tests.publishing.world import World

pytestmark = pytest.mark.postgres

HOLDER = """
import sys
from gallery.models import Database
from gallery.models.line import Line
from gallery.publishing.lives import PostgresLives
from gallery.publishing.lock import LifeLock
lock = LifeLock(PostgresLives(Line(Database(sys.argv[1]))))
print(lock.owner, flush=True)
sys.stdin.read()
"""
Machine = Callable[..., tuple[Line, PostgresLives]]


@pytest.fixture
def machine(db: Database) -> Iterator[Machine]:
    """Makes what each machine has: a line of its own, and the lives that it sees over it."""
    made: list[PostgresLives] = []

    def make(**numbers: float) -> tuple[Line, PostgresLives]:
        line = Line(db)
        made.append(PostgresLives(line, **{"look_s": 60.0, "doubt_s": 0.0, **numbers}))
        return line, made[-1]

    yield make
    for lives in made:
        lives.close()


def cut(db: Database, line: Line) -> None:
    """The server ends this line."""
    pid = line.ask("SELECT pg_backend_pid()")
    assert pid is not None
    other = Line(db)
    other.ask("SELECT pg_terminate_backend(:pid, 5000)", pid=pid[0])
    other.close()


def test_a_lock_is_free_as_soon_as_its_process_has_ended(db: Database, machine: Machine) -> None:
    _line, lives = machine()
    nobody = lives.anybody()
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, db.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        owner = child.stdout.readline().strip()
        held = (lives.gone(owner), lives.anybody())
        child.kill()
        child.wait()

    wait_until(lambda: lives.gone(owner))
    assert (nobody, held) == (False, (False, True))
    assert process_of(owner).startswith(f"{child.pid}@")


def test_a_lock_that_was_let_go_is_free(machine: Machine) -> None:
    lock = LifeLock(machine()[1])
    other = LifeLock(machine()[1])

    assert not other.free(lock.owner)
    lock.release()
    assert other.free(lock.owner)
    assert not other.free(other.owner)
    assert lock.life == 0


def test_a_lock_that_was_lost_with_its_line_is_had_again_in_another_life(
    db: Database, machine: Machine
) -> None:
    line, lives = machine()
    lock = LifeLock(lives)
    before = lock.life
    cut(db, line)

    after = lock.life

    assert 0 < before < after
    assert not machine()[1].gone(lock.owner)


def test_a_line_that_was_lost_is_noticed_by_itself(db: Database, machine: Machine) -> None:
    line, lives = machine(look_s=0.01)
    LifeLock(lives)
    made = line.made
    cut(db, line)

    wait_until(lambda: line.made > made)


def test_after_its_own_line_was_lost_a_process_takes_nobody_for_dead_for_a_while(
    db: Database, machine: Machine
) -> None:
    line, lives = machine(doubt_s=60.0)
    before = lives.gone("1@here-dead")
    cut(db, line)

    assert before
    assert not lives.gone("1@here-dead")


def test_a_lock_that_somebody_else_still_holds_is_waited_for(machine: Machine) -> None:
    (_, first), (_, second) = machine(), machine()
    first.hold("1@here-same")
    second.hold("1@here-same")
    without = second.life("1@here-same")
    second.let_go("1@here-same")
    second.hold("1@here-same")

    first.let_go("1@here-same")

    assert without == 0
    assert second.life("1@here-same") > 0
    second.let_go("1@here-same")


def test_while_the_server_is_away_no_lock_is_held_and_nobody_is_dead() -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    lives = PostgresLives(Line(away))

    assert lives.life("1@here-somebody") == 0
    assert not lives.gone("1@here-somebody")
    lives.close()


def test_a_question_that_makes_no_sense_leaves_the_line_as_it_is(db: Database) -> None:
    line = Line(db)
    line.ask("SELECT 1")

    with pytest.raises(ProgrammingError):
        line.ask("SELECT nonsense")

    assert line.ask("SELECT 1") is not None
    assert line.made == 1
    line.close()


def test_a_claim_of_an_earlier_life_begins_no_call_and_changes_nothing(world: World) -> None:
    delivery = world.order()
    claims = world.carrier.claims
    with claims.taken(delivery) as claim:
        assert claim is not None
        assert claims.holds(claim)
        claim.life -= 1  # the lock was lost and had again since
        assert not claims.holds(claim)
        with pytest.raises(Fenced), world.db.write() as session:
            claims.fenced(session, claim)


class Told(DatabaseClock):
    """One whose boot clock we turn."""

    booted = 1000.0

    def boot(self) -> float:
        return self.booted


def test_the_time_is_the_databases_carried_on_by_the_boot_clock(db: Database) -> None:
    line = Line(db)
    clock = Told(line, every_s=5.0)
    first = clock.now()
    clock.booted += 4.0
    carried_on = clock.now()
    clock.booted += 4.0
    asked_again = clock.now()
    line.close()

    assert abs(first - datetime.now(UTC)) < timedelta(seconds=30)
    assert carried_on - first == timedelta(seconds=4)
    assert asked_again - first < timedelta(seconds=4)
