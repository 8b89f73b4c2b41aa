"""Rigs and servers for the tests of single networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gallery.settings import Settings
from tests.contract.rigs import FacebookRig, PracticeRig
from tests.fakes.facebook import FacebookFake
from tests.networks.lines import Lines, Script

Serve = Callable[..., Lines]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that say what they are told."""
    running: list[Lines] = []

    def start(script: Script, **more: Any) -> Lines:
        running.append(Lines(script, **more))
        return running[-1]

    yield start
    for lines in running:
        lines.close()


@pytest.fixture
def page(tmp_path: Path, settings: Settings, facebook_fake: FacebookFake) -> FacebookRig:
    """A Page on the pretended Facebook."""
    return FacebookRig(tmp_path, settings, facebook_fake)


@pytest.fixture
def rehearsal(tmp_path: Path, settings: Settings) -> PracticeRig:
    """A practice account."""
    return PracticeRig(tmp_path, settings)
