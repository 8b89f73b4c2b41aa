"""A second copy of a post is removed or kept, as a person says; all go when the post is taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gallery.errors import Conflict, NotFound, Refused, TryLater
from gallery.models import Account, AccountState, Fact, Source, Step, Verb
from gallery.networks.contract import Receipt
from gallery.publishing import copies, facts, ledger
from gallery.publishing.history import history
from gallery.publishing.told import CopyView
from tests.publishing.world import World

COPY = "https://pretend.example/post1"


@pytest.fixture
def doubled(world: World) -> str:
    """A delivery that is out, and of which a second copy turned up."""
    world.far.script["publish"] = ["commit and lose", Receipt("other", "https://pretend.example/o")]
    world.far.script["find"] = ["nothing"] * 5
    delivery = world.order(photos=1)
    world.carry(delivery)
    world.later(3601)
    world.carrier.carry(delivery)
    assert [one.state for one in world.view(delivery).copies] == ["open"]
    return delivery


def copy(world: World, delivery: str) -> CopyView:
    (one,) = world.view(delivery).copies
    return one


def do(
    world: World, what: Callable[..., Any], delivery: str, copy_id: str = "", **more: Any
) -> None:
    """A person decides about the copy."""
    with world.db.write() as session:
        what(session, delivery, copy_id or copy(world, delivery).id, **more)


def remove(world: World, delivery: str) -> None:
    do(world, copies.remove, delivery, now=world.clock.now())
    world.carrier.carry(delivery)


def retract(world: World, delivery: str) -> None:
    with world.db.write() as session:
        ledger.retract(session, delivery, now=world.clock.now())
    world.carry(delivery)


def test_it_is_shown_with_its_address(world: World, doubled: str) -> None:
    one = copy(world, doubled)

    assert (one.nth, one.url, one.remote_id) == (1, COPY, "post1")
    assert one.says in world.view(doubled).warnings


def test_it_is_removed_and_the_post_stays(world: World, doubled: str) -> None:
    do(world, copies.remove, doubled, now=world.clock.now())
    before = world.view(doubled)
    world.carrier.carry(doubled)

    view = world.view(doubled)
    assert (before.copies[0].state, before.over) == ("removing", False)
    assert (view.state, view.copies[0].state, view.over) == ("published", "gone", True)
    assert view.posts[0].remote_id == "other"
    assert world.far.shown == []
    assert world.far.calls.count("retract post1") == 1
    assert view.warnings == ()


def test_its_removal_stands_in_the_history(world: World, doubled: str) -> None:
    remove(world, doubled)

    services = world.services
    with world.db.read() as session:
        told = history(session, services.vault, services.settings, doubled)
    assert any("second copy" in event.says for event in told.events)


def test_removing_twice_is_once(world: World, doubled: str) -> None:
    do(world, copies.remove, doubled, now=world.clock.now())
    remove(world, doubled)
    remove(world, doubled)

    assert world.far.calls.count("retract post1") == 1


def test_a_lost_answer_is_followed_by_another_try(world: World, doubled: str) -> None:
    world.far.script["retract"] = ["commit and lose"]
    remove(world, doubled)
    world.later(60)
    world.carrier.carry(doubled)

    assert copy(world, doubled).state == "gone"
    assert world.far.calls.count("retract post1") == 2


def test_what_is_kept_stays_and_is_told_no_more(world: World, doubled: str) -> None:
    do(world, copies.keep, doubled)
    do(world, copies.keep, doubled)

    view = world.view(doubled)
    assert (view.copies[0].state, view.warnings) == ("kept", ())
    remove(world, doubled)
    assert copy(world, doubled).state == "gone"


def test_what_is_being_removed_cannot_be_kept(world: World, doubled: str) -> None:
    do(world, copies.remove, doubled, now=world.clock.now())

    with pytest.raises(Conflict):
        do(world, copies.keep, doubled)


@pytest.mark.parametrize("kept", [False, True])
def test_a_person_may_have_removed_it(world: World, doubled: str, kept: bool) -> None:
    if kept:
        do(world, copies.keep, doubled)
    do(world, copies.removed, doubled, now=world.clock.now())
    world.carrier.carry(doubled)

    assert copy(world, doubled).state == "gone"
    assert not any(call.startswith("retract") for call in world.far.calls)


def test_a_refusal_is_told_and_can_be_answered(world: World, doubled: str) -> None:
    world.far.script["retract"] = [Refused("Not allowed."), Refused("Not allowed.")]
    remove(world, doubled)
    refused = copy(world, doubled)
    remove(world, doubled)
    do(world, copies.removed, doubled, now=world.clock.now())
    world.carrier.carry(doubled)

    assert (refused.state, refused.reason) == ("refused", "Not allowed.")
    assert world.far.calls.count("retract post1") == 2
    assert copy(world, doubled).state == "gone"


def test_while_the_account_rests_the_delivery_stays_as_it_is(world: World, doubled: str) -> None:
    world.far.script["retract"] = [TryLater("Too many requests.", 600)]
    remove(world, doubled)
    waiting = world.row(doubled)
    world.later(601)
    world.carrier.carry(doubled)

    assert (waiting.state.value, waiting.reason) == ("published", "")
    assert waiting.wake_at is not None
    assert copy(world, doubled).state == "gone"


def test_without_its_account_it_waits_an_hour_at_a_time(world: World, doubled: str) -> None:
    with world.db.write() as session:
        session.get_one(Account, world.account.id).state = AccountState.DISCONNECTED
    remove(world, doubled)

    row = world.row(doubled)
    assert row.wake_at is not None
    assert (row.wake_at - world.clock.now()).total_seconds() == 3600
    assert copy(world, doubled).state == "removing"


@pytest.mark.parametrize("kept", [False, True])
def test_taking_the_post_back_takes_every_copy_back(world: World, doubled: str, kept: bool) -> None:
    if kept:
        do(world, copies.keep, doubled)

    retract(world, doubled)

    assert world.view(doubled).state == "retracted"
    assert world.far.shown == []
    assert copy(world, doubled).state == "gone"


def test_a_copy_that_turns_up_after_that_is_removed_as_well(world: World) -> None:
    delivery = world.order(photos=1)
    world.carry(delivery)
    retract(world, delivery)
    with world.db.write() as session:
        step = session.query(Step).filter_by(delivery_id=delivery, verb=Verb.PUBLISH).one()
        late = Receipt("late", "https://pretend.example/late")
        facts.record(session, Source.ANSWER, [(step, late)], now=world.clock.now())
    world.carrier.carry(delivery)

    assert world.view(delivery).state == "retracted"
    assert world.far.calls[-1] == "retract late"
    assert copy(world, delivery).state == "gone"


@pytest.mark.parametrize("answer", ["gone", "again"])
def test_a_copy_that_cannot_be_taken_back_is_asked_about(
    world: World, doubled: str, answer: str
) -> None:
    world.far.script["retract"] = ["ok", Refused("Not allowed.")]
    retract(world, doubled)
    asked = world.view(doubled)

    world.settle(doubled, None if answer == "gone" else "still there")
    world.carry(doubled)

    assert asked.state == "retract_unknown"
    assert asked.question == (
        f"Is this post still there? It is a second copy. Not allowed. Remove it by hand at {COPY}."
    )
    assert world.view(doubled).state == "retracted"
    assert len(world.far.shown) == (answer == "gone")


def test_where_no_program_may_remove_a_person_is_asked(world: World, doubled: str) -> None:
    world.far.limits = replace(world.far.limits, retract="by_hand")
    do(world, copies.remove, doubled, now=world.clock.now())
    world.carrier.carry(doubled)
    assert not any(call.startswith("retract") for call in world.far.calls)

    retract(world, doubled)
    world.settle(doubled, None)
    world.carry(doubled)
    asked = world.view(doubled)
    world.settle(doubled, None)
    world.carry(doubled)

    assert "It is a second copy. No program may remove it." in (asked.question or "")
    assert world.view(doubled).state == "retracted"


def test_a_copy_without_an_id_is_for_a_person(world: World, doubled: str) -> None:
    with world.db.write() as session:
        fact = session.get_one(Fact, copy(world, doubled).id)
        fact.body = {**fact.body, "remote_id": None}

    with pytest.raises(Conflict):
        do(world, copies.remove, doubled, now=world.clock.now())


def test_only_a_copy_of_this_delivery_can_be_decided_about(world: World, doubled: str) -> None:
    with pytest.raises(NotFound):
        do(world, copies.keep, doubled, "another")
