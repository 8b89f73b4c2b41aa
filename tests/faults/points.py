"""What a child is to do, and the point at which something happens to it."""

from __future__ import annotations

import os
import resource
import signal
import threading
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from gallery.publishing.claims import Clock
from gallery.settings import Secret, Settings


@dataclass
class Run:
    """What one child is to do and what is to happen to it."""

    database_url: str
    folder: str
    file: str
    delivery: str
    facebook_url: str = "https://graph.facebook.com"
    public_url: str = "http://photos.example.org"
    settle_s: float = 0.3
    second_read_s: float = 20.0
    backoff_s: float = 0.05
    lease_s: float = 20.0
    call_timeout_s: float = 1.5
    seconds: float = 20.0
    kind: str = ""  # commit, call or intent: what is counted
    verb: str = ""  # with call and intent: only this one
    nth: int = 0  # the how manieth is hit; 0: none
    when: str = "before"
    signal: int = signal.SIGKILL
    jump_s: float = 0.0  # instead, the wall clock is set so far on, or back
    fill: bool = False  # instead, the disk of `folder` gets full
    disk_bytes: int = 0  # free disk below which nothing visible is sent
    late_s: float | None = None  # a publish answers nothing and happens so much later
    slow_s: float = 0.0  # a publish happens after so long
    renews: bool = False  # credentials die, and the network renews them
    deaf: bool = False  # the network has no way to find a post
    control: str = ""  # a guard that is left out, to see the suite fail

    def settings(self) -> Settings:
        """The settings of the site that the child works for."""
        return Settings(
            secret_key=Secret("test-only-secret-key-of-forty-characters"),
            public_url=self.public_url,
            database_url=self.database_url,
            storage=f"{self.folder}/uploads",
            instance=Path(self.folder) / "instance",
            facebook_graph_url=self.facebook_url,
            settle_s=self.settle_s,
            backoff_s=self.backoff_s,
            lease_s=self.lease_s,
            call_timeout_s=self.call_timeout_s,
        )


class Points:
    """Counts what happens and strikes at the point that the run names."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()
        self.quiet = threading.Lock()
        self.disk = Disk(Path(run.folder))
        self.jumped_s = 0.0

    def count(self, kind: str, verb: str = "") -> int:
        """The number of this event, from 1."""
        if kind != self._run.kind or (self._run.verb and verb != self._run.verb):
            return -1
        with self._lock:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            return self._counts[kind]

    def strike(self, number: int, when: str) -> None:
        """Let happen what the run says if this is the point."""
        if number != self._run.nth or when != self._run.when:
            return
        if self._run.fill:
            self.disk.fill()
        elif self._run.jump_s:
            self.jumped_s = self._run.jump_s
        else:
            self._signal()

    def _signal(self) -> None:
        """End or stop this process.

        Outside a transaction of its own it is stopped in none of its other threads' either: a
        stopped process that holds SQLite's write lock would stop everybody.
        """
        with nullcontext() if self._run.kind == "commit" else self.quiet:
            os.kill(os.getpid(), self._run.signal)


class Disk:
    """The disk that a site stands on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.limited = False

    @property
    def filler(self) -> Path:
        """What fills it; a person makes room by deleting it."""
        return self._folder / "filler"

    def fill(self) -> None:
        """Leave no room: really where the disk is small, else by a limit that writes run into."""
        if self._folder.is_mount():
            with self.filler.open("wb") as file, suppress(OSError):
                while True:
                    file.write(bytes(4096))
                    file.flush()
            return
        self.limited = True
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    def give_back(self) -> None:
        """The reserve was deleted, so there is room."""
        if self.limited:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))


class JumpingClock(Clock):
    """The real one, set as the run says from its point on."""

    def __init__(self, real: Clock, points: Points) -> None:
        self._real = real
        self._points = points

    def now(self) -> datetime:
        return self._real.now() + timedelta(seconds=self._points.jumped_s)

    def boot(self) -> float:
        return self._real.boot()
