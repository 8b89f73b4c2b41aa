"""The clock is set an hour on or back at every call and, with a lost answer, at every commit."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Practice
from tests.faults.matrix import every

pytestmark = pytest.mark.faults

HOUR_S = 3600.0
JUMPS = [case for case in every(sides=("after",)) if case[0] == "call" or case[3] == "yes"]


@pytest.mark.parametrize("jump_s", [HOUR_S, -HOUR_S])
@pytest.mark.parametrize(("kind", "nth", "when", "lost_answers"), JUMPS)
@pytest.mark.fault("clock set by an hour")
def test_a_clock_that_is_set_meanwhile_doubles_and_loses_nothing(
    jump_s: float, kind: str, nth: int, when: str, lost_answers: str, practice_ground: Practice
) -> None:
    ground = practice_ground(credential={"lost_answers": lost_answers})
    ground.carry(kind=kind, nth=nth, when=when, jump_s=jump_s, seconds=2.0)

    ground.carry()  # by a process whose clock is right again

    assert ground.view().state == "published"
    assert ground.practised() == [ground.order_of()]
