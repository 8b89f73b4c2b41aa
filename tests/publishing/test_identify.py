"""A post of which a person told only the address is looked up once, before anything needs its id."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gallery.errors import OutcomeUnknown
from gallery.models import Photo, Source, Step, Verb
from gallery.networks.contract import Receipt
from gallery.publishing import amend, facts, ledger
from tests.publishing.world import World

LOST = "commit and lose"
ADDRESS = "https://pretend.example/typed"


@pytest.fixture
def told(world: World) -> str:
    """A delivery that is out by a person's word: its answer was lost, its id is not known."""
    world.far.script["publish"] = [LOST]
    world.far.script["find"] = ["cannot tell"]
    delivery = world.order(photos=2)
    world.carry(delivery)
    world.later(1)
    world.settle(delivery, ADDRESS)
    world.carry(delivery)
    view = world.view(delivery)
    assert (view.state, view.posts[0].remote_id, view.posts[0].url) == ("published", None, ADDRESS)
    return delivery


def retract(world: World, delivery: str) -> None:
    with world.db.write() as session:
        ledger.retract(session, delivery, now=world.clock.now())
    world.carry(delivery)


def test_it_is_found_and_removed(world: World, told: str) -> None:
    retract(world, told)

    assert world.view(told).state == "retracted"
    assert world.far.shown == []
    assert world.far.calls[-2:] == ["find 1", "retract post1"]


def test_it_is_found_and_changed(world: World, told: str) -> None:
    with world.db.write() as session:
        session.get_one(Photo, "p00001").caption = "Another caption"
        amend.change(
            session, world.services.settings, lambda _account: world.far.limits, told,
            now=world.clock.now(), by=None,
        )  # fmt: skip
    world.carry(told)

    view = world.view(told)
    assert (view.state, view.posts[0].remote_id) == ("published", "post1")
    assert world.far.shown[0].captions[0] == "Another caption"


@pytest.mark.parametrize("answer", ["cannot tell", "nothing", OutcomeUnknown("It was cut.")])
def test_if_it_is_not_found_a_person_is_asked_after_one_look(
    world: World, told: str, answer: str | Exception
) -> None:
    looks = world.far.calls.count("find 1")
    world.far.script["find"] = [answer]

    retract(world, told)

    view = world.view(told)
    assert view.state == "retract_unknown"
    assert ADDRESS in (view.question or "")
    assert world.far.calls.count("find 1") == looks + 1
    assert len(world.far.shown) == 1


def test_a_network_that_cannot_find_is_not_asked(world: World, told: str) -> None:
    looks = world.far.calls.count("find 1")
    world.far.limits = replace(world.far.limits, find="no")

    retract(world, told)

    assert world.view(told).state == "retract_unknown"
    assert world.far.calls.count("find 1") == looks


def test_an_answer_that_came_late_tells_the_id_and_another_one_is_a_stray(
    world: World, told: str
) -> None:
    now = world.clock.now()
    with world.db.write() as session:
        row = session.query(Step).filter_by(delivery_id=told, verb=Verb.PUBLISH).one()
        facts.record(session, Source.ANSWER, [(row, Receipt("post1", ADDRESS))], now=now)
        facts.record(session, Source.ANSWER, [(row, Receipt("post2", None))], now=now)
    assert ("publish", "stray") in world.facts(told)
    looks = world.far.calls.count("find 1")

    retract(world, told)

    assert world.view(told).state == "retracted"
    assert world.far.calls.count("find 1") == looks
