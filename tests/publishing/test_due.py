"""What is scheduled goes out once, at its time: across restarts, clock jumps and late starts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gallery.errors import Conflict
from gallery.models import AccountState, Delivery, State
from gallery.publishing import accounts, agenda, due, ledger, moves, schedule
from gallery.publishing.carry import Went
from gallery.publishing.claims import Claim
from gallery.publishing.due import Times
from gallery.publishing.moves import Begin, End, Wait
from gallery.publishing.rules import Rules
from gallery.publishing.schedule import When
from gallery.publishing.situation import Situation
from tests.publishing.world import START, World, add_album

NINE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def at(when: datetime, **more: object) -> Delivery:
    """A delivery that is scheduled for an instant."""
    wall = when.strftime(schedule.FORMAT)
    return Delivery(state=State.SCHEDULED, due_at=when, wall=wall, zone="UTC", **more)


@pytest.mark.parametrize(
    ("now", "held", "move"),
    [
        (NINE - timedelta(seconds=1), None, Wait(NINE, "", "")),
        (NINE, None, Begin()),
        (NINE + timedelta(hours=2), None, Begin()),
        (NINE, NINE, Begin()),
    ],
)
def test_it_begins_at_its_time_and_within_the_grace(
    now: datetime, held: datetime | None, move: object
) -> None:
    assert due.next_move(at(NINE), now, Times(schedule_from=held), Rules()) == move


def test_past_the_grace_it_was_missed() -> None:
    move = due.next_move(at(NINE), NINE + timedelta(hours=2, seconds=1), Times(), Rules())

    assert isinstance(move, End)
    assert move.state is State.MISSED
    assert "Wed 25 November 2026, 09:00 (UTC)" in move.reason


def test_while_a_clock_that_was_set_is_not_believed_nothing_begins_or_is_missed() -> None:
    held = NINE + timedelta(hours=4)

    early = due.next_move(at(held + timedelta(days=1)), NINE, Times(schedule_from=held), Rules())
    late = due.next_move(at(NINE), NINE + timedelta(hours=3), Times(schedule_from=held), Rules())

    assert isinstance(early, Wait)
    assert early.until == held + timedelta(days=1)
    assert isinstance(late, Wait)
    assert (late.until, late.why) == (held, "clock")


def test_a_scheduled_delivery_waits_untouched_and_goes_out_at_its_time(world: World) -> None:
    delivery = world.order_at("2026-11-25 17:00", zone="Asia/Brunei")
    told = world.view(delivery)

    world.later(3600)
    world.carrier.carry(delivery)
    untouched = list(world.far.calls)
    world.clock.turn(NINE)
    world.carry(delivery)

    assert (told.state, told.sentence) == ("scheduled", "Goes out Wed 17:00 (Brunei).")
    assert told.offers == ("change", "cancel")
    assert not told.over
    assert untouched == []
    assert world.view(delivery).state == "published"
    assert len(world.far.shown) == 1


def test_two_processes_begin_it_once(world: World) -> None:
    delivery = world.order_at("2026-11-25 09:00")
    second = world.another_carrier()
    world.clock.turn(NINE)

    world.carrier.carry(delivery)
    second.carry(delivery)
    world.carry(delivery)
    second.carry(delivery)

    assert len(world.far.shown) == 1
    second.close()


def test_a_process_that_begins_and_dies_has_begun_it_once(world: World) -> None:
    delivery = world.order_at("2026-11-25 09:00")
    world.clock.turn(NINE)
    world.carrier.carry(delivery)
    begun = world.row(delivery)
    another = world.another_carrier()
    world.carrier.close()
    world.carrier = another

    world.carry(delivery)

    assert (begun.state, begun.owner) == (State.GOING, None)
    assert len(world.far.shown) == 1


def test_a_site_that_was_off_past_the_grace_asks_and_posts_nothing(world: World) -> None:
    delivery = world.order_at("2026-11-25 09:00")
    world.clock.turn(NINE + timedelta(hours=3))

    world.carrier.carry(delivery)
    world.later(86_400)
    world.carrier.carry(delivery)

    view = world.view(delivery)
    assert view.state == "missed"
    assert view.sentence == (
        "We were off when it should have gone out: Wed 25 November 2026, 09:00 (UTC). "
        "Nothing was posted. Post it now?"
    )
    assert view.offers == ("post_now", "change", "discard")
    assert world.far.calls == []


def test_what_was_missed_is_posted_now_once_a_person_says_so(world: World) -> None:
    delivery = world.order_at("2026-11-25 09:00")
    world.clock.turn(NINE + timedelta(hours=3))
    world.carrier.carry(delivery)

    with world.db.write() as session:
        agenda.change_time(session, delivery, None, now=world.clock.now())
    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert len(world.far.shown) == 1


def test_what_was_missed_may_be_given_another_time(world: World) -> None:
    delivery = world.order_at("2026-11-25 09:00")
    world.clock.turn(NINE + timedelta(hours=3))
    world.carrier.carry(delivery)
    later = When.of("2026-11-26T09:00", "UTC")

    with world.db.write() as session:
        agenda.change_time(session, delivery, later, now=world.clock.now())
    world.clock.turn(later.at)
    world.carry(delivery)

    assert world.view(delivery).state == "published"


@pytest.mark.parametrize("turned", [NINE, NINE + timedelta(hours=3)])
def test_what_is_cancelled_before_or_after_its_time_never_goes_out(
    world: World, turned: datetime
) -> None:
    delivery = world.order_at("2026-11-25 09:00")
    if turned != NINE:
        world.clock.turn(turned)
        world.carrier.carry(delivery)
    with world.db.write() as session:
        ledger.cancel(session, delivery, now=world.clock.now())

    world.clock.turn(turned)
    world.carrier.carry(delivery)

    assert world.view(delivery).state == "cancelled"
    assert world.far.calls == []


@pytest.mark.parametrize("by", ["a person", "the zone's rules"])
def test_a_time_that_is_changed_while_a_worker_looks_is_not_lost(by: str, world: World) -> None:
    delivery = world.order_at("2026-11-25 09:00")
    earlier = When.of("2026-11-25T08:00", "UTC")
    world.clock.turn(earlier.at)
    with world.db.write() as session:
        session.get_one(Delivery, delivery).wake_at = world.clock.now()
    stand = world.carrier._stand

    def meanwhile(claim: Claim, s: Situation, move: moves.Standstill | moves.Begin) -> Went:
        if world.row(delivery).due_at == NINE:
            with world.db.write() as session:
                if by == "a person":
                    agenda.change_time(session, delivery, earlier, now=world.clock.now())
                else:
                    session.get_one(Delivery, delivery).wall = earlier.wall
                    agenda.follow_zones(session)
        return stand(claim, s, move)

    world.carrier._stand = meanwhile  # type: ignore[method-assign]
    world.carry(delivery, until=lambda row: row.state is State.GOING)

    assert world.row(delivery).state is State.GOING


def test_the_same_order_for_another_time_is_the_same_order(world: World) -> None:
    album = add_album(world.db, 2)
    first = world.order_at("2026-11-25 09:00", album)

    assert world.order_at("2026-11-26 09:00", album) == first
    assert world.order_album(album) == first
    assert world.order_album(album, again=True) == first
    assert world.row(first).due_at == NINE


def test_what_has_begun_keeps_its_time(world: World) -> None:
    delivery = world.order(photos=1)

    with world.db.write() as session, pytest.raises(Conflict, match="It has begun"):
        agenda.change_time(session, delivery, None, now=world.clock.now())


def test_an_account_that_is_gone_when_the_time_comes_keeps_the_delivery_waiting(
    world: World,
) -> None:
    delivery = world.order_at("2026-11-25 09:00")
    with world.db.write() as session:
        accounts.by_id(session, world.account.id).state = AccountState.DISCONNECTED
    world.clock.turn(NINE)
    world.carry(delivery)
    waiting = world.view(delivery)

    with world.db.write() as session:
        accounts.by_id(session, world.account.id).state = AccountState.OK
        session.get_one(Delivery, delivery).wake_at = world.clock.now()
    world.carry(delivery)

    assert (waiting.state, "reconnect" in waiting.offers) == ("waiting", True)
    assert world.view(delivery).state == "published"


def test_a_wall_time_stays_when_the_rules_of_its_zone_change(world: World) -> None:
    moved = world.order_at("2026-11-25 09:00", add_album(world.db, 1, prefix="a"))
    right = world.order_at("2026-11-25 09:00", add_album(world.db, 1, prefix="b"))
    proposed = world.order_album(
        add_album(world.db, 1, prefix="c"),
        when=When.of("2026-11-25T09:00", "UTC"),
        approval=True,
    )
    with world.db.write() as session:
        for id_ in (moved, proposed):
            row = session.get_one(Delivery, id_)
            row.due_at = NINE + timedelta(hours=1)  # as an older table of zones had it

    with world.db.write() as session:
        found = agenda.follow_zones(session)

    assert set(found) == {moved, proposed}
    assert [world.row(id_).due_at for id_ in (moved, right, proposed)] == [NINE] * 3
    assert [world.row(id_).wake_at for id_ in (moved, right, proposed)] == [NINE, NINE, None]
    assert world.clock.now() == START
