"""What machines read: the Atom feed, the sitemap, robots.txt. Public albums only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from xml.etree import ElementTree as Xml

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from gallery.albums import listing, writeup
from gallery.albums.listing import Listed
from gallery.web.public import previews
from gallery.web.public.assets import absolute, reading, site
from gallery.web.public.pictures import Picture, picture

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
FEED_ALBUMS = 30
SITEMAP_MOST = 49_999  # and the home page: 50,000 is what a sitemap may hold
PREVIEWERS = ("facebookexternalhit", "Facebot", "Twitterbot", "WhatsApp", "TelegramBot",
              "LinkedInBot", "Slackbot", "Discordbot")  # fmt: skip
OURS_ALONE = ("/studio", "/setup", "/practice/")
Xml.register_namespace("", ATOM)


def feed() -> ResponseReturnValue:
    """The albums opened last, as Atom."""
    with reading() as session:
        albums = listing.newest(session, FEED_ALBUMS)
    root = Xml.Element(f"{{{ATOM}}}feed")
    _add(root, "title", site().name)
    _add(root, "id", absolute(url_for("public.feed")))
    _add(root, "updated", _opened(albums[0]).isoformat() if albums else "1970-01-01T00:00:00Z")
    _add(root, "link", rel="self", href=absolute(url_for("public.feed")))
    _add(root, "link", rel="alternate", type="text/html", href=absolute(url_for("public.home")))
    _add(_add(root, "author"), "name", site().name)
    for listed in albums:
        _add_entry(root, listed)
    return _xml(root, "application/atom+xml")


def sitemap() -> ResponseReturnValue:
    """The home page and every public album."""
    with reading() as session:
        albums = listing.addresses(session, SITEMAP_MOST)
    root = Xml.Element("urlset", xmlns=SITEMAP)
    Xml.SubElement(Xml.SubElement(root, "url"), "loc").text = absolute(url_for("public.home"))
    for slug, opened in albums:
        entry = Xml.SubElement(root, "url")
        Xml.SubElement(entry, "loc").text = absolute(url_for("public.album", slug=slug))
        Xml.SubElement(entry, "lastmod").text = opened.date().isoformat()
    return _xml(root, "application/xml")


def robots() -> ResponseReturnValue:
    """Crawlers that make link previews may read secret links, which people give them."""
    closed = [f"Disallow: {path}" for path in OURS_ALONE]
    lines = [
        *(f"User-agent: {name}" for name in PREVIEWERS), *closed, "Allow: /", "",
        "User-agent: *", *closed, "Disallow: /l/", "",
        f"Sitemap: {absolute(url_for('public.sitemap'))}", "",
    ]  # fmt: skip
    return Response("\n".join(lines), mimetype="text/plain")


def _add_entry(root: Xml.Element, listed: Listed) -> None:
    album = listed.album
    entry = _add(root, "entry")
    _add(entry, "title", album.title)
    _add(entry, "id", UUID(album.id).urn)
    _add(entry, "link", rel="alternate", type="text/html", href=previews.share_url(album))
    _add(entry, "updated", _opened(listed).isoformat())
    _add(entry, "published", _opened(listed).isoformat())
    _add(entry, "summary", previews.describe(album, listed.photos))
    cover = picture(album, listed.cover, total=listed.photos) if listed.cover else None
    content = _add(entry, "content", _html(listed, cover), type="html")
    content.set("{http://www.w3.org/XML/1998/namespace}lang", album.language)


def _html(listed: Listed, cover: Picture | None) -> str:
    """The cover and the write-up, as HTML in a text."""
    words = str(writeup.html(listed.album.write_up))
    if cover is None:
        return words
    width, height = cover.size(previews.PREVIEW_EDGE)
    image = Xml.Element(
        "img",
        src=absolute(cover.url(previews.PREVIEW_EDGE)),
        alt=cover.alt,
        width=str(width),
        height=str(height),
    )
    return f"{Xml.tostring(image, encoding='unicode', method='html')}{words}"


def _opened(listed: Listed) -> datetime:
    return listed.album.opened_at or listed.album.created_at


def _add(parent: Xml.Element, name: str, words: str = "", **attributes: str) -> Xml.Element:
    child = Xml.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = _sayable(words) or None
    return child


def _sayable(words: str) -> str:
    """XML has no way to write control characters."""
    return "".join(sign for sign in words if sign >= " " or sign in "\n\t")


def _xml(root: Xml.Element, mimetype: str) -> Response:
    body = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    response = Response(body, content_type=f"{mimetype}; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
