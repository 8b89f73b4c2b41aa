"""A person says that a lost post is there, without its address: it is looked up, then asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gallery.errors import OutcomeUnknown
from gallery.models import Account, AccountState, Fact, Outcome, Source, Step, StepState, Verb
from gallery.networks.contract import Receipt
from gallery.publishing import facts, ledger
from gallery.publishing.history import history
from gallery.publishing.lock import LifeLock
from tests.publishing.world import World

LOST = "commit and lose"
ADDRESS = "https://pretend.example/typed"
SAID = "Did this appear? You said that it is there. "
PASTE = " Paste the address of the post."


@pytest.fixture
def asked(world: World) -> str:
    """A delivery whose answer was lost, and of which reading could not tell."""
    world.far.script["publish"] = [LOST]
    world.far.script["find"] = ["cannot tell"]
    delivery = world.order(photos=2)
    world.carry(delivery)
    world.later(1)
    view = world.view(delivery)
    assert (view.state, view.address_wanted) == ("needs_human", False)
    return delivery


def say(world: World, delivery: str, seen: str | None = "") -> None:
    """A person answers, by default that it is there."""
    world.settle(delivery, seen)
    world.carry(delivery)


def test_it_is_found_with_its_id(world: World, asked: str) -> None:
    say(world, asked)

    view = world.view(asked)
    assert (view.state, view.posts[0].remote_id) == ("published", "post1")
    assert world.far.calls.count("publish 1") == 1


@pytest.mark.parametrize("answer", ["cannot tell", "nothing", "final", OutcomeUnknown("Cut.")])
def test_what_is_not_found_is_never_posted_again_but_its_address_asked_for(
    world: World, asked: str, answer: str | Exception
) -> None:
    looks = world.far.calls.count("find 1")
    world.far.script["find"] = [answer]

    say(world, asked)
    between = world.view(asked)
    world.later(90_000)
    world.carrier.carry(asked)
    later = world.view(asked)
    say(world, asked, ADDRESS)

    why = "The network can't be asked for it now."  # its account rests after an unclear answer
    if isinstance(answer, str):
        why = "It was looked for and not found."
    assert between.question == SAID + why + PASTE
    assert (between.state, between.address_wanted) == ("needs_human", True)
    assert later.question == between.question
    assert world.far.calls.count("find 1") == looks + 1
    assert world.far.calls.count("publish 1") == 1
    view = world.view(asked)
    assert (view.state, view.posts[0].url, view.address_wanted) == ("published", ADDRESS, False)


def test_saying_it_again_looks_again(world: World, asked: str) -> None:
    world.far.script["find"] = ["nothing"]
    say(world, asked)
    world.later(1)
    say(world, asked)

    assert world.view(asked).posts[0].remote_id == "post1"


def test_a_no_after_that_posts_it_once_more(world: World, asked: str) -> None:
    world.far.shown.clear()
    say(world, asked)
    world.later(1)
    say(world, asked, None)

    assert world.view(asked).state == "published"
    assert world.far.calls.count("publish 1") == 2


def test_a_network_that_cannot_be_asked_is_not(world: World, asked: str) -> None:
    looks = world.far.calls.count("find 1")
    world.far.limits = replace(world.far.limits, find="no")

    say(world, asked)

    assert world.view(asked).question == SAID + "This network has no way to ask for it." + PASTE
    assert world.far.calls.count("find 1") == looks


def test_while_its_account_cannot_be_used_the_address_is_asked_for(
    world: World, asked: str
) -> None:
    def account_is(state: AccountState) -> None:
        with world.db.write() as session:
            session.get_one(Account, world.account.id).state = state

    account_is(AccountState.DISCONNECTED)
    say(world, asked)
    between = world.view(asked)
    account_is(AccountState.OK)
    say(world, asked)

    assert between.question == SAID + "The network can't be asked for it now." + PASTE
    assert world.view(asked).state == "published"


def test_a_delivery_that_waits_for_its_account_asks_for_no_address(world: World) -> None:
    delivery = world.order(photos=1)
    with world.db.write() as session:
        session.get_one(Account, world.account.id).state = AccountState.DISCONNECTED
    world.carrier.carry(delivery)

    assert world.view(delivery).state == "waiting"


def test_it_is_looked_up_even_while_its_process_may_live(world: World, asked: str) -> None:
    lock = LifeLock(world.services.lives)
    with world.db.write() as session:
        publish = session.query(Step).filter_by(delivery_id=asked, verb=Verb.PUBLISH).one()
        publish.state, publish.sent_by = StepState.SENT, lock.owner
        session.query(Fact).filter_by(step_id=publish.id).delete()
    world.far.script["find"] = ["nothing"]
    say(world, asked)
    wanted = world.view(asked).address_wanted
    with pytest.raises(Exception, match="may still be sending"):
        world.settle(asked, None)
    lock.release()
    world.later(1)
    world.settle(asked, None)
    world.carry(asked)

    assert wanted
    assert world.view(asked).state == "published"


def test_an_answer_that_came_first_wins(world: World, asked: str) -> None:
    with world.db.write() as session:
        row = session.query(Step).filter_by(delivery_id=asked, verb=Verb.PUBLISH).one()
        late = Receipt("post1", "https://pretend.example/post1")
        facts.record(session, Source.ANSWER, [(row, late)], now=world.clock.now())
    looks = world.far.calls.count("find 1")
    say(world, asked)

    assert world.view(asked).posts[0].url == "https://pretend.example/post1"
    assert world.far.calls.count("find 1") == looks


def test_what_is_to_be_taken_back_is_found_and_removed(world: World, asked: str) -> None:
    with world.db.write() as session:
        ledger.retract(session, asked, now=world.clock.now())
    world.carry(asked)
    world.later(1)
    say(world, asked)

    assert world.view(asked).state == "retracted"
    assert world.far.shown == []


def test_it_stands_in_the_history(world: World, asked: str) -> None:
    world.far.script["find"] = ["nothing"]
    say(world, asked)

    services = world.services
    with world.db.read() as session:
        told = history(session, services.vault, services.settings, asked)
    event = next(event for event in told.events if event.outcome == Outcome.SEEN)
    assert event.says == "A person says that the post is there."
    assert event.decision == "It is looked up, and its address asked for if that finds nothing."
