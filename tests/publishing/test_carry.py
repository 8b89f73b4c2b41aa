"""What carry does with every kind of answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gallery.errors import Conflict, Disconnected, OutcomeUnknown, Refused, TryLater
from gallery.models import Account, AccountState, Delivery, Photo, PhotoState
from gallery.networks.contract import Receipt, Staged
from gallery.publishing import accounts, ledger
from gallery.publishing.rules import Rules
from tests.publishing.world import START, World, add_album

LOST = OutcomeUnknown("The answer was lost.")


def test_an_album_goes_out_in_order_with_its_captions(world: World) -> None:
    delivery = world.order(photos=3)

    world.carry(delivery)

    view = world.view(delivery)
    assert view.state == "published"
    assert [post.photos for post in world.far.shown] == [("p00001", "p00002", "p00003")]
    assert world.far.shown[0].captions == ("Caption 1", "Caption 2", "Caption 3")
    assert view.posts[0].url == "https://pretend.example/post1"
    assert [photo.state for photo in view.posts[0].photos] == ["live"] * 3
    assert view.over


def test_a_large_album_becomes_balanced_posts_one_after_the_other(world: World) -> None:
    delivery = world.order(photos=11)

    world.carry(delivery)

    assert [len(post.photos) for post in world.far.shown] == [6, 5]
    first_publish = world.far.calls.index("publish 1")
    assert world.far.calls[first_publish + 1].startswith("stage")
    assert "(1/2)" in world.far.shown[0].text
    assert "(2/2)" in world.far.shown[1].text


def test_a_lost_answer_is_found_again_and_not_posted_twice(world: World) -> None:
    world.far.script["publish"] = ["commit and lose"]
    delivery = world.order()

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert len(world.far.shown) == 1
    assert world.far.calls.count("find 1") == 1


def test_what_never_arrived_is_posted_again_only_after_two_counted_reads(world: World) -> None:
    world.far.script["publish"] = [LOST]
    delivery = world.order()

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert len(world.far.shown) == 1
    assert world.far.calls.count("find 1") == 5  # 2, 10, 30 s, and the two past the settle window
    assert world.clock.now() >= START + timedelta(seconds=110)
    assert len(world.far.uploads) == 3  # the same media again


def test_a_final_absence_needs_no_second_read(world: World) -> None:
    world.far.script["publish"] = [LOST]
    world.far.script["find"] = ["final"]
    delivery = world.order()

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.far.calls.count("find 1") == 1


def test_a_network_that_cannot_tell_puts_it_before_a_person(world: World) -> None:
    world.far.script["publish"] = ["commit and lose"]
    world.far.script["find"] = ["cannot tell"]
    delivery = world.order()
    world.carry(delivery)
    asked = world.view(delivery)

    world.settle(delivery, "https://pretend.example/post1")
    world.carry(delivery)

    assert asked.state == "needs_human"
    assert asked.question is not None
    assert asked.question.startswith("Did this appear?")
    assert asked.offers == ("seen", "not_seen", "retract")
    view = world.view(delivery)
    assert (view.state, view.posts[0].url) == ("published", "https://pretend.example/post1")
    assert len(world.far.shown) == 1


def test_a_person_who_sees_nothing_has_it_posted_again(world: World) -> None:
    world.far.script["publish"] = [LOST]
    world.far.script["find"] = ["cannot tell"]
    delivery = world.order()
    world.carry(delivery)

    world.settle(delivery, None)
    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert len(world.far.shown) == 1


def test_after_four_unclear_tries_a_person_is_asked(world: World) -> None:
    world.far.script["publish"] = [LOST] * 9
    delivery = world.order()

    world.carry(delivery)

    assert world.view(delivery).state == "needs_human"
    assert world.far.calls.count("publish 1") == 4


def test_a_person_can_only_answer_what_is_asked(world: World) -> None:
    delivery = world.order()

    with pytest.raises(Conflict):
        world.settle(delivery, None)


def test_reads_that_give_no_answer_end_before_a_person(world: World) -> None:
    world.far.script["publish"] = [LOST]
    world.far.script["find"] = [OutcomeUnknown("No answer.")] * 50
    delivery = world.order()

    world.carry(delivery)

    assert world.view(delivery).state == "needs_human"
    assert len(world.far.shown) == 0


def test_a_refused_photo_fails_the_delivery_and_says_why(world: World) -> None:
    world.far.script["stage"] = [Refused("This photo is no picture.", photo="p00001")]
    delivery = world.order()

    world.carry(delivery)

    view = world.view(delivery)
    assert view.state == "failed"
    assert view.sentence == "Nothing was posted. This photo is no picture."
    assert world.far.shown == []
    assert "failed" in [photo.state for photo in view.posts[0].photos]


def test_a_refused_second_post_leaves_a_partial_delivery_that_can_go_on(world: World) -> None:
    album = add_album(world.db, 11)
    delivery = world.order_album(album)
    world.far.script["publish"] = ["ok", Refused("Not now.")]
    world.carry(delivery)
    partial = world.view(delivery)

    with world.db.write() as session:
        ledger.go_on(session, delivery, now=world.clock.now())
    world.carry(delivery)

    assert (partial.state, partial.offers) == ("partial", ("go_on", "amend", "replace", "retract"))
    assert world.view(delivery).state == "published"
    assert [len(post.photos) for post in world.far.shown] == [6, 5]
    with pytest.raises(Conflict), world.db.write() as session:
        ledger.go_on(session, delivery, now=world.clock.now())


def test_dead_media_are_staged_anew_under_a_new_key(world: World) -> None:
    world.far.script["publish"] = [Refused("The photos expired.", media_gone=True)]
    delivery = world.order()

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert len(world.far.uploads) == 6
    assert len(world.far.shown) == 1


def test_media_that_keep_dying_fail_the_delivery(world: World) -> None:
    world.far.script["publish"] = [Refused("The photos expired.", media_gone=True)] * 9
    delivery = world.order()

    world.carry(delivery)

    assert world.view(delivery).state == "failed"
    assert world.far.calls.count("publish 1") == Rules().generations


def test_media_past_four_fifths_of_their_life_are_staged_anew(world: World) -> None:
    soon = Staged({"photo": "p00001"}, expires_at=START + timedelta(seconds=100))
    world.far.script["stage"] = [soon]
    world.far.script["compose"] = [TryLater("Not yet.", 85.0)]
    delivery = world.order(photos=1)

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.far.calls.count("stage p00001") == 2


def test_a_wait_the_network_asks_for_is_kept_and_blocks_no_worker(world: World) -> None:
    world.far.script["publish"] = [TryLater("Too many calls.", 3600.0)]
    delivery = world.order()
    world.carrier.carry(delivery)
    waiting = world.view(delivery)

    world.carry(delivery)

    assert (waiting.state, waiting.over) == ("waiting", False)
    assert "Too many calls." in waiting.sentence
    assert world.view(delivery).state == "published"
    assert world.clock.now() >= START + timedelta(seconds=3600)


def test_staging_that_is_not_finished_is_asked_again_after_its_wait(world: World) -> None:
    world.far.script["stage"] = [Staged({"photo": "p00001"}, wait_s=30.0)]
    delivery = world.order(photos=1)

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.clock.now() == START + timedelta(seconds=30)


def test_an_upload_without_a_clear_answer_is_repeated_and_ends(world: World) -> None:
    world.far.script["stage"] = [LOST] * 20
    delivery = world.order(photos=1)

    world.carry(delivery)

    assert world.view(delivery).state == "failed"
    assert world.far.calls.count("stage p00001") == Rules().stage_tries


def test_three_transport_failures_rest_the_account(world: World) -> None:
    world.far.script["publish"] = [TryLater("No connection.", transport=True)] * 3
    delivery = world.order(photos=1)

    world.carry(delivery, until=lambda row: row.why == "breaker")

    assert world.row(delivery).why == "breaker"
    world.carry(delivery)
    assert world.view(delivery).state == "published"


def test_a_policy_block_rests_the_account_for_a_day(world: World) -> None:
    world.far.script["publish"] = [TryLater("Blocked for posting too fast.", block=True)]
    delivery = world.order(photos=1)

    world.carrier.carry(delivery)

    assert world.row(delivery).wake_at == START + timedelta(days=1)


def test_a_dead_token_waits_for_a_person_and_goes_on_after_reconnecting(world: World) -> None:
    world.far.script["publish"] = [Disconnected("The password was changed.")]
    delivery = world.order(photos=1)
    world.carry(delivery)
    waiting = world.view(delivery)
    assert (waiting.state, waiting.offers) == ("waiting", ("reconnect", "cancel"))
    assert waiting.account.state is AccountState.DISCONNECTED

    with world.db.write() as session:
        account = accounts.by_id(session, world.account.id)
        account.version += 1
        account.state = AccountState.OK
        session.get_one(Delivery, delivery).wake_at = world.clock.now()
    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert len(world.far.shown) == 1


def test_what_is_tried_in_vain_for_a_day_is_put_before_a_person(world: World) -> None:
    world.far.script["publish"] = [TryLater("Closed.", 50_000.0)] * 9
    delivery = world.order(photos=1)
    world.carry(delivery)
    asked = world.view(delivery)

    world.settle(delivery, None)
    world.far.script["publish"] = []
    world.carry(delivery)

    assert asked.state == "needs_human"
    assert world.view(delivery).state == "published"


def test_a_fault_of_ours_in_a_connector_is_an_unknown_outcome(world: World) -> None:
    world.far.script["publish"] = [ValueError("oops")]
    delivery = world.order(photos=1)

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert len(world.far.shown) == 1


def test_a_photo_taken_down_meanwhile_is_not_posted(world: World) -> None:
    delivery = world.order(photos=2)
    with world.db.write() as session:
        session.get_one(Photo, "p00002").state = PhotoState.HIDDEN

    world.carry(delivery)

    view = world.view(delivery)
    assert view.state == "proposed"
    assert "1 photo was removed: 2.jpg." in view.sentence
    assert world.far.calls == []


def test_a_cancelled_delivery_begins_nothing_more(world: World) -> None:
    world.far.script["publish"] = [TryLater("Later.", 60.0)]
    delivery = world.order(photos=1)
    world.carrier.carry(delivery)

    with world.db.write() as session:
        ledger.cancel(session, delivery, now=world.clock.now())
    world.later(3600)
    world.carrier.carry(delivery)

    assert world.view(delivery).state == "cancelled"
    assert world.far.calls.count("publish 1") == 1
    assert world.far.shown == []


def test_what_may_be_live_can_not_be_cancelled(world: World) -> None:
    world.far.script["publish"] = ["commit and lose"]
    delivery = world.order(photos=1)
    world.carrier.carry(delivery)

    with pytest.raises(Conflict), world.db.write() as session:
        ledger.cancel(session, delivery, now=world.clock.now())


def test_a_commit_after_the_window_is_seen_by_a_second_look_and_shown(world: World) -> None:
    world.far.script["publish"] = ["commit and lose", Receipt("other", "https://pretend.example/o")]
    world.far.script["find"] = ["nothing"] * 5
    delivery = world.order(photos=1)
    world.carry(delivery)
    before = world.view(delivery)

    world.later(3601)
    world.carrier.carry(delivery)

    assert before.state == "published"
    assert before.warnings == ()
    view = world.view(delivery)
    assert view.state == "published"
    assert any("second copy" in warning for warning in view.warnings)


def test_second_looks_are_taken_twice_and_then_no_more(world: World) -> None:
    world.far.script["publish"] = [LOST]
    delivery = world.order(photos=1)
    world.carry(delivery)
    looked = world.far.calls.count("find 1")

    for hours in (1, 24, 48):
        world.later(hours * 3600 + 60)
        world.carrier.carry(delivery)

    assert world.far.calls.count("find 1") == looked + 2
    assert world.row(delivery).wake_at is None


def test_a_post_found_by_a_second_look_after_a_refusal_counts(world: World) -> None:
    world.far.script["publish"] = ["commit and lose", Refused("Not now.")]
    world.far.script["find"] = ["nothing"] * 5
    delivery = world.order(photos=1)
    world.carry(delivery)
    before = world.view(delivery)

    world.later(3601)
    world.carrier.carry(delivery)

    assert before.state == "failed"
    assert world.view(delivery).state == "published"
    assert len(world.far.shown) == 1


def test_a_network_without_staging_gets_the_files_with_the_post(world: World) -> None:
    world.far.limits = replace(world.far.limits, stages=False)
    delivery = world.order(photos=2)

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.far.uploads == []
    assert world.far.files == [world.file, world.file]


def test_nothing_visible_is_sent_while_the_disk_is_nearly_full(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = world.order(photos=1)
    monkeypatch.setattr(world.services.storage, "free_bytes", lambda: 1)

    world.carrier.carry(delivery)

    assert world.row(delivery).why == "disk"
    assert not any(call.startswith("publish") for call in world.far.calls)


def test_a_second_look_is_for_what_was_sent_then_and_not_for_what_took_its_place(
    world: World,
) -> None:
    world.far.script["publish"] = ["commit and lose", Refused("Expired.", media_gone=True)]
    world.far.script["find"] = ["nothing"] * 5
    delivery = world.order(photos=1)
    world.carry(delivery)
    world.far.script["find"].clear()

    world.later(3601)
    world.carry(delivery)

    view = world.view(delivery)
    assert (view.state, view.posts[0].remote_id) == ("published", "post2")
    assert "A second copy appeared: https://pretend.example/post1." in view.warnings


def test_a_network_that_is_gone_changes_nothing_of_what_is_over(world: World) -> None:
    delivery = world.order(photos=1)
    world.carry(delivery)
    with world.db.write() as session:
        session.get_one(Delivery, delivery).wake_at = world.clock.now()
        session.get_one(Account, world.account.id).network = "closed"
    world.carrier = world.another_carrier()

    world.carrier.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.row(delivery).wake_at is None
