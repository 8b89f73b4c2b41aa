"""The child's side, in this process: requests in, answers out, whatever a picture does."""

from __future__ import annotations

import io
import json
import logging
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from gallery.imaging import Frame, child
from gallery.imaging.child import answer, serve
from gallery.imaging.process import command
from gallery.imaging.spawn import lone_package
from tests.samples.pictures import jpeg

FEW = 600_000_000  # bytes of address space


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """A good photo."""
    path = tmp_path / "original"
    path.write_bytes(jpeg("child"))
    return path


def test_each_kind_of_request_is_done(original: Path, tmp_path: Path) -> None:
    base: dict[str, Any] = {"id": 1, "original": str(original), "folder": str(tmp_path / "out")}
    network = {
        "target": str(tmp_path / "net.jpg"), "most_bytes": 10**6,
        "frame": asdict(Frame(300, 250)),
        "caption": "Opening", "style": "band", "language": "en",
    }  # fmt: skip
    card = {"pictures": [str(original)], "title": "Open Day", "line": "", **network}

    standard = answer({"do": "standard", "language": "en", **base})
    avif = answer({"do": "avif", **base})
    drawn = answer({"do": "for_network", **base, **network})
    plain = answer({"do": "for_network", **base, **network, "style": None})
    made = answer({"do": "card", "id": 2, **card, "target": str(tmp_path / "card.jpg")})

    assert standard["done"]["width"] == 360
    assert (avif, made) == ({"id": 1, "done": None}, {"id": 2, "done": None})
    assert plain == drawn == {"id": 1, "done": (300, 250)}
    assert (tmp_path / "out/640.avif").exists()
    assert (tmp_path / "card.jpg").exists()


def test_faults_are_told_apart(
    original: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    page = tmp_path / "page.jpg"
    page.write_bytes(b"<html>")
    base = {"do": "standard", "folder": str(tmp_path), "language": "en"}

    unreadable = answer({"id": 1, "original": str(page), **base})
    busy = answer({"id": 2, "original": str(tmp_path / "gone"), **base})
    crashed = answer({"id": 3, "original": str(original), **base, "folder": None})

    assert "damaged" in unreadable["unreadable"]
    assert "could not be read" in busy["busy"]
    assert crashed == {"id": 3, "crashed": True}


def test_it_says_ready_then_answers_until_its_input_ends(original: Path, tmp_path: Path) -> None:
    request = {"do": "avif", "original": str(original), "folder": str(tmp_path)}
    said: list[dict[str, Any]] = []

    class Answers(io.StringIO):
        def write(self, text: str) -> int:
            said.append(json.loads(text))
            return len(text)

    def requests() -> Any:
        for number in range(6):
            yield json.dumps({"id": number, **request})
        while len(said) < 7:
            pass

    serve(requests(), Answers())

    assert said[0] == {"ready": True}
    assert sorted(reply["id"] for reply in said[1:]) == list(range(6))


def test_its_package_is_itself_and_nothing_of_the_site() -> None:
    package = lone_package()

    assert package.__path__ == [str(Path(child.__file__).parent.parent)]
    assert not hasattr(package, "create_app")


def test_a_real_child_starts_without_the_site_and_within_its_limits() -> None:
    running = subprocess.Popen(
        command(FEW), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert running.stdin is not None
    assert running.stdout is not None
    assert json.loads(running.stdout.readline()) == {"ready": True}
    limits = Path(f"/proc/{running.pid}/limits").read_text()
    maps = Path(f"/proc/{running.pid}/maps").read_text()
    nice = Path(f"/proc/{running.pid}/stat").read_text().rsplit(")", 1)[1].split()[16]

    running.stdin.close()

    assert running.wait(20) == 0
    running.stdout.close()
    assert f"Max address space         {FEW}" in limits
    assert "Max cpu time              6000" in limits
    assert "Max core file size        0" in limits
    assert "sqlalchemy" not in maps
    assert "greenlet" not in maps
    assert int(nice) >= 5
