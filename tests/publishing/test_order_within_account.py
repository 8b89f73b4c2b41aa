"""One delivery of an account at a time, posts in the order they were due; accounts apart (I10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from gallery.errors import OutcomeUnknown, TryLater
from gallery.models import Account, Delivery, PostState, State
from gallery.publishing import ledger, turns
from gallery.publishing.carry import Carrier
from gallery.publishing.situation import Situation
from tests.publishing.world import World, add_account, add_album


@pytest.fixture
def other(world: World) -> Iterator[Carrier]:
    """A second process."""
    made = world.another_carrier()
    yield made
    made.close()


def _orders(world: World, count: int, photos: int = 1) -> list[str]:
    """Albums a, b, … ordered a second apart, all to the same account."""
    ids = []
    for prefix in "abcdefgh"[:count]:
        ids.append(world.order_album(add_album(world.db, photos, prefix=prefix)))
        world.later(1)
    return ids


def _to_another_account(world: World, prefix: str) -> str:
    mine, world.account = world.account, add_account(world.db, world.services.vault, "pretend", {})
    ordered = world.order_album(add_album(world.db, 1, prefix=prefix))
    world.account = mine
    return ordered


def _due(world: World) -> list[str]:
    with world.db.read() as session:
        return turns.due(session, world.clock.now(), lambda _delivery: False)


def _shown(world: World) -> list[str]:
    """The albums' letters in the order in which their posts appeared."""
    return [post.photos[0][0] for post in world.far.shown]


def test_posts_of_one_account_go_out_in_the_order_they_were_due(world: World) -> None:
    first, second, third = _orders(world, 3)

    world.carrier.carry(third)
    world.carrier.carry(second)
    assert world.far.calls == []
    assert _due(world) == [first]
    for _ in range(3):
        world.carrier.carry(_due(world)[0])

    assert _shown(world) == ["a", "b", "c"]
    assert _due(world) == []


def test_the_one_that_was_due_first_goes_first_whenever_it_was_ordered(world: World) -> None:
    _first, second = _orders(world, 2)
    with world.db.write() as session:
        session.get_one(Delivery, second).due_at -= timedelta(hours=1)

    assert _due(world) == [second]


def test_one_that_waits_for_its_network_keeps_its_turn(world: World) -> None:
    first, second = _orders(world, 2)
    world.far.script["publish"] = [TryLater("Slow down.", 30.0)]
    world.carrier.carry(first)

    world.carrier.carry(second)
    assert (_due(world), world.far.shown) == ([], [])
    assert world.view(second).sentence == "Waits for its turn: another post goes there first."
    world.carry(first)
    world.carry(second)

    assert _shown(world) == ["a", "b"]


def test_one_that_asks_a_person_delays_no_other_of_its_account(world: World) -> None:
    """I10: one question, no other delivery."""
    first, second = _orders(world, 2)
    world.far.script["publish"] = [OutcomeUnknown("cut")]
    world.far.script["find"] = ["cannot tell"]
    world.carry(first)

    world.carry(second)

    assert world.view(first).state == "needs_human"
    assert world.view(second).state == "published"
    world.settle(first, None)
    world.carry(first)
    assert _shown(world) == ["b", "a"]


def test_a_failure_of_one_account_delays_no_other(world: World) -> None:
    """I10: one account's failure, no other account."""
    first = world.order_album(add_album(world.db, 1, prefix="a"))
    elsewhere = _to_another_account(world, "z")
    world.far.script["publish"] = [TryLater("Blocked.", 86_400.0, block=True)]
    world.carrier.carry(first)

    world.carrier.carry(elsewhere)

    assert world.view(first).state == "waiting"
    assert world.view(elsewhere).state == "published"


def test_each_account_has_one_due_delivery_at_a_time(world: World) -> None:
    first, *_rest = _orders(world, 3)
    elsewhere = _to_another_account(world, "z")

    assert sorted(_due(world)) == sorted([first, elsewhere])
    assert world.carrier.claims.following(first) is None
    world.carrier.carry(first)
    assert world.carrier.claims.following(first) == _rest[0]
    assert world.carrier.claims.following("nothing") is None


def test_while_one_is_in_hand_nobody_takes_another_of_its_account(
    world: World, other: Carrier
) -> None:
    first, second = _orders(world, 2)
    with world.db.write() as session:
        ledger.retract(session, first, now=world.clock.now())
        session.get_one(Delivery, first).wake_at = world.clock.now()
    with world.carrier.claims.taken(second) as mine:
        assert mine is not None
        with other.claims.taken(first) as theirs:
            assert theirs is None
        assert _due_for(world, other) == []
        world.later(61)
        with other.claims.taken(first) as theirs:
            assert theirs is not None


def _due_for(world: World, carrier: Carrier) -> list[str]:
    now = world.clock.now()
    with world.db.read() as session:
        return turns.due(session, now, lambda held: not carrier.claims.living(held, now))


def test_taking_back_needs_no_turn_and_goes_first(world: World) -> None:
    out, waiting, _third = _orders(world, 3)
    world.carry(out)
    world.far.script["publish"] = [TryLater("Slow down.", 600.0)]
    world.carrier.carry(waiting)
    with world.db.write() as session:
        ledger.retract(session, out, now=world.clock.now())

    assert _due(world) == [out]
    world.later(601)
    assert _due(world) == [out]
    world.carry(out)

    assert world.view(out).state == "retracted"
    assert _due(world) == [waiting]


def test_one_that_has_begun_is_not_interleaved_with_one_that_comes_back(world: World) -> None:
    """A person answers the first while the second is half out: the second is finished first."""
    first, second = _orders(world, 2, photos=11)
    with world.db.write() as session:
        waits = session.get_one(Delivery, first)
        waits.state, waits.wake_at = State.NEEDS_HUMAN, None
    world.far.script["publish"] = ["ok", TryLater("Slow down.", 30.0)]
    world.carrier.carry(second)
    with world.db.write() as session:
        assert Situation.load(session, second).posts[0].state is PostState.LIVE
        back = session.get_one(Delivery, first)
        back.state, back.wake_at = State.GOING, world.clock.now()

    world.carrier.carry(first)
    assert _shown(world) == ["b"]
    world.carry(second)
    world.carry(first)

    assert _shown(world) == ["b", "b", "a", "a"]


def test_what_has_no_turn_is_no_claim_and_not_worth_a_try(world: World) -> None:
    first, second = _orders(world, 2)

    claims = world.carrier.claims
    assert [claims.worth_a_try(id_) for id_ in (first, second, "nothing")] == [True, False, False]
    for id_ in (second, "nothing"):
        with world.carrier.claims.taken(id_) as claim:
            assert claim is None
    with world.db.read() as session:
        assert session.query(Account).count() == 1
        assert session.get_one(Delivery, second).owner is None
