"""Files on their way: never half there, never left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gallery.errors import RendererBusy
from gallery.imaging.files import fresh, prepare

AGES_AGO = time.time() - 90_000


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "640.jpg"

    with fresh(target) as path:
        path.write_bytes(b"half")
        assert not target.exists()

    assert target.read_bytes() == b"half"
    assert list(tmp_path.iterdir()) == [target]


def test_an_error_keeps_what_was_there_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "640.jpg"
    target.write_bytes(b"old")

    with pytest.raises(ZeroDivisionError), fresh(target) as path:
        _write_half(path)

    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def _write_half(path: Path) -> None:
    path.write_bytes(b"new")
    raise ZeroDivisionError


def test_a_disk_that_refuses_is_not_the_photos_fault(tmp_path: Path) -> None:
    with pytest.raises(RendererBusy, match="Make room"), fresh(tmp_path / "gone" / "x") as path:
        path.write_bytes(b"x")
    with pytest.raises(RendererBusy, match="Make room"), fresh(tmp_path / "x"):
        raise OSError(28, "No space left on device")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RendererBusy, match="Make room"):
        prepare(tmp_path / "file" / "folder")


def test_what_a_killed_process_left_is_removed_and_what_others_write_is_not(
    tmp_path: Path,
) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                          capture_output=True, text=True, check=True)  # fmt: skip
    dead, ours, init = gone.stdout.strip(), os.getpid(), 1
    letters = "ab" * 16
    names = {
        f".640.jpg.{dead}-{letters}.tmp": False,
        f".640.jpg.{'9' * 30}-{letters}.tmp": False,
        f".640.jpg.{ours}-{letters}.tmp": True,
        f".320.jpg.{init}-{letters}.tmp": True,
        f".960.jpg.{ours}-{letters}.tmp": False,  # hours old
        "640.jpg": True,
        ".hidden.tmp": True,
    }
    for name in names:
        (tmp_path / name).write_bytes(b"half")
    os.utime(tmp_path / f".960.jpg.{ours}-{letters}.tmp", (AGES_AGO, AGES_AGO))

    prepare(tmp_path)

    assert {name: (tmp_path / name).exists() for name in names} == names


def test_a_file_that_is_finished_meanwhile_is_no_error(tmp_path: Path) -> None:
    name = f".640.jpg.{os.getpid()}-{'ab' * 16}.tmp"
    (tmp_path / name).symlink_to(tmp_path / "finished and renamed")

    prepare(tmp_path)

    assert (tmp_path / name).is_symlink()
