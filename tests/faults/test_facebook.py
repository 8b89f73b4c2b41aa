"""Every fault of the pretended Facebook at every call of a three-photo publish, and kill -9 there."""

from __future__ import annotations

import hashlib
import itertools
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gallery.models import Account, AccountState, Delivery
from gallery.publishing.plan import Plan
from tests.fakes.facebook import FacebookFake
from tests.faults.ground import TINY_JPEG, Ground, Zygote
from tests.faults.matrix import surely_reached

pytestmark = pytest.mark.faults

FAULTS: dict[str, dict[str, Any]] = {
    "cut before, FIN": {"kind": "cut_before"},
    "cut before, RST": {"kind": "cut_before", "how": "rst"},
    "cut after, FIN": {"kind": "cut_after_commit"},
    "cut after, RST": {"kind": "cut_after_commit", "how": "rst"},
    "500 before": {"kind": "e500_before"},
    "500 after": {"kind": "e500_after"},
    "429": {"kind": "rate_limited", "retry_after": 1},
    "hang": {"kind": "hang"},
    "hang after": {"kind": "hang_after_commit"},
    "late commit": {"kind": "late_commit", "seconds": 0.4},
    "late commit, silent": {"kind": "late_commit", "seconds": 1.2, "silent": True},
    "truncated": {"kind": "truncated_answer"},
    "code 1": {"kind": "code_1"},
    "yes it happened, said no": {"kind": "error_after", "code": 2, "status": 500},
}
CALLS = {"photo 1": ("/photos$", 1), "photo 2": ("/photos$", 2), "photo 3": ("/photos$", 3)} | {
    "feed": ("/feed$", 1)
}
READS = ("published_posts", r"/\d+$")
COMMITS, CONNECTOR_CALLS = 10, 4  # of one undisturbed post; a test below counts them

POINTS = [
    *(("commit", n) for n in range(1, COMMITS + 1)),
    *(("call", n) for n in range(1, CONNECTOR_CALLS + 1)),
]


@pytest.fixture
def ground(zygote: Zygote, tmp_path: Path, facebook_fake: FacebookFake) -> Iterator[Ground]:
    """A site with three photos ordered to the fake Page."""
    made = Ground.make(
        zygote,
        tmp_path,
        "facebook",
        facebook_fake.credential,
        facebook_url=facebook_fake.url,
        settle_s=1.0,
        call_timeout_s=1.0,
    )
    yield made
    made.close()


def assert_once_and_as_planned(ground: Ground, fake: FacebookFake) -> None:
    """What strangers see equals the plan, once: text, photos in order, captions, alt texts, bytes."""
    with ground.db.read() as session:
        plan = Plan.from_json(session.get_one(Delivery, ground.run.delivery).plan)
    digest = hashlib.sha256(TINY_JPEG).hexdigest()
    planned = [
        (post.text, [(photo.caption, photo.alt_text, digest) for photo in post.photos])
        for post in plan.posts
    ]
    seen = [
        (post.message, [(photo.caption, photo.alt_text, photo.sha256) for photo in post.photos])
        for post in fake.visible_posts
    ]
    assert seen == planned


@pytest.mark.parametrize(("fault", "call"), list(itertools.product(FAULTS, CALLS)))
def test_a_fault_at_any_call_is_survived(
    fault: str, call: str, ground: Ground, facebook_fake: FacebookFake
) -> None:
    path, nth = CALLS[call]
    hit = facebook_fake.fault("POST", path, **FAULTS[fault], nth=nth)

    ground.carry()

    facebook_fake.settle()
    assert hit.hits == 1
    assert ground.view().state == "published"
    assert_once_and_as_planned(ground, facebook_fake)
    assert facebook_fake.uploads <= 4


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("fault", ["cut before, RST", "500 before", "429", "hang", "truncated"])
def test_a_fault_while_looking_for_a_lost_post_is_survived(
    fault: str, read: str, ground: Ground, facebook_fake: FacebookFake
) -> None:
    facebook_fake.fault("POST", "/feed$", "cut_after_commit")
    facebook_fake.fault("GET", read, **FAULTS[fault])

    ground.carry()

    assert ground.view().state == "published"
    assert_once_and_as_planned(ground, facebook_fake)


def test_no_retry_comes_earlier_than_asked_for(ground: Ground, facebook_fake: FacebookFake) -> None:
    facebook_fake.fault("POST", "/feed$", "rate_limited", retry_after=2)

    ground.carry()

    feeds = [logged.at for logged in facebook_fake.requests if logged.path.endswith("/feed")]
    assert len(feeds) == 2
    assert feeds[1] - feeds[0] >= 2.0


def test_a_policy_block_waits_a_day_and_blocks_no_worker(
    ground: Ground, facebook_fake: FacebookFake
) -> None:
    facebook_fake.fault("POST", "/feed$", "blocked")

    ground.carry(seconds=1.0)

    with ground.db.read() as session:
        delivery = session.get_one(Delivery, ground.run.delivery)
    assert delivery.wake_at is not None
    assert (delivery.wake_at - datetime.now(UTC)).total_seconds() > 80_000
    assert ground.view().state == "waiting"
    assert facebook_fake.visible_posts == []


@pytest.mark.fault("revoked token")
@pytest.mark.parametrize("call", CALLS)
def test_a_revoked_token_waits_for_a_person_and_goes_on_afterwards(
    call: str, ground: Ground, facebook_fake: FacebookFake
) -> None:
    path, nth = CALLS[call]
    facebook_fake.fault("POST", path, "revoked_token", nth=nth)
    ground.carry()
    waiting = ground.view()

    with ground.db.write() as session:
        account = session.get_one(Account, ground.account.id)
        account.state, account.version = AccountState.OK, account.version + 1
        session.get_one(Delivery, ground.run.delivery).wake_at = datetime.now(UTC)
    ground.carry()

    assert (waiting.state, waiting.account.state) == ("waiting", AccountState.DISCONNECTED)
    assert ground.view().state == "published"
    assert_once_and_as_planned(ground, facebook_fake)


@pytest.mark.fault("SIGSTOP past the lease")
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("kind", "nth"), POINTS)
def test_a_worker_stopped_anywhere_and_woken_later_doubles_nothing(
    kind: str, nth: int, when: str, ground: Ground, facebook_fake: FacebookFake
) -> None:
    stopped = ground.start(kind=kind, nth=nth, when=when, signal=signal.SIGSTOP, lease_s=0.4)
    end = ground.zygote.wait(stopped)
    assert end == "stopped" or not surely_reached(kind, nth, COMMITS)

    ground.carry(seconds=1.0)
    assert end != "stopped" or ground.go_on(stopped) == "exit 0"
    ground.carry()

    assert ground.view().state == "published"
    assert_once_and_as_planned(ground, facebook_fake)


@pytest.mark.fault("kill -9")
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("kind", "nth"), POINTS)
def test_a_worker_killed_anywhere_loses_nothing_and_doubles_nothing(
    kind: str, nth: int, when: str, ground: Ground, facebook_fake: FacebookFake
) -> None:
    end = ground.carry(kind=kind, nth=nth, when=when)
    assert end == "signal 9" or not surely_reached(kind, nth, COMMITS)

    ground.carry()

    assert ground.view().state == "published"
    assert_once_and_as_planned(ground, facebook_fake)
    assert facebook_fake.uploads <= 3 + 3  # at most the uploads that were under way


@pytest.mark.parametrize(("kind", "last"), [("commit", COMMITS), ("call", CONNECTOR_CALLS)])
def test_the_kills_above_reach_the_last_point(kind: str, last: int, ground: Ground) -> None:
    assert ground.carry(kind=kind, nth=last + 1) == "exit 0"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_taking_back_leaves_nothing_live(
    fault: str, ground: Ground, facebook_fake: FacebookFake
) -> None:
    ground.carry()
    ground.retract()
    facebook_fake.fault("DELETE", r"/\d+_\d+$", **FAULTS[fault])

    ground.carry()

    facebook_fake.settle()
    assert ground.view().state == "retracted"
    assert facebook_fake.visible_posts == []


@pytest.mark.fault("kill -9 while taking back")
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("kind", "nth"), [("call", 1)] + [("commit", n) for n in range(1, 8)])
def test_a_worker_killed_while_taking_back_leaves_nothing_live(
    kind: str, nth: int, when: str, ground: Ground, facebook_fake: FacebookFake
) -> None:
    ground.carry()
    ground.retract()
    assert ground.carry(kind=kind, nth=nth, when=when) == "signal 9"

    ground.carry()

    assert ground.view().state == "retracted"
    assert facebook_fake.visible_posts == []


def test_photos_that_died_before_the_post_are_uploaded_anew(
    ground: Ground, facebook_fake: FacebookFake
) -> None:
    assert ground.carry(kind="call", verb="publish", nth=1) == "signal 9"
    facebook_fake.advance(25 * 3600)

    ground.carry()

    assert ground.view().state == "published"
    assert_once_and_as_planned(ground, facebook_fake)


def test_a_post_missing_from_the_lists_for_a_while_is_still_found(
    ground: Ground, facebook_fake: FacebookFake
) -> None:
    facebook_fake.world.lag_s = facebook_fake.world.story_lag_s = 0.7
    facebook_fake.fault("POST", "/feed$", "cut_after_commit")

    ground.carry()

    assert ground.view().state == "published"
    assert_once_and_as_planned(ground, facebook_fake)
