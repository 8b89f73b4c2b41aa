"""A site of its own in a temporary folder, served as `make run` serves it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from gallery.models import schema
from gallery.services import Services
from gallery.settings import ROOT, Secret, Settings

TICKS_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running gunicorn with its one worker."""

    port: int
    master: int  # process id

    def cpu_s(self) -> float:
        """CPU seconds that the worker has used so far, of user and system."""
        children = Path(f"/proc/{self.master}/task/{self.master}/children")
        (worker,) = children.read_text(encoding="ascii").split()
        stat = Path(f"/proc/{worker}/stat").read_text(encoding="utf-8")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / TICKS_S


@contextmanager
def temporary(**more: object) -> Iterator[Services]:
    """An empty site in a folder that goes with it. `more` are settings."""
    with tempfile.TemporaryDirectory(prefix="afterglow-bench-") as folder:
        settings = Settings(
            secret_key=Secret("a key for measuring only, forty letters"),
            bind=f"127.0.0.1:{free_port()}",
            database_url=f"sqlite:///{folder}/gallery.db",
            storage=f"{folder}/uploads",
            instance=Path(folder) / "instance",
        )
        services = Services.build(replace(settings, **more))  # type: ignore[arg-type]
        schema.make_or_check(services.db)
        try:
            yield services
        finally:
            services.close()


def environment(settings: Settings) -> dict[str, str]:
    """The environment of a process with exactly these settings, whatever `.env` says."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("GALLERY_")}
    return others | {
        f"GALLERY_{field.name.upper()}": _text(getattr(settings, field.name))
        for field in fields(settings)
    }


def _text(value: object) -> str:
    """A setting as the environment has it; empty means the default."""
    if isinstance(value, Secret):
        return value.reveal()
    return str(value) if value else ""


@contextmanager
def served(
    settings: Settings, *, config: str = "gallery.server", app: str = "wsgi:app"
) -> Iterator[Server]:
    """Serve `app` where `settings` say, until the block ends."""
    command = ["gunicorn", "-c", f"python:{config}", "--log-level", "warning", app]
    with process(command, environment(settings)) as running:
        server = Server(int(settings.bind.rpartition(":")[2]), running.pid)
        wait_until(lambda: running.poll() is not None or _listens(server.port))
        if running.returncode is not None:
            raise RuntimeError(f"gunicorn did not start with {config}")
        yield server


@contextmanager
def process(module: list[str], environ: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run `python -m …` beside us and end it with the block. Its first lines can be read."""
    command = [sys.executable, "-m", *module]
    running = subprocess.Popen(
        command,
        cwd=ROOT,
        env=dict(environ),
        stdout=subprocess.PIPE,
        text=True,
    )
    with running:
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()


def free_port() -> int:
    """A port on loopback that nobody has right now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_until(true: Callable[[], bool], within_s: float = 60.0, every_s: float = 0.005) -> None:
    """Wait for something to become true. Raises TimeoutError."""
    ends = time.monotonic() + within_s
    while not true():
        if time.monotonic() > ends:
            raise TimeoutError(f"it did not happen within {within_s:.0f} s")
        threading.Event().wait(every_s)


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0
