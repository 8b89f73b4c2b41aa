"""Taking one photo down: it is nowhere live at the end, and all else stands as it was approved."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from gallery.albums import tombstones
from gallery.albums.removals import Request
from gallery.errors import Conflict, InvalidInput, NotFound, OutcomeUnknown, Refused, TryLater
from gallery.models import (
    AccountState,
    Album,
    Delivery,
    Draft,
    Photo,
    PhotoState,
    Post,
    PostState,
    Removal,
    RemovalState,
    State,
    Verb,
)
from gallery.networks.contract import Limits
from gallery.publishing import accounts, compose, ledger, takedown
from gallery.publishing.situation import Situation
from tests.publishing.world import World, add_album

LOST = OutcomeUnknown("The answer was lost.")
GONE = "p00002"


def limits_of(world: World) -> Callable[[object], Limits]:
    """What every account of this world can do."""
    return lambda _account: world.far.limits


def take_down(world: World, photo: str = GONE, **more: Any) -> list[str]:
    """An editor takes a photo down; which deliveries that touched."""
    with world.db.write() as session:
        given = {"limits_of": limits_of(world), **more}
        taken = takedown.take_down(
            session,
            world.services.settings,
            photo_id=photo,
            now=world.clock.now(),
            by=None,
            **given,
        )
    return [delivery.id for delivery in taken.deliveries]


def carry_all(world: World, ids: list[str]) -> None:
    """Carry these deliveries, first come first served, until each stands."""
    for id_ in ids:
        world.carry(id_)


def published(world: World, photos: int = 3) -> str:
    """A delivery that is out."""
    delivery = world.order(photos=photos)
    world.carry(delivery)
    return delivery


def removal(world: World) -> RemovalState:
    """Where the only request stands."""
    with world.db.read() as session:
        return session.scalars(select(Removal)).one().state


def shown(world: World) -> list[str]:
    """Every photo that strangers see, post by post."""
    return [photo for post in world.far.shown for photo in post.photos]


def in_place_no_more(world: World) -> None:
    """The network can't drop a photo from a post."""
    world.far.limits = replace(world.far.limits, amend=frozenset({"text"}))


def test_a_photo_is_dropped_where_it_stands(world: World) -> None:
    delivery = published(world)

    touched = take_down(world)
    between = removal(world)
    carry_all(world, touched)

    assert touched == [delivery]
    assert shown(world) == ["p00001", "p00003"]
    assert [post.id for post in world.far.shown] == ["post1"]
    assert world.view(delivery).state == "published"
    assert (between, removal(world)) == (RemovalState.REMOVING, RemovalState.REMOVED)


def test_where_the_network_cannot_drop_it_the_post_is_replaced(world: World) -> None:
    delivery = published(world)
    in_place_no_more(world)

    old, new = take_down(world)
    carry_all(world, [old, new])

    assert old == delivery
    assert (world.view(old).state, world.view(new).state) == ("retracted", "published")
    assert shown(world) == ["p00001", "p00003"]
    assert [post.id for post in world.far.shown] == ["post2"]
    assert removal(world) is RemovalState.REMOVED


def test_the_last_photo_of_an_album_is_only_taken_back(world: World) -> None:
    delivery = published(world, photos=1)

    touched = take_down(world, "p00001")
    carry_all(world, touched)

    assert touched == [delivery]
    assert world.view(delivery).state == "retracted"
    assert world.far.shown == []
    assert removal(world) is RemovalState.REMOVED


def test_a_post_that_would_be_empty_is_replaced_with_its_whole_delivery(world: World) -> None:
    world.far.limits = replace(world.far.limits, photos_per_post=1)
    published(world)

    touched = take_down(world)
    carry_all(world, touched)

    assert len(touched) == 2
    assert shown(world) == ["p00001", "p00003"]
    assert [post.text[-5:] for post in world.far.shown] != ["(1/3)", "(3/3)"]


def test_what_is_not_sent_yet_goes_out_without_it(world: World) -> None:
    delivery = world.order()

    touched = take_down(world)
    carry_all(world, touched)

    assert touched == [delivery]
    assert shown(world) == ["p00001", "p00003"]
    assert world.view(delivery).state == "published"
    assert removal(world) is RemovalState.REMOVED


def test_what_was_staged_for_it_is_thrown_away_when_the_rest_is_out(world: World) -> None:
    delivery = world.order()
    world.far.script["compose"] = [OutcomeUnknown("Lost.")]
    world.carrier.carry(delivery)

    take_down(world)
    world.carry(delivery)

    assert shown(world) == ["p00001", "p00003"]
    assert "discard u1 u2 u3" in world.far.calls
    assert world.far.calls[-1].startswith("discard")


def test_the_only_photo_of_what_is_not_sent_yet_cancels_it(world: World) -> None:
    delivery = world.order(photos=1)

    touched = take_down(world, "p00001")
    carry_all(world, touched)

    assert world.view(delivery).state == "cancelled"
    assert world.far.shown == []
    assert removal(world) is RemovalState.REMOVED


def test_fewer_posts_are_needed_without_it(world: World) -> None:
    delivery = world.order(photos=11)

    carry_all(world, take_down(world, "p00011"))

    assert [len(post.photos) for post in world.far.shown] == [10]
    view = world.view(delivery)
    assert [post.state for post in view.posts] == ["live"]


def test_more_posts_are_needed_if_the_network_takes_less(world: World) -> None:
    delivery = world.order()
    world.far.limits = replace(world.far.limits, photos_per_post=1)

    carry_all(world, take_down(world))

    assert [post.photos for post in world.far.shown] == [("p00001",), ("p00003",)]
    assert [post.state for post in world.view(delivery).posts] == ["live", "live"]


def test_what_waits_for_approval_or_its_time_is_planned_without_it(world: World) -> None:
    delivery = world.order()
    for state in (State.PROPOSED, State.SCHEDULED, State.MISSED):
        with world.db.write() as session:
            session.get_one(Delivery, delivery).state = state
        gone = {State.PROPOSED: "p00001", State.SCHEDULED: "p00002"}.get(state)
        if gone is not None:
            take_down(world, gone)
            assert world.row(delivery).state is state

    assert [photo.id for photo in world.view(delivery).posts[0].photos] == ["p00003"]


def revise(world: World, delivery: str) -> None:
    """Somebody changes the draft after it was ordered."""
    with world.db.write() as session:
        draft = session.get_one(Draft, world.row(delivery).draft_id)
        compose.save(session, session.get_one(Album, draft.album_id), compose.Wording("Later"))


def test_what_somebody_else_changed_meanwhile_still_has_to_be_approved(world: World) -> None:
    delivery = world.order()
    revise(world, delivery)

    carry_all(world, take_down(world))

    assert world.view(delivery).state == "proposed"
    assert GONE not in [photo.id for photo in world.view(delivery).posts[0].photos]
    assert world.far.shown == []


def test_a_changed_plan_that_has_to_be_made_anew_waits_for_approval(world: World) -> None:
    world.far.limits = replace(world.far.limits, photos_per_post=1)
    delivery = world.order()
    revise(world, delivery)

    carry_all(world, take_down(world))

    view = world.view(delivery)
    assert (view.state, len(view.posts)) == ("proposed", 2)
    assert world.far.shown == []


def test_half_way_through_the_rest_goes_out_without_it(world: World) -> None:
    delivery = world.order(photos=12)
    world.carry(delivery, until=lambda _d: len(world.far.shown) == 1)
    while not world.far.shown:
        world.carrier.carry(delivery)
    in_place_no_more(world)

    carry_all(world, take_down(world, "p00012"))

    assert "p00012" not in shown(world)
    assert len(shown(world)) == 11


def test_the_refused_rest_is_planned_without_it(world: World) -> None:
    world.far.script["publish"] = ["ok", Refused("No.")]
    delivery = published(world, photos=12)
    in_place_no_more(world)

    touched = take_down(world, "p00012")
    carry_all(world, touched)

    assert touched == [delivery]
    assert [len(post.photos) for post in world.far.shown] == [6, 5]


def test_an_unknown_publish_is_settled_and_then_replaced(world: World) -> None:
    world.far.script["publish"] = ["commit and lose"]
    delivery = world.order()
    world.carrier.carry(delivery)

    old, new = take_down(world)
    carry_all(world, [old, new])

    assert (world.view(old).state, world.view(new).state) == ("retracted", "published")
    assert shown(world) == ["p00001", "p00003"]


@pytest.mark.parametrize("second", [LOST, TryLater("Slow down.", 7_200.0)])
def test_what_appears_after_it_was_taken_for_absent_is_removed(
    world: World, second: Exception
) -> None:
    world.far.script["publish"] = ["commit and lose", second]
    world.far.script["find"] = ["nothing"] * 9
    delivery = world.order()
    world.carry(delivery, until=lambda _d: world.far.calls.count("publish 1") == 2)

    old, new = take_down(world)
    carry_all(world, [old, new])
    world.far.script["find"].clear()
    world.later(3_601)
    carry_all(world, [old, new])

    assert shown(world) == ["p00001", "p00003"]
    assert world.view(new).state == "published"
    assert [post.id for post in world.far.shown] != ["post1"]


def test_a_plan_that_is_made_anew_during_an_upload_is_the_one_that_goes_out(world: World) -> None:
    delivery = world.order()
    world.far.script["compose"] = [lambda: take_down(world)]

    world.carry(delivery)

    assert shown(world) == ["p00001", "p00003"]
    assert world.far.calls.count("publish 1") == 1
    assert world.view(delivery).state == "published"


def intends(
    world: World, delivery: str, verb: Verb, then: Callable[[], object], *, nth: int = 1
) -> bool:
    """Whether a worker that read its rows before `then` happened would still send its step."""
    with world.db.read() as session:
        s = Situation.load(session, delivery)
    step = next(step for step in s.steps if (step.verb, step.nth) == (verb, nth))
    then()
    with world.db.write() as session:
        session.get_one(Delivery, delivery).wake_at = world.clock.now()
    with world.carrier.claims.taken(delivery) as claim:
        assert claim is not None
        return world.carrier.calls.intend(claim, s, step, world.far.limits)


@pytest.mark.parametrize(("photos_per_post", "nth"), [(10, 1), (1, 1), (1, 3)])
def test_nothing_is_sent_of_a_plan_that_was_made_anew_meanwhile(
    world: World, photos_per_post: int, nth: int
) -> None:
    world.far.limits = replace(world.far.limits, photos_per_post=photos_per_post)
    delivery = world.order()

    assert not intends(world, delivery, Verb.STAGE, lambda: take_down(world), nth=nth)

    assert (world.row(delivery).state, world.facts(delivery)) == (State.GOING, [])
    world.carry(delivery)
    assert shown(world) == ["p00001", "p00003"]


def test_an_older_change_is_not_sent_once_a_newer_one_was_ordered(world: World) -> None:
    delivery = published(world)
    take_down(world, "p00001")

    assert not intends(world, delivery, Verb.AMEND, lambda: take_down(world, "p00002"))

    assert "amend" not in [verb for verb, _outcome in world.facts(delivery)]


def test_a_change_that_is_overtaken_on_the_wire_is_followed_by_the_next(world: World) -> None:
    delivery = published(world)
    take_down(world, "p00001")
    world.far.script["amend"] = [lambda: take_down(world, "p00002")]

    world.carry(delivery)

    assert shown(world) == ["p00003"]
    assert world.far.calls.count("amend post1") == 2
    assert world.view(delivery).state == "published"


def test_asking_touches_nothing_that_may_still_appear(world: World) -> None:
    world.far.script["publish"] = ["commit and lose", TryLater("Slow down.", 7_200.0)]
    world.far.script["find"] = ["nothing"] * 9
    delivery = world.order()
    world.carry(delivery, until=lambda _d: world.far.calls.count("publish 1") == 2)
    before = world.row(delivery).plan

    ask(world)

    assert world.row(delivery).plan == before


def test_a_refused_drop_waits_for_a_person_and_the_request_stays_open(world: World) -> None:
    delivery = published(world)
    world.far.script["amend"] = [Refused("Too old.")]
    carry_all(world, take_down(world))
    asked, open_ = world.view(delivery), removal(world)

    world.settle(delivery, "https://pretend.example/post1")
    world.carry(delivery)

    assert (asked.state, open_) == ("needs_human", RemovalState.REMOVING)
    assert removal(world) is RemovalState.REMOVED


def test_a_post_that_no_program_can_remove_waits_for_a_person(world: World) -> None:
    world.far.limits = replace(world.far.limits, amend=frozenset(), retract="by_hand")
    published(world)
    old, new = take_down(world)
    carry_all(world, [old, new])
    asked, open_ = world.view(old), removal(world)

    world.settle(old, None)
    carry_all(world, [old, new])

    assert "https://pretend.example/post1" in (asked.question or "")
    assert open_ is RemovalState.REMOVING
    assert world.view(new).state == "published"
    assert removal(world) is RemovalState.REMOVED


def test_two_photos_one_after_the_other(world: World) -> None:
    delivery = published(world)
    world.far.script["amend"] = [LOST]
    take_down(world, "p00001")
    world.carrier.carry(delivery)

    carry_all(world, take_down(world, "p00002"))

    assert shown(world) == ["p00003"]
    assert world.view(delivery).state == "published"


def test_what_is_being_taken_back_already_is_not_replaced(world: World) -> None:
    delivery = published(world)
    with world.db.write() as session:
        ledger.retract(session, delivery, now=world.clock.now())

    carry_all(world, take_down(world))

    assert world.far.shown == []
    assert removal(world) is RemovalState.REMOVED
    assert take_down(world, "p00001") == []


def test_a_replacement_that_still_waits_is_planned_without_the_next_photo(world: World) -> None:
    published(world)
    in_place_no_more(world)
    old, new = take_down(world, "p00001")

    again = take_down(world, "p00002")
    carry_all(world, [old, new])

    assert set(again) == {old, new}
    assert shown(world) == ["p00003"]


def test_an_account_that_cannot_be_spoken_to_is_taken_back_later(world: World) -> None:
    delivery = published(world)

    def unknown(_account: object) -> Limits:
        raise InvalidInput("This account's secret was sealed with another key.")

    assert take_down(world, limits_of=unknown) == [delivery]
    assert world.view(delivery).state == "retracting"


def test_nothing_is_posted_anew_to_an_account_that_was_removed(world: World) -> None:
    delivery = published(world)
    in_place_no_more(world)
    with world.db.write() as session:
        accounts.by_id(session, world.account.id).state = AccountState.REMOVED

    assert take_down(world) == [delivery]


def test_the_picture_is_hidden_in_every_album_that_has_it(world: World) -> None:
    published(world)
    other = add_album(world.db, 2, prefix="q")
    with world.db.write() as session:
        same = session.get_one(Photo, GONE).sha256
        session.get_one(Photo, "q00001").sha256 = same
    elsewhere = world.order_album(other)
    world.carry(elsewhere)

    carry_all(world, take_down(world))

    assert {GONE, "q00001"}.isdisjoint(shown(world))
    with world.db.read() as session:
        states = [session.get_one(Photo, id_).state for id_ in (GONE, "q00001", "q00002")]
    assert states == [PhotoState.HIDDEN, PhotoState.HIDDEN, PhotoState.READY]


def test_a_photo_that_is_not_there_is_not_found(world: World) -> None:
    published(world)
    with world.db.write() as session:
        session.get_one(Photo, "p00003").state = PhotoState.REJECTED

    for photo in ("zzzzzz", "p00003"):
        with pytest.raises(NotFound):
            take_down(world, photo)


def ask(world: World, photo: str = GONE, **more: Any) -> Removal:
    """A visitor asks for a photo to go."""
    with world.db.write() as session:
        return takedown.ask(
            session,
            world.services.settings,
            limits_of(world),
            photo,
            Request(who="me", sender="hash", **more),
            now=world.clock.now(),
        )


def test_asking_hides_here_and_leaves_what_is_out_to_a_decision(world: World) -> None:
    out = published(world)
    with world.db.read() as session:
        album = session.get_one(Album, world.view(out).album_id)
    waiting = world.order_album(album, again=True)

    request = ask(world)
    carry_all(world, [out, waiting])

    assert (request.state, request.hid) == (RemovalState.OPEN, True)
    assert [post.photos for post in world.far.shown] == [
        ("p00001", "p00002", "p00003"),
        ("p00001", "p00003"),
    ]


def test_deciding_to_keep_it_shows_it_again(world: World) -> None:
    published(world)
    request = ask(world)

    with world.db.write() as session:
        takedown.keep(session, request.id, now=world.clock.now(), by="somebody")

    with world.db.read() as session:
        assert session.get_one(Photo, GONE).state is PhotoState.READY
    with pytest.raises(Conflict, match="decided already"), world.db.write() as session:
        takedown.keep(session, request.id, now=world.clock.now(), by="somebody")


def test_deciding_to_remove_it_takes_it_down_everywhere(world: World) -> None:
    published(world)
    request = ask(world)

    def remove() -> takedown.Taken:
        with world.db.write() as session:
            return takedown.remove(
                session,
                world.services.settings,
                limits_of(world),
                request.id,
                now=world.clock.now(),
                by="somebody",
            )

    taken = remove()
    carry_all(world, [delivery.id for delivery in taken.deliveries])

    assert [(one.id, one.decided_by) for one in taken.removals] == [(request.id, "somebody")]
    assert removal(world) is RemovalState.REMOVED
    assert shown(world) == ["p00001", "p00003"]
    with pytest.raises(Conflict, match="decided already"):
        remove()


def test_beyond_three_a_day_asking_hides_nothing(world: World) -> None:
    published(world, photos=5)

    hid = [ask(world, f"p0000{n}").hid for n in range(1, 6)]
    world.later(86_401)

    assert hid == [True, True, True, False, False]
    assert ask(world, "p00005").hid


def test_every_delivery_that_ever_held_it_can_be_listed(world: World) -> None:
    published(world)
    in_place_no_more(world)
    touched = take_down(world)

    with world.db.read() as session:
        listed = takedown.of_photos(session, [GONE], now=world.clock.now())

    assert {view.id for view in listed[GONE]} == set(touched)


def test_bytes_go_after_the_rows_and_never_come_back(world: World) -> None:
    storage = world.services.storage
    incoming = storage.receive(io.BytesIO(b"a picture"), most=100)
    storage.keep(incoming)
    published(world)
    with world.db.write() as session:
        session.get_one(Photo, GONE).sha256 = incoming.sha256

    take_down(world)
    before = storage.original(incoming.sha256).exists()
    purged = [tombstones.purge(world.db, storage) for _ in range(2)]

    assert (before, purged) == (True, [1, 0])
    assert not storage.original(incoming.sha256).exists()
    assert storage.is_buried(incoming.sha256)


def test_a_gone_post_keeps_no_request_open(world: World) -> None:
    delivery = published(world, photos=12)
    with world.db.write() as session:
        session.get_one(Post, (delivery, 1)).state = PostState.GONE

    take_down(world, "p00001")

    assert removal(world) is RemovalState.REMOVED
