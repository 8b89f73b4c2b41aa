"""Uploads of what never goes out are thrown away where the network would keep them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gallery.errors import Conflict, OutcomeUnknown, Refused, TryLater
from gallery.models import AccountState
from gallery.publishing import accounts, ledger
from tests.publishing.world import World

LOST = OutcomeUnknown("The answer was lost.")


def cancel(world: World, delivery: str) -> None:
    """A person stops it."""
    with world.db.write() as session:
        ledger.cancel(session, delivery, now=world.clock.now())


def staged(world: World, photos: int = 2) -> str:
    """A delivery whose photos are there and whose post is not."""
    world.far.script["compose"] = [LOST]
    delivery = world.order(photos=photos)
    world.carrier.carry(delivery)
    assert len(world.far.uploads) == photos
    return delivery


def discards(world: World) -> list[str]:
    """What was thrown away."""
    return [call for call in world.far.calls if call.startswith("discard")]


def test_what_was_staged_before_it_was_cancelled_is_thrown_away_once(world: World) -> None:
    delivery = staged(world)

    cancel(world, delivery)
    world.carrier.carry(delivery)
    world.later(7_200)
    world.carrier.carry(delivery)

    assert discards(world) == ["discard u1 u2"]
    assert world.view(delivery).state == "cancelled"
    assert world.row(delivery).wake_at is None


def test_an_upload_that_is_answered_after_the_cancel_is_thrown_away_too(world: World) -> None:
    delivery = world.order(photos=1)
    world.far.script["stage"] = [lambda: cancel(world, delivery)]

    world.carrier.carry(delivery)
    world.carrier.carry(delivery)

    assert discards(world) == ["discard u1"]
    assert "publish 1" not in world.far.calls
    assert world.view(delivery).state == "cancelled"


def test_what_was_refused_leaves_nothing_behind(world: World) -> None:
    world.far.script["publish"] = [Refused("No.")]
    delivery = world.order(photos=2)

    world.carry(delivery)

    assert discards(world) == ["discard u1 u2 composed"]
    assert world.view(delivery).state == "failed"


@pytest.mark.parametrize("error", [LOST, Refused("No."), TryLater("Later."), ValueError("ours")])
def test_throwing_away_is_tried_once_and_never_in_the_way(world: World, error: Exception) -> None:
    world.far.script["discard"] = [error]
    delivery = staged(world)

    cancel(world, delivery)
    world.carrier.carry(delivery)
    world.later(7_200)
    world.carrier.carry(delivery)

    assert discards(world) == ["discard u1 u2"]
    assert world.view(delivery).state == "cancelled"


def test_nothing_is_thrown_away_that_could_prove_a_post(world: World) -> None:
    world.far.script["publish"] = [LOST, Refused("No.")]
    delivery = world.order(photos=1)

    world.carry(delivery)
    world.later(90_000)
    world.carrier.carry(delivery)

    assert world.view(delivery).state == "failed"
    assert discards(world) == []


def test_what_is_out_is_not_thrown_away(world: World) -> None:
    delivery = world.order(photos=2)
    world.carry(delivery)

    with world.db.write() as session:
        ledger.retract(session, delivery, now=world.clock.now())
    world.carry(delivery)

    assert discards(world) == []
    with pytest.raises(Conflict):
        cancel(world, delivery)


@pytest.mark.parametrize("resting", [True, False])
def test_an_account_that_is_not_to_be_used_is_left_alone(world: World, resting: bool) -> None:
    delivery = staged(world)
    with world.db.write() as session:
        account = accounts.by_id(session, world.account.id)
        account.state = AccountState.OK if resting else AccountState.DISCONNECTED
        account.breaker_until = world.clock.now() + timedelta(minutes=5)

    cancel(world, delivery)
    world.carrier.carry(delivery)

    assert discards(world) == []
    assert world.view(delivery).state == "cancelled"


def test_after_a_cancel_no_call_is_begun_any_more(world: World) -> None:
    delivery = staged(world)
    cancel(world, delivery)
    before = list(world.far.calls)

    world.later(90_000)
    world.carry(delivery)

    assert [call for call in world.far.calls[len(before) :] if "discard" not in call] == []
    assert world.far.shown == []
