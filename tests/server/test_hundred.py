"""A hundred photos of 12 and 24 megapixels: by command and by form, upright, sRGB, clean."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gallery.albums.renditions import path_of
from gallery.imaging import STANDARD_EDGES
from gallery.models import Album, Photo, PhotoState
from tests.imaging.support import CLEAN, parts_of
from tests.server.client import Client
from tests.server.hundred import LARGE, LARGER, Shot, difference, make_hundred
from tests.server.running import Site
from tests.server.stock import Stock

pytestmark = pytest.mark.server

COUNT = LARGE + LARGER
AT_ONCE = 50  # files in one form: up to 200 MB
NEAR = 1.15  # levels; upright and in the right colours it is below 0.9, else above 1.4
MOST_MEMORY_KB = 180_000  # of the process that answers, at its peak


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Shot]]:
    """The photos, in a folder that goes afterwards."""
    folder = tmp_path_factory.mktemp("hundred")
    yield make_hundred(folder)
    shutil.rmtree(folder)


def faults_of(site: Site, photo: Photo, shot: Shot) -> list[str]:
    """What is wrong with a photo's renditions."""
    found = []
    for edge in STANDARD_EDGES:
        data = path_of(site.services.storage, photo, f"{edge}.jpg").read_bytes()
        if strange := set(parts_of(data)) - CLEAN:
            found.append(f"{edge}.jpg has {strange}")
    apart = difference(shot, path_of(site.services.storage, photo, "320.jpg"))
    if apart > NEAR:
        found.append(f"{apart:.1f} levels from what was taken")
    return found


def assert_all_right(site: Site, stock: Stock, album: Album, shots: list[Shot]) -> None:
    """Every photo is there once, ready, and its renditions are what they should be."""
    photos = {photo.file: photo for photo in stock.photos(album)}
    assert sorted(photos) == [shot.path.name for shot in shots]
    assert {photo.state for photo in photos.values()} == {PhotoState.READY}
    faults = {shot.path.name: faults_of(site, photos[shot.path.name], shot) for shot in shots}
    assert {file: found for file, found in faults.items() if found} == {}


def test_a_hundred_photos_come_in_by_command(site: Site, stock: Stock, shots: list[Shot]) -> None:
    folder = str(shots[0].path.parent)
    words = ("--title", "A hundred", "--date", "2026-06-20", "--json")
    running = site.run("flask", "import", folder, *words, stdout=subprocess.PIPE)
    out, _ = running.communicate(timeout=300)

    assert running.returncode == 0
    told = json.loads(out)
    assert [row["outcome"] for row in told["photos"]] == ["added"] * COUNT
    assert_all_right(site, stock, stock.by_slug(told["album"]), shots)


def test_a_hundred_photos_come_in_by_the_form_and_memory_stays_bounded(
    site: Site, stock: Stock, owner: Client, shots: list[Shot]
) -> None:
    album = stock.album("A hundred by form")
    ends = []
    for start in range(0, COUNT, AT_ONCE):
        batch = shots[start : start + AT_ONCE]
        ends += owner.upload(album.id, [(shot.path.name, shot.path) for shot in batch])

    assert [row["outcome"] for row in ends] == ["added"] * COUNT
    stock.wait_until_ready(album, COUNT, 240)
    assert_all_right(site, stock, album, shots)
    assert peak_kb(site.worker) < MOST_MEMORY_KB


def peak_kb(pid: int) -> int:
    """The most memory that a process ever had, in kB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])
