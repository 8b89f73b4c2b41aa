"""One post of a delivery is withdrawn on purpose; the others stay, and it never comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gallery.albums.removals import Request
from gallery.errors import Conflict, Disconnected, NotFound, OutcomeUnknown, Refused, TryLater
from gallery.models import (
    Account,
    AccountState,
    Aim,
    Album,
    Delivery,
    Photo,
    Source,
    State,
    Step,
    Verb,
)
from gallery.networks.contract import Profile, Receipt
from gallery.publishing import accounts, amend, copies, facts, ledger, takedown, withdrawing
from gallery.publishing.history import history
from gallery.publishing.plan import Plan
from tests.publishing.world import World

LOST = OutcomeUnknown("The answer was lost.")
REFUSED = Refused("Not allowed.")


@pytest.fixture
def out(world: World) -> str:
    """A delivery of three posts, all out."""
    world.far.limits = replace(world.far.limits, photos_per_post=2)
    delivery = world.order(photos=6)
    world.carry(delivery)
    assert world.view(delivery).state == "published"
    return delivery


def order(world: World, delivery: str, nth: int = 2) -> None:
    """A person wants this post gone."""
    with world.db.write() as session:
        withdrawing.withdraw(session, delivery, nth, now=world.clock.now())


def carry(world: World, delivery: str) -> None:
    """Carry it until nothing more is to be withdrawn, or a person is asked."""
    for _ in range(20):
        world.carrier.carry(delivery)
        view, wake_at = world.view(delivery), world.row(delivery).wake_at
        if "withdrawing" not in states(world, delivery) or view.question or wake_at is None:
            return
        world.clock.turn(wake_at)
    raise AssertionError("the post was never withdrawn")


def withdraw(world: World, delivery: str, nth: int = 2) -> None:
    order(world, delivery, nth)
    carry(world, delivery)


def states(world: World, delivery: str) -> list[str]:
    return [post.state for post in world.view(delivery).posts]


def ids(world: World) -> list[str]:
    """What strangers see."""
    return [post.id for post in world.far.shown]


def change(world: World, delivery: str, *, in_place: bool | None = None) -> list[str]:
    """A person wants it to be as the album is now."""
    with world.db.write() as session:
        found = amend.change(
            session, world.services.settings, lambda _account: world.far.limits, delivery,
            now=world.clock.now(), by=None, in_place=in_place,
        )  # fmt: skip
        return [one.id for one in found]


def take_down(world: World, photo: str) -> list[str]:
    with world.db.write() as session:
        taken = takedown.take_down(
            session, world.services.settings, lambda _account: world.far.limits, photo,
            now=world.clock.now(), by=None,
        )  # fmt: skip
        return [one.id for one in taken.deliveries]


def late_receipt(world: World, delivery: str, nth: int, remote_id: str) -> None:
    """An answer that nobody waited for any more says that post `nth` is there under this id."""
    with world.db.write() as session:
        row = session.query(Step).filter_by(delivery_id=delivery, nth=nth, verb=Verb.PUBLISH).one()
        receipt = Receipt(remote_id, f"https://pretend.example/{remote_id}")
        facts.record(session, Source.ANSWER, [(row, receipt)], now=world.clock.now())


def test_only_that_post_goes_and_the_sentence_says_that_it_was_us(world: World, out: str) -> None:
    order(world, out)
    between = world.view(out)
    carry(world, out)

    view = world.view(out)
    assert (between.state, between.over, between.offers) == ("published", False, ("retract",))
    assert between.sentence == "Published. Being withdrawn: post 2."
    assert [post.may_be_withdrawn for post in between.posts] == [True, False, True]
    assert (view.state, view.over, states(world, out)) == (
        "partial", True, ["live", "withdrawn", "live"],
    )  # fmt: skip
    assert view.sentence == "2 of 3 posts are out.  Withdrawn by us: post 2.".replace("  ", " ")
    assert ids(world) == ["post1", "post3"]
    assert view.to_json()["posts"][1]["state"] == "withdrawn"
    assert {photo.state for photo in view.posts[1].photos} == {"gone"}


def test_it_stands_in_the_history(world: World, out: str) -> None:
    withdraw(world, out)

    services = world.services
    with world.db.read() as session:
        told = history(session, services.vault, services.settings, out)
    assert "Post 2 is gone from the network." in [event.says for event in told.events]


def test_withdrawing_twice_is_once(world: World, out: str) -> None:
    order(world, out)
    withdraw(world, out)
    withdraw(world, out)

    assert world.far.calls.count("retract post2") == 1
    assert world.view(out).state == "partial"


def test_two_posts_can_be_withdrawn(world: World, out: str) -> None:
    order(world, out, 1)
    order(world, out, 2)
    between = world.view(out)
    carry(world, out)

    view = world.view(out)
    assert between.sentence == "Published. Being withdrawn: posts 1 and 2."
    assert (view.state, ids(world)) == ("partial", ["post3"])
    assert "Withdrawn by us: posts 1 and 2." in view.sentence


def test_the_last_one_that_is_left_takes_all_back(world: World, out: str) -> None:
    withdraw(world, out, 1)
    order(world, out, 3)
    order(world, out, 2)
    order(world, out, 2)
    world.carry(out)

    row = world.row(out)
    assert (row.aim, row.state) == (Aim.RETRACT, State.RETRACTED)
    assert ids(world) == []
    assert "Withdrawn" not in world.view(out).sentence


def test_what_is_not_there_or_not_out_cannot_be_withdrawn(world: World) -> None:
    world.far.limits = replace(world.far.limits, photos_per_post=2)
    world.far.script["publish"] = ["ok", REFUSED]
    delivery = world.order(photos=4)
    with pytest.raises(NotFound):
        order(world, delivery, 3)
    world.carry(delivery, until=lambda _row: True)

    with pytest.raises(Conflict, match="not out"):
        order(world, delivery, 2)


def test_while_the_delivery_is_under_way_no_post_is_withdrawn_alone(world: World, out: str) -> None:
    with world.db.write() as session:
        session.get_one(Delivery, out).state = State.GOING

    with pytest.raises(Conflict, match="under way"):
        order(world, out)


@pytest.mark.parametrize("answer", ["commit and lose", LOST, TryLater("Later.", 30.0)])
def test_an_unclear_answer_is_followed_by_another_try(
    world: World, out: str, answer: str | Exception
) -> None:
    world.far.script["retract"] = [answer]
    order(world, out)
    world.carrier.carry(out)
    between = world.view(out)
    carry(world, out)

    assert between.state == "published"
    assert "Being withdrawn: post 2." in between.sentence
    assert ids(world) == ["post1", "post3"]
    assert world.far.calls.count("retract post2") == 2


def test_the_rest_of_a_partial_delivery_stays_as_it_was(world: World) -> None:
    world.far.limits = replace(world.far.limits, photos_per_post=2)
    world.far.script["publish"] = ["ok", "ok", REFUSED]
    delivery = world.order(photos=6)
    world.carry(delivery)
    order(world, delivery, 1)
    with pytest.raises(Conflict, match="being withdrawn"), world.db.write() as session:
        ledger.go_on(session, delivery, now=world.clock.now())
    carry(world, delivery)
    stands = world.view(delivery)

    befores = world.far.befores
    with world.db.write() as session:
        ledger.go_on(session, delivery, now=world.clock.now())
    world.carry(delivery)

    assert stands.sentence == "1 of 3 posts are out. Not allowed. Withdrawn by us: post 1."
    assert stands.offers == ("go_on", "amend", "replace", "retract")
    assert ids(world) == ["post2", "post3"]
    assert befores[-1] == ["post2"]
    view = world.view(delivery)
    assert (view.state, view.sentence) == (
        "partial", "2 of 3 posts are out. Withdrawn by us: post 1.",
    )  # fmt: skip


def test_all_that_is_out_withdrawn_leaves_nothing_live(world: World) -> None:
    world.far.limits = replace(world.far.limits, photos_per_post=2)
    world.far.script["publish"] = ["ok", REFUSED]
    delivery = world.order(photos=4)
    world.carry(delivery)

    withdraw(world, delivery, 1)

    assert world.view(delivery).state == "retracted"
    assert ids(world) == []


@pytest.mark.parametrize("cause", ["refused", "by hand", "four unclear tries"])
def test_what_no_program_removes_is_put_before_a_person(world: World, out: str, cause: str) -> None:
    if cause == "by hand":
        world.far.limits = replace(world.far.limits, retract="by_hand")
    world.far.script["retract"] = [REFUSED] if cause == "refused" else [LOST] * 4
    withdraw(world, out)
    asked = world.view(out)

    world.settle(out, None)
    world.carrier.carry(out)

    assert (asked.state, asked.offers[:2]) == ("retract_unknown", ("seen", "not_seen"))
    assert "https://pretend.example/post2" in (asked.question or "")
    assert asked.sentence == asked.question
    assert asked.asked is not None
    assert asked.asked.nth == 2
    assert world.view(out).state == "partial"
    assert states(world, out) == ["live", "withdrawn", "live"]


def test_what_is_still_there_is_tried_again(world: World, out: str) -> None:
    world.far.script["retract"] = [REFUSED]
    withdraw(world, out)

    world.settle(out, "still there")
    between = world.view(out)
    carry(world, out)

    assert between.state == "published"
    assert ids(world) == ["post1", "post3"]
    assert world.far.calls.count("retract post2") == 2


def test_another_post_can_be_withdrawn_while_one_is_asked_about(world: World, out: str) -> None:
    world.far.limits = replace(world.far.limits, retract="by_hand")
    withdraw(world, out, 2)
    may = [post.may_be_withdrawn for post in world.view(out).posts]
    withdraw(world, out, 3)
    third = world.view(out)
    world.settle(out, None)
    world.carrier.carry(out)
    second = world.view(out)
    world.settle(out, None)
    world.carrier.carry(out)

    assert may == [True, False, True]
    assert (third.asked and third.asked.nth, second.asked and second.asked.nth) == (3, 2)
    assert states(world, out) == ["live", "withdrawn", "withdrawn"]
    assert not any(call.startswith("retract") for call in world.far.calls)


def test_an_answer_that_comes_while_a_person_is_asked_counts(world: World, out: str) -> None:
    world.far.script["retract"] = [REFUSED]
    withdraw(world, out)
    with world.db.write() as session:
        row = session.query(Step).filter_by(delivery_id=out, verb=Verb.RETRACT).one()
        facts.record(session, Source.ANSWER, [(row, facts.Removed())], now=world.clock.now())
    world.carrier.carry(out)

    view = world.view(out)
    assert (view.state, view.question) == ("partial", None)
    assert states(world, out) == ["live", "withdrawn", "live"]


@pytest.mark.parametrize("found", [True, False])
def test_a_post_known_by_its_address_is_looked_up_first(world: World, found: bool) -> None:
    world.far.limits = replace(world.far.limits, photos_per_post=2)
    world.far.script["publish"] = ["commit and lose"]
    world.far.script["find"] = ["cannot tell"]
    delivery = world.order(photos=6)
    world.carry(delivery)
    world.later(1)
    world.settle(delivery, "https://pretend.example/typed")
    world.carry(delivery)
    world.far.script["find"] = ["ok" if found else "nothing"]
    withdraw(world, delivery, 1)
    asked = world.view(delivery)
    late_receipt(world, delivery, 1, "post1")
    world.carrier.carry(delivery)

    assert (asked.state, "typed" in (asked.question or "")) == (
        ("partial", False) if found else ("retract_unknown", True)
    )
    assert (world.view(delivery).state, world.view(delivery).question) == ("partial", None)
    assert "post1" not in ids(world)
    assert world.far.calls.count("retract post1") == 1


@pytest.mark.parametrize("state", [AccountState.DISCONNECTED, AccountState.LEAVING])
def test_it_waits_for_its_account_unless_that_is_being_left(
    world: World, out: str, state: AccountState
) -> None:
    with world.db.write() as session:
        session.get_one(Account, world.account.id).state = state
    order(world, out)
    world.carrier.carry(out)
    waiting = world.view(out)
    with world.db.write() as session:
        connected = accounts.by_id(session, world.account.id)
        connected.state = AccountState.OK
    world.later(3601)
    carry(world, out)

    left = state is AccountState.LEAVING
    assert waiting.posts[1].state == ("withdrawn" if left else "withdrawing")
    assert ("until the account is connected again" in waiting.sentence) is not left
    assert ids(world) == ["post1", "post3"]


def test_connecting_the_account_again_lets_it_go_on_at_once(world: World, out: str) -> None:
    world.far.script["retract"] = [Disconnected("The password was changed.")]
    order(world, out)
    world.carrier.carry(out)
    waits_until = world.row(out).wake_at
    with world.db.write() as session:
        accounts.connect(
            session, world.services.vault, "pretend", {"secret": "new"},
            Profile(world.account.remote_id, "Club"), now=world.clock.now(),
        )  # fmt: skip

    assert waits_until is not None
    assert waits_until > world.clock.now()
    assert world.row(out).wake_at == world.clock.now()


def test_taking_all_back_goes_on_where_the_withdrawal_is(world: World, out: str) -> None:
    world.far.script["retract"] = [REFUSED]
    withdraw(world, out)
    with world.db.write() as session:
        ledger.retract(session, out, now=world.clock.now())
    world.carry(out)
    asked = world.view(out)
    world.settle(out, None)
    world.carry(out)

    assert (asked.state, asked.asked and asked.asked.nth) == ("retract_unknown", 2)
    assert world.view(out).state == "retracted"
    assert [post.state for post in world.view(out).posts] == ["gone", "gone", "gone"]


def test_what_somebody_else_removed_is_told_apart(world: World, out: str) -> None:
    withdraw(world, out)
    world.far.shown = [post for post in world.far.shown if post.id != "post3"]
    with world.db.write() as session:
        session.get_one(Photo, "p00005").caption = "Mended"
    change(world, out)
    world.carry(out)

    view = world.view(out)
    assert view.sentence == (
        "1 of 3 posts are out. Removed on the network, not by us: post 3. Withdrawn by us: post 2."
    )
    assert states(world, out) == ["live", "withdrawn", "gone"]


# it never comes back


def test_an_amend_leaves_it_out(world: World, out: str) -> None:
    withdraw(world, out)
    with world.db.write() as session:
        for photo in ("p00001", "p00003"):
            session.get_one(Photo, photo).caption = "Mended"
    assert change(world, out) == [out]
    world.carry(out)

    assert ids(world) == ["post1", "post3"]
    assert world.far.shown[0].captions == ("Mended", "Caption 2")
    assert "amend post2" not in world.far.calls
    assert states(world, out) == ["live", "withdrawn", "live"]


def test_while_it_leaves_nothing_is_changed_in_place(world: World, out: str) -> None:
    order(world, out)
    with world.db.write() as session:
        session.get_one(Photo, "p00001").caption = "Mended"

    with pytest.raises(Conflict, match="being withdrawn"):
        change(world, out)


def test_what_replaces_the_delivery_is_without_its_photos_for_good(world: World, out: str) -> None:
    withdraw(world, out)

    _old, new = change(world, out, in_place=False)
    world.carry(out)
    world.carry(new)
    with world.db.read() as session:
        album = session.get_one(Album, world.view(new).album_id)
        differing = amend.differing(
            session, world.services.settings, lambda _account: world.far.limits, album,
            now=world.clock.now(),
        )  # fmt: skip
    _older, newest = change(world, new, in_place=False)
    world.carry(new)
    world.carry(newest)

    assert world.view(newest).state == "published"
    assert [post.photos for post in world.far.shown] == [("p00001", "p00002"), ("p00005", "p00006")]
    assert differing == []


def test_a_new_order_by_a_person_holds_all_photos(world: World, out: str) -> None:
    withdraw(world, out)
    with world.db.read() as session:
        album = session.get_one(Album, world.view(out).album_id)

    again = world.order_album(album, again=True)

    with world.db.read() as session:
        plan = Plan.from_json(session.get_one(Delivery, again).plan)
    assert sum(len(post.photos) for post in plan.posts) == 6
    assert plan.withdrawn == ()


def test_a_plan_that_was_stored_before_there_were_withdrawals_is_read(
    world: World, out: str
) -> None:
    stored = dict(world.row(out).plan)
    del stored["withdrawn"]

    assert Plan.from_json(stored).withdrawn == ()


def test_a_photo_of_it_that_is_taken_down_counts_as_gone(world: World, out: str) -> None:
    withdraw(world, out)
    calls = len(world.far.calls)

    assert take_down(world, "p00003") == []
    world.carrier.carry(out)

    assert len(world.far.calls) == calls
    assert ids(world) == ["post1", "post3"]


def test_a_request_is_closed_when_the_withdrawn_post_is_gone(world: World, out: str) -> None:
    world.far.limits = replace(world.far.limits, amend=frozenset())
    with world.db.write() as session:
        request = takedown.ask(
            session, world.services.settings, lambda _account: world.far.limits, "p00003",
            Request(who="me"), now=world.clock.now(),
        )  # fmt: skip
        request_id = request.id
    withdraw(world, out)

    with world.db.write() as session:
        taken = takedown.remove(
            session, world.services.settings, lambda _account: world.far.limits, request_id,
            now=world.clock.now(), by=None,
        )  # fmt: skip
        state = taken.removals[0].state
    assert state.value == "removed"


def test_a_photo_of_a_post_that_stays_is_dropped_and_then_it_leaves(world: World, out: str) -> None:
    order(world, out)
    take_down(world, "p00001")
    world.carry(out)

    assert [post.photos for post in world.far.shown] == [("p00002",), ("p00005", "p00006")]
    assert world.far.calls[-2:] == ["amend post1", "retract post2"]
    assert world.view(out).state == "partial"


def test_its_second_copy_goes_too(world: World, out: str) -> None:
    late_receipt(world, out, 2, "other")
    late_receipt(world, out, 3, "third")
    world.carrier.carry(out)
    withdraw(world, out)

    copy, third = world.view(out).copies
    assert (copy.state, third.state) == ("gone", "open")
    assert sorted(world.far.calls[-2:]) == ["retract other", "retract post2"]


def test_a_copy_that_was_kept_stays(world: World, out: str) -> None:
    late_receipt(world, out, 2, "other")
    world.carrier.carry(out)
    with world.db.write() as session:
        copies.keep(session, out, world.view(out).copies[0].id)
    withdraw(world, out)

    assert world.view(out).copies[0].state == "kept"
    assert "retract other" not in world.far.calls


def test_a_copy_that_only_a_person_can_remove_is_left_to_one(world: World, out: str) -> None:
    world.far.limits = replace(world.far.limits, retract="by_hand")
    late_receipt(world, out, 2, "other")
    withdraw(world, out)
    world.settle(out, None)
    world.carrier.carry(out)

    view = world.view(out)
    assert (view.state, view.copies[0].state) == ("partial", "open")


# second looks


def test_second_looks_at_other_posts_are_taken_while_a_person_is_asked(world: World) -> None:
    world.far.limits = replace(world.far.limits, photos_per_post=2)
    world.far.script["publish"] = ["commit and lose"]
    world.far.script["find"] = ["nothing"] * 5
    delivery = world.order(photos=4)
    world.carry(delivery)
    world.far.script["retract"] = [REFUSED]
    world.far.script["find"] = []
    withdraw(world, delivery, 2)
    asked = world.row(delivery)
    wake_at = asked.wake_at
    assert wake_at is not None
    world.clock.turn(wake_at)
    world.carrier.carry(delivery)

    assert asked.state is State.NEEDS_HUMAN
    assert world.row(delivery).state is State.NEEDS_HUMAN
    assert len(world.view(delivery).copies) == 1
