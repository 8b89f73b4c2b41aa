"""What every test may ask for: a database, a storage folder, the app, a client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient

from gallery import create_app
from gallery.models import Database, Model, Site, schema
from gallery.services import Services
from gallery.settings import Secret, Settings
from gallery.storage import LocalStorage

pytest_plugins = ["tests.fakes.fixtures"]
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # ten in the morning in Brunei


@pytest.fixture
def now() -> datetime:
    """One moment, the same in every test."""
    return NOW


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a site of its own in a temporary folder."""
    return Settings(
        secret_key=Secret("test-only-secret-key-of-forty-characters"),
        public_url="http://photos.example.org",
        database_url=f"sqlite:///{tmp_path}/gallery.db",
        storage=str(tmp_path / "uploads"),
        instance=tmp_path / "instance",
    )


def _make_schema(db: Database) -> None:
    """Make the tables from the models; that migrations make the same is a test of its own."""
    with db.engine.begin() as connection:
        Model.metadata.create_all(connection)
        command.stamp(schema.config(connection), "head")
    with db.write() as session:
        session.add(Site(name="Brunei SME Network"))


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    """The running parts, with an empty database."""
    built = Services.build(settings)
    _make_schema(built.db)
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
def app(settings: Settings) -> Iterator[Flask]:
    """The whole app on an empty database."""
    app = create_app(settings)
    app.testing = True
    parts: Services = app.extensions["gallery"]
    _make_schema(parts.db)
    yield app
    parts.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser, without JavaScript."""
    return app.test_client()
