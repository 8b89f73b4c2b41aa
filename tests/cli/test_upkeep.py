from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from gallery import create_app
from gallery.cli import findings
from gallery.models import Photo, PhotoState, schema
from gallery.services import Services
from gallery.settings import Settings
from gallery.storage import LocalStorage
from tests.albums.pictures import jpeg
from tests.cli.running import answer, done, flask, refused


@pytest.fixture
def bare(settings: Settings) -> Iterator[Flask]:
    """The app on an empty database."""
    app = create_app(settings)
    yield app
    parts: Services = app.extensions["gallery"]
    parts.close()


@pytest.fixture
def filled(app: Flask, tmp_path: Path) -> Flask:
    """The app with an album of two photos."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for nth in range(2):
        (folder / f"{nth}.jpg").write_bytes(jpeg(nth))
    done(app, "import", str(folder), "--title", "Sports Day", "--date", "2026-11-24")
    return app


def parts_of(app: Flask) -> Services:
    """The running parts."""
    parts: Services = app.extensions["gallery"]
    return parts


def photos(app: Flask) -> list[Photo]:
    """All of them."""
    with parts_of(app).db.read() as session:
        return list(session.scalars(select(Photo).order_by(Photo.file)))


def change_revision(app: Flask, revision: str) -> None:
    """Pretend that the database has another revision."""
    with parts_of(app).db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")


def test_upgrade_makes_an_empty_database_and_then_has_nothing_to_do(bare: Flask) -> None:
    assert flask(bare, "upgrade", "--quiet").stderr == "The database was made.\n"
    assert flask(bare, "upgrade").stderr == "The database is up to date.\n"
    assert flask(bare, "upgrade", "--quiet").stderr == ""


def test_every_command_makes_the_schema_in_an_empty_database(bare: Flask) -> None:
    assert answer(bare, "accounts") == {"accounts": []}
    assert schema.current(parts_of(bare).db) == schema.head()


@pytest.mark.parametrize(
    "words", [("photos", "x"), ("accounts",), ("doctor",), ("deliveries",), ("upgrade",)]
)
def test_every_command_refuses_a_newer_database(app: Flask, words: tuple[str, ...]) -> None:
    change_revision(app, "9999")

    assert "from a newer version" in refused(app, *words)


def test_the_doctor_is_content_with_a_site_that_works(filled: Flask) -> None:
    result = flask(filled, "doctor", "--deep")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == "All is well."
    assert "note: 2 photos looked at" in result.stdout


def test_the_doctor_names_what_is_missing_and_how_it_comes_back(
    filled: Flask, tmp_path: Path
) -> None:
    parts = parts_of(filled)
    parts.storage.delete_original(photos(filled)[0].sha256)

    result = flask(filled, "doctor")

    assert result.exit_code == 1
    assert (
        "trouble: The originals of “0.jpg” are not there; add the same files again and they come "
        "back.\n"
    ) in result.stdout
    assert result.stderr == "1 things need you; the lines above say what to do.\n"
    done(
        filled, "import", str(tmp_path / "photos"), "--title", "Sports Day", "--date", "2026-11-24"
    )
    done(filled, "doctor", "--deep")


def test_the_doctor_finds_rot_only_when_looking_deep(filled: Flask) -> None:
    photo = photos(filled)[1]
    original = parts_of(filled).storage.original(photo.sha256)
    original.write_bytes(b"\x00" * photo.bytes)

    done(filled, "doctor")
    assert "The originals of “1.jpg” are damaged" in flask(filled, "doctor", "--deep").stdout


def test_the_doctor_makes_lost_renditions_again(filled: Flask) -> None:
    storage = parts_of(filled).storage
    for photo in photos(filled):
        storage.delete_renditions(photo.sha256)

    assert "trouble: Renditions of “0.jpg”, “1.jpg” are not" in flask(filled, "doctor").stdout
    assert "Repaired what could be." in flask(filled, "doctor", "--repair").stderr
    done(filled, "doctor")
    assert all(storage.rendition(p.sha256, p.edit, "1920.jpg").exists() for p in photos(filled))


def test_the_doctor_finds_photos_that_nobody_renders_and_renders_them(filled: Flask) -> None:
    with parts_of(filled).db.write() as session:
        for photo in session.scalars(select(Photo)):
            photo.state, photo.added_at = PhotoState.WAITING, datetime.now(UTC) - timedelta(hours=1)

    assert "2 photos have been waiting" in flask(filled, "doctor").stdout
    done(filled, "doctor", "--repair")
    assert {photo.state.value for photo in photos(filled)} == {"ready"}


def test_the_doctor_looks_no_further_into_a_broken_database(filled: Flask) -> None:
    with (
        closing(sqlite3.connect(str(parts_of(filled).db.engine.url.database))) as connection,
        connection,
    ):
        connection.execute("INSERT INTO old_slug VALUES ('x', 'nobody')")

    result = flask(filled, "doctor")

    assert result.exit_code == 1
    assert result.stdout == (
        "trouble: 1 rows belong to nothing, the first in “old_slug”; restore a backup.\n"
    )


def test_the_doctor_says_when_the_disk_is_full(services: Services, now: datetime) -> None:
    full = LocalStorage(services.storage.root, reserve_bytes=10**18)

    found = findings.look(replace(services, storage=full), now=now, deep=False)

    (sentence,) = found.troubles
    assert sentence.startswith("The disk is full")


def test_old_bytes_that_nobody_uses_are_trouble_and_are_repaired_away(filled: Flask) -> None:
    storage = parts_of(filled).storage
    (storage.root / "tmp/left").touch()

    found = findings.look(parts_of(filled), now=datetime.now(UTC) + timedelta(hours=25), deep=False)

    assert any("1 files in the storage belong to nothing" in t for t in found.troubles)
