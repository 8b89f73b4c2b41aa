"""Every odd file comes to its documented end, and the child that saw them all still lives."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from gallery.errors import Unreadable
from gallery.imaging import STANDARD_EDGES, Renderer, probe
from tests.imaging.support import CLEAN, is_upright, parts_of, picture_in
from tests.samples import Odd


def test_each_odd_file_is_ready_or_rejected_with_its_reason(
    odd_files: list[Odd], tmp_path: Path
) -> None:
    renderer = Renderer(per_child=1000)
    first = None
    ends: dict[str, object] = {}
    expected: dict[str, object] = {}
    for number, odd in enumerate(odd_files):
        ends[odd.file] = _end(renderer, odd, tmp_path / str(number))
        first = first or renderer.pid
        expected[odd.file] = (odd.outcome, odd.size, [])
    same_child = renderer.pid == first
    renderer.close()

    assert ends == expected
    assert same_child, "an odd file crashed the child"


def _end(
    renderer: Renderer, odd: Odd, folder: Path
) -> tuple[str, tuple[int, int] | None, list[str]]:
    try:
        rendered = renderer.standard(odd.path, folder)
    except Unreadable as error:
        return "rejected", None, [] if odd.why in str(error) else [str(error)]
    faults = [edge for edge in map(str, STANDARD_EDGES) if not _is_clean(folder / f"{edge}.jpg")]
    if odd.corners and not is_upright(folder / "320.jpg"):
        faults.append("not upright, or wrong colours")
    return "ready", (rendered.width, rendered.height), faults


def _is_clean(file: Path) -> bool:
    return set(parts_of(file.read_bytes())) <= CLEAN


def test_no_odd_file_is_enlarged_and_all_five_names_are_there(
    odd_files: list[Odd], renderer: Renderer, tmp_path: Path
) -> None:
    tiny = next(odd for odd in odd_files if odd.file == "one-pixel.jpg")

    renderer.standard(tiny.path, tmp_path)

    sizes = {path.name: picture_in(path).size for path in tmp_path.iterdir()}
    assert sizes == {f"{edge}.jpg": (1, 1) for edge in STANDARD_EDGES}


def test_a_rejected_file_is_refused_before_anything_decodes_it_where_its_header_tells(
    odd_files: list[Odd],
) -> None:
    late = {"incomplete", "damaged"}
    early = [odd for odd in odd_files if odd.outcome == "rejected" and odd.why not in late]

    for odd in early:
        with pytest.raises(Unreadable, match=odd.why):
            probe(odd.path)


def test_there_are_a_hundred_odd_files_and_more_and_no_two_are_alike(odd_files: list[Odd]) -> None:
    hashes = {hashlib.sha256(odd.path.read_bytes()).hexdigest() for odd in odd_files}

    assert len(odd_files) > 150
    assert len(hashes) == len(odd_files)
    assert len({odd.path for odd in odd_files}) == len(odd_files)
