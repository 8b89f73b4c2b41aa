"""Who may be inside at the same time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from gallery.imaging.gate import Gate
from tests.imaging.support import wait_for


@dataclass
class Visitor:
    """A thread that wants in, and stays until it is let go."""

    gate: Gate
    alone: bool = False
    heavy: bool = False
    inside: bool = False
    _leave: threading.Event = field(default_factory=threading.Event)

    def come(self) -> Visitor:
        self._thread = threading.Thread(target=self._visit)
        self._thread.start()
        return self

    def _visit(self) -> None:
        with self.gate.turn(alone=self.alone, heavy=self.heavy):
            self.inside = True
            assert self._leave.wait(20)
        self.inside = False

    def go(self) -> None:
        wait_for(lambda: self.inside)
        self._leave.set()
        self._thread.join()


def waits(visitor: Visitor) -> bool:
    """Whether somebody stays outside for a while."""
    threading.Event().wait(0.03)
    return not visitor.inside


def test_two_are_let_in_and_the_third_waits() -> None:
    gate = Gate(2)
    first, second = Visitor(gate).come(), Visitor(gate).come()
    wait_for(lambda: first.inside and second.inside)
    third = Visitor(gate).come()

    assert waits(third)
    first.go()
    second.go()
    third.go()


def test_of_the_heavy_ones_one_at_a_time_and_a_light_one_beside_it() -> None:
    gate = Gate(2)
    heavy = Visitor(gate, heavy=True).come()
    wait_for(lambda: heavy.inside)
    other, light = Visitor(gate, heavy=True).come(), Visitor(gate).come()

    wait_for(lambda: light.inside)
    assert waits(other)
    light.go()
    assert waits(other)
    heavy.go()
    other.go()


def test_who_must_be_alone_is_alone_and_goes_first() -> None:
    gate = Gate(2)
    inside = Visitor(gate).come()
    wait_for(lambda: inside.inside)
    alone = Visitor(gate, alone=True).come()
    assert waits(alone)
    late = Visitor(gate).come()

    assert waits(late)
    inside.go()
    wait_for(lambda: alone.inside)
    assert waits(late)
    alone.go()
    late.go()


def test_a_place_is_given_back_after_an_error() -> None:
    gate = Gate(1)

    for alone, heavy in ((True, True), (False, True), (False, False)):
        try:
            with gate.turn(alone=alone, heavy=heavy):
                raise ValueError
        except ValueError:
            pass

    after = Visitor(gate, alone=True).come()
    wait_for(lambda: after.inside)
    after.go()
