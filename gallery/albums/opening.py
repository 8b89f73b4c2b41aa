"""Making an album, editing its event, deciding who may look, and its secret links."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.albums import slugs, times
from gallery.albums.event import EventData, check
from gallery.albums.revision import lock, touch
from gallery.errors import FieldErrors, NotFound
from gallery.models import Album, AlbumLink, Site, Visibility, new_id

__all__ = [
    "EventData", "FieldErrors", "by_id", "by_slug", "create", "edit", "links", "new_link",
    "revoke_link", "set_visibility", "touch",
]  # fmt: skip

_FIELDS = (
    "title", "first_day", "first_time", "last_day", "last_time", "zone", "venue", "address",
    "organiser", "organiser_url", "write_up", "language", "credit", "licence", "cover_id",
    "focal_x", "focal_y", "draw_captions",
)  # fmt: skip


def create(
    session: Session,
    title: str,
    *,
    now: datetime,
    first_day: date | None = None,
    venue: str = "",
    slug: str | None = None,
    zone: str | None = None,
    language: str | None = None,
) -> Album:
    """A new album, still a draft.

    Its slug is the given one or made of the title, with a number where it is taken. Zone and
    language are the site's unless given. Raises InvalidInput (FieldErrors where a field is wrong).
    """
    site = session.get(Site, 1) or Site(zone="Asia/Brunei", language="en")
    data = check(
        EventData(
            title=title,
            first_day=first_day,
            venue=venue,
            zone=zone or site.zone,
            language=language or site.language,
        )
    )
    album = Album(id=new_id(), created_at=now)
    _fill(album, data)
    album.slug = _first_slug(session, album, slug, now)
    session.add(album)
    session.flush()
    return album


def _first_slug(session: Session, album: Album, wanted: str | None, now: datetime) -> str:
    slug = slugs.typed(wanted) if wanted else slugs.from_title(album.title)
    if not slugs.enough(slug):
        today = now.astimezone(ZoneInfo(album.zone)).date()
        slug = slugs.without_letters(album.first_day or today, album.id)
    return slugs.free(session, slug)


def edit(session: Session, album: Album, data: EventData) -> None:
    """Set every event field of an album. Raises FieldErrors; then nothing was changed.

    Times that cameras gave without a zone are read anew when the zone changes.
    """
    lock(session, album)
    data = check(data, session, album)
    before = EventData.of(album)
    if data.slug:
        slugs.rename(session, album, data.slug)
    _fill(album, data)
    if data.zone != before.zone:
        times.read_anew(session, album)
    if EventData.of(album) != before:
        touch(album)


def _fill(album: Album, data: EventData) -> None:
    for name in _FIELDS:
        setattr(album, name, getattr(data, name))
    album.tags = list(data.tags)


def set_visibility(
    session: Session, album: Album, visibility: Visibility, *, now: datetime
) -> None:
    """Decide who may look. The first time that an album leaves draft is kept."""
    lock(session, album)
    album.visibility = visibility
    if visibility is not Visibility.DRAFT:
        album.opened_at = album.opened_at or now
        album.card_revision = 0


def new_link(session: Session, album: Album, *, now: datetime, days: int | None = 30) -> AlbumLink:
    """A new secret link to an album, good for so many days; None: until it is revoked."""
    link = AlbumLink(
        token=secrets.token_urlsafe(32),
        album_id=album.id,
        created_at=now,
        expires_at=None if days is None else now + timedelta(days=days),
    )
    session.add(link)
    return link


def links(session: Session, album: Album) -> list[AlbumLink]:
    """An album's links that were not revoked, newest first."""
    return list(
        session.scalars(
            select(AlbumLink)
            .where(AlbumLink.album_id == album.id, AlbumLink.revoked_at.is_(None))
            .order_by(AlbumLink.created_at.desc(), AlbumLink.token)
        )
    )


def revoke_link(session: Session, token: str, *, now: datetime) -> None:
    """From now on this link leads nowhere. Raises NotFound."""
    link = session.get(AlbumLink, token)
    if link is None:
        raise NotFound("There is no such link.")
    link.revoked_at = link.revoked_at or now


def by_id(session: Session, album_id: str) -> Album:
    """The album with this id. Raises NotFound."""
    album = session.get(Album, album_id)
    if album is None:
        raise NotFound("There is no such album.")
    return album


def by_slug(session: Session, slug: str) -> Album:
    """The album that has this slug, or once had it. Raises NotFound."""
    album = slugs.holder(session, slug)
    if album is None:
        raise NotFound(f"There is no album “{slug}”.")
    return album
