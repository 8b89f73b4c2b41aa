"""The pages of the practice network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gallery.networks import practice
from tests.web.public.scene import Page, Scene

POST: dict[str, Any] = {
    "id": "0123456789abcdef", "key": "k", "account": "Our Page", "nth": 1, "of": 2,
    "text": "Look & see <b>\nhttp://photos.example.org/a/open-day", "link": "", "at": "2026-11-24T02:00:00+00:00",
    "photos": [
        {"file": "1.jpg", "caption": "Opening", "alt_text": "Two speakers", "width": 640, "height": 427},
        {"file": "2.jpg", "caption": "", "alt_text": "", "width": 427, "height": 640},
    ],
}  # fmt: skip


@pytest.fixture
def folder(scene: Scene) -> Path:
    """The folder of one post."""
    folder = practice.folder_of(scene.services.settings) / str(POST["id"])
    folder.mkdir(parents=True)
    (folder / "post.json").write_text(json.dumps(POST))
    for photo in POST["photos"]:
        (folder / photo["file"]).write_bytes(b"a picture")
    return folder


@pytest.mark.usefixtures("folder")
def test_a_practice_post_looks_like_a_post_and_says_that_it_is_practice(scene: Scene) -> None:
    answer = scene.visitor().get(f"/practice/{POST['id']}")

    page = Page(answer.text)
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert page.meta("robots") == "noindex"
    assert any(words.startswith("This is practice: only") for words in page.words["bdi"])
    assert "Our Page" in page.words["bdi"]
    assert page.all("a", href="http://photos.example.org/a/open-day")
    assert not page.all("b")
    assert page.words["bdi"][-6:-2] == ["Opening", "Two speakers", "none", "none"]
    assert "· post 1 of 2" in page.words["bdi"]
    pictures = [img["src"] for img in page.all("img")][:2]
    assert pictures == [f"/practice/{POST['id']}/{n}.jpg" for n in (1, 2)]
    assert page.all("img")[0]["alt"] == "Two speakers"
    picture = scene.visitor().get(pictures[0])
    assert (picture.data, picture.headers["Cache-Control"]) == (b"a picture", "private, no-store")


def test_a_post_that_was_taken_back_is_not_found(scene: Scene, folder: Path) -> None:
    (folder / "post.json").unlink()

    assert scene.visitor().get(f"/practice/{POST['id']}").status_code == 404


@pytest.mark.usefixtures("folder")
def test_nothing_but_its_pictures_is_served(scene: Scene) -> None:
    for name in ("3.jpg", "post.json", "..%2f1.jpg", "1.png"):
        assert scene.visitor().get(f"/practice/{POST['id']}/{name}").status_code == 404
    assert scene.visitor().get("/practice/..").status_code == 404
