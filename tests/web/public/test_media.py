"""Renditions and cards: right address, right viewer, right cache."""

from __future__ import annotations

import pytest

from gallery.albums.cards import card_path
from gallery.models import PhotoState, Visibility
from tests.web.public.scene import STANDARD, Scene

FOR_EVER = "public, max-age=31536000, immutable"


def test_a_public_rendition_is_kept_for_ever(scene: Scene) -> None:
    photo = scene.photo(scene.album())

    for name in STANDARD:
        answer = scene.visitor().get(f"/m/{photo.id}/{photo.edit}/{name}")
        assert answer.data == f"{photo.id} {name}".encode()
        assert answer.headers["Cache-Control"] == FOR_EVER
        assert answer.mimetype == ("image/avif" if name.endswith("avif") else "image/jpeg")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers


def test_a_browser_that_has_it_is_told_so_and_parts_can_be_asked_for(scene: Scene) -> None:
    photo = scene.photo(scene.album())
    path, client = f"/m/{photo.id}/{photo.edit}/640.jpg", scene.visitor()
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    part = client.get(path, headers={"Range": "bytes=0-2"})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == FOR_EVER
    assert (part.status_code, part.data) == (206, first.data[:3])


@pytest.mark.parametrize("visibility", [Visibility.UNLISTED, Visibility.DRAFT])
def test_what_not_everybody_may_see_is_kept_nowhere(scene: Scene, visibility: Visibility) -> None:
    photo = scene.photo(scene.album(visibility=visibility))

    answer = scene.person().get(f"/m/{photo.id}/{photo.edit}/640.jpg")

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_hidden_photo_of_a_public_album_is_kept_nowhere(scene: Scene) -> None:
    photo = scene.photo(scene.album(), state=PhotoState.HIDDEN)

    answer = scene.person().get(f"/m/{photo.id}/{photo.edit}/640.jpg")

    assert answer.headers["Cache-Control"] == "private, no-store"


def test_only_standard_renditions_are_public(scene: Scene) -> None:
    photo = scene.photo(scene.album())

    for name in ("2048.jpg", "1920.avif", "640.png", "640.jpg.part", "facebook.jpg", "640.JPG"):
        scene.services.storage.rendition(photo.sha256, photo.edit, name).write_bytes(b"x")
        assert scene.visitor().get(f"/m/{photo.id}/{photo.edit}/{name}").status_code == 404
    for name in ("640", "-", "..", "..%2f640.jpg", "640.jpg%00"):
        assert scene.visitor().get(f"/m/{photo.id}/{photo.edit}/{name}").status_code == 404


def test_what_a_photo_was_before_its_last_edit_is_not_to_be_had(scene: Scene) -> None:
    photo = scene.photo(scene.album())
    before = f"/m/{photo.id}/{photo.edit}/640.jpg"
    scene.change(photo, edit="b1e55ed0b1e5")

    assert scene.services.storage.rendition(photo.sha256, before.split("/")[3], "640.jpg").exists()
    assert scene.visitor().get(before).status_code == 404
    assert scene.person().get(before).status_code == 404


def test_another_edit_or_a_missing_file_is_not_found_and_not_remembered(scene: Scene) -> None:
    photo = scene.photo(scene.album())
    scene.services.storage.rendition(photo.sha256, photo.edit, "640.jpg").unlink()

    for path in (f"/m/{photo.id}/{'0' * 12}/320.jpg", f"/m/{photo.id}/{photo.edit}/640.jpg"):
        answer = scene.visitor().get(path)
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_card_is_found_under_its_own_edit_alone(scene: Scene) -> None:
    album = scene.album(card_edit="0123456789ab")
    path = card_path(scene.services.storage, album)
    assert path is not None
    client = scene.visitor()
    assert client.get(f"/m/card/{album.id}/0123456789ab.jpg").status_code == 404

    scene.services.storage.make_room_for(path)
    path.write_bytes(b"a card")
    answer = client.get(f"/m/card/{album.id}/0123456789ab.jpg")

    assert (answer.data, answer.headers["Cache-Control"]) == (b"a card", FOR_EVER)
    assert client.get(f"/m/card/{album.id}/0123456789ac.jpg").status_code == 404
    assert client.get(f"/m/card/{scene.album('Bare').id}/None.jpg").status_code == 404


def test_a_public_picture_costs_one_query(scene: Scene) -> None:
    photo = scene.photo(scene.album())

    with scene.queries() as asked:
        scene.visitor().get(f"/m/{photo.id}/{photo.edit}/640.jpg")

    assert len(asked) == 1
