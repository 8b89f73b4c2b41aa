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
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from gallery.models import Database, Delivery, State
from gallery.publishing.carry import Carrier
from gallery.publishing.ledger import OUT
from gallery.publishing.lives import lives_and_clock
from gallery.publishing.rules import Rules
from gallery.publishing.situation import Situation
from gallery.publishing.vault import Vault
from gallery.storage import LocalStorage
from tests.faults.guards import CONTROLS, StruckCalls, Unwatched
from tests.faults.points import JumpingClock, Points, Run
from tests.faults.struck import SmallReserve, StruckDatabase, networks
from tests.publishing.world import FlatPictures


def carry(run: Run) -> None:
    """Carry the delivery until it is over, a person is asked, or the time is up."""
    points = Points(run)
    settings = run.settings()
    db = StruckDatabase(_address(run), points)
    lives, clock = lives_and_clock(db, settings)
    rules = replace(
        Rules.of(settings),
        reads_s=(0.0,),
        looks_s=(),
        second_read_s=run.second_read_s,
        disk_bytes=run.disk_bytes,
    )
    carrier = Carrier(
        db,
        LocalStorage(settings.storage_folder, reserve_bytes=0),
        FlatPictures(Path(run.file)),
        Vault(settings),
        settings,
        lives=lives,
        clock=JumpingClock(clock, points),
        networks=networks(points, run),
        rules=rules,
        **{"calls": StruckCalls, **CONTROLS.get(run.control, {})},
    )
    assert isinstance(carrier.calls, StruckCalls)
    carrier.calls.points = points
    carrier.calls.reserve = SmallReserve(db, points.disk)
    carrier.calls.reserve.keep()
    if run.control == "clock jump unseen":
        carrier.watch = Unwatched(db, settings.clock_file, carrier.clock)
    deadline = time.monotonic() + run.seconds
    while time.monotonic() < deadline:
        try:
            carrier.carry(run.delivery)
            over = _is_over(db, run.delivery)
        except DBAPIError:
            time.sleep(0.05)  # the disk is full, or a stopped process holds SQLite's write lock
            continue
        if over:
            return
        time.sleep(0.02)


def _address(run: Run) -> str:
    """PostgreSQL lets go soon of what a process locked that is going to be stopped."""
    if run.signal == signal.SIGSTOP and make_url(run.database_url).get_backend_name() != "sqlite":
        soon = {"options": "-c idle_in_transaction_session_timeout=800ms"}
        url = make_url(run.database_url).update_query_dict(soon)
        return url.render_as_string(hide_password=False)
    return run.database_url


def _is_over(db: Database, delivery_id: str) -> bool:
    with db.read() as session:
        delivery = session.get_one(Delivery, delivery_id)
        if delivery.state in OUT and Situation.load(session, delivery_id).withdrawing():
            return False
    return delivery.state not in (State.SCHEDULED, State.GOING) or delivery.wake_at is None


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
