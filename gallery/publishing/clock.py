"""Noticing that a clock was set or that the machine started anew.

The wall clock can be set; the boot clock can't. Where the two part, what was reckoned with the
wall clock is not to be believed: settle windows begin anew, what waits for a time looks again,
and nothing scheduled goes out for a while, so that a clock that is about to be put right again
fires nothing.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from sqlalchemy import update
from sqlalchemy.orm import Session

from gallery.models import Database, Delivery, Site
from gallery.publishing.claims import Clock

log = logging.getLogger(__name__)
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
JUMP_S = 5.0  # the two clocks apart by more
HOLD = timedelta(minutes=5)  # nothing scheduled begins so soon after a jump
KEEP_S = 60.0  # how old the kept mark may be


@dataclass(frozen=True)
class Mark:
    """Both clocks at one moment, and which start of the machine it was."""

    boot_id: str
    boot: float  # s
    wall: float  # s since 1970, UTC

    def jumped(self, before: Mark) -> bool:
        """Whether somebody set the wall clock since `before`; over a new start only backwards."""
        if self.boot_id != before.boot_id:
            return self.wall < before.wall - JUMP_S
        return abs((self.wall - before.wall) - (self.boot - before.boot)) > JUMP_S


class Watch:
    """Compares the clocks with the last mark, which survives this process in a file."""

    def __init__(
        self, db: Database, file: Path, clock: Clock, boot_id: Callable[[], str] | None = None
    ) -> None:
        self._db = db
        self._file = file
        self._clock = clock
        self._boot_id = boot_id or this_start
        self._guard = Lock()
        self._kept = self._last = _read(file)

    def now(self) -> datetime:
        """This moment; what follows from a jump or a new start is written down before."""
        with self._guard:
            now = self._clock.now()
            mark = Mark(self._boot_id(), self._clock.boot(), now.timestamp())
            before, self._last = self._last, mark
            if before is not None:
                self._compare(mark, before, now)
            if self._kept is None or abs(mark.wall - self._kept.wall) > KEEP_S:
                self._keep(mark)
        return now

    def _compare(self, mark: Mark, before: Mark, now: datetime) -> None:
        jumped = mark.jumped(before)
        if not jumped and mark.boot_id == before.boot_id:
            return
        if jumped:
            log.warning("The clock of this machine jumped; nothing scheduled goes out for 5 min")
        with self._db.write() as session:
            begin_anew(session, now, jumped=jumped)
        self._keep(mark)

    def _keep(self, mark: Mark) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(f".{os.getpid()}")  # others may be at it too
        fresh.write_text(json.dumps(asdict(mark)), encoding="utf-8")
        fresh.replace(self._file)
        self._kept = mark


def begin_anew(session: Session, now: datetime, *, jumped: bool) -> None:
    """Settle windows begin no earlier than now, and everything that waits looks again.

    If the clock `jumped`, nothing scheduled goes out for a while.
    """
    site = session.get(Site, 1)
    if site is None:
        return
    site.settle_from = now
    if jumped:
        site.schedule_from = now + HOLD
    session.execute(update(Delivery).where(Delivery.wake_at > now).values(wake_at=now))


def this_start() -> str:
    """A name for this start of the machine, as Linux gives it; the same until it starts anew."""
    return BOOT_ID.read_text(encoding="ascii").strip()


def _read(file: Path) -> Mark | None:
    try:
        return Mark(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
