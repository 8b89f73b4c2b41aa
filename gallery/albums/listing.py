"""Lists of public albums: the home page, the feed, the sitemap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from gallery.albums.look import FORWARDS, Tile, tiles
from gallery.errors import NotFound
from gallery.models import Album, Photo, PhotoState, Visibility

ALBUMS_A_PAGE = 24
OPENED = func.coalesce(Album.opened_at, Album.created_at, type_=Album.created_at.type)
HELD = func.coalesce(Album.first_day, func.date(Album.created_at))


@dataclass(frozen=True)
class Listed:
    """An album in a list: how many photos a visitor finds there, and the one that stands for it."""

    album: Album
    photos: int
    cover: Tile | None

    @property
    def day(self) -> date:
        """The day it is listed under: of the event, else of the album's making."""
        return self.album.first_day or self.album.created_at.date()


def home(session: Session, page: int) -> tuple[list[Listed], bool]:
    """Page `page` (from 1) of the public albums, newest event first, and whether more follow.

    Two queries. Raises NotFound for a page after the last (the first page may be empty).
    """
    found = _listed(
        session,
        _public()
        .order_by(HELD.desc(), Album.created_at.desc(), Album.id)
        .limit(ALBUMS_A_PAGE + 1)
        .offset((page - 1) * ALBUMS_A_PAGE),
    )
    if not found and page > 1:
        raise NotFound("There are no more albums.")
    return found[:ALBUMS_A_PAGE], len(found) > ALBUMS_A_PAGE


def newest(session: Session, most: int) -> list[Listed]:
    """Public albums, the one opened last first. Two queries."""
    return _listed(session, _public().order_by(OPENED.desc(), Album.id).limit(most))


def addresses(session: Session, most: int) -> list[tuple[str, datetime]]:
    """Slug and time of opening of public albums, the one opened last first. One query."""
    rows = session.execute(
        select(Album.slug, OPENED)
        .where(Album.visibility == Visibility.PUBLIC)
        .order_by(OPENED.desc(), Album.id)
        .limit(most)
    )
    return [(slug, at) for slug, at in rows]


def _public() -> Select[Album, int, str | None]:
    """Public albums, the number of their photos, and their cover: the chosen one, or the first."""
    shown = select(Photo.id).where(Photo.album_id == Album.id, Photo.state == PhotoState.READY)
    chosen = shown.where(Photo.id == Album.cover_id).scalar_subquery()
    first = shown.order_by(*FORWARDS).limit(1).scalar_subquery()
    photos = shown.with_only_columns(func.count(Photo.id)).scalar_subquery()
    return select(Album, photos, func.coalesce(chosen, first)).where(
        Album.visibility == Visibility.PUBLIC
    )


def _listed(session: Session, albums: Select[Album, int, str | None]) -> list[Listed]:
    rows = session.execute(albums).all()
    covers = tiles(session, [cover for _, _, cover in rows])
    return [Listed(album, photos, covers.get(cover)) for album, photos, cover in rows]
