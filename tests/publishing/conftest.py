"""Fixtures of the tests of publishing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gallery.services import Services
from tests.publishing.world import World


@pytest.fixture
def world(services: Services, tmp_path: Path) -> Iterator[World]:
    """An account on a pretended network and a clock that stands still."""
    made = World.make(services, tmp_path)
    yield made
    made.carrier.close()
