"""A process of its own that carries one delivery and may be killed or stopped at any point.

`python -m tests.faults.child` is a zygote: it imports everything once and forks a child for each
request that it reads, one JSON object a line: {"do": "start", …} answers {"pid"}; {"do": "wait",
"pid", "seconds"} answers {"end": "exit 0", "signal 9", "stopped" or "running"}.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from gallery.errors import OutcomeUnknown, TryLater
from gallery.models import Database, Delivery, State, Step, Verb
from gallery.networks import NETWORKS
from gallery.networks.contract import (
    Absent,
    CannotTell,
    Composed,
    Connector,
    Credential,
    Limits,
    Network,
    Part,
    PlannedPhoto,
    Profile,
    Receipt,
    Staged,
)
from gallery.publishing import facts
from gallery.publishing.calls import Calls
from gallery.publishing.carry import Carrier
from gallery.publishing.claims import Claim, Claims
from gallery.publishing.lives import lives_and_clock
from gallery.publishing.lock import LifeLock
from gallery.publishing.rules import Rules
from gallery.publishing.situation import Situation
from gallery.publishing.vault import Vault
from gallery.settings import Secret, Settings
from gallery.storage import LocalStorage
from tests.publishing.world import FlatPictures


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
    backoff_s: float = 0.05
    lease_s: float = 20.0
    call_timeout_s: float = 1.5
    seconds: float = 20.0
    kind: str = ""  # commit, call or intent: what is counted
    verb: str = ""  # with call and intent: only this one
    nth: int = 0  # the how manieth is hit; 0: none
    when: str = "before"
    signal: int = signal.SIGKILL
    late_s: float | None = None  # a publish answers nothing and happens so much later
    slow_s: float = 0.0  # a publish happens after so long
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

    def count(self, kind: str, verb: str = "") -> int:
        """The number of this event, from 1."""
        if kind != self._run.kind or (self._run.verb and verb != self._run.verb):
            return -1
        with self._lock:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            return self._counts[kind]

    def strike(self, number: int, when: str) -> None:
        """End or stop this process if this is the point.

        Outside a transaction of its own it is stopped in none of its other threads' either: a
        stopped process that holds SQLite's write lock would stop everybody.
        """
        if number == self._run.nth and when == self._run.when:
            with nullcontext() if self._run.kind == "commit" else self.quiet:
                os.kill(os.getpid(), self._run.signal)


class StruckDatabase(Database):
    """A database whose commits are counted."""

    def __init__(self, url: str, points: Points) -> None:
        super().__init__(url)
        self._points = points
        points.quiet = self._one_writer

    @contextmanager
    def write(self, *, alone: bool = True) -> Iterator[Session]:
        with super().write(alone=alone) as session:
            yield session
            number = self._points.count("commit")
            self._points.strike(number, "before")
        self._points.strike(number, "after")


class StruckConnector:
    """A real connector whose calls are counted and made late, slow or unfindable."""

    def __init__(self, real: Connector, points: Points, run: Run) -> None:
        self._real = real
        self._points = points
        self._run = run

    @contextmanager
    def _struck(self, verb: str) -> Iterator[None]:
        number = self._points.count("call", verb)
        self._points.strike(number, "before")
        try:
            yield
        finally:
            self._points.strike(number, "after")

    def verify(self) -> Profile:
        return self._real.verify()

    def limits(self) -> Limits:
        return replace(self._real.limits(), settle_s=self._run.settle_s)

    def renew(self) -> Credential:
        return self._real.renew()

    def stage(self, photo: PlannedPhoto, file: Path, sofar: Staged | None) -> Staged:
        with self._struck("stage"):
            return self._real.stage(photo, file, sofar)

    def compose(self, part: Part) -> Composed:
        with self._struck("compose"):
            return self._real.compose(part)

    def publish(self, part: Part) -> Receipt:
        with self._struck("publish"):
            (Path(self._run.folder) / "publishing").touch()
            if self._run.late_s is not None:
                after = threading.Timer(self._run.late_s, self._real.publish, [part])
                after.start()  # no daemon: the process ends only after it has happened
                self._run.late_s = None  # only the first is late
                raise OutcomeUnknown("Nothing was heard.")
            time.sleep(self._run.slow_s)
            return self._real.publish(part)

    def find(self, part: Part) -> Receipt | Absent | CannotTell:
        with self._struck("find"):
            return CannotTell() if self._run.deaf else self._real.find(part)

    def amend(self, part: Part) -> Receipt:
        return self._real.amend(part)

    def retract(self, receipt: Receipt) -> None:
        with self._struck("retract"):
            self._real.retract(receipt)

    def discard(self, staged: Sequence[Staged], composed: Composed | None) -> None:
        self._real.discard(staged, composed)


def networks(points: Points, run: Run) -> Mapping[str, Network]:
    """All networks, each of its connectors struck."""

    def struck(network: Network) -> Network:
        def build(credential: Credential, settings: Settings) -> Connector:
            return StruckConnector(network.build(credential, settings), points, run)

        return replace(network, build=build)

    return {name: struck(network) for name, network in NETWORKS.items()}


class StruckCalls(Calls):
    """Calls that can be struck between having seen what to do and its intent."""

    points: Points

    def intend(self, claim: Claim, s: Situation, step: Step, limits: Limits) -> bool:
        self.points.strike(self.points.count("intent", step.verb.value), "before")
        return super().intend(claim, s, step, limits)


class NoIntent(StruckCalls):
    """Control: publishes without writing down first that it does."""

    def intend(self, claim: Claim, s: Situation, step: Step, limits: Limits) -> bool:
        if step.verb is not Verb.PUBLISH:
            return super().intend(claim, s, step, limits)
        step.attempt += 1
        return True


class Definite(StruckCalls):
    """Control: takes an unclear end for a clear no."""

    def record(self, s: Situation, step: Step, answer: facts.Answer) -> None:
        if isinstance(answer, OutcomeUnknown):
            answer = TryLater(str(answer), 0.0)
        super().record(s, step, answer)


class Blind(LifeLock):
    """Control: believes that whoever lets its lease go is dead."""

    def free(self, owner: str) -> bool:
        return owner != self.owner


class Unfenced(Claims):
    """Control: whoever once had a delivery goes on with it."""

    def fenced(self, session: Session, claim: Claim) -> Delivery:
        return session.get_one(Delivery, claim.delivery_id)

    def holds(self, claim: Claim) -> bool:
        return True


class Stateless(StruckCalls):
    """Part of the control above: the step's own state is not looked at before an intent either."""

    def intend(self, claim: Claim, s: Situation, step: Step, limits: Limits) -> bool:
        super().intend(claim, s, step, limits)
        return True


class FencedFacts(StruckCalls):
    """Control: an answer that comes late is thrown away."""

    def record(self, s: Situation, step: Step, answer: facts.Answer) -> None:
        with self._db.read() as session:
            delivery = session.get_one(Delivery, step.delivery_id)
            late = delivery.owner != self._lock.owner or delivery.fence != s.delivery.fence
        if not late:
            super().record(s, step, answer)


# what the carrier is made of without each guard; for "settle too early" the run is changed instead
CONTROLS: dict[str, dict[str, Any]] = {
    "no intent": {"calls": NoIntent},
    "5xx is definite": {"calls": Definite},
    "settle too early": {},
    "no fence": {"claims": Unfenced, "calls": Stateless},
    "no life lock": {"lock": Blind},
    "late fact unread": {"calls": FencedFacts},
}


def carry(run: Run) -> None:
    """Carry the delivery until it is over, a person is asked, or the time is up."""
    points = Points(run)
    settings = run.settings()
    db = StruckDatabase(run.database_url, points)
    lives, clock = lives_and_clock(db, settings)
    carrier = Carrier(
        db,
        LocalStorage(settings.storage_folder, reserve_bytes=0),
        FlatPictures(Path(run.file)),
        Vault(settings),
        settings,
        lives=lives,
        clock=clock,
        networks=networks(points, run),
        rules=replace(Rules.of(settings), reads_s=(0.0,), looks_s=()),
        **{"calls": StruckCalls, **CONTROLS.get(run.control, {})},
    )
    assert isinstance(carrier.calls, StruckCalls)
    carrier.calls.points = points
    deadline = time.monotonic() + run.seconds
    while time.monotonic() < deadline:
        try:
            carrier.carry(run.delivery)
        except OperationalError:
            time.sleep(0.05)  # a stopped process holds SQLite's write lock
            continue
        with db.read() as session:
            delivery = session.get_one(Delivery, run.delivery)
        if delivery.state is not State.GOING or delivery.wake_at is None:
            return
        time.sleep(0.02)


def _start(request: dict[str, Any]) -> dict[str, Any]:
    pid = os.fork()
    if pid == 0:
        signal.alarm(60)  # whatever happens, it does not outlive its test
        try:
            carry(Run(**request))
        except BaseException as error:  # noqa: BLE001 - the child says why it failed, and ends
            print(f"child: {error!r}", file=sys.stderr, flush=True)  # noqa: T201
            os._exit(1)
        for thread in threading.enumerate():
            if isinstance(thread, threading.Timer):
                thread.join()
        os._exit(0)
    return {"pid": pid}


def _wait(pid: int, seconds: float) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
        if done:
            if os.WIFSTOPPED(status):
                return {"end": "stopped"}
            if os.WIFSIGNALED(status):
                return {"end": f"signal {os.WTERMSIG(status)}"}
            return {"end": f"exit {os.WEXITSTATUS(status)}"}
        time.sleep(0.005)
    return {"end": "running"}


def main() -> None:
    """Answer requests until standard input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        if request.pop("do") == "start":
            answer = _start(request)
        else:
            answer = _wait(request["pid"], request["seconds"])
        print(json.dumps(answer), flush=True)  # noqa: T201


def as_request(run: Run) -> dict[str, Any]:
    """A run as a request to the zygote."""
    return {"do": "start", **asdict(run)}


if __name__ == "__main__":
    main()


__all__ = ["CONTROLS", "Run", "as_request"]
