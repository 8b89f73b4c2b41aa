"""Claim, lease, beat, fence and the life lock."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from gallery.errors import Conflict, InvalidInput, NotFound, OutcomeUnknown
from gallery.models import Delivery, Source, State, Step, StepState, Verb
from gallery.networks.contract import Receipt
from gallery.publishing import course, facts, moves
from gallery.publishing.carry import Carrier
from gallery.publishing.claims import Fenced
from gallery.publishing.lock import FileLives, LifeLock, process_of
from gallery.publishing.rules import Rules
from gallery.publishing.situation import Situation
from tests.faults.ground import wait_until
from tests.publishing.world import World


@pytest.fixture
def other(world: World) -> Iterator[Carrier]:
    """What a second process would carry with."""
    carrier = world.another_carrier()
    yield carrier
    carrier.close()


def test_a_lock_is_free_as_soon_as_its_process_has_ended(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; "
        "from gallery.publishing.lock import FileLives, LifeLock; "
        f"lock = LifeLock(FileLives(Path({str(tmp_path)!r}))); "
        "print(lock.owner, flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        owner = child.stdout.readline().strip()
        lives = FileLives(tmp_path)
        mine = LifeLock(lives)
        alive = mine.free(owner)
        child.kill()
        child.wait()

    assert not alive
    assert process_of(owner) == str(child.pid)
    assert mine.free(owner)
    assert mine.free(owner)
    assert not mine.free(mine.owner)
    assert not lives.gone(mine.owner)
    assert lives.anybody()
    mine.release()
    lives.close()
    assert lives.gone(mine.owner)
    assert not lives.anybody()


def test_only_one_of_two_may_carry(world: World, other: Carrier) -> None:
    delivery = world.order()

    with world.carrier.claims.taken(delivery) as mine, other.claims.taken(delivery) as theirs:
        assert mine is not None
        assert theirs is None
        with world.carrier.claims.taken(delivery) as again:
            assert again is None


def test_what_is_not_due_is_not_taken(world: World) -> None:
    delivery = world.order()
    with world.db.write() as session:
        session.get_one(Delivery, delivery).wake_at = world.clock.now() + timedelta(seconds=5)

    with world.carrier.claims.taken(delivery) as claim:
        assert claim is None
    with world.carrier.claims.taken("nothing") as claim:
        assert claim is None


def test_a_lease_that_ran_out_may_be_taken_and_its_holder_is_fenced_out(
    world: World, other: Carrier
) -> None:
    delivery = world.order()
    with world.carrier.claims.taken(delivery) as mine:
        assert mine is not None
        assert world.carrier.claims.holds(mine)
        world.later(61)
        assert not world.carrier.claims.holds(mine)
        with other.claims.taken(delivery) as theirs:
            assert theirs is not None
            assert theirs.fence == mine.fence + 1
            with pytest.raises(Fenced), world.db.write() as session:
                world.carrier.claims.fenced(session, mine)


def test_a_fenced_out_worker_changes_no_state_but_its_answer_is_read(
    world: World, other: Carrier
) -> None:
    delivery = world.order(photos=1)

    def overtaken() -> object:
        """While the call is on the wire the lease runs out and another process looks."""
        world.later(61)
        other.carry(delivery)
        return "ok"

    world.far.script["publish"] = [overtaken]
    world.carrier.carry(delivery)
    between = world.row(delivery)
    world.carry(delivery)

    assert between.state is State.GOING
    assert world.view(delivery).state == "published"
    assert len(world.far.shown) == 1
    assert world.far.calls.count("find 1") == 0


def test_a_turn_that_was_lost_before_the_call_makes_none(world: World) -> None:
    delivery = world.order(photos=1)
    far = world.far

    def slept() -> object:
        world.clock.booted += 50.0  # the machine was suspended between two calls
        return "ok"

    far.script["compose"] = [slept]
    world.carrier.carry(delivery)
    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert ("publish", "later") in world.facts(delivery)
    assert len(far.shown) == 1


def test_a_visible_call_of_a_living_process_is_left_alone_and_then_asked_about(
    world: World, other: Carrier
) -> None:
    delivery = world.order(photos=1)
    _sent_by(world, delivery, other.lock.owner)

    world.carrier.carry(delivery)
    waiting = world.view(delivery)
    world.later(601)
    world.carrier.carry(delivery)
    asked = world.view(delivery)

    assert (waiting.state, "Another process" in waiting.sentence) == ("waiting", True)
    assert asked.state == "needs_human"
    assert f"Process {os.getpid()}" in (asked.question or "")
    with pytest.raises(Conflict, match="may still be sending"):
        world.settle(delivery, None)
    world.settle(delivery, "https://pretend.example/there")
    world.carry(delivery)
    assert world.view(delivery).state == "published"


def test_a_visible_call_of_a_dead_process_is_looked_for(world: World) -> None:
    delivery = world.order(photos=1)
    _sent_by(world, delivery, "99999-dead")

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.far.calls.count("find 1") == 5


def _sent_by(world: World, delivery: str, owner: str) -> None:
    """Put the publish step where it is when its process was stopped on the wire."""
    world.far.script["publish"] = [OutcomeUnknown("cut")]
    world.carrier.carry(delivery)
    with world.db.write() as session:
        s = Situation.load(session, delivery)
        step = next(step for step in s.steps if step.verb is Verb.PUBLISH)
        for fact in s.facts.pop(step.id):
            session.delete(fact)
        step.state, step.sent_by, step.sent_at = StepState.SENT, owner, world.clock.now()
        s.delivery.wake_at = world.clock.now()


def test_the_beat_renews_a_lease_until_a_call_is_overdue(world: World) -> None:
    carrier = world.another_carrier(Rules(lease_s=0.04))
    delivery = world.order()
    try:
        with carrier.claims.taken(delivery) as claim:
            assert claim is not None
            world.later(10)
            wait_until(lambda: carrier.claims.holds(claim))
            lease = world.row(delivery).lease_until
            assert lease is not None
            assert lease > world.clock.now()
            claim.beat_until = 0.0
            world.later(10)
            threading.Event().wait(0.1)
            assert not carrier.claims.holds(claim)
    finally:
        carrier.close()


def test_a_beat_that_can_not_be_written_is_no_beat(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = world.order()
    claims = world.carrier.claims
    with claims.taken(delivery) as claim:
        assert claim is not None
        world.later(60)

        def broken(**_given: bool) -> object:
            raise OperationalError("BEGIN", None, Exception("disk I/O error"))

        monkeypatch.setattr(world.db, "write", broken)
        claims._renew(claim)
        assert not claims.holds(claim)
        monkeypatch.undo()
        claim.fence += 1
        claims._renew(claim)
        assert not claims.holds(claim)


def test_work_stops_between_two_moves_when_it_is_told_to(world: World) -> None:
    delivery = world.order()
    stop = threading.Event()
    stop.set()

    world.carrier.carry(delivery, stop)

    row = world.row(delivery)
    assert (row.state, row.owner) == (State.GOING, None)
    assert world.far.shown == []
    world.carry(delivery)
    assert world.view(delivery).state == "published"


def test_what_was_added_since_it_was_read_is_looked_at_before_leaving(world: World) -> None:
    delivery = world.order(photos=1)

    def meanwhile() -> object:
        """Another process brings the receipt just while this one reads."""
        with world.db.write() as session:
            s = Situation.load(session, delivery)
            step = next(step for step in s.steps if step.verb is Verb.PUBLISH)
            receipt = Receipt("post9", "https://pretend.example/post9")
            facts.record(session, Source.READ, [(step, receipt)], now=world.clock.now())
        return "nothing"

    world.far.script["publish"] = [OutcomeUnknown("cut")]
    world.far.script["find"] = [meanwhile]
    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.view(delivery).posts[0].url == "https://pretend.example/post9"


def test_what_comes_between_looking_and_leaving_is_not_slept_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = world.order(photos=1)
    world.far.script["publish"] = [OutcomeUnknown("cut")]
    decide_what_next = course.next_move

    def receipt_comes(s: Situation, view: moves.View) -> moves.Move:
        """The move is to wait; and just then another process writes the answer down."""
        move = decide_what_next(s, view)
        if isinstance(move, moves.Wait):
            monkeypatch.undo()
            with world.db.write() as session:
                step = session.get_one(Step, s.step(s.posts[0], Verb.PUBLISH).id)
                there = Receipt("post9", None)
                facts.record(session, Source.ANSWER, [(step, there)], now=world.clock.now())
        return move

    monkeypatch.setattr(course, "next_move", receipt_comes)
    world.carrier.carry(delivery)

    assert world.view(delivery).state == "published"


def test_an_upload_of_a_dead_process_is_repeated(world: World) -> None:
    delivery = world.order(photos=1)
    with world.db.write() as session:
        step = next(s for s in Situation.load(session, delivery).steps if s.verb is Verb.STAGE)
        step.state, step.attempt, step.sent_by = StepState.SENT, 1, "99999-dead"

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.facts(delivery)[0] == ("stage", "unknown")


def test_an_account_of_an_unknown_network_waits_for_a_person(world: World) -> None:
    delivery = world.order()
    world.carrier._networks = {}

    world.carrier.carry(delivery)

    assert world.row(delivery).why == "token"
    assert "cannot post to pretend" in world.view(delivery).sentence


def test_a_delivery_that_is_not_there_can_not_be_read(world: World) -> None:
    with world.db.read() as session, pytest.raises(NotFound):
        Situation.load(session, "nothing")


def test_an_intent_that_is_not_wanted_any_more_makes_no_call(world: World) -> None:
    delivery = world.order(photos=1)
    with world.db.read() as session:
        s = Situation.load(session, delivery)
    step = next(step for step in s.steps if step.verb is Verb.PUBLISH)
    with world.db.write() as session:
        row = session.get_one(Step, step.id)
        there = Receipt("post1", None)
        facts.record(session, Source.READ, [(row, there)], now=world.clock.now())
    with world.carrier.claims.taken(delivery) as claim:
        assert claim is not None
        assert not world.carrier.calls.intend(claim, s, step, world.far.limits)
        with world.db.write() as session:
            session.get_one(Step, step.id).state = StepState.DONE
        assert not world.carrier.calls.intend(claim, s, step, world.far.limits)


def test_a_credential_sealed_with_another_key_waits_for_a_person(world: World) -> None:
    delivery = world.order()
    with world.db.write() as session:
        session.merge(world.account).credential = b"not ours"

    world.carrier.carry(delivery)

    assert world.row(delivery).why == "token"
    with pytest.raises(InvalidInput):
        world.services.vault.open(world.account.id, b"not ours")
