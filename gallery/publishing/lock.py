"""The life lock: each process holds a file lock that dies with it, and only with it.

A lease says who may begin a call. It can't say who is still on the wire: a process that was
stopped between its intent and its call would send on waking. So nobody touches the visible step
of an owner whose lock is still held.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path


class LifeLock:
    """Held from construction until the process ends. `owner` is its name in the rows."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.owner = f"{os.getpid()}-{secrets.token_hex(8)}"
        self._descriptor = os.open(
            folder / self.owner, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600
        )
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def free(self, owner: str) -> bool:
        """Whether the process with this name is surely gone."""
        return owner != self.owner and gone(self._folder, owner)

    def release(self) -> None:
        """Let go before the process ends; only for one that will begin no call any more."""
        (self._folder / self.owner).unlink(missing_ok=True)
        os.close(self._descriptor)


def gone(folder: Path, owner: str) -> bool:
    """Whether the process with this name holds its lock in `folder` no more."""
    path = folder / Path(owner).name
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


def process_of(owner: str) -> str:
    """The process id in an owner's name, to tell a person."""
    return owner.split("-", 1)[0]
