"""SIGSTOP at every commit and call, past lease and settle window, while another worker is there."""

from __future__ import annotations

import signal

import pytest

from tests.faults.conftest import Practice
from tests.faults.matrix import POINTS, every, surely_reached

pytestmark = pytest.mark.faults


@pytest.mark.fault("SIGSTOP past the lease")
@pytest.mark.parametrize(("kind", "nth", "when", "lost_answers"), every())
def test_a_worker_stopped_anywhere_and_woken_later_doubles_nothing(
    kind: str, nth: int, when: str, lost_answers: str, practice_ground: Practice
) -> None:
    ground = practice_ground(credential={"lost_answers": lost_answers}, lease_s=0.4)
    stopped = ground.start(kind=kind, nth=nth, when=when, signal=signal.SIGSTOP)
    end = ground.zygote.wait(stopped)
    assert end == "stopped" or not surely_reached(kind, nth, POINTS[kind, lost_answers])

    ground.carry(seconds=1.2)
    assert end != "stopped" or ground.go_on(stopped) == "exit 0"
    ground.carry()

    assert ground.view().state == "published"
    assert ground.practised() == [ground.order_of()]
