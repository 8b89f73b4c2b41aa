"""The commands about albums, with their pinned answers and exit codes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from flask import Flask

from gallery.albums import opening
from gallery.models import Visibility
from gallery.services import Services
from tests.albums.pictures import jpeg
from tests.cli.running import answer, done, flask, refused

EVENT = ("--title", "Sports Day", "--date", "2026-11-24", "--venue", "Stadium")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two photos and a page."""
    made = tmp_path / "photos"
    (made / "day").mkdir(parents=True)
    (made / "b.jpg").write_bytes(jpeg(1, taken="2026:11:24 11:00:00"))
    (made / "day/a.jpg").write_bytes(jpeg(2, taken="2026:11:24 10:00:00", caption="The start"))
    (made / "page.jpg").write_bytes(b"<html>")
    return made


def test_import_answers_with_every_file(app: Flask, folder: Path) -> None:
    said = answer(app, "import", str(folder), *EVENT)

    rejected = said["photos"].pop()
    assert said == {
        "album": "sports-day",
        "photos": [
            {"file": "b.jpg", "outcome": "added", "reason": ""},
            {"file": "day/a.jpg", "outcome": "added", "reason": ""},
        ],
    }
    assert (rejected["file"], rejected["outcome"]) == ("page.jpg", "rejected")
    assert rejected["reason"].endswith(".")


def test_import_tells_a_person_what_was_left_out(app: Flask, folder: Path) -> None:
    result = flask(app, "import", str(folder), *EVENT)

    assert result.exit_code == 0
    assert result.stdout == (
        "sports-day: 2 added, 0 already there, 1 left out; 2 photos in the album.\n"
    )
    assert "Left out: page.jpg: " in result.stderr


def test_import_public_opens_the_album(app: Flask, folder: Path) -> None:
    done(app, "import", str(folder), *EVENT, "--public", "--slug", "games")

    parts: Services = app.extensions["gallery"]
    with parts.db.read() as session:
        album = opening.by_slug(session, "games")
    assert (album.visibility, album.venue) == (Visibility.PUBLIC, "Stadium")


def test_import_without_any_photo_is_refused_but_tells_of_each_file(
    app: Flask, folder: Path
) -> None:
    for path in (folder / "b.jpg", folder / "day/a.jpg"):
        path.unlink()

    result = flask(app, "import", str(folder), *EVENT, "--json")

    assert result.exit_code == 1
    assert [photo["outcome"] for photo in json.loads(result.stdout)["photos"]] == ["rejected"]
    assert result.stderr.splitlines()[-1] == (
        "None of the 1 files became a photo; the album is empty."
    )


def test_import_says_when_renditions_are_still_to_be_made(app: Flask, folder: Path) -> None:
    parts: Services = app.extensions["gallery"]
    parts.renderer.close()

    result = flask(app, "import", str(folder), *EVENT)

    assert result.exit_code == 0
    assert "2 photos still wait for their renditions; run this again." in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--date", "2026-11-24"),
        ("--title", "x"),
        ("--title", "x", "--date", "24.11.2026"),
        ("--title", "x", "--date", "2026-11-24", "--unknown"),
    ],
)
def test_import_used_wrongly_exits_with_2(app: Flask, folder: Path, words: tuple[str, ...]) -> None:
    assert flask(app, "import", str(folder), *words).exit_code == 2
    assert flask(app, "import", str(folder / "nowhere"), *EVENT).exit_code == 2


def test_import_refuses_with_one_sentence(app: Flask, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    for words in (
        (str(tmp_path / "empty"), *EVENT),
        (str(folder), "--title", " ", "--date", "2026-11-24"),
        (str(folder), *EVENT, "--slug", "No Slug!"),
    ):
        result = flask(app, "import", *words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.splitlines()[-1].endswith((".", "do."))


def test_photos_lists_the_album_in_order_with_all_that_is_pinned(app: Flask, folder: Path) -> None:
    done(app, "import", str(folder), *EVENT)

    first, second, third = answer(app, "photos", "sports-day")["photos"]

    assert len(first.pop("id")) == 6
    assert first == {
        "file": "day/a.jpg",
        "sha256": hashlib.sha256((folder / "day/a.jpg").read_bytes()).hexdigest(),
        "state": "ready",
        "reason": "",
        "caption": "The start",
        "alt_text": "",
        "credit": "",
        "taken_at": "2026-11-24T02:00:00+00:00",
    }
    assert (second["file"], second["state"]) == ("b.jpg", "ready")
    assert (third["file"], third["state"], third["taken_at"]) == ("page.jpg", "rejected", None)
    assert third["reason"] != ""
    assert "ready     day/a.jpg  The start" in done(app, "photos", "sports-day")


def test_photos_of_an_unknown_album_is_refused(app: Flask) -> None:
    assert refused(app, "photos", "nowhere") == "There is no album “nowhere”."


def test_caption_sets_what_the_table_has(app: Flask, folder: Path, tmp_path: Path) -> None:
    done(app, "import", str(folder), *EVENT)
    table = tmp_path / "words.csv"
    table.write_text("file,alt_text,credit\nday/a.jpg,Runners,Ali\ngone.jpg,x,y\n", "utf-8-sig")

    result = flask(app, "caption", "sports-day", str(table))

    assert (result.exit_code, result.stdout) == (0, "1 photos found, 1 of them changed.\n")
    assert result.stderr == "Not in the album: gone.jpg\n"
    photo = answer(app, "photos", "sports-day")["photos"][0]
    assert (photo["caption"], photo["alt_text"], photo["credit"]) == (
        "The start", "Runners", "Ali"
    )  # fmt: skip


def test_caption_refuses_a_table_that_can_not_be_used(
    app: Flask, folder: Path, tmp_path: Path
) -> None:
    done(app, "import", str(folder), *EVENT)
    table = tmp_path / "words.csv"

    table.write_bytes("file,caption\nb.jpg,café\n".encode("cp1252"))
    assert "not in UTF-8" in refused(app, "caption", "sports-day", str(table))
    table.write_text("caption\nx\n", "utf-8")
    assert "a column “file”" in refused(app, "caption", "sports-day", str(table))
    table.write_text("file,caption\ngone.jpg,x\n", "utf-8")
    result = flask(app, "caption", "sports-day", str(table))
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == (
        "None of the files in the table is in the album; nothing was changed."
    )
    assert flask(app, "caption", "sports-day", "nowhere.csv").exit_code == 2
