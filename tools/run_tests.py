"""Run every group of tests, one after the other, and fail if any of them failed or was empty."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COVERED = "gallery/publishing/*,gallery/networks/*,gallery/imaging/*,gallery/albums/intake.py"
SLOW = ("faults", "browser", "server", "postgres", "properties")
COVERING = {"fast", "properties", "postgres"}  # together they take every branch
GROUPS = {
    "fast": [
        *("-n", "2", "-m", " and ".join(f"not {name}" for name in SLOW)),
        *("--cov", "--cov-report="),
    ],
    "properties": ["-m", "properties", "--cov", "--cov-append", "--cov-report="],
    "postgres": [
        *("-n", "2", "-m", "postgres and not faults"),
        *("--cov", "--cov-append", "--cov-report="),
    ],
    "faults": ["-n", "6", "-m", "faults"],
    "browser": ["-n", "2", "--dist", "loadfile", "-m", "browser"],
    "server": ["-n", "2", "--dist", "loadfile", "-m", "server"],
}


def main() -> None:
    """Run the groups named on the command line, or all."""
    names = sys.argv[1:] or list(GROUPS)
    failed = [name for name in names if not _run(name)]
    if set(names) >= COVERING and not _covered():
        failed.append("coverage")
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}.")


def _run(name: str) -> bool:
    print(f"== {name}", flush=True)
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", *GROUPS[name]]
    code = subprocess.run(command, cwd=ROOT, env=_environment(), check=False).returncode
    print(f"== {name}: exit {code} after {time.monotonic() - begun:.0f} s", flush=True)
    return code == 0


def _environment() -> dict[str, str]:
    """The environment without settings of a site that may stand in it."""
    return {k: v for k, v in os.environ.items() if not k.startswith("GALLERY_")}


def _covered() -> bool:
    """Whether every branch of what must not fail was taken."""
    command = [sys.executable, "-m", "coverage", "report", "--skip-covered", "--show-missing"]
    command += ["--fail-under=100", f"--include={COVERED}"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    main()
