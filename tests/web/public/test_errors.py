"""What goes wrong ends in a page with one sentence, and health checks tell machines."""

from __future__ import annotations

import logging
import os
import shutil
import time

import pytest
from flask import abort, request
from flask.typing import ResponseReturnValue

from gallery.errors import Conflict, GalleryError, InvalidInput, NoRoom, NotFound, TryLater
from gallery.models import Model
from tests.web.public.scene import Page, Scene


def breaks(scene: Scene, error: Exception) -> None:
    def view() -> ResponseReturnValue:
        raise error

    scene.app.add_url_rule("/break", "break", view)
    scene.app.config["PROPAGATE_EXCEPTIONS"] = False


def test_an_address_that_leads_nowhere_leads_back_to_the_albums(scene: Scene) -> None:
    answer = scene.visitor().get("/nowhere")

    page = Page(answer.text)
    assert answer.status_code == 404
    assert page.words["h1"] == ["Nothing is at this address"]
    assert page.all("a", href="/")
    assert page.meta("robots") == "noindex"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_photo_that_is_gone_leads_back_to_its_album(scene: Scene) -> None:
    album = scene.album()

    answer = scene.visitor().get(f"/a/{album.slug}/aaaaaa")

    assert answer.status_code == 404
    assert Page(answer.text).all("a", href=f"/a/{album.slug}", class_="btn main")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("There is no such thing."), 404),
        (InvalidInput("That day does not exist."), 400),
        (Conflict("Somebody changed this meanwhile."), 409),
        (NoRoom("The disk is full; nothing was lost."), 507),
    ],
)
def test_our_own_errors_say_their_sentence(scene: Scene, error: GalleryError, status: int) -> None:
    breaks(scene, error)

    answer = scene.visitor().get("/break")

    assert answer.status_code == status
    assert str(error) in Page(answer.text).words["p"]


@pytest.mark.parametrize("error", [RuntimeError("token=abc"), TryLater("token=abc")])
def test_the_unforeseen_shows_only_a_number_that_the_log_knows(
    scene: Scene, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    breaks(scene, error)

    with caplog.at_level(logging.ERROR):
        answer = scene.visitor().get("/break")

    number = Page(answer.text).words["strong"][0]
    assert answer.status_code == 500
    assert "token" not in answer.text
    assert f"error {number}" in caplog.text


@pytest.mark.parametrize("status", [400, 403, 405, 413, 418, 429])
def test_refusals_of_http_have_a_page_too(scene: Scene, status: int) -> None:
    scene.app.add_url_rule("/refuse", "refuse", lambda: abort(status))

    answer = scene.visitor().get("/refuse")

    assert answer.status_code == status
    assert Page(answer.text).words["h1"]


def test_what_is_too_large_says_how_to_go_on(scene: Scene) -> None:
    scene.app.config["MAX_CONTENT_LENGTH"] = 10
    scene.app.add_url_rule("/send", "send", lambda: request.get_data(), methods=["PUT"])
    scene.app.extensions["csrf"].exempt("tests.web.public.test_errors.<lambda>")

    answer = scene.visitor().put("/send", data=b"x" * 11)

    assert answer.status_code == 413
    assert "Send fewer at a time." in answer.text


def test_headers_that_explain_a_refusal_stay(scene: Scene) -> None:
    scene.app.add_url_rule("/read", "read", lambda: "x")

    assert "GET" in scene.visitor().delete("/read").headers["Allow"]


def test_a_page_for_errors_needs_no_database(scene: Scene) -> None:
    Model.metadata.drop_all(scene.services.db.engine)
    scene.app.config["PROPAGATE_EXCEPTIONS"] = False

    assert "Afterglow" in scene.visitor().get("/nowhere").text
    answer = scene.visitor().get("/")
    assert answer.status_code == 500
    assert Page(answer.text).words["h1"] == ["Something broke on our side"]


def test_health_asks_nothing_and_nobody(scene: Scene) -> None:
    with scene.queries() as asked:
        answer = scene.visitor().get("/healthz")

    assert (answer.status_code, answer.text, asked) == (200, "ok\n", [])


def test_ready_when_rows_and_files_can_be_written_and_workers_live(scene: Scene) -> None:
    scene.services.settings.heartbeat_file.touch()

    answer = scene.visitor().get("/readyz")

    assert (answer.status_code, answer.json) == (
        200,
        {"ready": True, "database": "ok", "storage": "ok", "workers": "ok"},
    )


def test_not_ready_without_tables(scene: Scene) -> None:
    Model.metadata.drop_all(scene.services.db.engine)

    answer = scene.visitor().get("/readyz")

    assert (answer.status_code, answer.json) == (
        503,
        {"ready": False, "database": "no", "storage": "ok", "workers": "no"},
    )


def test_not_ready_without_a_folder_or_with_a_full_disk(scene: Scene) -> None:
    scene.services.storage.reserve_bytes = 1 << 62
    full = scene.visitor().get("/readyz")
    scene.services.storage.reserve_bytes = 0
    shutil.rmtree(scene.services.storage.root / "tmp")
    gone = scene.visitor().get("/readyz")

    assert (full.status_code, gone.status_code) == (503, 503)


def test_not_ready_when_the_workers_gave_no_sign_for_a_minute(scene: Scene) -> None:
    beat = scene.services.settings.heartbeat_file
    beat.touch()
    os.utime(beat, (time.time() - 61, time.time() - 61))

    answer = scene.visitor().get("/readyz")

    assert (answer.status_code, (answer.json or {})["workers"]) == (503, "no")
