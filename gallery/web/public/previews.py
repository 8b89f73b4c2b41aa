"""What other sites show of a page when somebody passes its link on. Every address is absolute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from gallery.albums import writeup
from gallery.albums.days import in_words
from gallery.albums.text import shorten
from gallery.models import Album, Photo, Visibility
from gallery.web import text
from gallery.web.public.assets import absolute
from gallery.web.public.pictures import Picture

CARD_SIZE = (1200, 630)
PREVIEW_EDGE = 960  # larger ones weigh more than the 300 kB that every app takes
LONGEST = 200


@dataclass(frozen=True)
class Image:
    """A picture for a preview."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Preview:
    """What stands in a page's head. `data` is its JSON-LD."""

    title: str
    description: str
    url: str
    image: Image | None
    data: dict[str, Any] | None = None
    kind: str = "website"


def of_album(album: Album, cover: Picture | None, total: int, token: str | None = None) -> Preview:
    """An album's preview; `token` is the secret link of an unlisted one."""
    url = share_url(album, token)
    image = _card(album, token) or (_image(cover) if cover and _is_public(album) else None)
    return Preview(
        title=album.title,
        description=describe(album, total),
        url=url,
        image=image,
        data=_gallery(album, url, image, total),
    )


def of_photo(album: Album, photo: Photo, shown: Picture, title: str, token: str | None) -> Preview:
    """The preview of one photo; of an unlisted album it shows no picture."""
    url = share_url(album, token, photo.id)
    return Preview(
        title=title,
        description=photo.caption or album.title,
        url=url,
        image=_image(shown) if _is_public(album) else None,
        data=_image_object(album, photo, shown, title),
        kind="article",
    )


def share_url(album: Album, token: str | None = None, photo_id: str = "") -> str:
    """The address to pass on: of an unlisted album the secret link."""
    if token:
        return absolute(url_for("public.link", token=token, photo=photo_id or None))
    if photo_id:
        return absolute(url_for("public.photo", slug=album.slug, photo=photo_id))
    return absolute(url_for("public.album", slug=album.slug))


def describe(album: Album, total: int) -> str:
    """The write-up's beginning, else when, where and how many photos."""
    words = " ".join(writeup.html(album.write_up).striptags().split())
    if words:
        return shorten(words, LONGEST)
    when = in_words(album.first_day, album.last_day)
    return " · ".join(part for part in (when, album.venue, text.count(total, "photo")) if part)


def _is_public(album: Album) -> bool:
    return album.visibility is Visibility.PUBLIC


def _card(album: Album, token: str | None) -> Image | None:
    if album.card_edit is None:
        return None
    if token:
        path = url_for("public.link_card", token=token, edit=album.card_edit)
    else:
        path = url_for("public.card", album_id=album.id, edit=album.card_edit)
    return Image(absolute(path), *CARD_SIZE, alt=album.title)


def _image(shown: Picture) -> Image:
    return Image(absolute(shown.url(PREVIEW_EDGE)), *shown.size(PREVIEW_EDGE), alt=shown.alt)


def _gallery(album: Album, url: str, image: Image | None, total: int) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "ImageGallery",
        "name": album.title,
        "url": url,
        "inLanguage": album.language,
        "numberOfItems": total,
        **({"image": image.url} if image else {}),
        "about": _event(album, image),
    }


def _event(album: Album, image: Image | None) -> dict[str, Any]:
    event: dict[str, Any] = {"@type": "Event", "name": album.title}
    if album.first_day:
        event["startDate"] = _moment(album, album.first_day, album.first_time)
        event["endDate"] = _moment(album, album.last_day or album.first_day, album.last_time)
    if album.venue or album.address:
        event["location"] = {
            "@type": "Place",
            "name": album.venue or album.address,
            "address": album.address or album.venue,
        }
    if album.organiser:
        link = {"url": album.organiser_url} if album.organiser_url else {}
        event["organizer"] = {"@type": "Organization", "name": album.organiser, **link}
    if image:
        event["image"] = image.url
    return event


def _moment(album: Album, day: date, clock: time | None) -> str:
    """A day, or an instant with the offset of the event's zone, in ISO 8601."""
    if clock is None:
        return day.isoformat()
    return datetime.combine(day, clock, ZoneInfo(album.zone)).isoformat()


def _image_object(album: Album, photo: Photo, shown: Picture, title: str) -> dict[str, Any]:
    width, height = shown.size(1920)
    page = share_url(album, photo_id=photo.id)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ImageObject",
        "name": title,
        "caption": photo.caption or shown.alt,
        "url": page,
        "contentUrl": absolute(shown.url(1920)),
        "thumbnailUrl": absolute(shown.url(320)),
        "width": width,
        "height": height,
        "creditText": photo.credit or album.credit or album.organiser,
        "isPartOf": {"@type": "ImageGallery", "name": album.title, "url": share_url(album)},
    }
    if album.licence.startswith(("https://", "http://")):
        data["license"] = album.licence
        data["acquireLicensePage"] = album.organiser_url or page
    return {name: value for name, value in data.items() if value}
