"""Who may be at work in the render process at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Lets in a few at once, or one alone; of the heavy ones one at a time."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._changed = threading.Condition()
        self._inside = 0
        self._alone_inside = False
        self._alone_waiting = 0
        self._heavy_inside = False

    @contextmanager
    def turn(self, *, alone: bool, heavy: bool) -> Iterator[None]:
        """Wait for a place and hold it. Those who must be alone go first."""
        with self._changed:
            self._alone_waiting += alone
            self._changed.wait_for(lambda: self._may_enter(alone, heavy))
            self._alone_waiting -= alone
            self._inside += 1
            self._alone_inside = alone
            self._heavy_inside |= heavy
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._alone_inside = False
                self._heavy_inside &= not heavy
                self._changed.notify_all()

    def _may_enter(self, alone: bool, heavy: bool) -> bool:
        if alone:
            return self._inside == 0
        full = self._alone_inside or self._alone_waiting or self._inside >= self._places
        return not full and not (heavy and self._heavy_inside)
