"""Life locks and the time on PostgreSQL, where the processes may be on several machines."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import threading
import time
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from gallery.models import Database
from gallery.models.line import Line
from gallery.publishing.claims import Clock
from gallery.publishing.lock import FileLives, Lives
from gallery.settings import Settings

_SPACE = 1_095_124_816  # our part of the database's advisory locks
_OURS = (
    "FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
    f"WHERE datname = current_database() AND locktype = 'advisory' AND classid = {_SPACE} "
    "AND objsubid = 2 AND granted"
)


class PostgresLives:
    """Session advisory locks on a connection of our own: it is lost when the process ends.

    It can be lost in other ways, and everybody's at once when the server starts anew. So it is
    looked at every second and made again; and for a while after that nobody is taken for dead.
    """

    def __init__(self, line: Line, *, look_s: float = 1.0, doubt_s: float = 10.0) -> None:
        self.where = f"@{socket.gethostname()[:64]}"
        self._line = line
        self._look_s = look_s
        self._doubt_s = doubt_s
        self._held: dict[str, int] = {}  # by name, the line that its lock hangs on; 0: none
        self._made = 0
        self._doubtful_until = 0.0
        self._guard = threading.RLock()
        self._stop = threading.Event()
        self._looking: threading.Thread | None = None

    def hold(self, owner: str) -> None:
        with self._guard:
            self._held[owner] = 0
            self._take_again()
            if self._looking is None:
                self._looking = threading.Thread(target=self._look, name="life", daemon=True)
                self._looking.start()

    def life(self, owner: str) -> int:
        with self._guard:
            try:
                self._take_again()
            except DBAPIError:
                return 0
            return self._held.get(owner, 0)

    def let_go(self, owner: str) -> None:
        with self._guard:
            if self._held.pop(owner, 0) != self._line.made:
                return
            with contextlib.suppress(DBAPIError):  # the server is away, and the lock with it
                self._line.ask("SELECT pg_advisory_unlock(:space, :key)", **_named(owner))

    def gone(self, owner: str) -> bool:
        with self._guard:
            try:
                self._take_again()
                held = self._line.ask(f"SELECT 1 {_OURS} AND objid = :key", key=_key(owner))
            except DBAPIError:
                return False
            sure = self._line.made == self._made and time.monotonic() >= self._doubtful_until
            return sure and held is None

    def anybody(self) -> bool:
        return self._line.ask(f"SELECT 1 {_OURS} LIMIT 1") is not None

    def close(self) -> None:
        self._stop.set()
        if self._looking is not None:
            self._looking.join()
        self._line.close()

    def _take_again(self) -> None:
        """See that the line is there, and all our locks on it."""
        self._line.ask("SELECT 1")
        if self._made and self._line.made != self._made:
            self._doubtful_until = time.monotonic() + self._doubt_s
        self._made = self._line.made
        for owner in [owner for owner, made in self._held.items() if made != self._made]:
            taken = self._line.ask("SELECT pg_try_advisory_lock(:space, :key)", **_named(owner))
            # our own lost connection may hold it until the server has noticed
            self._held[owner] = self._made if taken and taken[0] else 0

    def _look(self) -> None:
        while not self._stop.wait(self._look_s):
            for owner in list(self._held):
                self.life(owner)


def _key(owner: str) -> int:
    """31 bits that stand for a name."""
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:4]) >> 1


def _named(owner: str) -> dict[str, int]:
    return {"space": _SPACE, "key": _key(owner)}


class DatabaseClock(Clock):
    """The database's clock, so that all machines go by the same one, whatever theirs say.

    Asked for every few seconds, and carried on by the boot clock in between.
    """

    def __init__(self, line: Line, *, every_s: float = 5.0) -> None:
        self._line = line
        self._every_s = every_s
        self._guard = threading.Lock()
        self._told: tuple[float, datetime] | None = None

    def now(self) -> datetime:
        with self._guard:
            if self._told is None or self.boot() - self._told[0] >= self._every_s:
                self._told = self._ask()
            at, told = self._told
            return told + timedelta(seconds=self.boot() - at)

    def _ask(self) -> tuple[float, datetime]:
        before = self.boot()
        told = next(iter(self._line.ask("SELECT clock_timestamp()") or ()))
        return (before + self.boot()) / 2, told


def lives_and_clock(db: Database, settings: Settings) -> tuple[Lives, Clock]:
    """What tells which processes live, and the time to go by."""
    if not db.on_postgres:
        return FileLives(settings.processes_folder), Clock()
    line = Line(db)
    return PostgresLives(line), DatabaseClock(line)
