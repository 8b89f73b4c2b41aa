from __future__ import annotations

import errno
import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest

from gallery.errors import NoRoom
from tests.albums.killed_intake import WANTED, Site
from tests.storage.strikes import fail_at

ROOT = Path(__file__).resolve().parents[2]
MOMENTS = {
    f"{when} {name}"
    for when in ("before", "after")
    for name in ("write", "flush", "fsync", "mkdir", "replace", "unlink", "commit")
}


@pytest.mark.faults
def test_killed_at_any_moment_intake_loses_nothing_and_the_doctor_finds_all_well(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.albums.killed_intake", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    *deaths, last = [json.loads(line) for line in done.stdout.splitlines()]

    assert {death["struck"] for death in deaths} == MOMENTS
    assert all(death["killed"] for death in deaths)
    assert [d["struck"] for d in deaths if not (d["well"] and d["whole"])] == []
    assert last == {"struck": "", "killed": False, "well": True, "whole": True}


@pytest.mark.faults
@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_failing_at_any_moment_intake_loses_nothing_and_the_doctor_finds_all_well(
    tmp_path: Path, code: int
) -> None:
    struck = set()
    for nth in itertools.count(1):
        site = Site.copied(tmp_path / str(nth))
        with fail_at(nth, code) as strikes:
            failed = ends_in_error(site)
        assert site.is_well(), strikes.struck
        assert failed or strikes.struck in ("", "before mkdir")  # the folder was there already
        site.take_in()
        assert site.photos() == WANTED, strikes.struck
        assert site.is_well(), strikes.struck
        site.db.close()
        if not strikes.struck:
            break
        struck.add(strikes.struck)

    assert struck == {moment for moment in MOMENTS if moment.startswith("before")}


def ends_in_error(site: Site) -> bool:
    """Whether taking in ended in the error of the disk."""
    try:
        site.take_in()
    except (OSError, NoRoom):
        return True
    return False
