"""Tests that hold on PostgreSQL as well run there too, without saying so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres.cluster import POSTGRES, SQLITE, Cluster

ALSO_ON_POSTGRES = ("publishing", "models", "albums", "people", "background", "faults")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each database if it uses one, unless it is about SQLite alone."""
    package = metafunc.module.__name__.split(".")[1]
    marked = {mark.name for mark in metafunc.definition.iter_markers()}
    if "database" not in metafunc.fixturenames or package not in ALSO_ON_POSTGRES:
        return
    kinds = [] if "postgres" in marked else [SQLITE]
    if "sqlite" not in marked:
        kinds.append(POSTGRES)
    on_postgres = pytest.param(POSTGRES, marks=pytest.mark.postgres)
    params = [on_postgres if kind == POSTGRES else kind for kind in kinds]
    metafunc.parametrize("database", params, indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database that this test uses."""
    return str(getattr(request, "param", SQLITE))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The PostgreSQL of this test run."""
    cluster = Cluster.joined()
    yield cluster
    cluster.leave()
