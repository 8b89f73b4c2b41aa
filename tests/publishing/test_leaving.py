"""Disconnecting: what has not begun is cancelled, what may be out is looked for, then all is forgotten."""

from __future__ import annotations

import pytest

from gallery.errors import NotFound, OutcomeUnknown, TryLater
from gallery.models import Account, AccountState, Delivery
from gallery.networks.contract import Profile
from gallery.publishing import accounts, leaving, ledger
from tests.publishing.world import World, add_album


def _disconnect(world: World) -> list[str]:
    with world.db.write() as session:
        return leaving.disconnect(
            session, world.services.vault, world.account.id, now=world.clock.now()
        )


def _forget(world: World) -> Account:
    with world.db.write() as session:
        leaving.forget(session, world.services.vault)
        return session.get_one(Account, world.account.id)


def _secret(world: World, account: Account) -> dict[str, str]:
    return world.services.vault.open(account.id, account.credential)


def test_what_has_not_begun_is_cancelled_and_the_secret_is_forgotten(world: World) -> None:
    world.far.script["publish"] = [TryLater("Slow down.", 600.0)]
    delivery = world.order(photos=1)
    world.carrier.carry(delivery)

    assert _disconnect(world) == [delivery]
    assert world.view(delivery).state == "cancelled"
    assert _secret(world, _forget(world)) == {"secret": "canary"}
    world.later(601)
    world.carrier.carry(delivery)
    account = _forget(world)

    assert account.state is AccountState.DISCONNECTED
    assert _secret(world, account) == {}
    assert world.far.shown == []
    assert world.row(delivery).wake_at is None


def test_an_unknown_post_is_still_looked_for(world: World) -> None:
    world.far.script["publish"] = ["commit and lose"]
    delivery = world.order(photos=1)
    world.carrier.carry(delivery)

    _disconnect(world)
    assert _forget(world).state is AccountState.LEAVING
    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert _forget(world).state is AccountState.DISCONNECTED


def test_a_question_keeps_the_secret_until_it_is_answered(world: World) -> None:
    world.far.script["publish"] = [OutcomeUnknown("cut")]
    world.far.script["find"] = ["cannot tell"]
    delivery = world.order(photos=1)
    world.carry(delivery)
    _disconnect(world)

    assert _forget(world).state is AccountState.LEAVING
    world.settle(delivery, "https://pretend.example/there")
    world.carry(delivery)

    assert _forget(world).state is AccountState.DISCONNECTED


def test_the_rest_of_what_has_begun_waits_for_the_account(world: World) -> None:
    world.far.script["publish"] = ["ok", TryLater("Slow down.", 600.0)]
    delivery = world.order(photos=11)
    world.carrier.carry(delivery)
    _disconnect(world)

    world.later(601)
    world.carrier.carry(delivery)

    assert (world.row(delivery).why, len(world.far.shown)) == ("token", 1)
    assert _forget(world).state is AccountState.DISCONNECTED


def test_what_is_being_taken_back_is_taken_back(world: World) -> None:
    delivery = world.order(photos=1)
    world.carry(delivery)
    world.far.script["retract"] = [TryLater("Slow down.", 60.0)]
    with world.db.write() as session:
        ledger.retract(session, delivery, now=world.clock.now())
    world.carrier.carry(delivery)
    _disconnect(world)

    world.carry(delivery)

    assert world.view(delivery).state == "retracted"
    assert world.far.shown == []


def test_second_looks_are_taken_before_the_secret_goes(world: World) -> None:
    """A post that was taken to be absent may still appear."""
    world.far.script["publish"] = [OutcomeUnknown("cut")]
    delivery = world.order(photos=1)
    world.carry(delivery)
    finds = world.far.calls.count("find 1")
    _disconnect(world)

    for _ in range(2):
        wake = world.row(delivery).wake_at
        assert wake is not None
        assert _forget(world).state is AccountState.LEAVING
        world.clock.turn(wake)
        world.carrier.carry(delivery)

    assert world.far.calls.count("find 1") == finds + 2
    assert _forget(world).state is AccountState.DISCONNECTED


def test_a_second_look_at_an_account_that_is_gone_is_put_off(world: World) -> None:
    world.far.script["publish"] = [OutcomeUnknown("cut")]
    delivery = world.order(photos=1)
    world.carry(delivery)
    due = world.row(delivery).wake_at
    assert due is not None
    with world.db.write() as session:
        session.get_one(Account, world.account.id).state = AccountState.DISCONNECTED
    world.clock.turn(due)

    world.carrier.carry(delivery)

    again = world.row(delivery).wake_at
    assert again is not None
    assert (again - due).total_seconds() == 3600


def test_an_account_whose_secret_can_not_be_opened_leaves_what_is_over_as_it_is(
    world: World,
) -> None:
    delivery = world.order(photos=1)
    world.carry(delivery)
    with world.db.write() as session:
        session.get_one(Account, world.account.id).credential = b"not ours"
        session.get_one(Delivery, delivery).wake_at = world.clock.now()

    world.carrier.carry(delivery)

    assert (world.view(delivery).state, world.row(delivery).wake_at) == ("published", None)


def test_connected_again_it_is_as_before(world: World) -> None:
    _disconnect(world)
    with world.db.write() as session:
        row = session.get_one(Account, world.account.id)
        profile = Profile(row.remote_id, "Club")
        given = (world.services.vault, "pretend", {"secret": "new"}, profile)
        world.account = accounts.connect(session, *given, now=world.clock.now())
    delivery = world.order_album(add_album(world.db, 1))

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.far.secrets[-1] == "new"


def test_an_account_that_is_not_there_can_not_be_disconnected(world: World) -> None:
    with world.db.write() as session, pytest.raises(NotFound):
        leaving.disconnect(session, world.services.vault, "missing", now=world.clock.now())
    with world.db.read() as session:
        assert not leaving.anybody(session)
    world.order(photos=1)
    _disconnect(world)
    with world.db.read() as session:
        assert leaving.anybody(session)
