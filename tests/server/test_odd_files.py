"""A hundred and seventy odd files through the form: each ends as documented, the server goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from markupsafe import escape

from gallery.albums.intake import clean_name
from gallery.albums.renditions import path_of
from gallery.imaging import STANDARD_EDGES
from gallery.models import Photo, PhotoState
from tests.faults.ground import wait_until
from tests.imaging.support import CLEAN, is_upright, parts_of
from tests.samples import Odd, make_odd_files
from tests.server.client import Client, as_sent
from tests.server.running import Site
from tests.server.stock import Stock

pytestmark = pytest.mark.server

AT_ONCE = 30
End = tuple[str, str, tuple[int, int] | None, list[str]]


def name_of(odd: Odd) -> str:
    """What a file is called once its name has been through a form."""
    return clean_name(as_sent(odd.file).replace("\n", "%0A").replace("\\", ""))


def documented(odd: Odd) -> End:
    """What should become of a file."""
    return name_of(odd), odd.outcome, odd.size, []


def end_of(site: Site, odd: Odd, photo: Photo) -> End:
    """What became of a file: name, state, size, and what is wrong with that."""
    if photo.state is PhotoState.REJECTED:
        return photo.file, "rejected", None, [] if odd.why in photo.reason else [photo.reason]
    storage = site.services.storage
    faults = [
        f"{edge}.jpg is not clean"
        for edge in STANDARD_EDGES
        if not set(parts_of(path_of(storage, photo, f"{edge}.jpg").read_bytes())) <= CLEAN
    ]
    if odd.corners and not is_upright(path_of(storage, photo, "320.jpg")):
        faults.append("not upright, or wrong colours")
    return photo.file, photo.state.value, (photo.width, photo.height), faults


def test_each_odd_file_ends_as_documented_and_the_server_is_still_up(
    site: Site, stock: Stock, owner: Client, tmp_path: Path
) -> None:
    odd_files = make_odd_files(tmp_path / "odd")
    album = stock.album("Odd files")
    worker = site.worker
    rows = []
    for start in range(0, len(odd_files), AT_ONCE):
        batch = odd_files[start : start + AT_ONCE]
        rows += owner.upload(album.id, [(odd.file, odd.path) for odd in batch])
    wait_until(
        lambda: all(photo.state is not PhotoState.WAITING for photo in stock.photos(album)), 120
    )

    photos = {photo.id: photo for photo in stock.photos(album)}
    ends = {
        odd.file: end_of(site, odd, photos[row["photo"]])
        for odd, row in zip(odd_files, rows, strict=True)
    }
    assert ends == {odd.file: documented(odd) for odd in odd_files}
    assert owner.get("/").status_code == owner.get(f"/a/{album.slug}").status_code == 200
    assert site.worker == worker
    assert "Traceback" not in site.complaints()
    outside = set(tmp_path.rglob("*escape*")) - set((tmp_path / "odd").rglob("*"))
    assert outside == set()


def test_files_that_were_left_out_stand_on_their_page_with_their_reasons(
    site: Site, stock: Stock, owner: Client, tmp_path: Path
) -> None:
    refused = [odd for odd in make_odd_files(tmp_path / "odd") if odd.outcome == "rejected"]
    album = stock.album("Left out")
    owner.upload(album.id, [(odd.file, odd.path) for odd in refused])
    wait_until(lambda: all(photo.state is PhotoState.REJECTED for photo in stock.photos(album)), 60)

    page = owner.get(f"/studio/a/{album.id}/left-out").text

    assert [odd.file for odd in refused if escape(name_of(odd)) not in page] == []
    assert page.count("<li>") >= len(refused)
