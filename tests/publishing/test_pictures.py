"""The exact picture that goes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from gallery.errors import Refused
from gallery.models import Photo
from gallery.networks.contract import PlannedPhoto
from gallery.publishing.pictures import Pictures
from gallery.services import Services
from tests.publishing.world import add_album
from tests.samples.photos import make_photos


@pytest.fixture
def pictures(services: Services, tmp_path: Path) -> Pictures:
    """A photo whose original is there, and no rendition yet."""
    add_album(services.db, 1)
    original = make_photos(tmp_path, 1, megapixels=0.5)[0]
    with services.db.read() as session:
        photo = session.get_one(Photo, "p00001")
    target = services.storage.original(photo.sha256)
    target.parent.mkdir(parents=True)
    original.replace(target)
    return Pictures(services.db, services.storage, services.renderer)


def _planned(recipe: str, drawn: str = "") -> PlannedPhoto:
    return PlannedPhoto("p00001", "0123456789ab", recipe, 800, 600, "", "", drawn=drawn)


def test_a_missing_rendition_is_made_once(pictures: Pictures) -> None:
    made = pictures.file(_planned("1920.jpg"))
    before = made.stat().st_mtime_ns

    assert pictures.file(_planned("1920.jpg")) == made
    assert made.stat().st_mtime_ns == before


def test_a_caption_is_drawn_where_the_plan_says_so(pictures: Pictures) -> None:
    plain = pictures.file(_planned("1920.jpg"))
    drawn = pictures.file(_planned("band-whole-800x700-4000000.jpg", "Selamat datang"))

    with Image.open(plain) as one, Image.open(drawn) as other:
        assert other.height > one.height


def test_a_photo_that_is_gone_or_damaged_is_refused_by_name(
    pictures: Pictures, services: Services
) -> None:
    with services.db.read() as session:
        photo = session.get_one(Photo, "p00001")
    services.storage.original(photo.sha256).write_bytes(b"\xff\xd8damaged")
    with pytest.raises(Refused, match=r"1\.jpg"):
        pictures.file(_planned("overlay-whole-800x600-4000000.jpg", "Text"))
    with services.db.write() as session:
        session.delete(session.get_one(Photo, "p00001"))
    with pytest.raises(Refused, match="not in the album any more"):
        pictures.file(_planned("1920.jpg"))
