"""Seven guards, each with the fault that it stands against; and each left out, to see it matter.

A suite that cannot fail proves nothing: every scenario below holds with its guard, and the same
scenario without it must break.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import Practice
from tests.faults.ground import Ground, wait_until

pytestmark = pytest.mark.faults

Scenario = Callable[[Practice, str], None]


class Harm(AssertionError):
    """What strangers see, or what we say of it, is not what it should be."""


def _once(ground: Ground) -> None:
    """The delivery is published, and strangers see it once, whole and in order."""
    state, seen = ground.view().state, ground.practised()
    if (state, seen) != ("published", [ground.order_of()]):
        raise Harm(f"{state}: {seen}")


def killed_after_the_call(practice: Practice, control: str) -> None:
    """A worker dies between its publish and writing down the answer; another takes over."""
    ground = practice(control=control)
    end = ground.carry(kind="call", verb="publish", nth=1, when="after")
    assert end == "signal 9"

    ground.carry()

    _once(ground)


def answer_lost(practice: Practice, control: str) -> None:
    """The network commits and its answer is lost."""
    ground = practice(credential={"lost_answers": "yes"}, control=control)

    ground.carry()

    _once(ground)


def late_commit(practice: Practice, control: str) -> None:
    """The network commits a while after it said nothing, within its settle window."""
    settle_s = 0.02 if control else 2.0
    ground = practice(late_s=1.0, settle_s=settle_s, control=control)

    ground.carry()

    _once(ground)


def clock_set(practice: Practice, control: str) -> None:
    """The clock is set on by an hour while a lost post has not happened yet."""
    ground = practice(late_s=1.2, settle_s=2.0, second_read_s=0.1, control=control)

    ground.carry(kind="call", verb="find", nth=1, when="after", jump_s=3600.0)

    _once(ground)


def overtaken(practice: Practice, control: str) -> None:
    """A worker is stopped past its lease; it wakes while another is publishing."""
    ground = practice(lease_s=0.4, control=control)
    stopped = ground.start(kind="intent", verb="publish", nth=1, signal=signal.SIGSTOP)
    assert ground.zygote.wait(stopped) == "stopped"
    other = ground.start(slow_s=1.5, lease_s=20.0)
    wait_until((Path(ground.run.folder) / "publishing").exists)

    ground.go_on(stopped)

    ground.zygote.wait(other)
    _once(ground)


def stopped_on_the_wire(practice: Practice, control: str) -> None:
    """A worker is stopped between its last check and the call, past lease and settle window."""
    ground = practice(lease_s=0.4, control=control)
    stopped = ground.start(kind="call", verb="publish", nth=1, signal=signal.SIGSTOP)
    assert ground.zygote.wait(stopped) == "stopped"

    ground.carry(seconds=3.0)
    ground.go_on(stopped)

    ground.carry()
    _once(ground)


def late_fact(practice: Practice, control: str) -> None:
    """A worker that was overtaken comes with the answer, on a network that can't be asked."""
    ground = practice(lease_s=0.4, deaf=True, control=control)
    stopped = ground.start(kind="call", verb="publish", nth=1, signal=signal.SIGSTOP, when="after")
    assert ground.zygote.wait(stopped) == "stopped"

    ground.carry(seconds=1.5)
    ground.go_on(stopped)

    ground.carry()
    _once(ground)


SCENARIOS: dict[str, Scenario] = {
    "no intent": killed_after_the_call,
    "5xx is definite": answer_lost,
    "settle too early": late_commit,
    "no fence": overtaken,
    "clock jump unseen": clock_set,
    "no life lock": stopped_on_the_wire,
    "late fact unread": late_fact,
}


@pytest.mark.fault("with its guard")
@pytest.mark.parametrize("guard", SCENARIOS)
def test_with_its_guard_a_fault_is_survived(guard: str, practice_ground: Practice) -> None:
    scenario = SCENARIOS[guard]

    scenario(practice_ground, "")

    assert scenario.__doc__


@pytest.mark.fault("without its guard: harm")
@pytest.mark.parametrize("guard", SCENARIOS)
def test_without_its_guard_the_same_fault_does_harm(guard: str, practice_ground: Practice) -> None:
    with pytest.raises(Harm):
        SCENARIOS[guard](practice_ground, guard)
