"""The feed, the sitemap and robots.txt."""

from __future__ import annotations

from datetime import timedelta
from urllib.robotparser import RobotFileParser

from defusedxml import ElementTree

from gallery.models import PhotoState
from tests.conftest import NOW
from tests.web.public.scene import Page, Scene

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SITE = "http://photos.example.org"


def test_the_feed_tells_which_albums_were_opened_last(scene: Scene) -> None:
    older = scene.album("Older & <b>bolder</b>", write_up="First.\n\n<script>x</script>")
    cover = scene.photo(older, alt_text='A "door"')
    scene.album("Newer", opened_at=NOW + timedelta(days=1), language="ms-Arab")

    answer = scene.visitor().get("/feed.atom")

    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    assert [e.text for e in feed.findall("a:entry/a:title", ATOM)] == [
        "Newer",
        "Older & <b>bolder</b>",
    ]
    assert feed.findtext("a:updated", "", ATOM) == (NOW + timedelta(days=1)).isoformat()
    assert [e.attrib["href"] for e in feed.findall("a:link", ATOM)] == [
        f"{SITE}/feed.atom",
        f"{SITE}/",
    ]
    newer, old = feed.findall("a:entry", ATOM)
    assert old.findtext("a:id", "", ATOM).startswith("urn:uuid:")
    assert [e.attrib["href"] for e in old.findall("a:link", ATOM)] == [f"{SITE}/a/{older.slug}"]
    content = old.findtext("a:content", "", ATOM)
    assert Page(content).all("img")[0]["src"] == f"{SITE}/m/{cover.id}/{cover.edit}/960.jpg"
    assert Page(content).all("img")[0]["alt"] == 'A "door"'
    assert not Page(content).all("script")
    assert newer.find("a:content", ATOM) is not None


def test_a_site_without_albums_has_an_empty_feed(scene: Scene) -> None:
    feed = ElementTree.fromstring(scene.visitor().get("/feed.atom").data)

    assert feed.findtext("a:title", "", ATOM) == "Brunei SME Network"
    assert feed.findall("a:entry", ATOM) == []


def test_characters_that_xml_can_not_say_do_not_break_the_feed(scene: Scene) -> None:
    scene.album("Bell\x07 and nothing\x00")

    feed = ElementTree.fromstring(scene.visitor().get("/feed.atom").data)

    assert feed.findtext("a:entry/a:title", "", ATOM) == "Bell and nothing"


def test_the_sitemap_lists_home_and_public_albums(scene: Scene) -> None:
    album = scene.album()
    scene.photo(album, state=PhotoState.HIDDEN)

    answer = scene.visitor().get("/sitemap.xml")

    found = ElementTree.fromstring(answer.data)
    assert [e.text for e in found.findall("s:url/s:loc", MAP)] == [
        f"{SITE}/",
        f"{SITE}/a/{album.slug}",
    ]
    assert found.findtext("s:url/s:lastmod", "", MAP) == "2026-11-24"


def test_robots_may_read_the_gallery_and_preview_crawlers_the_links_too(scene: Scene) -> None:
    text = scene.visitor().get("/robots.txt").text
    rules = RobotFileParser()
    rules.parse(text.splitlines())

    for path, search, preview in (
        ("/", True, True),
        ("/a/event", True, True),
        ("/m/abc/def/640.jpg", True, True),
        ("/l/token", False, True),
        ("/studio", False, False),
        ("/practice/1", False, False),
    ):
        assert rules.can_fetch("Googlebot", path) is search, path
        assert rules.can_fetch("facebookexternalhit", path) is preview, path
    assert rules.site_maps() == [f"{SITE}/sitemap.xml"]
