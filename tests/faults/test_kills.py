"""kill -9 at every commit and at every call of a three-photo publish, to the practice network."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Practice
from tests.faults.matrix import POINTS, TOGETHER, every, surely_reached

pytestmark = pytest.mark.faults


@pytest.mark.fault("kill -9")
@pytest.mark.parametrize(("kind", "nth", "when", "lost_answers"), every())
def test_a_worker_killed_anywhere_loses_nothing_and_doubles_nothing(
    kind: str, nth: int, when: str, lost_answers: str, practice_ground: Practice
) -> None:
    ground = practice_ground(credential={"lost_answers": lost_answers})
    end = ground.carry(kind=kind, nth=nth, when=when)
    assert end == "signal 9" or not surely_reached(kind, nth, POINTS[kind, lost_answers])

    assert ground.carry() == "exit 0"

    view = ground.view()
    assert view.state == "published"
    assert ground.practised() == [ground.order_of()]
    assert view.posts[0].url is not None


@pytest.mark.parametrize(("kind", "lost_answers"), POINTS)
def test_the_matrix_reaches_the_last_point(
    kind: str, lost_answers: str, practice_ground: Practice
) -> None:
    last = POINTS[kind, lost_answers]
    credential = {"lost_answers": lost_answers}

    sure = last if surely_reached(kind, last, last) else last - TOGETHER
    at_last = practice_ground(credential=credential).carry(kind=kind, nth=sure)
    past_it = practice_ground(credential=credential).carry(kind=kind, nth=last + 1)

    assert (at_last, past_it) == ("signal 9", "exit 0")


@pytest.mark.fault("kill -9, again and again")
def test_killed_again_and_again_it_still_comes_to_its_end(practice_ground: Practice) -> None:
    ground = practice_ground(photos=11)
    for nth in (3, 5, 7, 9, 11, 13):
        ground.carry(kind="commit", nth=nth, when="after")

    assert ground.carry() == "exit 0"

    assert ground.view().state == "published"
    assert [caption for post in ground.practised()[::-1] for caption in post] == ground.order_of()


@pytest.mark.fault("two workers")
def test_two_workers_at_once_post_once(practice_ground: Practice) -> None:
    ground = practice_ground(photos=12)

    workers = [ground.start() for _ in range(2)]

    assert [ground.zygote.wait(pid) for pid in workers] == ["exit 0", "exit 0"]
    assert ground.view().state == "published"
    assert sorted(len(post) for post in ground.practised()) == [6, 6]


@pytest.mark.fault("two workers, one killed")
@pytest.mark.parametrize(("kind", "nth", "when", "lost_answers"), every(sides=("after",)))
def test_one_of_two_workers_killed_anywhere_leaves_the_other_to_post_once(
    kind: str, nth: int, when: str, lost_answers: str, practice_ground: Practice
) -> None:
    ground = practice_ground(credential={"lost_answers": lost_answers})

    mortal, other = ground.start(kind=kind, nth=nth, when=when), ground.start()

    assert ground.zygote.wait(mortal) in ("signal 9", "exit 0")
    assert ground.zygote.wait(other) == "exit 0"
    assert ground.view().state == "published"
    assert ground.practised() == [ground.order_of()]
