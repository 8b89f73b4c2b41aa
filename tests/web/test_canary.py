"""A planted secret is looked for wherever it could leak: logs, pages, answers, files, rows."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from gallery import create_app
from gallery.models import Photo, Role, schema
from gallery.services import Services
from gallery.settings import Secret, Settings
from tests.fakes.facebook import FacebookFake
from tests.fakes.facebook.world import APP_SECRET, PAGE_TOKEN
from tests.faults.ground import TINY_JPEG
from tests.publishing.world import add_album
from tests.web.browser import Browser

CANARIES = (PAGE_TOKEN, APP_SECRET, "canary-of-the-secret-key-0123456789abcdef")
FAULTS = ("cut_after_commit", "e500_after", "truncated_answer", "error", "revoked_token")


@pytest.fixture
def app(settings: Settings, facebook_fake: FacebookFake) -> Iterator[Flask]:
    """The app led to the fake Facebook, every secret of it a canary."""
    led = facebook_fake.settings(
        replace(settings, secret_key=Secret(CANARIES[2])), app=True, settle_s=0.1, backoff_s=0.02
    )
    made = create_app(led)
    yield made
    parts: Services = made.extensions["gallery"]
    parts.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_no_secret_is_told_by_whatever_goes_wrong(
    fault: str,
    app: Flask,
    facebook_fake: FacebookFake,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    facebook_fake.world.require_proof = True
    parts: Services = app.extensions["gallery"]
    schema.make_or_check(parts.db)
    album = add_album(parts.db, 1)
    with parts.db.read() as session:
        for photo in session.query(Photo):
            path = parts.storage.rendition(photo.sha256, photo.edit, "1920.jpg")
            path.parent.mkdir(parents=True)
            path.write_bytes(TINY_JPEG)
    run = app.test_cli_runner()
    page = ["connect", "facebook", "--page", facebook_fake.page_id]
    told = [run.invoke(args=page, input=PAGE_TOKEN).output]
    facebook_fake.fault("POST", "/feed$", fault)  # type: ignore[arg-type]
    words = ["publish", album.slug, "--to", "facebook", "--wait", "--timeout", "10"]
    told.append(run.invoke(args=words).output)
    told.append(run.invoke(args=[*words, "--json"]).output)
    owner = Browser.signed_in(app, Role.OWNER)
    for address in ("accounts", "posts", f"a/{album.id}", f"a/{album.id}/post", "settings"):
        told.append(owner.get(f"/studio/{address}").text)
    told.append(repr(parts) + repr(parts.settings))

    assert "Connected" in told[0]
    assert facebook_fake.requests
    for canary in CANARIES:
        assert canary not in "".join(told)
        assert canary not in caplog.text
        assert [
            f.name for f in tmp_path.rglob("*") if f.is_file() and canary.encode() in f.read_bytes()
        ] == []
