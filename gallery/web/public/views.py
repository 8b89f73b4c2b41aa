"""The pages that visitors read: home, album, photo."""

from __future__ import annotations

from itertools import groupby

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from gallery.albums import listing, look
from gallery.albums.look import Viewer
from gallery.errors import NotFound
from gallery.models import Album, Visibility
from gallery.web.public import previews, sections
from gallery.web.public.assets import absolute, reading
from gallery.web.public.errors import not_found
from gallery.web.public.pictures import Picture, picture, pictures
from gallery.web.public.sharing import Share
from gallery.web.public.viewer import guarded, viewer


def home() -> ResponseReturnValue:
    """The public albums, newest event first, by year."""
    page = _page_asked_for()
    with reading() as session:
        albums, more = listing.home(session, page)
    covers = {
        listed.album.id: picture(listed.album, listed.cover, total=listed.photos)
        for listed in albums
        if listed.cover
    }
    return render_template(
        "public/home.html",
        years=[(year, list(found)) for year, found in groupby(albums, lambda a: a.day.year)],
        covers=covers,
        page=page,
        more=more,
        canonical=absolute(url_for("public.home", page=page if page > 1 else None)),
    )


def album(slug: str) -> ResponseReturnValue:
    """One album: its event and a page of its photos."""
    page, who = _page_asked_for(), viewer()
    with reading() as session:
        try:
            found = look.album(session, who, slug)
        except NotFound:
            return _moved(session, who, slug)
        shown = look.album_page(session, who, found, page)
        token = _token(session, who, found)
    return guarded(make_response(_album_page(found, shown, token)), found)


def photo(slug: str, photo: str) -> ResponseReturnValue:
    """One photo, its words, and the way to its neighbours."""
    who = viewer()
    with reading() as session:
        try:
            found = look.photo_page(session, who, slug, photo)
        except NotFound as error:
            return _photo_missing(session, who, slug, photo, str(error))
        token = _token(session, who, found.album)
    return guarded(make_response(_photo_page(found, token)), found.album)


def _album_page(album: Album, shown: look.AlbumPage, token: str | None) -> str:
    listed = pictures(album, shown.tiles, before=shown.before, total=shown.total)
    cover = picture(album, shown.cover, total=shown.total) if shown.cover else None
    preview = previews.of_album(album, cover, shown.total, token)
    alone = shown.total == 1 and len(listed) == 1
    return render_template(
        "public/album.html",
        album=album,
        language=album.language,
        shown=shown,
        cover=cover,
        alone=alone,
        sections=[] if alone else sections.divide(album, shown.tiles, listed, shown.total),
        preview=preview,
        share=_share(album, "album", preview, token),
    )


def _photo_page(found: look.PhotoPage, token: str | None) -> str:
    album, row = found.album, found.photo
    shown = picture(album, look.tile_of(row), number=found.number, total=found.total)
    title = row.title or row.caption or f"Photo {found.number} of {found.total}"
    preview = previews.of_photo(album, row, shown, title, token)
    return render_template(
        "public/photo.html",
        album=album,
        language=album.language,
        photo=row,
        found=found,
        picture=shown,
        title=title,
        previous=_beside(found, found.previous),
        following=_beside(found, found.following),
        preview=preview,
        share=_share(album, "photo", preview, token, shown.url(1280)),
    )


def _beside(found: look.PhotoPage, tile: look.Tile | None) -> Picture | None:
    return picture(found.album, tile, total=found.total) if tile else None


def _share(
    album: Album, what: str, preview: previews.Preview, token: str | None, file: str = ""
) -> Share | None:
    """No panel for a draft, nor for an unlisted album that no link opens."""
    unlisted = album.visibility is Visibility.UNLISTED
    if album.visibility is Visibility.DRAFT or (unlisted and token is None):
        return None
    return Share(what, preview.url, preview.title, file, unlisted)


def _token(session: Session, who: Viewer, album: Album) -> str | None:
    if album.visibility is not Visibility.UNLISTED:
        return None
    return look.link_to_pass_on(session, who, album)


def _page_asked_for() -> int:
    """The number in `?page=`, from 1. Raises NotFound if it is none."""
    asked = request.args.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked) <= 100_000):
        raise NotFound("There is no such page.")
    return int(asked)


def _moved(session: Session, who: Viewer, slug: str, photo: str = "") -> Response:
    """Lead from an album's old address to the one it has. Raises NotFound."""
    current = look.moved_to(session, who, slug)
    if current is None:
        raise NotFound(look.NO_ALBUM)
    if photo:
        return make_response(redirect(url_for("public.photo", slug=current, photo=photo), 301))
    page = request.args.get("page")
    return make_response(redirect(url_for("public.album", slug=current, page=page), 301))


def _photo_missing(session: Session, who: Viewer, slug: str, photo: str, sentence: str) -> Response:
    try:
        found = look.album(session, who, slug)
    except NotFound:
        return _moved(session, who, slug, photo)
    back = url_for("public.album", slug=found.slug)
    return guarded(not_found(sentence, back, "Back to the album"), found)
