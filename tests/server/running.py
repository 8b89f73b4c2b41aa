"""A real site: gunicorn as `make run` starts it, with a folder and a port of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

from bench.site import environment, free_port
from gallery.models import schema
from gallery.services import Services
from gallery.settings import ROOT, Secret, Settings
from tests.faults.ground import wait_until

SERVE = ("gunicorn", "-c", "python:gallery.server", "wsgi:app")
HURRIED = {"settle_s": 0.5, "backoff_s": 0.2}  # a lost post is looked for soon


class Site:
    """One site. `services` reads and writes beside the server, which has the same database."""

    def __init__(self, folder: Path, **more: object) -> None:
        self.folder = folder
        self.settings = _settings(folder, **{**HURRIED, **more})
        self.url = self.settings.public_url
        self.services = Services.build(self.settings)
        schema.make_or_check(self.services.db)
        self.tmp = folder / "tmp"
        self.tmp.mkdir()
        self._process: subprocess.Popen[bytes] | None = None
        self._told_before = 0

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process that was started last: gunicorn's master."""
        assert self._process is not None, "the site was not started"
        return self._process

    @property
    def worker(self) -> int:
        """The process that answers."""
        (found,) = [pid for pid in children_of(self.process.pid) if "gunicorn" in command_of(pid)]
        return found

    def start(self) -> Site:
        """Start the server and wait until it answers."""
        self._told_before = len(self.told())
        with (self.folder / "out").open("ab") as out, (self.folder / "err").open("ab") as err:
            self._process = self.run(*SERVE, stdout=out, stderr=err)
        wait_until(lambda: self.is_over() or self.answers(), 60)
        assert not self.is_over(), self.complaints()
        return self

    def run(self, *words: str, **more: object) -> subprocess.Popen[bytes]:
        """`python -m …` with the settings of this site."""
        command = [sys.executable, "-m", *words]
        environ = {**environment(self.settings), "TMPDIR": str(self.tmp)}
        return subprocess.Popen(command, cwd=ROOT, env=environ, **more)  # type: ignore[call-overload,no-any-return]

    def answers(self) -> bool:
        """Whether it serves."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=20) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError):
            return False

    def told(self) -> str:
        """What the server printed since its last start."""
        out = self.folder / "out"
        return out.read_text(encoding="utf-8")[self._told_before :] if out.exists() else ""

    def complaints(self) -> str:
        """What it ever wrote to its log."""
        return (self.folder / "err").read_text(encoding="utf-8")

    def setup_link(self) -> str:
        """The one-time link that it printed when it started last."""
        found = re.search(r"^Begin here, once: (\S+)$", self.told(), flags=re.M)
        assert found, self.told()
        return found[1]

    def is_over(self) -> bool:
        """Whether the server has ended."""
        return self.process.poll() is not None

    def stop(self, seconds: float = 40.0) -> int:
        """Ask it to end, as a service manager does; its exit code."""
        self.process.terminate()
        return self.process.wait(seconds)

    def kill(self) -> None:
        """Kill -9 of the server; its render process must end by itself."""
        others = descendants_of(self.process.pid)
        for pid in (self.process.pid, self.worker):
            os.kill(pid, signal.SIGKILL)
        self.process.wait(10)
        wait_until(lambda: not any(map(is_alive, others)))

    def close(self) -> None:
        """End whatever still runs."""
        if self._process is not None and not self.is_over():
            self.stop()
        self.services.close()
        shutil.rmtree(self.settings.storage_folder)


def _settings(folder: Path, **more: object) -> Settings:
    settings = Settings(
        secret_key=Secret("a key for testing only, forty letters long"),
        bind=f"127.0.0.1:{free_port()}",
        database_url=f"sqlite:///{folder}/gallery.db",
        storage=f"{folder}/uploads",
        instance=folder / "instance",
    )
    return replace(settings, **more)  # type: ignore[arg-type]


def children_of(pid: int) -> list[int]:
    """The processes that this one started and that still run."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(n) for task in tasks for n in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def descendants_of(pid: int) -> list[int]:
    """Children, and theirs."""
    return [found for child in children_of(pid) for found in (child, *descendants_of(child))]


def command_of(pid: int) -> str:
    """The command line of a process; empty once it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and waits to be asked for its exit code does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
