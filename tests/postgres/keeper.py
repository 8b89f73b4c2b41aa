"""Keeps one PostgreSQL in a folder for as long as somebody uses it.

`python -m tests.postgres.keeper FOLDER` makes and starts it, and writes FOLDER/ready. Whoever uses
it shares the lock on FOLDER/users, which no death can leave behind; when nobody does any more, the
server is ended and the folder removed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}  # data of tests
SMALL = {"shared_buffers": "64MB", "max_connections": "400", "wal_level": "minimal"}
MORE = {"max_wal_senders": "0", "autovacuum": "off", "listen_addresses": ""}


def programs() -> Path:
    """Where PostgreSQL's own programs are. A missing one is a failure and no reason to skip."""
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if not found and on_path is None:
        raise RuntimeError("PostgreSQL is not installed; `bash tools/apt.sh postgres` installs it.")
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


def _version(path: Path) -> float:
    return float(path.parts[-3])


def owner() -> Mapping[str, Any]:
    """Who runs it: PostgreSQL refuses root."""
    as_postgres = {"user": "postgres", "group": "postgres", "extra_groups": []}
    return as_postgres if os.getuid() == 0 else {}


def main(folder: Path) -> None:
    """Keep it until nobody uses it."""
    server = _start(folder)
    try:
        with (folder / "users").open() as users:
            (folder / "ready").touch()
            while not _unused(users.fileno()) and server.poll() is None:
                time.sleep(0.2)
            folder.rename(folder.with_suffix(".over"))  # whoever comes now starts another
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(20)
        shutil.rmtree(folder.with_suffix(".over"), ignore_errors=True)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    data, sockets = folder / "data", folder / "sockets"
    for made in (data, sockets):
        made.mkdir(mode=0o700)
        if owner():
            shutil.chown(made, "postgres", "postgres")
    initdb = [str(programs() / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust"]
    initdb += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    with (folder / "log").open("ab") as log:
        subprocess.run(initdb, stdout=log, stderr=log, cwd="/", check=True, **owner())
        command = [str(programs() / "postgres"), "-D", str(data), "-k", str(sockets)]
        for name, value in {**FAST, **SMALL, **MORE}.items():
            command += ["-c", f"{name}={value}"]
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **owner())
    _wait_for(server, sockets)
    return server


def _wait_for(server: subprocess.Popen[bytes], sockets: Path) -> None:
    asked = [str(programs() / "pg_isready"), "-q", "-h", str(sockets)]
    while subprocess.run(asked, check=False).returncode != 0:
        if server.poll() is not None:
            raise RuntimeError("PostgreSQL did not start; its log lies beside.")
        time.sleep(0.05)


def _unused(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]))
