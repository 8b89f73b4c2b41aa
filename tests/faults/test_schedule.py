"""kill -9 at every commit with which a scheduled delivery begins, or is found to be missed."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from gallery.models import Delivery, State
from gallery.publishing.schedule import FORMAT
from tests.faults.conftest import Practice
from tests.faults.ground import Ground

pytestmark = pytest.mark.faults

BEGINS = 4  # commits: claim, begin, claim anew, the first intent
KILLS = list(itertools.product(range(1, BEGINS + 1), ["before", "after"]))


def schedule_for(ground: Ground, ago: timedelta) -> None:
    """The delivery was to go out so long ago."""
    at = datetime.now(UTC) - ago
    with ground.db.write() as session:
        delivery = session.get_one(Delivery, ground.run.delivery)
        delivery.state = State.SCHEDULED
        delivery.due_at = delivery.wake_at = at
        delivery.wall, delivery.zone = at.strftime(FORMAT), "UTC"


@pytest.mark.parametrize(("nth", "when"), KILLS)
def test_a_worker_killed_while_it_begins_begins_it_once(
    nth: int, when: str, practice_ground: Practice
) -> None:
    ground = practice_ground()
    schedule_for(ground, timedelta(seconds=2))
    assert ground.carry(kind="commit", nth=nth, when=when) == "signal 9"

    assert ground.carry() == "exit 0"

    assert ground.view().state == "published"
    assert ground.practised() == [ground.order_of()]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_worker_killed_while_it_finds_a_time_missed_posts_nothing(
    nth: int, when: str, practice_ground: Practice
) -> None:
    ground = practice_ground()
    schedule_for(ground, timedelta(hours=3))
    assert ground.carry(kind="commit", nth=nth, when=when) == "signal 9"

    assert ground.carry() == "exit 0"

    assert ground.view().state == "missed"
    assert ground.practised() == []


def test_two_workers_whose_time_has_come_post_once(practice_ground: Practice) -> None:
    ground = practice_ground()
    schedule_for(ground, timedelta(seconds=2))

    workers = [ground.start() for _ in range(2)]

    assert [ground.zygote.wait(pid) for pid in workers] == ["exit 0", "exit 0"]
    assert ground.view().state == "published"
    assert ground.practised() == [ground.order_of()]
