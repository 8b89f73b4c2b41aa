"""`make run` on a fresh clone: it sets itself up, serves, prints the link, and keeps what it has."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.site import free_port
from gallery.settings import ROOT
from tests.faults.ground import wait_until

pytestmark = pytest.mark.server

FIRST_S, SECOND_S = 300, 60
PASSED_ON = ("PATH", "HOME", "LANG")  # and what leads to packages
TO_PACKAGES = re.compile(r"PIP_|(?i:https?_proxy|no_proxy|ssl_cert)")


class MakeRun:
    """`make run` in one clone, again and again."""

    def __init__(self, clone: Path) -> None:
        self.clone = clone
        bind = f"127.0.0.1:{free_port()}"
        self.url = f"http://{bind}"
        self._environ = {**almost_empty(), "GALLERY_BIND": bind}
        self._running: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float) -> str:
        """Start it and wait until it serves; what it printed."""
        with (self.clone / "said").open("wb") as said:
            self._running = subprocess.Popen(
                ["make", "run"],
                cwd=self.clone,
                env=self._environ,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(lambda: self._ended() or self._serves(), seconds)
        told = (self.clone / "said").read_text(encoding="utf-8")
        assert not self._ended(), told
        return told

    def stop(self) -> None:
        """End make and all that it started, as Ctrl+C does."""
        if self._running is not None and not self._ended():
            os.killpg(self._running.pid, signal.SIGINT)
            self._running.wait(40)

    def _ended(self) -> bool:
        return self._running is not None and self._running.poll() is not None

    def _serves(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=20) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError):
            return False


def almost_empty() -> dict[str, str]:
    """An environment with little in it."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in PASSED_ON or TO_PACKAGES.match(name)
    }


def status_of(address: str) -> int:
    """How the server answers."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.fixture
def run(tmp_path: Path) -> Iterator[MakeRun]:
    """`make run` in a fresh clone of what was committed last."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    made = MakeRun(clone)
    yield made
    made.stop()
    shutil.rmtree(clone)


def test_two_commands_are_enough_and_the_second_start_keeps_everything(run: MakeRun) -> None:
    told = run.start(FIRST_S)

    link = re.search(r"^Begin here, once: (\S+)$", told, flags=re.M)
    assert link, told
    assert link[1].startswith(f"{run.url}/setup")
    assert status_of(link[1]) == 200
    secrets = (run.clone / ".env").read_text(encoding="utf-8")
    assert re.search(r"^GALLERY_SECRET_KEY=\S{40,}$", secrets, flags=re.M)
    assert ((run.clone / ".env").stat().st_mode & 0o777) == 0o600
    person = [
        str(run.clone / ".venv/bin/flask"),
        "person",
        "add",
        "siti@example.org",
        "--role",
        "owner",
    ]
    subprocess.run(
        person, cwd=run.clone, env=almost_empty(), input=b"five quiet boats at noon\n", check=True
    )
    run.stop()

    told = run.start(SECOND_S)

    assert "/setup" not in told
    assert (run.clone / ".env").read_text(encoding="utf-8") == secrets
    assert status_of(f"{run.url}/studio/sign-in") == 200
    changed = subprocess.run(
        ["git", "status", "--porcelain"], cwd=run.clone, capture_output=True, text=True, check=True
    )
    assert changed.stdout.replace("?? said\n", "") == ""
