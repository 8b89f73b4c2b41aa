"""Strike at the nth time that something reaches the disk: before or after the call, once.

The interpreter itself reports every call of a C function (`sys.setprofile`), so the code under
test is the real one, down to the operating system.
"""

from __future__ import annotations

import io
import itertools
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

OF_THE_SYSTEM = {"fsync", "mkdir", "replace", "unlink"}
BEFORE, AFTER = "c_call", "c_return"  # as the interpreter says it


class Strikes:
    """Counts the moments; at the nth it calls `action`. `struck` names it, or is empty."""

    def __init__(
        self, nth: int, action: Callable[[], None], events: Sequence[str] = (BEFORE, AFTER)
    ) -> None:
        self.struck = ""
        self._events = events
        self._nth = nth
        self._action = action
        self._moments = itertools.count(1)

    def __call__(self, _frame: FrameType, event: str, function: Any) -> None:
        """What `sys.setprofile` calls."""
        name = reaches_disk(function) if event in self._events else ""
        if name and next(self._moments) == self._nth:
            sys.setprofile(None)
            self.struck = f"{'before' if event == BEFORE else 'after'} {name}"
            self._action()


def reaches_disk(function: Any) -> str:
    """The name of a call that writes, syncs, renames, makes, deletes or commits; else nothing."""
    name = str(getattr(function, "__name__", ""))
    owner = getattr(function, "__self__", None)
    writes = isinstance(owner, io.BufferedWriter) and name in ("write", "flush")
    commits = isinstance(owner, sqlite3.Connection) and name == "commit"
    of_system = getattr(function, "__module__", "") == "posix" and name in OF_THE_SYSTEM
    return name if writes or commits or of_system else ""


@contextmanager
def kill_at(nth: int, kill: Callable[[], None]) -> Iterator[Strikes]:
    """Call `kill` at the nth moment within this block, in this thread."""
    with _struck_by(Strikes(nth, kill)) as strikes:
        yield strikes


@contextmanager
def fail_at(nth: int, code: int) -> Iterator[Strikes]:
    """The nth call within this block, in this thread, fails with this error of the system."""

    def fail() -> None:
        raise OSError(code, os.strerror(code))

    with _struck_by(Strikes(nth, fail, events=(BEFORE,))) as strikes:
        yield strikes


@contextmanager
def _struck_by(strikes: Strikes) -> Iterator[Strikes]:
    sys.setprofile(strikes)
    try:
        yield strikes
    finally:
        sys.setprofile(None)
