"""Every public address, walked by every kind of viewer through every state of an album."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from gallery.albums import opening
from gallery.albums.cards import card_path
from gallery.models import Album, AlbumLink, Photo, PhotoState, Role, Visibility
from tests.web.public.scene import Scene

EDIT = "0123456789ab"
PEOPLE = {"uploader", "editor", "owner"}
VIEWERS = PEOPLE | {"stranger", "holder", "late", "revoked", "guest elsewhere"}
MAY_LOOK = {
    Visibility.DRAFT: PEOPLE,
    Visibility.UNLISTED: PEOPLE | {"holder"},
    Visibility.PUBLIC: VIEWERS,
}
SHOWN_TO = {
    PhotoState.READY: VIEWERS,
    PhotoState.WAITING: set(),
    PhotoState.HELD: PEOPLE,
    PhotoState.HIDDEN: PEOPLE,
    PhotoState.REJECTED: set(),
}


@pytest.mark.parametrize("visibility", Visibility)
def test_who_may_open_what_of_an_album(scene: Scene, visibility: Visibility) -> None:
    album = scene.album(visibility=visibility, card_edit=EDIT)
    photo = scene.photo(album)
    _draw_card(scene, album)

    seen = {
        (viewer, name): client.get(address).status_code
        for viewer, client in _clients(scene, album).items()
        for name, address in _addresses(album, photo).items()
    }

    assert seen == {
        (viewer, name): 200 if viewer in MAY_LOOK[visibility] else 404
        for viewer in VIEWERS
        for name in _addresses(album, photo)
    }


@pytest.mark.parametrize("visibility", Visibility)
def test_only_public_albums_are_listed(scene: Scene, visibility: Visibility) -> None:
    album = scene.album(visibility=visibility)
    scene.photo(album)

    for viewer, client in _clients(scene, album).items():
        for listing in ("/", "/feed.atom", "/sitemap.xml"):
            listed = f"/a/{album.slug}" in client.get(listing).text
            assert listed is (visibility is Visibility.PUBLIC), (viewer, listing)


@pytest.mark.parametrize("state", PhotoState)
def test_only_ready_photos_are_shown_to_visitors(scene: Scene, state: PhotoState) -> None:
    album = scene.album()
    photo = scene.photo(album, state=state, caption="A caption of its own")
    scene.photos(album, 2)
    ready = state is PhotoState.READY

    for viewer, client in _clients(scene, album).items():
        page = client.get(f"/a/{album.slug}/{photo.id}")
        file = client.get(f"/m/{photo.id}/{photo.edit}/640.jpg")
        said = "A caption of its own" in client.get(f"/a/{album.slug}").text
        assert page.status_code == (200 if ready else 404), viewer
        assert file.status_code == (200 if viewer in SHOWN_TO[state] else 404), viewer
        assert said is ready, viewer


def test_missing_and_forbidden_answer_alike(scene: Scene) -> None:
    draft = scene.album("Draft", visibility=Visibility.DRAFT)
    photo = scene.photo(draft)
    visitor = scene.visitor()

    for forbidden, missing in (
        (f"/a/{draft.slug}", "/a/never-was"),
        (f"/a/{draft.slug}/{photo.id}", "/a/never-was/aaaaaa"),
        (f"/m/{photo.id}/{photo.edit}/640.jpg", f"/m/aaaaaa/{photo.edit}/640.jpg"),
        (f"/m/card/{draft.id}/{EDIT}.jpg", f"/m/card/{'0' * 32}/{EDIT}.jpg"),
        (f"/l/{scene.link(draft)}", f"/l/{'A' * 43}"),
        (f"/l/{scene.link(draft)}/{EDIT}.jpg", f"/l/{'A' * 43}/{EDIT}.jpg"),
    ):
        answers = [visitor.get(path) for path in (forbidden, missing)]
        assert [a.status_code for a in answers] == [404, 404]
        assert answers[0].text == answers[1].text
        assert dict(answers[0].headers) == dict(answers[1].headers)


def test_a_photo_is_found_under_its_own_album_alone(scene: Scene) -> None:
    one, other = scene.album("One"), scene.album("Other")
    photo = scene.photo(one)

    assert scene.visitor().get(f"/a/{other.slug}/{photo.id}").status_code == 404


def test_a_revoked_link_shuts_the_browser_that_used_it(scene: Scene) -> None:
    album = scene.album(visibility=Visibility.UNLISTED)
    photo = scene.photo(album)
    client = scene.visitor(token := scene.link(album))
    assert client.get(f"/a/{album.slug}").status_code == 200

    with scene.services.db.write() as session:
        opening.revoke_link(session, token, now=datetime.now(UTC))

    assert client.get(f"/a/{album.slug}").status_code == 404
    assert client.get(f"/m/{photo.id}/{photo.edit}/640.jpg").status_code == 404


def test_a_cookie_made_up_by_somebody_opens_nothing(scene: Scene) -> None:
    album = scene.album(visibility=Visibility.UNLISTED)
    client = scene.visitor()

    for value in (album.id, "x" * 43, "%' OR 1=1 --", ".".join(["a" * 43] * 80)):
        client.set_cookie("links", value)
        assert client.get(f"/a/{album.slug}").status_code == 404


def _clients(scene: Scene, album: Album) -> dict[str, FlaskClient]:
    elsewhere = scene.album("Somewhere else", visibility=Visibility.UNLISTED)
    clients = {
        "stranger": scene.visitor(),
        "holder": scene.visitor(scene.link(album)),
        "late": _after(scene, album, expires_at=_ago()),
        "revoked": _after(scene, album, revoked_at=_ago()),
        "guest elsewhere": scene.visitor(scene.link(elsewhere)),
        "uploader": scene.person(Role.UPLOADER),
        "editor": scene.person(Role.EDITOR),
        "owner": scene.person(Role.OWNER),
    }
    assert set(clients) == VIEWERS
    return clients


def _addresses(album: Album, photo: Photo) -> dict[str, str]:
    return {
        "album": f"/a/{album.slug}",
        "photo": f"/a/{album.slug}/{photo.id}",
        "thumbnail": f"/m/{photo.id}/{photo.edit}/320.avif",
        "largest": f"/m/{photo.id}/{photo.edit}/1920.jpg",
        "card": f"/m/card/{album.id}/{EDIT}.jpg",
    }


def _after(scene: Scene, album: Album, **end: datetime) -> FlaskClient:
    """A browser that used a link while it was good."""
    token = scene.link(album)
    client = scene.visitor(token)
    with scene.services.db.write() as session:
        link = session.get_one(AlbumLink, token)
        for name, value in end.items():
            setattr(link, name, value)
    return client


def _ago() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=1)


def _draw_card(scene: Scene, album: Album) -> None:
    path = card_path(scene.services.storage, album)
    assert path is not None
    scene.services.storage.make_room_for(path)
    path.write_bytes(b"a card")
