"""Fixtures of the fault suite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.ground import Ground, Zygote

Practice = Callable[..., Ground]


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """What forks the children, once per session."""
    started = Zygote()
    yield started
    started.close()


@pytest.fixture
def practice_ground(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """Makes sites with a delivery to the practice network, each in a folder of its own."""
    made: list[Ground] = []

    def make(**more: Any) -> Ground:
        credential = {"name": "Rehearsal", **more.pop("credential", {})}
        folder: Path = tmp_path_factory.mktemp("ground")
        made.append(Ground.make(zygote, folder, "practice", credential, **more))
        return made[-1]

    yield make
    for ground in made:
        ground.close()
