"""Tests that hold on PostgreSQL as well run there too, without saying so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres.cluster import POSTGRES, SQLITE, Cluster

ALSO_ON_POSTGRES = ("publishing", "models", "albums", "people", "background", "faults")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each database if it uses one, unless it is about SQLite alone."""
    package = metafunc.module.__name__.split(".")[1]
    about_sqlite = metafunc.definition.get_closest_marker("sqlite") is not None
    if "database" in metafunc.fixturenames and package in ALSO_ON_POSTGRES and not about_sqlite:
        both = [SQLITE, pytest.param(POSTGRES, marks=pytest.mark.postgres)]
        metafunc.parametrize("database", both, indirect=True)


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
