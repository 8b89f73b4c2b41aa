"""Secret links and old addresses: where they lead, and what they leave behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gallery.albums import opening
from gallery.albums.cards import card_path
from gallery.albums.event import EventData
from gallery.models import Album, AlbumLink, Visibility
from tests.web.public.scene import Page, Scene

CRAWLERS = [
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Twitterbot/1.0",
    "WhatsApp/2.23.20.0",
    "TelegramBot (like TwitterBot)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0)",
    "Slackbot-LinkExpanding 1.0",
    "Mozilla/5.0 (compatible; Discordbot/2.0)",
    "Mastodon/4.4.0 (http.rb/5.2.0; +https://social.example/)",
]
SITE = "http://photos.example.org"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36"


@pytest.fixture
def unlisted(scene: Scene) -> Album:
    """An album for those with a link, with a photo."""
    album = scene.album("Family", visibility=Visibility.UNLISTED)
    scene.photo(album)
    return album


def test_a_secret_link_opens_the_album_in_this_browser(scene: Scene, unlisted: Album) -> None:
    client = scene.visitor()

    answer = client.get(f"/l/{scene.link(unlisted)}", headers={"User-Agent": CHROME})

    assert (answer.status_code, answer.location) == (303, f"/a/{unlisted.slug}")
    assert answer.headers["Cache-Control"] == "private, no-store"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = client.get(f"/a/{unlisted.slug}")
    assert page.status_code == 200
    for response in (answer, page):
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Robots-Tag"] == "noindex"


def test_a_browser_keeps_several_links(scene: Scene, unlisted: Album) -> None:
    other = scene.album("Friends", visibility=Visibility.UNLISTED)
    client = scene.visitor(scene.link(unlisted))
    client.get(f"/l/{scene.link(other)}")

    assert [client.get(f"/a/{a.slug}").status_code for a in (unlisted, other)] == [200, 200]


def test_a_link_may_lead_to_one_photo_and_nowhere_else(scene: Scene, unlisted: Album) -> None:
    token, client = scene.link(unlisted), scene.visitor()

    assert client.get(f"/l/{token}?photo=p00001").location == f"/a/{unlisted.slug}/p00001"
    for odd in ("//evil.example", "../studio", "p00001/../..", ""):
        answer = client.get(f"/l/{token}", query_string={"photo": odd})
        assert answer.location == f"/a/{unlisted.slug}"


def test_a_preview_crawler_gets_the_preview_at_the_link_itself(
    scene: Scene, unlisted: Album
) -> None:
    token = scene.link(unlisted)
    scene.change(unlisted, card_edit="0123456789ab")
    path = card_path(scene.services.storage, unlisted)
    assert path is not None
    scene.services.storage.make_room_for(path)
    path.write_bytes(b"a card")
    client = scene.visitor()

    for crawler in CRAWLERS:
        answer = client.get(f"/l/{token}", headers={"User-Agent": crawler})
        page = Page(answer.text)
        assert answer.status_code == 200, crawler
        assert "Set-Cookie" not in answer.headers
        assert page.meta("og:title") == "Family"
        assert page.meta("og:url") == f"{SITE}/l/{token}"
        assert page.meta("og:image") == f"{SITE}/l/{token}/0123456789ab.jpg"
        assert f"/a/{unlisted.slug}" not in answer.text
    card = client.get(f"/l/{token}/0123456789ab.jpg")
    assert (card.data, card.headers["Cache-Control"]) == (b"a card", "private, no-store")


@pytest.mark.parametrize("end", ["revoked_at", "expires_at"])
def test_a_link_that_has_ended_answers_like_a_wrong_one(
    scene: Scene, unlisted: Album, end: str
) -> None:
    ended = scene.link(unlisted, **{end: datetime.now(UTC) - timedelta(seconds=1)})
    client = scene.visitor()

    answers = [client.get(f"/l/{token}") for token in (ended, "A" * 43, "x")]

    assert [a.status_code for a in answers] == [404] * 3
    assert len({a.text for a in answers}) == 1


def test_the_last_use_of_a_link_is_noted_to_the_hour(scene: Scene, unlisted: Album) -> None:
    token = scene.link(unlisted)
    started = datetime.now(UTC)
    scene.visitor(token)
    with scene.services.db.read() as session:
        first = session.get_one(AlbumLink, token).last_used_at
    scene.visitor(token)
    with scene.services.db.read() as session:
        second = session.get_one(AlbumLink, token).last_used_at

    assert first is not None
    assert first >= started
    assert second == first


def test_sharing_an_unlisted_album_passes_the_link_on(scene: Scene, unlisted: Album) -> None:
    token = scene.link(unlisted)
    photo = scene.photo(unlisted)
    client = scene.visitor(token)

    album = Page(client.get(f"/a/{unlisted.slug}").text)
    alone = Page(client.get(f"/a/{unlisted.slug}/{photo.id}").text)

    link = f"http://photos.example.org/l/{token}"
    assert album.all("dialog")[0]["data-url"] == link
    assert alone.all("dialog")[0]["data-url"] == f"{link}?photo={photo.id}"
    assert "Anyone with this link can see the album." in album.words["p"]
    assert album.meta("robots") == "noindex"
    assert not album.all("link", rel="canonical")


def test_an_unlisted_album_without_a_link_can_not_be_shared(scene: Scene, unlisted: Album) -> None:
    page = Page(scene.person().get(f"/a/{unlisted.slug}").text)

    assert not page.all("dialog")


def test_https_sites_keep_links_in_a_cookie_of_this_host_alone(scene: Scene) -> None:
    object.__setattr__(scene.services.settings, "public_url", "https://photos.example.org")
    album = scene.album(visibility=Visibility.UNLISTED)

    cookie = scene.visitor().get(f"/l/{scene.link(album)}").headers["Set-Cookie"]

    assert cookie.startswith("__Host-links=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


def test_every_old_address_leads_to_the_new_one_for_ever(scene: Scene) -> None:
    album = scene.album("First name")
    photo = scene.photo(album)
    for slug in ("second-name", "third-name"):
        with scene.services.db.write() as session:
            row = session.get_one(Album, album.id)
            opening.edit(session, row, EventData(title="First name", slug=slug))
    client = scene.visitor()

    for old in ("first-name", "second-name"):
        answer = client.get(f"/a/{old}?page=2&_external=1&_scheme=ftp")
        assert (answer.status_code, answer.location) == (301, "/a/third-name?page=2")
        answer = client.get(f"/a/{old}/{photo.id}")
        assert (answer.status_code, answer.location) == (301, f"/a/third-name/{photo.id}")


def test_an_old_address_of_a_draft_tells_nothing(scene: Scene) -> None:
    album = scene.album("First name", visibility=Visibility.DRAFT)
    with scene.services.db.write() as session:
        row = session.get_one(Album, album.id)
        opening.edit(session, row, EventData(title="First name", slug="second-name"))

    assert scene.visitor().get("/a/first-name").status_code == 404
    assert scene.person().get("/a/first-name").location == "/a/second-name"
