"""What every test may ask for: a database, a storage folder, the app, a client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile

import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url

from gallery import create_app
from gallery.models import Database, Model, Site, schema
from gallery.services import Services
from gallery.settings import Secret, Settings
from gallery.storage import LocalStorage
from tests.postgres.cluster import SQLITE, Cluster

pytest_plugins = ["tests.fakes.fixtures", "tests.postgres.fixtures", "tests.faults.table"]
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # ten in the morning in Brunei


@pytest.fixture
def now() -> datetime:
    """One moment, the same in every test."""
    return NOW


@pytest.fixture
def database_url(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where this test's database is, or will be once it is filled."""
    if database == SQLITE:
        yield f"sqlite:///{tmp_path}/gallery.db"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = cluster.new()
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a site of its own in a temporary folder."""
    return Settings(
        secret_key=Secret("test-only-secret-key-of-forty-characters"),
        public_url="http://photos.example.org",
        database_url=database_url,
        storage=str(tmp_path / "uploads"),
        instance=tmp_path / "instance",
    )


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables and a site, made once from the models and copied for each test.

    That migrations make the same is a test of its own.
    """
    file = tmp_path_factory.mktemp("empty") / "gallery.db"
    db = Database(f"sqlite:///{file}")
    with db.engine.begin() as connection:
        Model.metadata.create_all(connection)
        command.stamp(schema.config(connection), "head")
    with db.write() as session:
        session.add(Site(name="Brunei SME Network"))
    db.close()
    return file


def _copy(empty_database: Path, settings: Settings) -> None:
    url = make_url(settings.database_url)
    if url.get_backend_name() == SQLITE:
        copyfile(empty_database, str(url.database))


@pytest.fixture
def services(settings: Settings, empty_database: Path) -> Iterator[Services]:
    """The running parts, with an empty database."""
    _copy(empty_database, settings)
    built = Services.build(settings)
    yield built
    built.close()


@pytest.fixture
def db(services: Services) -> Database:
    """An empty database."""
    return services.db


@pytest.fixture
def storage(services: Services) -> LocalStorage:
    """An empty folder for originals and renditions."""
    return services.storage


@pytest.fixture
def app(settings: Settings, empty_database: Path) -> Iterator[Flask]:
    """The whole app on an empty database."""
    _copy(empty_database, settings)
    app = create_app(settings)
    app.testing = True
    parts: Services = app.extensions["gallery"]
    yield app
    parts.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser, without JavaScript."""
    return app.test_client()
