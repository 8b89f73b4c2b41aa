"""A folder of odd files, made once, and one renderer for all who don't break it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gallery.imaging import Renderer
from tests.samples import Odd, make_odd_files, make_photos


@pytest.fixture(scope="session")
def odd_files(tmp_path_factory: pytest.TempPathFactory) -> list[Odd]:
    """Every odd file."""
    return make_odd_files(tmp_path_factory.mktemp("odd"))


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Four camera photos of 12 megapixels; the last is stored turned."""
    return make_photos(tmp_path_factory.mktemp("photos"), 4, megapixels=12)


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """A running renderer."""
    running = Renderer()
    yield running
    running.close()
