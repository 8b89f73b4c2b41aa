"""The pictures of a preview are the files that go out."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from PIL import Image

from gallery.models import Album, DrawCaptions, Photo, Role
from gallery.networks.contract import PictureLimit, PlannedPhoto
from gallery.publishing import frames
from tests.samples.photos import make_photos
from tests.web.browser import Browser, parts_of
from tests.web.studio.conftest import AddPhotos

TALL = PictureLimit(edge=1440, ratio_min=0.5, ratio_max=0.8)


def _planned(app: Flask, id_: str) -> PlannedPhoto:
    with parts_of(app).db.read() as session:
        photo = session.get_one(Photo, id_)
    plain = PlannedPhoto(id_, photo.edit, "1920.jpg", photo.width, photo.height, "", "")
    return frames.framed([plain], TALL)[0].photo


def _address(at: str, planned: PlannedPhoto) -> str:
    return f"{at}/fitted/{planned.id}/{planned.edit}/{planned.recipe}"


def _original(app: Flask, id_: str, folder: Path) -> None:
    """Put a real photo where the row says that its original is."""
    with parts_of(app).db.read() as session:
        photo = session.get_one(Photo, id_)
    target = parts_of(app).storage.original(photo.sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    make_photos(folder, 1, megapixels=0.5)[0].replace(target)


def test_a_padded_picture_is_made_when_it_is_looked_at(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos, tmp_path: Path
) -> None:
    (id_,) = add_photos(1)
    _original(app, id_, tmp_path)
    planned = _planned(app, id_)

    with owner.get(_address(at, planned)) as answer:
        (tmp_path / "shown.jpg").write_bytes(answer.data)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    with Image.open(tmp_path / "shown.jpg") as picture:
        assert picture.size == (planned.width, planned.height)
        assert picture.width / picture.height == 0.8


def test_an_address_that_no_plan_names_shows_nothing(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    (id_,) = add_photos(1)
    good = _planned(app, id_)
    larger = good.recipe.replace("pad-", "pad-1")

    for address in (
        f"{at}/fitted/{id_}/{good.edit}/{larger}",
        f"{at}/fitted/{id_}/{good.edit}/1920.jpg",
        f"{at}/fitted/nobody/{good.edit}/{good.recipe}",
        f"/studio/a/another/fitted/{id_}/{good.edit}/{good.recipe}",
        _address(at, good),  # its original is not there
    ):
        assert owner.get(address).status_code == 404, address


def test_only_who_may_post_looks_at_it(app: Flask, at: str, add_photos: AddPhotos) -> None:
    (id_,) = add_photos(1)
    address = _address(at, _planned(app, id_))

    assert app.test_client().get(address).status_code == 303
    assert Browser.signed_in(app, Role.UPLOADER).get(address).status_code == 403


def test_the_preview_shows_the_picture_with_its_caption_drawn(
    app: Flask, owner: Browser, album_id: str, at: str, add_photos: AddPhotos, tmp_path: Path
) -> None:
    owner.post("/studio/accounts/connect", {"network": "practice", "name": "Practice"})
    (id_,) = add_photos(1, caption="Opening night")
    _original(app, id_, tmp_path)
    with parts_of(app).db.write() as session:
        session.get_one(Album, album_id).draw_captions = DrawCaptions.BAND

    page = owner.get(f"{at}/post").text

    (address,) = re.findall(rf'src="({at}/fitted/{id_}/[^"]+)"', page)
    assert "/band-whole-" in address
    assert "The caption is drawn into the picture." in page
    with owner.get(address) as answer:
        assert answer.status_code == 200
    with parts_of(app).db.write() as session:
        session.get_one(Photo, id_).caption = "Closing night"
    assert owner.get(address).status_code == 404
