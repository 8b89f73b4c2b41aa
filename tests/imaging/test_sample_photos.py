"""The photos that a newcomer tries everything with."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from gallery.imaging import draw_sample_photos, render
from tests.imaging.support import picture_in


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All subjects once, and the first again."""
    return draw_sample_photos(tmp_path_factory.mktemp("drawn"), 15)


def test_they_are_different_camera_sized_and_in_order(drawn: list[Path]) -> None:
    said = [render.decode(path, 320) for path in drawn]

    assert [path.name for path in drawn] == sorted(path.name for path in drawn)
    assert {tuple(sorted((r.width, r.height))) for r in said} == {(1600, 2400)}
    assert {(r.width, r.height) for r in said} == {(2400, 1600), (1600, 2400)}
    times = [r.metadata.taken_at for r in said]
    assert times == sorted(t for t in times if isinstance(t, datetime))
    assert len({r.metadata.caption for r in said}) == 14
    assert all(r.metadata.caption and r.metadata.camera and r.metadata.details for r in said)
    assert all(200_000 < path.stat().st_size < 3_000_000 for path in drawn)
    assert len({path.read_bytes() for path in drawn}) == 15


def test_each_shows_something(drawn: list[Path]) -> None:
    for path in drawn:
        small = picture_in(path).convert("L").resize((24, 16))
        low, high = small.getextrema()
        assert isinstance(low, int)
        assert isinstance(high, int)
        assert high - low > 60, path.name


def test_a_dozen_come_from_the_whole_day_and_are_the_same_every_time(
    drawn: list[Path], tmp_path: Path
) -> None:
    few = draw_sample_photos(tmp_path / "new" / "folder", 3)

    assert [path.name for path in few] == ["001-entrance.jpg", "005-workshop.jpg", "010-tea.jpg"]
    same = {path.name: path.read_bytes() for path in drawn}
    assert all(path.read_bytes() == same[path.name] for path in few)
