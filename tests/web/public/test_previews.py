"""What other sites are told: Open Graph, JSON-LD, and the share panel's links."""

from __future__ import annotations

import json
import re
from datetime import date, time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.web.public.scene import Page, Scene, at

SITE = "http://photos.example.org"


def json_ld(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert isinstance(data, dict)
    return data


def test_an_album_s_preview_is_absolute_and_shows_its_card(scene: Scene) -> None:
    album = scene.album(write_up="We **met** & talked.", card_edit="0123456789ab")
    scene.photo(album)

    page = Page(scene.visitor().get(f"/a/{album.slug}").text)

    assert page.meta("og:title") == "Open day"
    assert page.meta("og:description") == "We met & talked."
    assert page.meta("og:url") == f"{SITE}/a/{album.slug}"
    assert page.meta("og:type") == "website"
    assert page.meta("og:site_name") == "Brunei SME Network"
    assert page.meta("og:image") == f"{SITE}/m/card/{album.id}/0123456789ab.jpg"
    assert (page.meta("og:image:width"), page.meta("og:image:height")) == ("1200", "630")
    assert page.meta("og:image:alt") == "Open day"
    assert page.meta("twitter:card") == "summary_large_image"
    assert page.all("link", rel="canonical")[0]["href"] == f"{SITE}/a/{album.slug}"


def test_the_host_that_a_request_names_is_never_passed_on(scene: Scene) -> None:
    album = scene.album()
    photo = scene.photo(album)

    for path in ("/", f"/a/{album.slug}", f"/a/{album.slug}/{photo.id}", "/feed.atom"):
        answer = scene.visitor().get(path, base_url="http://127.0.0.1:9")
        assert answer.status_code == 200
        assert "127.0.0.1" not in answer.text


def test_until_there_is_a_card_the_cover_stands_for_the_album(scene: Scene) -> None:
    album = scene.album(first_day=date(2026, 11, 24), venue="BIT Centre")
    scene.photo(album)
    cover = scene.photo(album, width=2000, height=3000, alt_text="A door")
    scene.change(album, cover_id=cover.id)

    page = Page(scene.visitor().get(f"/a/{album.slug}").text)

    assert page.meta("og:image") == f"{SITE}/m/{cover.id}/{cover.edit}/960.jpg"
    assert (page.meta("og:image:width"), page.meta("og:image:height")) == ("640", "960")
    assert page.meta("og:image:alt") == "A door"
    assert page.meta("og:description") == "24 November 2026 · BIT Centre · 2 photos"


def test_an_album_without_photos_has_a_preview_without_a_picture(scene: Scene) -> None:
    page = Page(scene.visitor().get(f"/a/{scene.album().slug}").text)

    assert page.meta("og:image") == ""
    assert page.meta("twitter:card") == "summary"


def test_an_album_is_a_gallery_about_an_event(scene: Scene) -> None:
    album = scene.album(
        first_day=date(2026, 11, 24), first_time=time(9), last_day=date(2026, 11, 25),
        venue="BIT Centre", address="Jalan Kumbang Pasang", organiser="The Network",
        organiser_url="https://example.org", language="ms",
    )  # fmt: skip
    photo = scene.photo(album)

    data = json_ld(scene.visitor().get(f"/a/{album.slug}").text)

    image = f"{SITE}/m/{photo.id}/{photo.edit}/960.jpg"
    assert data == {
        "@context": "https://schema.org",
        "@type": "ImageGallery",
        "name": "Open day",
        "url": f"{SITE}/a/{album.slug}",
        "inLanguage": "ms",
        "numberOfItems": 1,
        "image": image,
        "about": {
            "@type": "Event",
            "name": "Open day",
            "startDate": "2026-11-24T09:00:00+08:00",
            "endDate": "2026-11-25",
            "location": {
                "@type": "Place",
                "name": "BIT Centre",
                "address": "Jalan Kumbang Pasang",
            },
            "organizer": {
                "@type": "Organization",
                "name": "The Network",
                "url": "https://example.org",
            },
            "image": image,
        },
    }


def test_an_album_of_which_little_is_known_says_little(scene: Scene) -> None:
    album = scene.album(venue="BIT Centre", organiser="The Network")

    data = json_ld(scene.visitor().get(f"/a/{album.slug}").text)

    assert data["about"] == {
        "@type": "Event",
        "name": "Open day",
        "location": {"@type": "Place", "name": "BIT Centre", "address": "BIT Centre"},
        "organizer": {"@type": "Organization", "name": "The Network"},
    }


def test_a_photo_is_an_image_with_credit_and_licence(scene: Scene) -> None:
    album = scene.album(credit="Awang", licence="https://example.org/licence")
    photo = scene.photo(album, caption="Opening", taken_at=at(9))

    html = scene.visitor().get(f"/a/{album.slug}/{photo.id}").text

    page, data = Page(html), json_ld(html)
    assert page.meta("og:image") == f"{SITE}/m/{photo.id}/{photo.edit}/960.jpg"
    assert page.meta("og:title") == "Opening"
    assert data["@type"] == "ImageObject"
    assert data["creditText"] == "Awang"
    assert data["license"] == "https://example.org/licence"
    assert data["acquireLicensePage"] == f"{SITE}/a/{album.slug}/{photo.id}"
    assert data["contentUrl"] == f"{SITE}/m/{photo.id}/{photo.edit}/1920.jpg"
    assert (data["width"], data["height"]) == (1920, 1280)


def test_a_licence_in_words_is_no_address(scene: Scene) -> None:
    album = scene.album(licence="All rights reserved")
    photo = scene.photo(album, camera="Canon")

    html = scene.visitor().get(f"/a/{album.slug}/{photo.id}").text

    assert "license" not in json_ld(html)
    assert "creditText" not in json_ld(html)
    assert "All rights reserved" in Page(html).words["bdi"]


def test_words_in_json_ld_can_not_end_its_block(scene: Scene) -> None:
    album = scene.album("</script><script>alert(1)</script>")

    html = scene.visitor().get(f"/a/{album.slug}").text

    assert json_ld(html)["name"] == "</script><script>alert(1)</script>"
    assert len(Page(html).all("script")) == 2


def test_the_share_panel_opens_without_a_script_and_its_links_carry_ours(scene: Scene) -> None:
    album = scene.album("Open day & night")
    photo = scene.photo(album)

    page = Page(scene.visitor().get(f"/a/{album.slug}").text)
    alone = Page(scene.visitor().get(f"/a/{album.slug}/{photo.id}").text)

    assert page.all("button", popovertarget="share")
    assert "popover" in page.all("dialog", id="share")[0]
    links = {urlsplit(a["href"]).netloc: a for a in page.all("a", target="_blank")}
    assert list(links) == ["wa.me", "www.facebook.com", "x.com", "t.me", ""]
    assert all(a["rel"] == "noopener" for a in links.values())
    url = f"{SITE}/a/{album.slug}"
    asked = {host: parse_qs(urlsplit(a["href"]).query) for host, a in links.items()}
    assert asked == {
        "wa.me": {"text": [f"Open day & night {url}"]},
        "www.facebook.com": {"u": [url]},
        "x.com": {"url": [url], "text": ["Open day & night"]},
        "t.me": {"url": [url], "text": ["Open day & night"]},
        "": {"subject": ["Open day & night"], "body": [url]},
    }
    assert alone.all("dialog")[0]["data-file"] == f"/m/{photo.id}/{photo.edit}/1280.jpg"
    assert "data-file" not in page.all("dialog")[0]
    assert all("hidden" in b for b in page.all("button") if "data-copy" in b or "data-device" in b)
