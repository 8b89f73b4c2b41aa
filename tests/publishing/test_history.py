"""A delivery's history tells everything in order, in words, and no secret."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gallery.errors import Disconnected, NotFound, OutcomeUnknown, Refused, TryLater
from gallery.models import Account, Audit, Delivery, Fact, Outcome, Person, Role, Source, Step, Verb
from gallery.networks.contract import Receipt, Staged
from gallery.people import audit
from gallery.publishing import facts, happened, ledger
from gallery.publishing.history import Event, History, history
from gallery.settings import Secret
from tests.publishing.world import START, World, add_album

LOST = OutcomeUnknown("The answer was lost.")
LINK = "https://pretend.example/post1"


def told(world: World, delivery: str) -> History:
    services = world.services
    with world.db.read() as session:
        return history(session, services.vault, services.settings, delivery)


def says(world: World, delivery: str) -> list[str]:
    """Each event with what was decided upon it."""
    return [f"{e.says} {e.decision}".strip() for e in told(world, delivery).events]


def test_a_plain_delivery_is_told_from_its_order_to_its_proof(world: World) -> None:
    delivery = world.order(photos=2)
    world.carry(delivery)

    assert says(world, delivery) == [
        "The operator ordered it.",
        "Photo 1 is on the network, not shown yet.",
        "Photo 2 is on the network, not shown yet.",
        "The post is put together there, not shown yet.",
        "Sending the post.",
        "The post is out: the network says so.",
    ]
    assert told(world, delivery).events[-1].url == LINK
    assert told(world, delivery).zone == "Asia/Brunei"


def test_a_lost_answer_and_all_that_followed_is_told(world: World) -> None:
    world.far.script["publish"] = [LOST]
    delivery = world.order(photos=1)
    world.carry(delivery)

    assert says(world, delivery)[3:] == [
        "Sending the post got no clear answer. The answer was lost. "
        "Nobody can tell yet, so it is looked for before anything is repeated.",
        *["Looked for the post: nothing yet."] * 3,
        "Looked for the post: it is not there, and by now it would be.",
        "Looked for the post: it is not there, and by now it would be. It is sent once more.",
        "Sending the post, try 2.",
        "The post is out: the network says so.",
    ]


def test_what_a_person_answered_is_told_with_the_question(world: World) -> None:
    world.far.script["publish"] = [LOST, LOST]
    world.far.script["find"] = ["cannot tell", "cannot tell"]
    delivery = world.order(photos=1)
    world.carry(delivery)
    world.settle(delivery, None)
    world.carry(delivery)
    world.settle(delivery, LINK)
    world.carry(delivery)

    found = says(world, delivery)
    asked = "The network can't tell whether the post is there. A person is asked."
    assert found.count(asked) == 2
    assert "A person says that the post is not there. It is sent once more." in found
    assert found[-1] == "A person says that the post is there."
    assert found.index(asked) < found.index("Sending the post, try 2.")


def test_refusals_waits_and_lost_connections_are_told_with_what_follows(world: World) -> None:
    world.far.script["stage"] = [
        TryLater("Too many requests.", 60),
        OutcomeUnknown("It was cut."),
        Staged({"upload": "u"}, wait_s=30),
    ]
    world.far.script["publish"] = [
        Disconnected("The token died."), Refused("It may not be posted.")
    ]  # fmt: skip
    delivery = world.order(photos=1)
    world.carry(delivery)
    with world.db.write() as session:
        row = session.get_one(Delivery, delivery)
        account = session.get_one(Account, row.account_id)
        account.state, row.wake_at = type(account.state).OK, world.clock.now()
    world.carry(delivery)

    found = "\n".join(says(world, delivery))
    assert "Uploading photo 1 has to wait. Too many requests. Next at 10:01:00." in found
    assert "Uploading photo 1 got no clear answer. It was cut. Next at 10:0" in found
    assert "Photo 1 is on the network, not shown yet. Next at 10:0" in found
    assert (
        "Sending the post was refused. The token died. "
        "It goes on when the account is connected again."
    ) in found
    assert (
        "Sending the post was refused. It may not be posted. It is not tried again by itself."
    ) in found


def test_taking_back_is_told_and_so_is_what_a_person_removed(world: World) -> None:
    delivery = world.order(photos=11)
    world.carry(delivery)
    _retract(world, delivery)
    world.far.script["retract"] = [Refused("No."), "ok"]
    world.carry(delivery)
    world.settle(delivery, None)
    world.later(1)
    world.carry(delivery)

    found = says(world, delivery)
    assert "Removing post 2 was refused. No. It is not tried again by itself." in found
    assert "A person says that post 2 is gone." in found
    assert found[-1] == "Post 1 is gone from the network."


def test_a_second_copy_is_told_and_no_decision_hides_it(world: World) -> None:
    world.far.script["publish"] = [LOST, Receipt("two", "javascript:alert(1)")]
    world.far.script["find"] = ["final"]
    delivery = world.order(photos=1)
    world.carry(delivery)
    world.later(1)
    with world.db.write() as session:
        step = session.query(Step).filter_by(delivery_id=delivery, verb=Verb.PUBLISH).one()
        late = Receipt("late", "https://pretend.example/late")
        facts.record(session, Source.ANSWER, [(step, late)], now=world.clock.now())

    found = told(world, delivery).events
    assert "Looked for the post: it is not there, and it can't appear any more." in [
        event.says for event in found
    ]
    assert (found[-1].says, found[-1].decision) == ("A second copy of the post appeared.", "")
    assert found[-1].url == "https://pretend.example/late"
    assert found[-2].url == ""


def test_a_process_that_died_in_the_middle_is_told(world: World) -> None:
    delivery = world.order(photos=1)
    world.carry(delivery, until=lambda _row: True)
    with world.db.write() as session:
        step = session.query(Step).filter_by(delivery_id=delivery, verb=Verb.PUBLISH).one()
        facts.record(session, Source.READ, [(step, LOST)], now=world.clock.now())

    assert any(
        "Sending the post: its process ended before the answer came." in said
        for said in says(world, delivery)
    )


def test_who_did_what_is_told_by_name(world: World) -> None:
    delivery = world.order(photos=1)
    with world.db.write() as session:
        siti = Person(
            name="Siti", email="s@example.org", password_hash="-", role=Role.OWNER, created_at=START
        )
        session.add(siti)
        session.flush()
        row = session.get_one(Delivery, delivery)
        row.ordered_by, row.round = siti.id, 2
        row.wall, row.zone = "2026-11-25T09:00", "Asia/Brunei"
        audit.note(session, "post approved", now=START, by=siti.id, about=delivery)
        audit.note(session, "post cancelled", now=START, about=delivery)
        audit.note(session, "something new", now=START, by=siti.id, about=delivery)
        audit.note(session, "post cancelled", now=START, by=siti.id, about="another")

    found = says(world, delivery)
    assert found[:2] == [
        "Siti ordered it, for the 2nd time.",
        "It is to go out at 2026-11-25 09:00 (Asia/Brunei).",
    ]
    assert sorted(found[2:5]) == [
        "Siti approved it.", "Siti: something new.", "The operator cancelled it."
    ]  # fmt: skip
    with world.db.write() as session:
        session.query(Audit).delete()
        session.get_one(Delivery, delivery).replaces = "an earlier one"
    assert says(world, delivery)[0] == "Siti ordered it in place of an earlier one."


def test_no_secret_is_told_wherever_a_network_put_it(world: World) -> None:
    settings = replace(world.services.settings, facebook_app_secret=Secret("canary-of-the-app"))
    delivery = world.order(photos=1)
    with world.db.write() as session:
        account = session.get_one(Account, world.account.id)
        account.credential = world.services.vault.seal(
            account.id,
            {"secret": "canary-token", "page": account.name, "hook": "canary-" + "9" * 12},
        )
    world.far.script["stage"] = [
        TryLater("GET /me?access_token=canary-token failed", 1),
        Staged({"canary-token": "canary-token", "upload_token": "x", "at": "canary-" + "9" * 12}),
    ]
    world.far.script["publish"] = [
        Receipt("1", f"{LINK}?by=canary-token", {"told": ["canary-of-the-app"]})
    ]
    world.carry(delivery)

    with world.db.read() as session:
        found = history(session, world.services.vault, settings, delivery)
    exported = json.dumps(found.to_json())

    assert "canary" not in exported
    assert world.account.name in exported
    assert found.events[-1].url == f"{LINK}?by=***"


def test_an_account_sealed_with_a_lost_key_has_its_history_all_the_same(world: World) -> None:
    delivery = world.order(photos=1)
    with world.db.write() as session:
        session.get_one(Account, world.account.id).credential = b"sealed otherwise"

    assert says(world, delivery) == ["The operator ordered it."]


def test_what_is_exported_says_when_what_and_how(world: World) -> None:
    delivery = world.order(photos=1)
    world.carry(delivery)

    exported = told(world, delivery).to_json()

    assert (exported["delivery_id"], exported["state"]) == (delivery, "published")
    assert (exported["account"], exported["album"]) == ("pretend:Club", "open-house-p")
    assert exported["events"][-1] == {
        "at": START.isoformat(),
        "says": "The post is out: the network says so.",
        "kind": "fact",
        "url": LINK,
        "post": 1,
        "verb": "publish",
        "attempt": 1,
        "source": "answer",
        "outcome": "receipt",
        "body": {"remote_id": "post1", "url": LINK, "data": {}},
    }


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Source.ANSWER, "The post was changed where it stands."),
        (Source.READ, "The post was found changed."),
        (Source.PERSON, "A person says that the post was changed."),
    ],
)
def test_a_change_in_place_is_told_by_whoever_proved_it(source: Source, words: str) -> None:
    fact = Fact(source=source, outcome=Outcome.RECEIPT, body={})

    assert happened.fact(Step(verb=Verb.AMEND), fact, "the post") == words


@pytest.mark.parametrize(
    ("round_", "words"),
    [(2, "2nd"), (3, "3rd"), (11, "11th"), (21, "21st"), (24, "24th"), (113, "113th")],
)
def test_rounds_are_counted_in_words(world: World, round_: int, words: str) -> None:
    delivery = world.order_album(add_album(world.db, 1))
    with world.db.write() as session:
        session.get_one(Delivery, delivery).round = round_

    assert says(world, delivery)[0] == f"The operator ordered it, for the {words} time."


def test_a_photo_that_the_plan_holds_no_more_is_told_as_such(world: World) -> None:
    delivery = world.order(photos=1)
    world.carry(delivery)
    with world.db.write() as session:
        row = session.get_one(Delivery, delivery)
        post = {**row.plan["posts"][0], "photos": []}
        row.plan = {**row.plan, "posts": [post]}

    assert "A photo left out since is on the network, not shown yet." in says(world, delivery)


def test_a_delivery_that_is_not_there_has_no_history(world: World) -> None:
    with pytest.raises(NotFound):
        told(world, "missing")


def test_an_event_says_only_what_is_known_of_it() -> None:
    assert Event(START, "It.").to_json() == {
        "at": START.isoformat(), "says": "It.", "kind": "order"
    }  # fmt: skip


def _retract(world: World, delivery: str) -> None:
    with world.db.write() as session:
        ledger.retract(session, delivery, now=world.clock.now())
