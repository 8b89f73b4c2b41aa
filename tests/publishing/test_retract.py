"""Taking a delivery back: everything of it, whatever happens on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gallery.errors import Conflict, Disconnected, OutcomeUnknown, Refused, TryLater
from gallery.models import AccountState, Album, Delivery
from gallery.publishing import accounts, ledger
from tests.publishing.world import World, add_account

LOST = OutcomeUnknown("The answer was lost.")


def retract(world: World, delivery: str) -> None:
    """A person takes it back."""
    with world.db.write() as session:
        ledger.retract(session, delivery, now=world.clock.now())


def published(world: World, photos: int = 1) -> str:
    """A delivery that is out."""
    delivery = world.order(photos=photos)
    world.carry(delivery)
    return delivery


def test_all_posts_are_taken_back_the_last_one_first(world: World) -> None:
    delivery = published(world, photos=11)

    retract(world, delivery)
    between = world.view(delivery)
    world.carry(delivery)

    assert between.state == "retracting"
    assert world.far.shown == []
    assert world.far.calls[-2:] == ["retract post2", "retract post1"]
    view = world.view(delivery)
    assert (view.state, [post.state for post in view.posts]) == ("retracted", ["gone", "gone"])
    assert view.offers == ()


def test_taking_back_twice_is_once(world: World) -> None:
    delivery = published(world)

    retract(world, delivery)
    retract(world, delivery)
    world.carry(delivery)
    retract(world, delivery)

    assert world.far.calls.count("retract post1") == 1
    assert world.view(delivery).state == "retracted"


def test_what_was_not_sent_yet_is_cancelled(world: World) -> None:
    delivery = world.order()

    retract(world, delivery)
    world.carrier.carry(delivery)

    assert world.view(delivery).state == "cancelled"
    assert world.far.calls == []
    retract(world, delivery)


def test_what_failed_has_nothing_to_take_back(world: World) -> None:
    world.far.script["publish"] = [Refused("No.")]
    delivery = published(world)

    with pytest.raises(Conflict, match="nothing to take back"):
        retract(world, delivery)


@pytest.mark.parametrize("answer", ["commit and lose", LOST, TryLater("Later.", 30.0)])
def test_an_unclear_answer_is_followed_by_another_try(
    world: World, answer: str | Exception
) -> None:
    delivery = published(world)
    world.far.script["retract"] = [answer]

    retract(world, delivery)
    world.carry(delivery)

    assert world.view(delivery).state == "retracted"
    assert world.far.shown == []
    assert world.far.calls.count("retract post1") == 2


def test_an_unknown_publish_is_settled_before_it_is_taken_back(world: World) -> None:
    world.far.script["publish"] = ["commit and lose"]
    delivery = world.order(photos=1)
    world.carrier.carry(delivery)

    retract(world, delivery)
    world.carry(delivery)

    assert world.view(delivery).state == "retracted"
    assert world.far.calls.count("publish 1") == 1
    assert world.far.shown == []


def test_an_unknown_publish_that_never_arrived_is_not_sent_again(world: World) -> None:
    world.far.script["publish"] = [LOST]
    delivery = world.order(photos=1)
    world.carrier.carry(delivery)

    retract(world, delivery)
    world.carry(delivery)

    assert world.view(delivery).state == "retracted"
    assert world.far.calls.count("publish 1") == 1


def test_a_post_that_appears_after_all_is_taken_back_too(world: World) -> None:
    world.far.script["publish"] = ["commit and lose"]
    world.far.script["find"] = ["nothing"] * 5
    delivery = world.order(photos=1)
    world.carrier.carry(delivery)
    retract(world, delivery)
    world.carry(delivery)
    between = list(world.far.shown)

    world.later(3601)
    world.carry(delivery)

    assert len(between) == 1
    assert world.far.shown == []
    assert world.view(delivery).state == "retracted"


def test_a_refusal_is_put_before_a_person_who_removes_it_by_hand(world: World) -> None:
    delivery = published(world)
    world.far.script["retract"] = [Refused("Not allowed.")]
    retract(world, delivery)
    world.carry(delivery)
    asked = world.view(delivery)

    world.settle(delivery, None)
    world.carry(delivery)

    assert asked.state == "retract_unknown"
    assert asked.question is not None
    assert "https://pretend.example/post1" in asked.question
    assert asked.offers == ("seen", "not_seen")
    assert world.view(delivery).state == "retracted"


def test_what_is_still_there_is_tried_again(world: World) -> None:
    delivery = published(world)
    world.far.script["retract"] = [Refused("Not allowed.")]
    retract(world, delivery)
    world.carry(delivery)

    world.settle(delivery, "https://pretend.example/post1")
    world.carry(delivery)

    assert world.view(delivery).state == "retracted"
    assert world.far.calls.count("retract post1") == 2


def test_after_four_unclear_tries_a_person_is_asked(world: World) -> None:
    delivery = published(world)
    world.far.script["retract"] = [LOST] * 9

    retract(world, delivery)
    world.carry(delivery)

    assert world.view(delivery).state == "retract_unknown"
    assert world.far.calls.count("retract post1") == 4


def test_a_network_that_removes_nothing_leaves_it_to_a_person(world: World) -> None:
    world.far.limits = replace(world.far.limits, retract="by_hand")
    delivery = published(world)
    retract(world, delivery)
    world.carry(delivery)
    asked = world.view(delivery)

    world.settle(delivery, "https://pretend.example/post1")
    world.carry(delivery)
    again = world.view(delivery)
    world.settle(delivery, None)
    world.carry(delivery)

    assert (asked.state, again.state) == ("retract_unknown", "retract_unknown")
    assert world.view(delivery).state == "retracted"
    assert not any(call.startswith("retract") for call in world.far.calls)


def test_a_post_known_only_by_its_address_is_left_to_a_person(world: World) -> None:
    world.far.script["publish"] = [LOST]
    world.far.script["find"] = ["cannot tell"]
    delivery = published(world)
    world.settle(delivery, "https://pretend.example/seen")
    world.carry(delivery)

    retract(world, delivery)
    world.carry(delivery)

    view = world.view(delivery)
    assert view.state == "retract_unknown"
    assert "https://pretend.example/seen" in (view.question or "")
    world.settle(delivery, None)
    world.carry(delivery)
    assert world.view(delivery).state == "retracted"


def test_a_retract_waits_for_a_dead_token_to_be_renewed(world: World) -> None:
    delivery = published(world)
    world.far.script["retract"] = [Disconnected("The password was changed.")]
    retract(world, delivery)
    world.carry(delivery)
    waiting = world.view(delivery)

    with world.db.write() as session:
        account = accounts.by_id(session, world.account.id)
        account.version, account.state = account.version + 1, AccountState.OK
        session.get_one(Delivery, delivery).wake_at = world.clock.now()
    world.carry(delivery)

    assert waiting.state == "retracting"
    assert "password was changed" in waiting.sentence
    assert world.view(delivery).state == "retracted"


def test_what_was_taken_back_may_be_posted_again(world: World) -> None:
    delivery = published(world)
    retract(world, delivery)
    world.carry(delivery)

    with world.db.read() as session:
        album = session.get_one(Album, world.view(delivery).album_id)
    again = world.order_album(album)
    world.carry(again)

    assert again != delivery
    assert len(world.far.shown) == 1


def test_an_album_is_taken_back_everywhere_or_from_one_account(world: World) -> None:
    out = published(world)
    with world.db.write() as session:
        album = session.get_one(Album, world.view(out).album_id)
    second = add_account(world.db, world.services.vault, "pretend", {"secret": "canary"})
    elsewhere = replace(world, account=second).order_album(album)
    world.carry(elsewhere)
    waiting = world.order_album(album, again=True)

    def everywhere(**more: str) -> list[str]:
        with world.db.write() as session:
            now = world.clock.now()
            taken = ledger.retract_everywhere(session, album.id, now=now, **more)
        return [delivery.id for delivery in taken]

    of_one = everywhere(account_id=second.id)
    of_all = everywhere()
    for id_ in (out, elsewhere, waiting):
        world.carry(id_)

    assert of_one == [elsewhere]
    assert sorted(of_all) == sorted([out, waiting])
    assert [world.view(id_).state for id_ in (out, elsewhere, waiting)] == [
        "retracted", "retracted", "cancelled",
    ]  # fmt: skip
    assert world.far.shown == []
    assert everywhere() == []
