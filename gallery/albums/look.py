"""What a viewer may see: the one place where that is decided, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from gallery.errors import NotFound
from gallery.models import Album, AlbumLink, OldSlug, Photo, PhotoState, Visibility

PHOTOS_A_PAGE = 600
T = TypeVar("T")
NO_ALBUM = "There is no such album."
NO_PHOTO = "There is no such photo."


@dataclass(frozen=True)
class Viewer:
    """Who is looking at `now`: somebody signed in, or a visitor with the secret links they used."""

    now: datetime
    signed_in: bool = False
    tokens: tuple[str, ...] = ()


class Tile(NamedTuple):
    """What a page needs of one photo to show it: the columns of TILE."""

    id: str
    edit: str
    width: int
    height: int
    colour: str
    has_avif: bool
    caption: str
    alt_text: str
    taken_at: datetime | None
    state: PhotoState


TILE = (
    Photo.id,
    Photo.edit,
    Photo.width,
    Photo.height,
    Photo.colour,
    Photo.has_avif,
    Photo.caption,
    Photo.alt_text,
    Photo.taken_at,
    Photo.state,
)
FORWARDS = (Photo.position, Photo.id)
BACKWARDS = (Photo.position.desc(), Photo.id.desc())


@dataclass(frozen=True)
class AlbumPage:
    """One page of an album's photos. `total` counts the ready ones of all pages.

    `cover` is the photo that stands for the album: on the first page alone.
    """

    tiles: Sequence[Tile]
    total: int
    page: int
    pages: int
    cover: Tile | None

    @property
    def before(self) -> int:
        """How many photos stand on earlier pages."""
        return (self.page - 1) * PHOTOS_A_PAGE


@dataclass(frozen=True)
class PhotoPage:
    """One photo, and its place among the `total` that this viewer finds in its album."""

    album: Album
    photo: Photo
    number: int
    total: int
    previous: Tile | None
    following: Tile | None


@dataclass(frozen=True)
class Media:
    """Where a rendition comes from, and whether everybody may see and keep it."""

    sha256: str
    public: bool


def albums_for(viewer: Viewer) -> ColumnElement[bool]:
    """The filter on Album for what `viewer` may open. Drafts are for people who sign in."""
    if viewer.signed_in:
        return true()
    public = Album.visibility == Visibility.PUBLIC
    if not viewer.tokens:
        return public
    opened = select(AlbumLink.album_id).where(AlbumLink.token.in_(viewer.tokens), live(viewer.now))
    unlisted = and_(Album.visibility == Visibility.UNLISTED, Album.id.in_(opened))
    return or_(public, unlisted)


def live(now: datetime) -> ColumnElement[bool]:
    """The filter on AlbumLink for links that still open their album."""
    return and_(
        AlbumLink.revoked_at.is_(None),
        or_(AlbumLink.expires_at.is_(None), AlbumLink.expires_at > now),
    )


def album(session: Session, viewer: Viewer, slug: str) -> Album:
    """The album at this address. Raises NotFound alike for a missing and a forbidden one."""
    return _found(session, Album.slug == slug, albums_for(viewer))


def album_by_id(session: Session, viewer: Viewer, album_id: str) -> Album:
    """The same by its id."""
    return _found(session, Album.id == album_id, albums_for(viewer))


def moved_to(session: Session, viewer: Viewer, old_slug: str) -> str | None:
    """The slug that an album with this old one has now, if this viewer may open it."""
    return session.scalar(
        select(Album.slug)
        .join(OldSlug, OldSlug.album_id == Album.id)
        .where(OldSlug.slug == old_slug, albums_for(viewer))
    )


def album_page(session: Session, viewer: Viewer, album: Album, page: int) -> AlbumPage:
    """Page `page` (from 1) of an album's photos in order. Two queries, or three.

    People who sign in also see which photos are still being prepared. Raises NotFound for a page
    after the last (the first page may be empty).
    """
    states = [PhotoState.READY, *([PhotoState.WAITING] if viewer.signed_in else ())]
    counts = _counts(session, album, states)
    pages = max(1, -(-sum(counts.values()) // PHOTOS_A_PAGE))
    if not 1 <= page <= pages:
        raise NotFound("There are no more photos in this album.")
    rows = session.execute(
        select(*TILE)
        .where(Photo.album_id == album.id, Photo.state.in_(states))
        .order_by(*FORWARDS)
        .limit(PHOTOS_A_PAGE)
        .offset((page - 1) * PHOTOS_A_PAGE)
    )
    shown = [Tile._make(row) for row in rows]
    cover = _cover(session, album, shown) if page == 1 else None
    return AlbumPage(shown, counts.get(PhotoState.READY, 0), page, pages, cover)


def photo_page(session: Session, viewer: Viewer, slug: str, photo_id: str) -> PhotoPage:
    """One photo with its neighbours. Three queries. Raises NotFound."""
    row = session.execute(
        select(Album, Photo)
        .join(Photo, Photo.album_id == Album.id)
        .where(Album.slug == slug, albums_for(viewer))
        .where(Photo.id == photo_id, Photo.state == PhotoState.READY)
    ).one_or_none()
    if row is None:
        raise NotFound(NO_PHOTO)
    album, photo = row
    earlier = tuple_(Photo.position, Photo.id) < (photo.position, photo.id)
    later = tuple_(Photo.position, Photo.id) > (photo.position, photo.id)
    before, total, previous, following = session.execute(
        select(
            _ready(func.count(), album.id).where(earlier).scalar_subquery(),
            _ready(func.count(), album.id).scalar_subquery(),
            _ready(Photo.id, album.id)
            .where(earlier)
            .order_by(*BACKWARDS)
            .limit(1)
            .scalar_subquery(),
            _ready(Photo.id, album.id).where(later).order_by(*FORWARDS).limit(1).scalar_subquery(),
        )
    ).one()
    beside = tiles(session, [previous, following])
    return PhotoPage(album, photo, before + 1, total, beside.get(previous), beside.get(following))


def media(session: Session, viewer: Viewer, photo_id: str, edit: str) -> Media:
    """The original that this address stands for. One query.

    People who sign in also get photos that are held or hidden. Raises NotFound.
    """
    states = [PhotoState.READY]
    if viewer.signed_in:
        states += [PhotoState.HELD, PhotoState.HIDDEN]
    row = session.execute(
        select(Photo.sha256, Photo.state, Album.visibility)
        .join(Album, Photo.album_id == Album.id)
        .where(Photo.id == photo_id, Photo.edit == edit, Photo.state.in_(states))
        .where(albums_for(viewer))
    ).one_or_none()
    if row is None:
        raise NotFound(NO_PHOTO)
    sha256, state, visibility = row
    public = visibility is Visibility.PUBLIC and state is PhotoState.READY
    return Media(sha256, public)


def by_link(session: Session, viewer: Viewer, token: str) -> Album:
    """The album that a secret link opens. Raises NotFound alike for wrong, revoked and expired."""
    linked = select(AlbumLink.album_id).where(AlbumLink.token == token, live(viewer.now))
    opened = true() if viewer.signed_in else Album.visibility != Visibility.DRAFT
    return _found(session, Album.id.in_(linked), opened)


def link_to_pass_on(session: Session, viewer: Viewer, album: Album) -> str | None:
    """The token with which `viewer` may share an unlisted album: a visitor the own one."""
    links = select(AlbumLink.token).where(AlbumLink.album_id == album.id, live(viewer.now))
    if not viewer.signed_in:
        links = links.where(AlbumLink.token.in_(viewer.tokens))
    return session.scalar(links.order_by(AlbumLink.created_at.desc(), AlbumLink.token).limit(1))


def note_use(session: Session, token: str, *, now: datetime) -> None:
    """Remember when a link was last used, to the hour."""
    used = AlbumLink.last_used_at
    session.execute(
        update(AlbumLink)
        .where(AlbumLink.token == token, or_(used.is_(None), used < now - timedelta(hours=1)))
        .values(last_used_at=now)
    )


def count(session: Session, album: Album) -> int:
    """How many photos visitors find in an album. One query."""
    return session.scalar(_ready(func.count(), album.id)) or 0


def tile_of(photo: Photo) -> Tile:
    """What a page needs of a photo that was read whole."""
    return Tile._make(getattr(photo, name) for name in Tile._fields)


def tiles(
    session: Session, ids: Sequence[str | None], *more: ColumnElement[bool]
) -> dict[str | None, Tile]:
    """Those of these photos that visitors may see, by id. One query."""
    wanted = Photo.id.in_([photo_id for photo_id in ids if photo_id])
    rows = session.execute(select(*TILE).where(wanted, Photo.state == PhotoState.READY, *more))
    return {row[0]: Tile._make(row) for row in rows}


def _found(session: Session, *those: ColumnElement[bool]) -> Album:
    found = session.scalar(select(Album).where(*those))
    if found is None:
        raise NotFound(NO_ALBUM)
    return found


def _ready(column: ColumnElement[T] | InstrumentedAttribute[T], album_id: str) -> Select[T]:
    return select(column).where(Photo.album_id == album_id, Photo.state == PhotoState.READY)


def _counts(session: Session, album: Album, states: list[PhotoState]) -> dict[PhotoState, int]:
    rows = session.execute(
        select(Photo.state, func.count())
        .where(Photo.album_id == album.id, Photo.state.in_(states))
        .group_by(Photo.state)
    )
    return dict(iter(rows))


def _cover(session: Session, album: Album, page: Sequence[Tile]) -> Tile | None:
    shown = [tile for tile in page if tile.state is PhotoState.READY]
    chosen = next((tile for tile in shown if tile.id == album.cover_id), None)
    if chosen is None and album.cover_id:
        chosen = tiles(session, [album.cover_id], Photo.album_id == album.id).get(album.cover_id)
    return chosen or next(iter(shown), None)
