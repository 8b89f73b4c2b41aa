from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gallery.settings import ROOT, Settings
from tests.samples.photos import make_photos

EVENT = ("--title", "Sports Day", "--date", "2026-11-24", "--venue", "Stadium")
PHOTOS = 8


class Commands:
    """`flask …` in processes of their own, on one site."""

    def __init__(self, settings: Settings) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            "GALLERY_SECRET_KEY": settings.secret_key.reveal(),
            "GALLERY_DATABASE_URL": settings.database_url,
            "GALLERY_STORAGE": settings.storage,
            "GALLERY_INSTANCE": str(settings.instance),
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Let it run."""
        return subprocess.Popen(
            [sys.executable, "-m", "flask", *words],
            cwd=ROOT, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def run(self, *words: str) -> str:
        """Wait until it is done; what it said."""
        process = self.start(*words)
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said
        return said

    def states(self) -> list[str]:
        """Of all photos."""
        photos = json.loads(self.run("photos", "sports-day", "--json"))["photos"]
        return [photo["state"] for photo in photos]


@pytest.mark.faults
def test_an_import_killed_again_and_again_ends_whole(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    make_photos(folder, PHOTOS, megapixels=4)
    commands = Commands(settings)
    uploads = Path(settings.storage)
    ready = 0
    for rendered in (0, 3):
        process = commands.start("import", str(folder), *EVENT)
        deadline = time.monotonic() + 60
        while len(list(uploads.glob("renditions/*/*/*/320.jpg"))) <= rendered:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.kill()
        process.communicate()
        assert "All is well." in commands.run("doctor", "--deep")
        before, ready = ready, commands.states().count("ready")
        assert ready >= before

    said = json.loads(commands.run("import", str(folder), *EVENT, "--json"))

    assert len(said["photos"]) == PHOTOS
    assert {photo["outcome"] for photo in said["photos"]} <= {"added", "duplicate"}
    assert commands.states() == ["ready"] * PHOTOS
    assert "All is well." in commands.run("doctor", "--deep")
