"""kill -9, lost answers and refusals while one post of two is withdrawn; the other one stays."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gallery.publishing import withdrawing
from tests.fakes.facebook import FacebookFake
from tests.faults.conftest import Practice
from tests.faults.ground import Ground, Zygote
from tests.faults.test_facebook import FAULTS

pytestmark = pytest.mark.faults

POINTS = {"commit": 6, "call": 1}  # of one undisturbed withdrawal of a post; a test counts them
STAYS = [f"Caption {n}" for n in range(7, 12)]


def withdraw(ground: Ground) -> None:
    """An editor wants the first of the two posts gone."""
    with ground.db.write() as session:
        withdrawing.withdraw(session, ground.run.delivery, 1, now=datetime.now(UTC))


def stands(ground: Ground) -> tuple[str, list[str]]:
    """How the delivery and its posts stand."""
    view = ground.view()
    return view.state, [post.state for post in view.posts]


@pytest.fixture
def out(practice_ground: Practice) -> Ground:
    """Eleven photos, so two posts, that are out on the practice network."""
    ground = practice_ground(photos=11)
    ground.carry()
    assert stands(ground) == ("published", ["live", "live"])
    withdraw(ground)
    return ground


@pytest.fixture
def page(zygote: Zygote, tmp_path: Path, facebook_fake: FacebookFake) -> Iterator[Ground]:
    """The same on the fake Page."""
    made = Ground.make(
        zygote,
        tmp_path,
        "facebook",
        facebook_fake.credential,
        photos=11,
        facebook_url=facebook_fake.url,
        settle_s=0.6,
        call_timeout_s=1.0,
    )
    made.carry()
    assert stands(made) == ("published", ["live", "live"])
    withdraw(made)
    yield made
    made.close()


def on_the_page(fake: FacebookFake) -> list[list[str]]:
    """What strangers see of the Page: each post as its captions."""
    fake.settle()
    return [[photo.caption for photo in post.photos] for post in fake.visible_posts]


@pytest.mark.fault("kill -9 while one post is withdrawn")
@pytest.mark.parametrize(
    ("kind", "nth", "when"),
    [
        (kind, nth, when)
        for kind, last in POINTS.items()
        for nth, when in itertools.product(range(1, last + 1), ["before", "after"])
    ],
)
def test_a_worker_killed_while_one_post_is_withdrawn_withdraws_it_in_the_end(
    kind: str, nth: int, when: str, out: Ground
) -> None:
    assert out.carry(kind=kind, nth=nth, when=when) == "signal 9"

    withdraw(out)
    out.carry()

    assert stands(out) == ("partial", ["withdrawn", "live"])
    assert out.practised() == [STAYS]


@pytest.mark.parametrize("kind", ["commit", "call"])
def test_the_kills_above_reach_the_last_point(kind: str, out: Ground) -> None:
    assert out.carry(kind=kind, nth=POINTS[kind] + 1) == "exit 0"
    assert stands(out) == ("partial", ["withdrawn", "live"])


@pytest.mark.fault("a fault of the network while one post is withdrawn")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_one_post_is_withdrawn_is_survived(
    fault: str, page: Ground, facebook_fake: FacebookFake
) -> None:
    hit = facebook_fake.fault("DELETE", r"/\d+_\d+$", **FAULTS[fault])

    page.carry()

    assert hit.hits == 1
    assert stands(page) == ("partial", ["withdrawn", "live"])
    assert on_the_page(facebook_fake) == [STAYS]


@pytest.mark.fault("a withdrawal of one post is refused")
def test_what_cannot_be_withdrawn_stands_before_a_person(
    page: Ground, facebook_fake: FacebookFake
) -> None:
    facebook_fake.fault("DELETE", "_", "error", code=200, status=403)

    page.carry()

    assert stands(page) == ("retract_unknown", ["withdrawing", "live"])
    assert len(on_the_page(facebook_fake)) == 2
