"""Fixtures of the fault suite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from tests.faults.ground import Forks, Ground, Zygote
from tests.postgres.cluster import SQLITE, Cluster

Practice = Callable[..., Ground]


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """What forks the children, once per session."""
    started = Forks()
    yield started
    started.close()


@pytest.fixture
def zygote(
    forks: Forks, database: str, empty_database: Path, request: pytest.FixtureRequest
) -> Iterator[Zygote]:
    """What forks the children of this test, whose sites are on its database."""
    made: list[str] = []

    def on_sqlite(folder: Path) -> str:
        copyfile(empty_database, folder / "gallery.db")
        return f"sqlite:///{folder}/gallery.db"

    def on_postgres(_folder: Path) -> str:
        made.append(cluster.new())
        return cluster.url(made[-1])

    if database == SQLITE:
        yield Zygote(forks, on_sqlite)
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    yield Zygote(forks, on_postgres)
    for name in made:
        cluster.drop(name)


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
