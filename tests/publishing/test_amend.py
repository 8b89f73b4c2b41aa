"""Changing what is out: in place where the network can, else by a post that replaces it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from gallery.albums import arrange, hiding
from gallery.errors import (
    Conflict,
    Disconnected,
    InvalidInput,
    NotFound,
    OutcomeUnknown,
    Refused,
    TryLater,
)
from gallery.models import AccountState, Aim, Album, Delivery, Photo, Step, StepState, Verb
from gallery.networks.contract import Limits, Receipt
from gallery.publishing import accounts, amend, compose, ledger, moves, transitions
from gallery.publishing.carry import Carrier
from gallery.publishing.plan import Plan
from gallery.publishing.situation import Situation
from tests.publishing.world import World

LOST = OutcomeUnknown("The answer was lost.")


def published(world: World, photos: int = 3) -> str:
    """A delivery that is out."""
    delivery = world.order(photos=photos)
    world.carry(delivery)
    assert world.view(delivery).state == "published"
    return delivery


def change(world: World, delivery: str, **more: Any) -> list[str]:
    """A person asks for it to be as the album is now; which deliveries that ordered."""
    with world.db.write() as session:
        found = amend.change(
            session,
            world.services.settings,
            lambda _account: world.far.limits,
            delivery,
            now=world.clock.now(),
            by=None,
            **more,
        )
    return [one.id for one in found]


def differing(world: World, delivery: str) -> list[amend.Difference]:
    """What differs, of the album of this delivery."""
    with world.db.read() as session:
        album = session.get_one(Album, world.view(delivery).album_id)
        return amend.differing(
            session,
            world.services.settings,
            lambda _account: world.far.limits,
            album,
            now=world.clock.now(),
        )


def caption(world: World, photo_id: str, text: str) -> None:
    """An editor says something else of a photo."""
    with world.db.write() as session:
        session.get_one(Photo, photo_id).caption = text


def in_album(world: World, delivery: str, what: Callable[[Any, Album], object]) -> None:
    """An editor changes the album of a delivery."""
    with world.db.write() as session:
        what(session, session.get_one(Album, world.view(delivery).album_id))


def text(world: World, delivery: str, words: str) -> None:
    """An editor writes another text."""
    in_album(world, delivery, lambda s, album: compose.save(s, album, compose.Wording(words)))


def test_what_equals_its_album_does_not_differ(world: World) -> None:
    delivery = published(world)

    assert differing(world, delivery) == []
    assert change(world, delivery) == [delivery]
    assert world.view(delivery).state == "published"
    assert world.row(delivery).edition == 1


def test_caption_alt_text_order_a_dropped_photo_and_the_text_are_changed_in_place(
    world: World,
) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    text(world, delivery, "Another text")
    in_album(world, delivery, lambda s, album: arrange.set_order(s, album, ["p00003"]))
    in_album(world, delivery, lambda s, album: hiding.hide(s, album, ["p00002"]))
    with world.db.write() as session:
        session.get_one(Photo, "p00003").alt_text = "Another alt text"

    (difference,) = differing(world, delivery)
    change(world, delivery)
    between = world.view(delivery)
    world.carry(delivery)

    assert (difference.can, difference.delivery_id) == ("amend", delivery)
    assert difference.changes.needs == {"text", "caption", "alt", "order", "drop"}
    assert between.state == "editing"
    (shown,) = world.far.shown
    assert shown.id == "post1"
    assert shown.text.startswith("Another text")
    assert shown.photos == ("p00003", "p00001")
    assert shown.captions == ("Caption 3", "Another caption")
    assert shown.alt_texts == ("Another alt text", "Alt 1")
    assert world.view(delivery).state == "published"
    assert (world.row(delivery).edition, differing(world, delivery)) == (2, [])


def test_changing_twice_is_once(world: World) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")

    change(world, delivery)
    world.carry(delivery)
    change(world, delivery)
    world.carry(delivery)

    assert world.far.calls.count("amend post1") == 1


def test_only_the_posts_that_differ_are_touched(world: World) -> None:
    delivery = published(world, photos=12)
    caption(world, "p00012", "Another caption")

    change(world, delivery)
    world.carry(delivery)

    assert [call for call in world.far.calls if call.startswith("amend")] == ["amend post2"]
    assert world.far.shown[1].captions[-1] == "Another caption"


@pytest.mark.parametrize("answer", ["commit and lose", LOST])
def test_an_unclear_answer_is_repeated_after_the_settle_window(
    world: World, answer: str | Exception
) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    world.far.script["amend"] = [answer]
    change(world, delivery)
    world.carrier.carry(delivery)
    waiting = world.row(delivery).wake_at
    asked_at = world.clock.now()

    world.carry(delivery)

    assert waiting == asked_at + timedelta(seconds=world.far.limits.settle_s)
    assert world.far.calls.count("amend post1") == 2
    assert world.view(delivery).state == "published"
    assert world.far.shown[0].captions[0] == "Another caption"


def test_a_second_change_waits_for_what_the_first_may_still_do(world: World) -> None:
    delivery = published(world)
    caption(world, "p00001", "Second thoughts")
    world.far.script["amend"] = [LOST]
    change(world, delivery)
    world.carrier.carry(delivery)
    world.carry(delivery)
    caption(world, "p00001", "Third thoughts")
    world.far.script["amend"] = [LOST]
    change(world, delivery)
    world.carrier.carry(delivery)
    with pytest.raises(Conflict, match="being changed already"):
        change(world, delivery)

    world.carry(delivery)

    assert world.far.shown[0].captions[0] == "Third thoughts"
    assert world.view(delivery).state == "published"


def test_a_wait_that_the_network_asks_for_is_kept(world: World) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    world.far.script["amend"] = [TryLater("Slow down.", 30.0)]

    change(world, delivery)
    world.carrier.carry(delivery)
    waiting = world.view(delivery)
    world.carry(delivery)

    assert (waiting.state, "Slow down." in waiting.sentence) == ("editing", True)
    assert world.view(delivery).state == "published"


def test_a_dead_token_keeps_a_change_waiting(world: World) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    world.far.script["amend"] = [Disconnected("The password was changed.")]
    change(world, delivery)
    world.carry(delivery)
    waiting = world.view(delivery)

    with world.db.write() as session:
        account = accounts.by_id(session, world.account.id)
        account.version, account.state = account.version + 1, AccountState.OK
        session.get_one(Delivery, delivery).wake_at = world.clock.now()
    world.carry(delivery)

    assert (waiting.state, waiting.offers) == ("editing", ("reconnect", "replace", "retract"))
    assert world.view(delivery).state == "published"


def test_a_refused_change_is_put_before_a_person_who_makes_it_by_hand(world: World) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    world.far.script["amend"] = [Refused("Too old to be changed.")]
    change(world, delivery)
    world.carry(delivery)
    asked = world.view(delivery)

    world.settle(delivery, "https://pretend.example/post1")
    world.carry(delivery)

    assert asked.state == "needs_human"
    assert "Too old to be changed." in (asked.question or "")
    assert asked.offers == ("seen", "not_seen", "replace", "retract")
    assert asked.asked is not None
    assert asked.asked.nth == 1
    after = world.view(delivery)
    assert (after.state, after.posts[0].remote_id) == ("published", "post1")


def test_a_refused_change_is_tried_again_if_a_person_says_so(world: World) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    world.far.script["amend"] = [Refused("Not now.")]
    change(world, delivery)
    world.carry(delivery)

    world.settle(delivery, None)
    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.far.shown[0].captions[0] == "Another caption"


def test_a_refused_change_can_be_made_by_replacing_the_post(world: World) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    world.far.script["amend"] = [Refused("Too old to be changed.")]
    change(world, delivery)
    world.carry(delivery)

    old, new = change(world, delivery, in_place=False)
    world.carry(old)
    world.carry(new)

    assert (world.view(old).state, world.view(new).state) == ("retracted", "published")
    assert [shown.captions[0] for shown in world.far.shown] == ["Another caption"]


def test_after_four_unclear_tries_a_person_is_asked(world: World) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    world.far.script["amend"] = [LOST] * 9

    change(world, delivery)
    world.carry(delivery)

    assert world.view(delivery).state == "needs_human"
    assert world.far.calls.count("amend post1") == 4


def test_a_post_that_somebody_removed_is_not_posted_again(world: World) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    world.far.shown.clear()

    change(world, delivery)
    world.carry(delivery)

    view = world.view(delivery)
    assert (view.state, [post.state for post in view.posts]) == ("retracted", ["gone"])
    assert "Removed on the network" in view.sentence
    assert world.far.shown == []


def test_one_removed_post_of_two_leaves_the_other_as_it_should_be(world: World) -> None:
    delivery = published(world, photos=12)
    text(world, delivery, "Another text")
    del world.far.shown[0]

    change(world, delivery)
    world.carry(delivery)

    view = world.view(delivery)
    assert (view.state, [post.state for post in view.posts]) == ("partial", ["gone", "live"])
    assert view.sentence == "1 of 2 posts are out. Removed on the network, not by us: post 1."
    assert view.offers == ("amend", "replace", "retract")
    assert world.far.shown[0].text.startswith("Another text")


def test_the_receipt_that_a_change_brings_is_kept(world: World) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    fresh = Receipt("post1", "https://pretend.example/moved", {"cid": "2"})
    world.far.script["amend"] = [fresh]

    change(world, delivery)
    world.carry(delivery)

    assert world.view(delivery).posts[0].url == "https://pretend.example/moved"
    assert world.view(delivery).state == "published"


def test_what_cannot_be_changed_in_place_is_replaced(world: World) -> None:
    delivery = published(world)
    world.far.limits = replace(world.far.limits, amend=frozenset({"text"}))
    caption(world, "p00001", "Another caption")
    (difference,) = differing(world, delivery)

    old, new = change(world, delivery)
    world.carrier.carry(new)
    waiting = world.view(new)
    both = list(world.far.shown)
    world.carry(old)
    woken = world.row(new).wake_at
    world.carry(new)

    assert difference.can == "replace"
    assert difference.changes.needs == {"caption"}
    assert (old, waiting.state, waiting.replaces) == (delivery, "waiting", old)
    assert "until the post that it replaces is gone" in waiting.sentence
    assert [post.id for post in both] == ["post1"]
    assert woken is not None
    assert (world.view(old).state, world.view(new).state) == ("retracted", "published")
    assert [post.captions[0] for post in world.far.shown] == ["Another caption"]
    assert world.row(new).round == 2


def test_a_replacement_waits_for_as_long_as_the_old_post_may_be_there(world: World) -> None:
    delivery = published(world)
    world.far.script["retract"] = [Refused("Not allowed.")]
    caption(world, "p00001", "Another caption")
    old, new = change(world, delivery, in_place=False)
    world.carry(old)
    world.carrier.carry(new)
    asked, waiting = world.view(old), world.view(new)

    world.settle(old, None)
    world.carry(old)
    world.carry(new)

    assert (asked.state, waiting.state) == ("retract_unknown", "waiting")
    assert world.view(new).state == "published"


def test_a_replacement_that_waits_can_be_cancelled(world: World) -> None:
    delivery = published(world)
    old, new = change(world, delivery, in_place=False)
    world.carrier.carry(new)

    with world.db.write() as session:
        ledger.cancel(session, new, now=world.clock.now())
    world.carry(old)
    world.carry(new)

    assert (world.view(old).state, world.view(new).state) == ("retracted", "cancelled")
    assert world.far.shown == []


def test_what_is_being_taken_back_is_not_replaced_again(world: World) -> None:
    delivery = published(world)
    change(world, delivery, in_place=False)

    with pytest.raises(Conflict, match="being taken back"):
        change(world, delivery, in_place=False)


def test_what_is_not_out_is_neither_changed_nor_replaced(world: World) -> None:
    delivery = world.order()
    caption(world, "p00001", "Another caption")

    with pytest.raises(Conflict, match="nothing to replace"):
        change(world, delivery)
    with pytest.raises(Conflict, match="nothing to change"):
        change(world, delivery, in_place=True)


def test_a_network_that_cannot_is_not_asked_to(world: World) -> None:
    delivery = published(world)
    world.far.limits = replace(world.far.limits, amend=frozenset())
    caption(world, "p00001", "Another caption")

    with pytest.raises(Conflict, match="replace the post instead"):
        change(world, delivery, in_place=True)


def test_taking_back_goes_before_changing(world: World) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    world.far.script["amend"] = [LOST]
    change(world, delivery)
    world.carrier.carry(delivery)

    with world.db.write() as session:
        ledger.retract(session, delivery, now=world.clock.now())
    world.carry(delivery)

    assert world.view(delivery).state == "retracted"
    assert world.far.calls.count("amend post1") == 1
    assert world.far.shown == []


def test_the_refused_rest_of_a_delivery_goes_out_as_it_was_corrected(world: World) -> None:
    world.far.script["publish"] = ["ok", Refused("No.")]
    delivery = world.order(photos=12)
    world.carry(delivery)
    caption(world, "p00012", "Another caption")

    change(world, delivery)
    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.far.shown[1].captions[-1] == "Another caption"
    assert [call for call in world.far.calls if call.startswith("amend")] == []


def queries(world: World, delivery: str) -> list[str]:
    """The statements that it takes to tell what differs."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(world.db.engine, "before_cursor_execute", note)
    differing(world, delivery)
    event.remove(world.db.engine, "before_cursor_execute", note)
    return seen


def test_differences_take_as_many_queries_for_three_as_for_one(world: World) -> None:
    delivery = published(world)
    one = queries(world, delivery)
    for _ in range(2):
        with world.db.read() as session:
            album = session.get_one(Album, world.view(delivery).album_id)
        world.carry(world.order_album(album, again=True))
    caption(world, "p00001", "Another caption")

    assert len(differing(world, delivery)) == 3
    assert len(queries(world, delivery)) == len(one)


def test_where_nothing_can_be_planned_nothing_is_offered(world: World) -> None:
    delivery = published(world, photos=1)
    in_album(world, delivery, lambda s, album: hiding.hide(s, album, ["p00001"]))

    (difference,) = differing(world, delivery)

    assert (difference.can, difference.plan) == ("leave", None)
    assert "No photo is ready" in difference.sentences[0]
    with pytest.raises(InvalidInput):
        change(world, delivery)


def test_an_album_that_is_nowhere_differs_nowhere(world: World) -> None:
    delivery = world.order()

    assert differing(world, delivery) == []


def test_an_account_whose_limits_are_not_known_is_left_alone(world: World) -> None:
    delivery = published(world)

    def unknown(_account: object) -> Limits:
        raise InvalidInput("This account's secret was sealed with another key.")

    with world.db.read() as session:
        album = session.get_one(Album, world.view(delivery).album_id)
        (found,) = amend.differing(
            session, world.services.settings, unknown, album, now=world.clock.now()
        )

    assert (found.can, found.sentences) == (
        "leave",
        ("This account's secret was sealed with another key.",),
    )


@pytest.fixture
def other(world: World) -> Iterator[Carrier]:
    """What a second process would carry with."""
    carrier = world.another_carrier()
    yield carrier
    carrier.close()


def test_a_change_that_a_living_process_is_sending_is_left_to_it(
    world: World, other: Carrier
) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    seen: list[str] = []

    def meanwhile() -> object:
        """While the call is on the wire the lease runs out, and later a person is asked."""
        for seconds in (61, 601):
            world.later(seconds)
            other.carry(delivery)
            seen.append(world.view(delivery).state)
        for answer in (None, "https://pretend.example/post1"):
            with pytest.raises(Conflict, match="may still be sending"):
                world.settle(delivery, answer)
        return "ok"

    world.far.script["amend"] = [meanwhile]
    change(world, delivery)
    world.carrier.carry(delivery)
    world.carry(delivery)

    assert seen == ["editing", "needs_human"]
    assert world.far.calls.count("amend post1") == 1
    assert world.view(delivery).state == "published"


def test_a_change_of_a_dead_process_is_repeated_after_the_settle_window(world: World) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    change(world, delivery)
    with world.db.write() as session:
        step = session.scalars(select(Step).where(Step.verb == Verb.AMEND)).one()
        step.state, step.attempt, step.sent_by = StepState.SENT, 1, "99999-dead"
        step.sent_at = world.clock.now()

    world.carrier.carry(delivery)
    waiting = (world.view(delivery).state, world.row(delivery).why)
    world.carry(delivery)

    assert waiting == ("editing", "settle")
    assert world.far.calls.count("amend post1") == 1
    assert world.view(delivery).state == "published"


def test_an_older_edition_ends_no_newer_one(world: World) -> None:
    delivery = published(world)
    caption(world, "p00001", "Another caption")
    change(world, delivery)

    with world.db.write() as session:
        transitions.apply(session, Situation.load(session, delivery), moves.Finished(edition=1))

    assert world.row(delivery).aim is Aim.AMEND


def test_an_equal_plan_is_no_order(world: World) -> None:
    delivery = published(world)

    with world.db.write() as session:
        plan = Plan.from_json(world.row(delivery).plan)
        ledger.amend(session, delivery, plan, world.far.limits, now=world.clock.now())

    assert (world.row(delivery).aim, world.row(delivery).edition) == (Aim.PUBLISH, 1)
    with pytest.raises(NotFound):
        change(world, "nothing")
