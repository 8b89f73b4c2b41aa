"""Photos in by the form: one by one for our script, all at once without it."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from gallery.models import Photo, PhotoState, Role
from gallery.web.guards import MOST_SENT
from tests.albums.pictures import jpeg
from tests.web.browser import Browser, parts_of
from tests.web.studio.conftest import AddPhotos

JSON = {"Accept": "application/json"}


def _files(*named: tuple[str, bytes]) -> dict[str, Any]:
    return {"photos": [(io.BytesIO(data), name) for name, data in named]}


def _photos(app: Flask) -> list[Photo]:
    with parts_of(app).db.read() as session:
        return list(session.scalars(select(Photo).order_by(Photo.position)))


def _rung(app: Flask) -> list[str]:
    """Ids of photos that the bell was rung for; asking takes them."""
    return list(iter(parts_of(app).bell.next_photo, None))


def test_our_script_sends_a_photo_and_is_told_what_became_of_it(
    app: Flask, owner: Browser, at: str
) -> None:
    data = jpeg(1)
    first = owner.post(f"{at}/add", _files(("IMG_1.JPG", data)), headers=JSON)
    again = owner.post(f"{at}/add", _files(("copy.jpg", data)), headers=JSON)
    wrong = owner.post(f"{at}/add", _files(("page.jpg", b"<html>no")), headers=JSON)

    photo, left_out = _photos(app)
    assert first.json == {
        "files": [
            {
                "name": "IMG_1.JPG",
                "outcome": "added",
                "says": "arrived",
                "reason": "",
                "photo": photo.id,
            }
        ]
    }
    assert again.json is not None
    assert (again.json["files"][0]["says"], again.json["files"][0]["photo"]) == (
        "already here",
        photo.id,
    )
    assert wrong.json is not None
    assert (wrong.json["files"][0]["says"], left_out.state) == ("left out", PhotoState.REJECTED)
    assert wrong.json["files"][0]["reason"] == left_out.reason != ""
    assert parts_of(app).storage.original(photo.sha256).read_bytes() == data
    assert _rung(app) == [photo.id]


def test_without_a_script_a_page_says_the_same_for_all_at_once(
    app: Flask, owner: Browser, at: str
) -> None:
    files = [(f"IMG_{n}.JPG", jpeg(n, caption=str(n))) for n in range(100)]
    files += [("again.jpg", files[0][1]), ("evil<b>.jpg", b"%PDF-1.7 no")]

    page = owner.post(f"{at}/add", _files(*files))

    assert page.status_code == 200
    assert "100 arrived, 1 already here, 1 left out" in page.text
    assert "again.jpg" in page.text
    assert "evil&lt;b&gt;.jpg" in page.text
    assert len(_rung(app)) == 100
    assert all(photo.added_by for photo in _photos(app))


def test_an_uploader_adds_photos_too(app: Flask, at: str) -> None:
    uploader = Browser.signed_in(app, Role.UPLOADER)

    assert uploader.post(f"{at}/add", _files(("a.jpg", jpeg())), headers=JSON).status_code == 200
    assert len(_photos(app)) == 1


def test_without_files_the_page_says_what_to_do(app: Flask, owner: Browser, at: str) -> None:
    page = owner.follow(f"{at}/add", _files(("", b"")))

    assert "No photos were chosen; choose some, then press Add." in page.text
    assert _photos(app) == []


def test_photos_for_an_album_that_is_gone_leave_nothing_behind(app: Flask, owner: Browser) -> None:
    answer = owner.post("/studio/a/missing/add", _files(("a.jpg", jpeg())))

    assert answer.status_code == 404
    assert list((parts_of(app).storage.root / "tmp").iterdir()) == []


def test_only_who_may_add_can_send_more_than_a_form(app: Flask, owner: Browser, at: str) -> None:
    stranger = Browser(app)
    large = jpeg() + bytes(3_000_000)

    assert _send(owner, f"{at}/add", large) == 200
    assert _send(stranger, f"{at}/add", large) == 401
    assert _send(owner, "/studio/albums", large) == 413
    assert _send(owner, f"{at}/add", large, MOST_SENT["studio.receive"] + 1) == 413


def _send(browser: Browser, path: str, data: bytes, says_bytes: int | None = None) -> int:
    """Send a photo in a body of our own making; the status of the answer."""
    photo = FileStorage(io.BytesIO(data), "a.jpg", "photos")
    boundary, body = encode_multipart({"csrf_token": browser.token(), "photos": photo})
    says = {"CONTENT_LENGTH": str(says_bytes or len(body))}
    answer = browser.client.post(
        path,
        headers=JSON,
        input_stream=io.BytesIO(body),
        content_type=f"multipart/form-data; boundary={boundary}",
        environ_overrides=says,
    )
    return answer.status_code


def test_a_form_that_would_not_fit_on_the_disk_is_refused_before_it_is_read(
    app: Flask, owner: Browser, at: str
) -> None:
    storage = parts_of(app).storage
    object.__setattr__(storage, "free_bytes", lambda: storage.reserve_bytes + 1_500_000)

    assert _send(owner, f"{at}/add", jpeg(), 1_000_000) == 507
    assert _send(owner, f"{at}/add", jpeg()) == 200


def test_a_large_form_waits_beside_the_originals(app: Flask, owner: Browser, at: str) -> None:
    folder = parts_of(app).storage.root / "tmp"
    seen: list[Path] = []
    receive = parts_of(app).storage.receive

    def look(stream: Any, **more: Any) -> Any:
        seen.append(Path(f"/proc/self/fd/{stream.fileno()}").readlink())
        return receive(stream, **more)

    object.__setattr__(parts_of(app).storage, "receive", look)
    assert _send(owner, f"{at}/add", jpeg() + bytes(600_000)) == 200

    assert [path.parent for path in seen] == [folder]
    assert list(folder.iterdir()) == []


def test_while_a_photo_streams_in_others_can_write(app: Flask, owner: Browser, at: str) -> None:
    parts = parts_of(app)
    arrived, go_on, wrote = (threading.Event() for _ in range(3))
    receive = parts.storage.receive

    def slowly(*args: Any, **more: Any) -> Any:
        arrived.set()
        go_on.wait(timeout=10)
        return receive(*args, **more)

    def write() -> None:
        with parts.db.write():
            wrote.set()

    object.__setattr__(parts.storage, "receive", slowly)
    sender = threading.Thread(target=owner.post, args=(f"{at}/add", _files(("a.jpg", jpeg()))))
    writer = threading.Thread(target=write)
    sender.start()
    assert arrived.wait(timeout=10)
    writer.start()
    in_time = wrote.wait(timeout=5)
    go_on.set()
    for thread in (sender, writer):
        thread.join()

    assert in_time
    assert len(_photos(app)) == 1


def test_the_part_that_is_asked_for_again_stops_when_all_are_ready(
    owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    ids = add_photos(1)
    add_photos(1, state=PhotoState.WAITING)
    add_photos(1, state=PhotoState.REJECTED, reason="It is a PDF.", file="a.pdf")
    part = owner.get(f"{at}/arriving").text
    assert "2 photos in this album; 1 being prepared. 1 file left out." in part
    assert "data-live" in part
    assert "being prepared</span>" in part
    assert f"/m/{ids[0]}/" in part
    assert "<html" not in part


def test_when_all_are_ready_there_is_a_way_to_look_and_to_post(
    owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    add_photos(1)

    page = owner.get(f"{at}/add").text

    assert "data-live" not in page
    assert "Look at it" in page
    assert f'href="{at}/post"' in page


def test_what_was_left_out_keeps_its_name_and_its_reason(
    owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    assert "Nothing was left out of this album." in owner.get(f"{at}/left-out").text
    add_photos(1, state=PhotoState.REJECTED, reason="It is a PDF.", file="plan<1>.pdf")

    page = owner.get(f"{at}/left-out").text

    assert "plan&lt;1&gt;.pdf" in page
    assert "It is a PDF." in page


@pytest.mark.parametrize("path", ["/add", "/arriving", "/left-out"])
def test_pages_of_a_missing_album_are_not_there(owner: Browser, path: str) -> None:
    assert owner.get(f"/studio/a/missing{path}").status_code == 404


def test_sample_photos_come_with_one_press(app: Flask, owner: Browser, at: str) -> None:
    assert app.config["SAMPLE_PHOTOS"] == 12
    app.config["SAMPLE_PHOTOS"] = 1

    page = owner.follow(f"{at}/samples").text

    assert "1 sample photo arrived; they appear as they are ready." in page
    assert [photo.state for photo in _photos(app)] == [PhotoState.WAITING]
    assert _rung(app) == [photo.id for photo in _photos(app)]
