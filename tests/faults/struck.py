"""The database, the networks and the disk of a child, each of which may be struck at its point."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gallery.errors import OutcomeUnknown
from gallery.models import Database
from gallery.networks import NETWORKS
from gallery.networks.contract import (
    EXPIRES,
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
from gallery.publishing.reserve import Reserve
from gallery.settings import Settings
from tests.faults.points import Disk, Points, Run

A_WHILE = timedelta(hours=1)


class StruckDatabase(Database):
    """A database whose commits are counted."""

    def __init__(self, url: str, points: Points) -> None:
        super().__init__(url)
        self._points = points
        points.quiet = self._one_writer
        if not self.on_postgres:
            event.listen(self.engine, "connect", _impatient)

    @contextmanager
    def write(self, *, alone: bool = True, lasting: bool = True) -> Iterator[Session]:
        with super().write(alone=alone, lasting=lasting) as session:
            yield session
            number = self._points.count("commit")
            self._points.strike(number, "before")
        self._points.strike(number, "after")


def _impatient(connection: Any, _record: object) -> None:
    """A process that was stopped in a transaction is not waited for."""
    connection.execute("PRAGMA busy_timeout=200")


class StruckConnector:
    """A real connector whose calls are counted and made late, slow or unfindable."""

    def __init__(self, real: Connector, credential: Credential, points: Points, run: Run) -> None:
        self._real = real
        self._credential = credential
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
        with self._struck("renew"), (Path(self._run.folder) / "renewals").open("a") as issued:
            issued.write("x")
            later = datetime.now(UTC) + timedelta(days=1)
            return {**self._credential, EXPIRES: later.isoformat()}

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
        with self._struck("amend"):
            return self._real.amend(part)

    def retract(self, receipt: Receipt) -> None:
        with self._struck("retract"):
            self._real.retract(receipt)

    def discard(self, staged: Sequence[Staged], composed: Composed | None) -> None:
        with self._struck("discard"):
            self._real.discard(staged, composed)


def networks(points: Points, run: Run) -> Mapping[str, Network]:
    """All networks, each of its connectors struck."""

    def struck(network: Network) -> Network:
        def build(credential: Credential, settings: Settings) -> Connector:
            return StruckConnector(network.build(credential, settings), credential, points, run)

        return replace(network, build=build, renew_before=A_WHILE if run.renews else None)

    return {name: struck(network) for name, network in NETWORKS.items()}


class SmallReserve(Reserve):
    """A reserve in proportion to a small disk."""

    def __init__(self, db: Database, disk: Disk) -> None:
        super().__init__(db, 1 << 20)
        self._disk = disk

    def spend(self, error: DBAPIError) -> None:
        super().spend(error)
        self._disk.give_back()
