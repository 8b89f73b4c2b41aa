"""The ground that fault tests stand on: a site, a delivery, the far side, and the zygote."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gallery.models import Account, Album, Database, Photo
from gallery.networks import practice
from gallery.publishing import accounts, compose, ledger, orders, views
from gallery.publishing.vault import Vault
from tests.faults.child import as_request
from tests.faults.points import Run
from tests.publishing.world import add_account, add_album


class Forks:
    """Forks children on demand; see tests.faults.child."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, run: Run) -> int:
        """Start a child; its process id."""
        return int(self._ask(as_request(run))["pid"])

    def wait(self, pid: int, seconds: float) -> str:
        """How the child ended, or that it is stopped or still running."""
        return str(self._ask({"do": "wait", "pid": pid, "seconds": seconds})["end"])

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@dataclass(frozen=True)
class Zygote:
    """Forks the children of one test, whose sites all stand on the same kind of database."""

    forks: Forks
    database_in: Callable[[Path], str]  # a database with its tables, for a site in this folder

    def start(self, run: Run) -> int:
        """Start a child; its process id."""
        return self.forks.start(run)

    def wait(self, pid: int, seconds: float = 30.0) -> str:
        """How the child ended, or that it is stopped or still running."""
        return self.forks.wait(pid, seconds)

    def run(self, run: Run) -> str:
        """Start a child and wait for its end."""
        return self.wait(self.start(run))


@dataclass
class Ground:
    """One site with one ordered delivery."""

    zygote: Zygote
    run: Run
    db: Database
    album: Album
    account: Account

    @classmethod
    def make(
        cls,
        zygote: Zygote,
        folder: Path,
        network: str,
        credential: dict[str, str],
        *,
        photos: int = 3,
        **more: Any,
    ) -> Ground:
        """A site in `folder` with an album, ordered to an account of `network`."""
        file = folder / "flat.jpg"
        file.write_bytes(TINY_JPEG)
        run = Run(zygote.database_in(folder), str(folder), str(file), "", **more)
        db = Database(run.database_url)
        settings = run.settings()
        vault = Vault(settings)
        account = add_account(db, vault, network, credential)
        album = add_album(db, photos)
        with db.write() as session:
            session.add(session.merge(album))
            draft = compose.save(session, album, compose.wording(session, album))
            delivery, _new = orders.order(
                session,
                settings,
                album=album,
                draft=draft,
                account=session.merge(account),
                limits=accounts.connector(vault, settings, account).limits(),
                now=datetime.now(UTC),
                by=None,
            )
        run.delivery = delivery.id
        return cls(zygote, run, db, album, account)

    def carry(self, **changes: Any) -> str:
        """A child carries the delivery; how the child ended."""
        return self.zygote.run(replace(self.run, **changes))

    def retract(self) -> None:
        """A person takes the delivery back."""
        with self.db.write() as session:
            ledger.retract(session, self.run.delivery, now=datetime.now(UTC))

    def start(self, **changes: Any) -> int:
        """A child begins to carry the delivery; its process id."""
        return self.zygote.start(replace(self.run, **changes))

    def go_on(self, pid: int) -> str:
        """Wake a stopped child and wait for its end."""
        os.kill(pid, signal.SIGCONT)
        return self.zygote.wait(pid)

    def view(self) -> views.DeliveryView:
        """The delivery as people see it."""
        with self.db.read() as session:
            return views.view(session, self.run.delivery, now=datetime.now(UTC))

    def practised(self) -> list[list[str]]:
        """The posts of the practice network, each as its captions in order."""
        posts = practice.recent(practice.folder_of(self.run.settings()))
        return [[photo["caption"] for photo in post["photos"]] for post in posts]

    def order_of(self) -> list[str]:
        """The captions in the album's order."""
        with self.db.read() as session:
            rows = session.query(Photo).order_by(Photo.position).all()
        return [photo.caption for photo in rows]

    def close(self) -> None:
        """Let go of the database."""
        self.db.close()


def wait_until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for something to become true; fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        threading.Event().wait(0.01)


TINY_JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c"
    "1912130f141d1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc000"
    "0b080001000101011100ffc4001f0000010501010101010100000000000000000102030405060708090a0bffc400"
    "b5100002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1c1"
    "1552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a63"
    "6465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6"
    "b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008"
    "010100003f00fbd2800fffd9"
)
