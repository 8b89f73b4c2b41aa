"""How figures are printed: one a line, with its bar and whether it holds."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

PACKAGES = ("Flask", "Werkzeug", "Jinja2", "gunicorn", "SQLAlchemy", "Pillow", "requests")


_missed: list[str] = []


def section(title: str) -> None:
    """Begin a group of figures."""
    print(f"\n== {title}", flush=True)


def figure(name: str, value: str, bar: str = "", holds: bool | None = None) -> None:
    """One line. `bar` is what the figure may be; without one nothing is promised."""
    verdict = "" if holds is None else "holds" if holds else "DOES NOT HOLD"
    if holds is False:
        _missed.append(name)
    print(f"{name:<58} {value:>16}   {bar:<16} {verdict}".rstrip(), flush=True)


def at_most(name: str, value: float, bar: float, unit: str = "") -> bool:
    """A figure that may be `bar` and not more; whether it holds."""
    digits = 0 if float(value).is_integer() and float(bar).is_integer() else 3
    holds = value <= bar
    figure(name, f"{value:.{digits}f}{unit}", f"at most {bar:g}{unit}", holds)
    return holds


def summary() -> None:
    """Print which bars did not hold."""
    print("\nEvery bar holds." if not _missed else f"\nDoes not hold: {'; '.join(_missed)}.")


def machine() -> None:
    """Print where and when this was measured."""
    section("The machine")
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    packages = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    for name, value in (
        ("measured", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        ("processor", f"{len(os.sched_getaffinity(0))} cores of {_processor()}"),
        ("system", f"{platform.system()} {platform.release()}, load before {load}"),
        ("python", f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}"),
        ("packages", packages),
    ):
        print(f"{name:<10} {value}", flush=True)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
