"""The life lock: each process holds a lock that dies with it, and only with it.

A lease says who may begin a call. It can't say who is still on the wire: a process that was
stopped between its intent and its call would send on waking. So nobody touches the visible step
of an owner whose lock is still held.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path
from typing import Protocol


class Lives(Protocol):
    """What holds the locks of all processes that carry for one database."""

    where: str  # what a process id needs beside it to be found

    def hold(self, owner: str) -> None:
        """Hold the lock of this name until the process ends, or `let_go`."""

    def life(self, owner: str) -> int:
        """Rises whenever a lock of ours was lost and had again; 0 while it is not held."""

    def let_go(self, owner: str) -> None:
        """Hold it no more."""

    def gone(self, owner: str) -> bool:
        """Whether the process with this name is surely gone."""

    def anybody(self) -> bool:
        """Whether any process holds a lock."""

    def close(self) -> None:
        """Give back what was needed to ask."""


class LifeLock:
    """Held from construction until the process ends. `owner` is its name in the rows."""

    def __init__(self, lives: Lives) -> None:
        self._lives = lives
        self.owner = f"{os.getpid()}{lives.where}-{secrets.token_hex(8)}"
        lives.hold(self.owner)

    @property
    def life(self) -> int:
        """As `Lives.life`: without its lock a process begins no call."""
        return self._lives.life(self.owner)

    def free(self, owner: str) -> bool:
        """Whether the process with this name is surely gone."""
        return owner != self.owner and self._lives.gone(owner)

    def release(self) -> None:
        """Let go before the process ends; only for one that will begin no call any more."""
        self._lives.let_go(self.owner)


class FileLives:
    """Locks on files in a folder: for processes of one machine, which lose them only by ending."""

    where = ""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, int] = {}

    def hold(self, owner: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        flags = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC
        self._held[owner] = os.open(self._folder / owner, flags, 0o600)
        fcntl.flock(self._held[owner], fcntl.LOCK_EX)

    def life(self, owner: str) -> int:
        return int(owner in self._held)

    def let_go(self, owner: str) -> None:
        (self._folder / owner).unlink(missing_ok=True)
        os.close(self._held.pop(owner))

    def gone(self, owner: str) -> bool:
        path = self._folder / Path(owner).name
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            path.unlink(missing_ok=True)
            return True
        finally:
            os.close(descriptor)

    def anybody(self) -> bool:
        return any(not self.gone(path.name) for path in self._folder.glob("*"))

    def close(self) -> None:
        """Nothing: whoever still holds a lock needs it."""


def process_of(owner: str) -> str:
    """The process in an owner's name, to tell a person: its id, and its machine if there are more."""
    return owner.rpartition("-")[0]
