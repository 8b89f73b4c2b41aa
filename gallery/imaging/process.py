"""The parent's end of one render process: start it, ask it, notice its death."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

_SPAWN = Path(__file__).with_name("spawn.py")
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")

_MOST_LINE = 1_000_000  # characters of one answer
_REAP_S = 1.0  # what a process may take to end once it has closed its output

Answer = dict[str, Any]


class Died(Exception):
    """The process ended with this request unanswered.

    `alone`: no other request was in its hands. `killed`: somebody outside ended it. `started`: it
    had been ready for requests.
    """

    def __init__(self, *, alone: bool, killed: bool, started: bool) -> None:
        super().__init__("The render process died.")
        self.alone = alone
        self.killed = killed
        self.started = started


def command(memory_bytes: int) -> list[str]:
    """How a child is started: isolated from this process's environment and search path."""
    return [sys.executable, "-I", str(_SPAWN), str(memory_bytes)]


def _environment() -> dict[str, str]:
    """What a child needs, and no secret; one heap for both threads, or each would keep its own."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | {
        "MALLOC_ARENA_MAX": "1"
    }


class RenderProcess:
    """One child. `ask` may be called by several threads; `end` by any, at any time."""

    def __init__(self, command: Sequence[str]) -> None:
        self.asked = 0
        self._lock = threading.Lock()
        self._pending: dict[int, Future[Answer]] = {}
        self._ready = False
        self._dead = False
        self._ours = False  # we ended it
        self._popen = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            text=True,
            encoding="utf-8",
            process_group=0,  # Ctrl-C is for the parent; the child ends with its input
        )
        self._requests = cast(IO[str], self._popen.stdin)
        self._answers = cast(IO[str], self._popen.stdout)
        self._reader = threading.Thread(target=self._read, name="renderer", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._popen.pid

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return not self._dead

    def ask(self, request: dict[str, Any]) -> Future[Answer]:
        """Send a request; its future gives the answer, or raises Died."""
        future: Future[Answer] = Future()
        with self._lock:
            if self._dead:
                future.set_exception(Died(alone=False, killed=True, started=True))
                return future
            self.asked += 1
            self._pending[self.asked] = future
            self._send(json.dumps({"id": self.asked, **request}) + "\n")
        return future

    def end(self) -> None:
        """Kill it and wait until it is gone; whatever it had not answered gets its exception."""
        self._kill()
        self._reader.join()

    def _kill(self) -> None:
        self._ours = True
        self._popen.kill()

    def _send(self, line: str) -> None:
        with suppress(OSError):  # it is dying: its reader tells those who wait
            self._requests.write(line)
            self._requests.flush()

    def _read(self) -> None:
        try:
            while line := self._answers.readline(_MOST_LINE):
                self._take(json.loads(line))
        except (AttributeError, KeyError, TypeError, ValueError):
            self._kill()  # it speaks nonsense: something in a picture has taken it over
        self._bury()

    def _take(self, answer: Answer) -> None:
        if "ready" in answer:
            self._ready = True
        elif "crashed" in answer:
            self._kill()
        else:
            with self._lock:
                future = self._pending.pop(answer["id"])
            future.set_result(answer)

    def _bury(self) -> None:
        """Wait for its end, close its pipes, and tell everybody who still waits."""
        killed = self._reap() == -signal.SIGKILL and not self._ours
        with self._lock:
            self._dead = True
            left = list(self._pending.values())
            self._pending.clear()
            for pipe in (self._requests, self._answers):
                with suppress(OSError):
                    pipe.close()
        for future in left:
            future.set_exception(Died(alone=len(left) == 1, killed=killed, started=self._ready))

    def _reap(self) -> int:
        try:
            return self._popen.wait(_REAP_S)
        except subprocess.TimeoutExpired:
            self._kill()
            return self._popen.wait()
