"""Anybody who may look at a photo may ask for it to go, and it is hidden at once."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from gallery.models import Album, Photo, PhotoState, Removal, RemovalState, Visibility
from gallery.web.public.removing import sender_of
from gallery.web.throttle import ASKING
from tests.web.public.scene import Page, Scene

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
WORDS = {"who": "me", "reply": "siti@example.org", "message": "Please.\r\nThank you."}


def ask(client: FlaskClient, album: Album, photo: Photo, **sent: str) -> TestResponse:
    """Fill the form in and send it."""
    at = f"/a/{album.slug}/{photo.id}/remove"
    token = TOKEN.search(client.get(at).text)
    assert token
    return client.post(at, data={**WORDS, **sent, "csrf_token": token[1]})


def removals(scene: Scene) -> list[Removal]:
    with scene.services.db.read() as session:
        return list(session.scalars(select(Removal).order_by(Removal.at)))


def state(scene: Scene, photo: Photo) -> PhotoState:
    with scene.services.db.read() as session:
        return session.get_one(Photo, photo.id).state


def test_pages_lead_to_the_form_without_a_script(scene: Scene) -> None:
    album = scene.album()
    photos = scene.photos(album, 2)
    client = scene.visitor()

    assert Page(client.get(f"/a/{album.slug}").text).all("a", href=f"/a/{album.slug}/remove")
    page = client.get(f"/a/{album.slug}/{photos[0].id}").text
    assert f'href="/a/{album.slug}/{photos[0].id}/remove"' in page
    chosen = Page(client.get(f"/a/{album.slug}/remove").text)
    for photo in photos:
        assert chosen.all("a", href=f"/a/{album.slug}/{photo.id}/remove")
    assert chosen.meta("robots") == "noindex"


def test_an_album_of_one_photo_leads_to_its_form_and_an_empty_one_nowhere(scene: Scene) -> None:
    album, empty = scene.album("One"), scene.album("None")
    photo = scene.photo(album)
    client = scene.visitor()

    assert f"/{photo.id}/remove" in client.get(f"/a/{album.slug}").text
    assert "Ask us to remove" not in client.get(f"/a/{empty.slug}").text
    assert "No photo of this album is shown." in client.get(f"/a/{empty.slug}/remove").text


def test_who_asks_gets_a_reference_and_the_photo_is_hidden_at_once(scene: Scene) -> None:
    album = scene.album()
    photo, other = scene.photos(album, 2)
    client = scene.visitor()

    answer = ask(client, album, photo)
    thanks = client.get(answer.location).text

    (removal,) = removals(scene)
    assert (answer.status_code, answer.location) == (303, f"/a/{album.slug}/remove/asked")
    assert removal.id in thanks
    assert "The photo is not shown here any more." in thanks
    assert (removal.who, removal.reply, removal.state, removal.hid) == (
        "me", "siti@example.org", RemovalState.OPEN, True,
    )  # fmt: skip
    assert removal.message == "Please.\nThank you."
    assert (state(scene, photo), state(scene, other)) == (PhotoState.HIDDEN, PhotoState.READY)
    assert client.get(f"/a/{album.slug}/{photo.id}").status_code == 404
    assert photo.id not in client.get(f"/a/{album.slug}").text


def test_the_address_of_who_asks_is_not_kept(scene: Scene) -> None:
    album = scene.album()
    ask(scene.visitor(), album, scene.photo(album))

    (removal,) = removals(scene)
    assert re.fullmatch("[0-9a-f]{64}", removal.sender)
    with scene.app.test_request_context():
        assert removal.sender == sender_of("127.0.0.1") != sender_of("127.0.0.2")
        assert sender_of("2001:db8::1") == sender_of("2001:db8::2") != sender_of("2001:db9::1")
        assert sender_of("") == ""


def test_three_photos_of_one_sender_are_hidden_in_a_day_and_more_wait(scene: Scene) -> None:
    album = scene.album()
    photos = scene.photos(album, 4)
    client = scene.visitor()

    pages = [client.get(ask(client, album, photo).location).text for photo in photos]

    assert [state(scene, photo) for photo in photos] == [
        *[PhotoState.HIDDEN] * 3, PhotoState.READY
    ]  # fmt: skip
    assert [removal.hid for removal in removals(scene)] == [True, True, True, False]
    assert "The photo stays until somebody has looked" in pages[3]


def test_who_asks_far_too_often_is_told_to_wait(scene: Scene) -> None:
    album = scene.album()
    photos = scene.photos(album, ASKING[0].amount + 1)
    client = scene.visitor()

    answers = [ask(client, album, photo).status_code for photo in photos]

    assert answers == [*[303] * ASKING[0].amount, 429]
    assert len(removals(scene)) == ASKING[0].amount


@pytest.mark.parametrize(
    ("sent", "field", "says"),
    [
        ({"who": ""}, "who", "Choose who asks"),
        ({"who": "person"}, "who", "Choose who asks"),
        ({"reply": "x" * 301}, "reply", "This is too long: at most 300 characters."),
        ({"message": "x" * 2001}, "message", "This is too long: at most 2,000 characters."),
        ({"website": "https://spam.example"}, "website", "Nothing was sent"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_hidden(
    scene: Scene, sent: dict[str, str], field: str, says: str
) -> None:
    album = scene.album()
    photo = scene.photo(album)

    answer = ask(scene.visitor(), album, photo, **sent)

    assert answer.status_code == 422
    page = Page(answer.text)
    assert says in answer.text
    assert page.all("a", href=f"#{field}")
    assert page.all("span", class_="error", id=f"{field}-error")
    assert "Please." in answer.text or "message" in sent
    assert state(scene, photo) is PhotoState.READY
    assert removals(scene) == []


def test_the_trap_is_seen_by_nobody(scene: Scene) -> None:
    album = scene.album()
    page = scene.visitor().get(f"/a/{album.slug}/{scene.photo(album).id}/remove").text

    hidden = page.split('<div class="vh" aria-hidden="true">')[1].split("</div>")[0]
    assert 'name="website"' in hidden
    assert 'tabindex="-1"' in hidden


def test_without_the_form_s_token_nothing_is_asked(scene: Scene) -> None:
    album = scene.album()
    photo = scene.photo(album)

    answer = scene.visitor().post(f"/a/{album.slug}/{photo.id}/remove", data=WORDS)

    assert answer.status_code == 400
    assert removals(scene) == []


@pytest.mark.parametrize("visibility", [Visibility.UNLISTED, Visibility.DRAFT])
def test_only_who_may_look_may_ask(scene: Scene, visibility: Visibility) -> None:
    album = scene.album(visibility=visibility)
    photo = scene.photo(album)
    holder, stranger = scene.visitor(scene.link(album)), scene.visitor()
    open_album = scene.album("Open")
    token = TOKEN.search(
        stranger.get(f"/a/{open_album.slug}/{scene.photo(open_album).id}/remove").text
    )
    assert token

    at = f"/a/{album.slug}/{photo.id}/remove"
    assert stranger.post(at, data={**WORDS, "csrf_token": token[1]}).status_code == 404
    for address in (at, f"/a/{album.slug}/remove", f"/a/{album.slug}/remove/asked"):
        assert stranger.get(address).status_code == 404
    if visibility is Visibility.UNLISTED:
        form = holder.get(at)
        assert form.headers["Referrer-Policy"] == "no-referrer"
        assert ask(holder, album, photo).status_code == 303
    assert len(removals(scene)) == (visibility is Visibility.UNLISTED)


def test_a_photo_that_is_gone_already_leads_back_to_its_album(scene: Scene) -> None:
    album = scene.album()
    photo = scene.photo(album, state=PhotoState.HIDDEN)

    answer = scene.visitor().get(f"/a/{album.slug}/{photo.id}/remove")

    assert answer.status_code == 404
    assert "it may have been taken down already" in answer.text
    assert f'href="/a/{album.slug}"' in answer.text


def test_who_asked_nothing_has_no_reference(scene: Scene) -> None:
    album = scene.album()

    answer = scene.visitor().get(f"/a/{album.slug}/remove/asked")

    assert answer.location == f"/a/{album.slug}/remove"


def test_the_form_is_kept_by_no_cache_and_asks_a_fixed_number_of_queries(scene: Scene) -> None:
    album = scene.album()
    photo = scene.photo(album)
    at = f"/a/{album.slug}/{photo.id}/remove"
    assert scene.visitor().get(at).headers["Cache-Control"] == "private, no-store"
    with scene.queries() as few:
        scene.visitor().get(at)
    scene.photos(album, 5)
    with scene.queries() as many:
        scene.visitor().get(at)

    assert len(many) == len(few) <= 5
