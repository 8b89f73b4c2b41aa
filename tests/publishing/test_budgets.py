"""How fast we go: no try earlier than the network asked, no post past its budget (I8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gallery.errors import OutcomeUnknown, TryLater
from gallery.models import Account, Delivery, Site
from gallery.networks.contract import Budget, Pace
from gallery.publishing.situation import Situation
from tests.publishing.world import START, World, add_album


def _albums(world: World, letters: str) -> list[str]:
    """Albums of one photo, due in this order, all of them now."""
    ids = [world.order_album(add_album(world.db, 1, prefix=letter)) for letter in letters]
    with world.db.write() as session:
        for nth, id_ in enumerate(ids):
            session.get_one(Delivery, id_).due_at = START - timedelta(seconds=60 - nth)
    return ids


def _account(world: World) -> Account:
    with world.db.read() as session:
        return session.get_one(Account, world.account.id)


def test_a_budget_of_posts_holds_in_any_window(world: World) -> None:
    """I8: the budget is bounded, also across two windows."""
    world.far.limits = replace(world.far.limits, budget=Budget(posts=2, window_s=600.0))
    first, second, third, fourth = _albums(world, "abcd")
    world.carrier.carry(first)
    world.later(500)
    world.carrier.carry(second)

    world.carrier.carry(third)

    assert len(world.far.shown) == 2
    waits = world.row(third)
    assert (waits.why, waits.wake_at) == ("rate", START + timedelta(seconds=600))
    assert "takes no more posts" in world.view(third).sentence
    world.carry(third)
    world.carrier.carry(fourth)
    assert len(world.far.shown) == 3
    assert world.row(fourth).wake_at == START + timedelta(seconds=1100)
    world.carry(fourth)
    assert len(world.far.shown) == 4


def test_uploads_go_on_while_the_budget_is_used_up(world: World) -> None:
    world.far.limits = replace(world.far.limits, budget=Budget(posts=1, window_s=600.0))
    first, second = _albums(world, "ab")
    world.carrier.carry(first)

    world.carrier.carry(second)

    assert len(world.far.uploads) == 2
    assert len(world.far.shown) == 1


def test_what_the_network_says_is_left_is_counted_down(world: World) -> None:
    until = START + timedelta(hours=1)
    first, second, third = _albums(world, "abc")
    world.far.paces = [Pace(left=2, until=until)]
    world.carrier.carry(first)
    assert (_account(world).budget_left, _account(world).budget_until) == (1, until)
    world.carrier.carry(second)
    assert _account(world).budget_left == 0

    world.carrier.carry(third)

    assert world.row(third).wake_at == until
    world.carry(third)
    assert len(world.far.shown) == 3


def test_a_network_that_asks_for_rest_is_left_alone_by_every_delivery(world: World) -> None:
    """I8: also by the one whose call brought the word, and by one ordered meanwhile."""
    world.far.paces = [Pace(rest_s=300.0)]
    first, second = _albums(world, "ab")
    world.carrier.carry(first)
    world.carrier.carry(second)

    assert world.far.calls == ["stage a00001"]
    assert world.row(first).why == "breaker"
    assert world.row(first).wake_at == START + timedelta(seconds=300)
    world.far.paces = [Pace(rest_s=0.0), Pace(rest_s=-1.0)]
    world.carry(first)
    assert world.view(first).state == "published"


def test_a_shorter_rest_never_ends_a_longer_one(world: World) -> None:
    world.far.paces = [Pace(rest_s=10.0)]
    world.far.script["stage"] = [TryLater("Wait.", 300.0)]
    delivery = world.order(photos=1)

    world.carrier.carry(delivery)

    assert _account(world).breaker_until == START + timedelta(seconds=300)


@pytest.mark.parametrize("verb", ["stage", "publish"])
def test_an_unclear_answer_that_asks_for_a_wait_is_followed_by_no_call_before(
    world: World, verb: str
) -> None:
    """I8: a 503 with Retry-After is an unknown outcome, and yet it is heard."""
    world.far.script[verb] = [OutcomeUnknown("503", 120.0)]
    delivery = world.order(photos=1)
    world.carrier.carry(delivery)
    calls = len(world.far.calls)

    world.later(119)
    world.carrier.carry(delivery)
    assert len(world.far.calls) == calls
    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert len(world.far.shown) == 1


def test_a_read_that_is_told_to_wait_is_not_repeated_before(world: World) -> None:
    world.far.script["publish"] = ["commit and lose"]
    world.far.script["find"] = [OutcomeUnknown("503", 120.0), "ok"]
    delivery = world.order(photos=1)
    world.carry(delivery, until=lambda _row: len(world.far.calls) > 3)

    world.later(100)
    world.carrier.carry(delivery)
    assert world.far.calls.count("find 1") == 1
    world.carry(delivery)

    assert world.view(delivery).state == "published"


def test_a_second_look_keeps_to_the_rest_too(world: World) -> None:
    """I8: what is over already asks nothing while its account rests, and asks later."""
    world.far.script["publish"] = [OutcomeUnknown("cut")]
    delivery = world.order(photos=1)
    world.carry(delivery)
    finds = world.far.calls.count("find 1")
    due = world.row(delivery).wake_at
    assert due is not None
    with world.db.write() as session:
        rest = due + timedelta(minutes=30)
        session.merge(world.account).breaker_until = rest
    world.clock.turn(due)
    world.carrier.carry(delivery)
    assert (world.far.calls.count("find 1"), world.row(delivery).wake_at) == (finds, rest)

    world.clock.turn(rest)
    world.carrier.carry(delivery)

    assert world.far.calls.count("find 1") == finds + 1
    with world.db.read() as session:
        assert session.query(Delivery).count() == 1
        assert session.query(Site).count() == 1
        assert Situation.load(session, delivery).account.breaker_until == rest
