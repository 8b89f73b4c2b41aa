"""Before the first visible call the inputs are compared; what changed is proposed again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.albums import hiding, opening
from gallery.errors import Conflict, InvalidInput, OutcomeUnknown, TryLater
from gallery.imaging import Fit
from gallery.models import Album, Delivery, Draft, Photo, PhotoState, Step, Verb, Visibility
from gallery.networks.contract import Limits, PictureLimit, TextLimit
from gallery.publishing import agenda, amend, compose, ledger, recheck
from gallery.publishing.claims import Claim
from gallery.publishing.plan import Plan
from gallery.publishing.schedule import When
from gallery.publishing.situation import Situation
from tests.publishing.world import World, add_album

Change = Callable[[Session, Album], None]


def change(world: World, delivery: str, how: Change) -> None:
    """Somebody changes what a delivery is made of."""
    with world.db.write() as session:
        row = session.get_one(Delivery, delivery)
        how(session, session.get_one(Album, session.get_one(Draft, row.draft_id).album_id))


def recaption(session: Session, album: Album) -> None:
    """A caption is mended."""
    session.get_one(Photo, "p00002").caption = "Mended"
    album.revision += 1


def rewrite(session: Session, album: Album) -> None:
    """The draft says something else."""
    compose.save(session, album, compose.Wording("Another text"))


def reorder(session: Session, album: Album) -> None:
    """The photos stand in another order."""
    session.get_one(Photo, "p00001").position = 99
    album.revision += 1


def hide(session: Session, album: Album) -> None:
    """A photo is hidden."""
    hiding.hide(session, album, ["p00003"])


def close(_session: Session, album: Album) -> None:
    """Visitors may not look any more."""
    album.visibility = Visibility.DRAFT


CHANGES: dict[str, tuple[Change, str]] = {
    "caption": (recaption, "The caption of 2.jpg was “Caption 2” and is “Mended” now."),
    "text": (rewrite, "The text was “"),
    "order": (reorder, "The photos are in another order."),
    "hidden": (hide, "1 photo was removed: 3.jpg."),
    "link": (close, "The text was “"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_before_anything_was_visible_is_proposed_again(
    what: str, world: World
) -> None:
    how, says = CHANGES[what]
    delivery = world.order(photos=3)
    change(world, delivery, how)

    world.carry(delivery)

    view = world.view(delivery)
    assert view.state == "proposed"
    assert view.sentence.startswith(f"Waits for approval. {says}")
    assert view.offers == ("approve", "change", "discard")
    assert world.far.shown == []


def test_a_change_while_photos_go_up_is_seen_before_the_post(world: World) -> None:
    delivery = world.order(photos=3)
    world.far.script["compose"] = [lambda: change(world, delivery, recaption)]

    world.carry(delivery)

    assert world.view(delivery).state == "proposed"
    assert world.far.calls[-1] == "compose 1"


def test_a_change_after_a_clear_not_now_is_seen_too(world: World) -> None:
    world.far.script["publish"] = [TryLater("Later.", 60.0)]
    delivery = world.order(photos=1)
    world.carrier.carry(delivery)
    change(world, delivery, rewrite)

    world.carry(delivery)

    assert world.view(delivery).state == "proposed"
    assert world.far.shown == []


def test_a_change_after_the_first_post_is_out_recalls_nothing(world: World) -> None:
    delivery = world.order(photos=11)
    world.far.script["publish"] = ["ok", lambda: change(world, delivery, rewrite)]

    world.carry(delivery, until=lambda _row: len(world.far.shown) == 1)
    change(world, delivery, rewrite)
    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert len(world.far.shown) == 2


def test_a_change_after_an_unclear_answer_recalls_nothing(world: World) -> None:
    world.far.script["publish"] = ["commit and lose"]
    delivery = world.order(photos=1)
    world.carrier.carry(delivery)
    change(world, delivery, rewrite)

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert len(world.far.shown) == 1


def test_what_was_lost_once_goes_out_as_it_was_though_it_changed(world: World) -> None:
    world.far.script["publish"] = [OutcomeUnknown("Nothing was heard.")]
    delivery = world.order(photos=1)
    world.carrier.carry(delivery)
    change(world, delivery, rewrite)

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.far.calls.count("publish 1") == 2
    assert "Another text" not in world.far.shown[0].text


def test_a_revision_that_changes_nothing_of_the_plan_asks_nobody(world: World) -> None:
    delivery = world.order(photos=2)

    def venue(session: Session, album: Album) -> None:
        album.write_up = "More about it."
        album.revision += 1

    change(world, delivery, venue)
    world.carry(delivery)

    assert world.view(delivery).state == "published"
    with world.db.read() as session:
        assert not recheck.revised(session, session.get_one(Delivery, delivery))


def test_another_way_to_plan_recalls_nothing_while_the_inputs_are_the_same(world: World) -> None:
    delivery = world.order(photos=2)
    with world.db.write() as session:
        session.get_one(Delivery, delivery).plan_hash = "of an older version"

    world.carry(delivery)

    assert world.view(delivery).state == "published"


def test_a_newer_link_recalls_nothing_while_the_one_that_is_posted_is_good(world: World) -> None:
    album = add_album(world.db, 1)
    with world.db.write() as session:
        kept = session.get_one(Album, album.id)
        kept.visibility = Visibility.UNLISTED
        token = opening.new_link(session, kept, now=world.clock.now()).token
    delivery = world.order_at("2026-11-25 09:00", kept)
    with world.db.write() as session:
        later = world.clock.now() + timedelta(hours=1)
        opening.new_link(session, session.get_one(Album, album.id), now=later)

    world.clock.turn(world.row(delivery).due_at)
    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert token in world.far.shown[0].text


def test_a_plan_that_the_network_takes_no_more_is_proposed_again(world: World) -> None:
    delivery = world.order(photos=3)
    world.far.limits = replace(world.far.limits, photos_per_post=2)

    world.carry(delivery)

    assert world.view(delivery).state == "proposed"
    assert "There was 1 post, there are 2 now." in world.view(delivery).sentence


def test_an_album_with_nothing_left_to_post_says_so_and_can_not_be_approved(world: World) -> None:
    delivery = world.order(photos=1)

    def hold(session: Session, album: Album) -> None:
        session.get_one(Photo, "p00001").state = PhotoState.HELD
        album.revision += 1

    change(world, delivery, hold)
    world.carry(delivery)

    assert "No photo is ready" in world.view(delivery).sentence
    with world.db.write() as session, pytest.raises(InvalidInput, match="No photo is ready"):
        approve(session, world, delivery)
    with world.db.read() as session:
        row = session.get_one(Delivery, delivery)
        seen = agenda.proposal(
            session, world.services.settings, row, world.far.limits, world.clock.now()
        )
    assert (seen.plan, seen.changes) == (None, ())
    assert seen.error.startswith("No photo is ready")


def approve(
    session: Session, world: World, delivery: str, limits: Limits | None = None, **more: str
) -> None:
    """A person approves."""
    agenda.approve(
        session, world.services.settings, delivery,
        limits=limits or world.far.limits, now=world.clock.now(), by="somebody", **more,
    )  # fmt: skip


def test_what_is_approved_is_what_was_shown_and_goes_out_as_it_is_now(world: World) -> None:
    delivery = world.order(photos=3)
    change(world, delivery, recaption)
    world.carry(delivery)
    with world.db.read() as session:
        row = session.get_one(Delivery, delivery)
        seen = agenda.proposal(
            session, world.services.settings, row, world.far.limits, world.clock.now()
        )
    assert seen.plan is not None

    with world.db.write() as session:
        approve(session, world, delivery, seen_hash=seen.plan.hash)
    world.carry(delivery)

    assert len(seen.changes) == 1
    assert world.view(delivery).state == "published"
    assert world.far.shown[0].captions == ("Caption 1", "Mended", "Caption 3")
    row = world.row(delivery)
    assert (row.approved_by, row.approved_at) == ("somebody", world.clock.now())
    assert Plan.from_json(row.plan).hash == row.plan_hash == seen.plan.hash


@pytest.mark.parametrize(("before", "after"), [(3, 12), (12, 3)])
def test_an_approved_plan_may_have_more_or_fewer_posts(
    before: int, after: int, world: World
) -> None:
    album = add_album(world.db, 12)
    ids = [f"p{n:05}" for n in range(1, 13)]

    def show(count: int) -> None:
        with world.db.write() as session:
            for photo in session.query(Photo):
                shown = photo.id in ids[:count]
                photo.state = PhotoState.READY if shown else PhotoState.HIDDEN
            session.get_one(Album, album.id).revision += 1

    show(before)
    delivery = world.order_album(album)
    world.far.script["compose"] = [TryLater("Later.", 60.0)]
    world.carrier.carry(delivery)
    show(after)
    world.carry(delivery)
    with world.db.write() as session:
        approve(session, world, delivery)

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert [id_ for post in world.far.shown for id_ in post.photos] == ids[:after]


def test_a_proposal_that_changed_again_is_looked_at_again(world: World) -> None:
    delivery = world.order(photos=3)
    change(world, delivery, recaption)
    world.carry(delivery)

    with world.db.write() as session, pytest.raises(Conflict, match="Look again"):
        approve(session, world, delivery, seen_hash="of something else")

    assert world.view(delivery).state == "proposed"


def test_only_what_is_proposed_can_be_approved(world: World) -> None:
    delivery = world.order(photos=1)

    with world.db.write() as session, pytest.raises(Conflict, match="Nothing waits for approval"):
        approve(session, world, delivery)


def test_an_order_that_needs_approval_goes_out_once_it_has_it(world: World) -> None:
    album = add_album(world.db, 2)
    delivery = world.order_album(album, approval=True)
    world.later(60)
    world.carrier.carry(delivery)
    asked = world.view(delivery)
    again = world.order_album(album)

    with world.db.write() as session:
        approve(session, world, delivery)
    world.carry(delivery)

    assert (asked.state, asked.sentence) == ("proposed", "Waits for approval.")
    assert again == delivery
    assert world.view(delivery).state == "published"


def test_an_approved_schedule_keeps_its_time_and_a_late_approval_posts_at_once(
    world: World,
) -> None:
    when = When.of("2026-11-25T09:00", "Asia/Brunei")
    early = world.order_album(add_album(world.db, 1, prefix="a"), when=when, approval=True)
    late = world.order_album(add_album(world.db, 1, prefix="b"), when=when, approval=True)
    asked = world.view(early).sentence

    with world.db.write() as session:
        approve(session, world, early)
    world.carrier.carry(late)
    waiting = world.row(early)
    world.clock.turn(when.at + timedelta(hours=5))
    with world.db.write() as session:
        approve(session, world, late)
    world.carry(late)
    world.carrier.carry(early)

    assert asked == "Waits for approval. Planned for Wed 09:00 (Brunei)."
    assert (waiting.state.value, waiting.wake_at) == ("scheduled", when.at)
    assert world.view(late).state == "published"
    assert world.view(early).state == "missed"


def test_a_proposal_keeps_waiting_when_its_time_is_changed_and_can_be_discarded(
    world: World,
) -> None:
    delivery = world.order(photos=3)
    change(world, delivery, recaption)
    world.carry(delivery)
    when = When.of("2026-11-25T09:00", "UTC")

    with world.db.write() as session:
        agenda.change_time(session, delivery, when, now=world.clock.now())
    changed = world.view(delivery)
    with world.db.write() as session:
        ledger.cancel(session, delivery, now=world.clock.now())

    assert changed.state == "proposed"
    assert "Planned for Wed 09:00 (UTC). The caption of 2.jpg" in changed.sentence
    assert world.view(delivery).state == "cancelled"


def test_with_approval_a_changed_time_is_approved_again(world: World) -> None:
    delivery = world.order_at("2026-11-25 09:00")

    with world.db.write() as session:
        agenda.change_time(session, delivery, None, now=world.clock.now(), approval=True)

    assert world.view(delivery).state == "proposed"


def test_much_that_changed_is_told_as_far_as_there_is_room(world: World) -> None:
    delivery = world.order(photos=3)

    def everything(session: Session, album: Album) -> None:
        for photo in session.query(Photo):
            photo.caption = photo.alt_text = "So many words " * 8
        album.revision += 1

    world.far.limits = replace(world.far.limits, caption=TextLimit(200))
    change(world, delivery, everything)
    world.carry(delivery)

    assert len(world.row(delivery).reason) == 500
    assert world.row(delivery).reason.endswith("…")


def test_a_cancel_while_photos_go_up_is_no_proposal(world: World) -> None:
    delivery = world.order(photos=9)

    def cancel() -> None:
        with world.db.write() as session:
            ledger.cancel(session, delivery, now=world.clock.now())

    world.far.script["stage"] = [cancel]
    world.carry(delivery)

    assert world.view(delivery).state == "cancelled"
    assert "compose 1" not in world.far.calls
    assert world.far.calls[-1].startswith("discard")


def test_a_cancel_right_before_an_intent_is_no_proposal(world: World) -> None:
    delivery = world.order(photos=1)
    intend = world.carrier.calls.intend

    def meanwhile(claim: Claim, s: Situation, step: Step, limits: Limits) -> bool:
        if step.verb is Verb.COMPOSE:
            with world.db.write() as session:
                hiding.hide(session, session.scalars(select(Album)).one(), ["p00001"])
                ledger.cancel(session, delivery, now=world.clock.now())
        return intend(claim, s, step, limits)

    world.carrier.calls.intend = meanwhile  # type: ignore[method-assign]
    world.carry(delivery)

    assert world.view(delivery).state == "cancelled"
    assert "compose 1" not in world.far.calls


def test_a_photo_hidden_after_the_first_post_keeps_the_second_from_going_out(world: World) -> None:
    delivery = world.order(photos=12)
    world.far.script["publish"] = [lambda: change(world, delivery, hide_the_last)]

    world.carry(delivery)

    view = world.view(delivery)
    assert (view.state, len(world.far.shown)) == ("partial", 1)
    assert "was taken down" in view.sentence


def hide_the_last(session: Session, album: Album) -> None:
    """A photo of the second post is hidden."""
    hiding.hide(session, album, ["p00012"])


def test_what_a_draft_says_of_shapes_goes_out(world: World) -> None:
    world.far.limits = replace(world.far.limits, picture=PictureLimit(ratio_max=1.0))
    album = add_album(world.db, 2)
    with world.db.write() as session:
        words = compose.Wording("Look", fit=Fit.CROP.value)
        compose.save(session, session.get_one(Album, album.id), words)

    delivery = world.order_album(album)
    world.carry(delivery)

    shown = [one.photo for post in world.view(delivery).posts for one in post.photos]
    assert [photo.recipe.startswith("crop-") for photo in shown] == [True, True]
    with world.db.read() as session:
        settings, row = world.services.settings, session.get_one(Album, album.id)
        limits, now = world.far.limits, world.clock.now()
        differing = amend.differing(session, settings, lambda _account: limits, row, now=now)
    assert differing == []
