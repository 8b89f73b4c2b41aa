"""Requests to take photos down: asking, keeping, deciding. The pictures' bytes: tombstones.py."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, case, func, select
from sqlalchemy.orm import Session

from gallery.albums import hiding
from gallery.albums.text import line, paragraphs, shorten
from gallery.errors import Conflict, NotFound
from gallery.models import Album, Photo, PhotoState, Removal, RemovalState

HIDES_PER_DAY = 3  # of one sender; what they ask for beyond that waits, visible, for a decision
WHO = ("me", "child", "rights", "other")
_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"  # nothing to misread
_KNOWN = (PhotoState.READY, PhotoState.HIDDEN)


@dataclass(frozen=True)
class Request:
    """What somebody asks. `sender` is a keyed hash of their address, never the address."""

    who: str  # one of WHO, or person
    reply: str = ""
    message: str = ""
    sender: str = ""


def ask(
    session: Session, photo_id: str, request: Request, *, now: datetime, hide: bool = True
) -> Removal:
    """Write a request down and hide its photo at once, unless this sender hid three today.

    Raises NotFound.
    """
    photo = _photo(session, photo_id)
    album = session.get_one(Album, photo.album_id)
    hid = hide and not _too_many(session, request.sender, now)
    removal = Removal(
        id=_reference(session),
        photo_id=photo.id,
        album_id=album.id,
        who=request.who if request.who in (*WHO, "person") else "other",
        reply=shorten(line(request.reply), 300),
        message=shorten(paragraphs(request.message), 2000),
        sender=request.sender,
        at=now,
        state=RemovalState.OPEN,
        hid=hid and bool(hiding.hide(session, album, [photo.id])),
    )
    session.add(removal)
    session.flush()
    return removal


def keep(session: Session, removal_id: str, *, now: datetime, by: str | None) -> Removal:
    """The photo stays: it is shown again if asking hid it and nobody else asks. Raises Conflict."""
    removal = by_id(session, removal_id)
    if removal.state is not RemovalState.OPEN:
        raise Conflict("This request was decided already; it is as it is shown.")
    _decide(removal, RemovalState.KEPT, now, by)
    others = _open(session, [removal.photo_id])
    if removal.hid and others:
        others[0].hid = True
    elif removal.hid:
        album = session.get_one(Album, removal.album_id)
        hiding.show(session, album, [removal.photo_id])
    return removal


def decide(
    session: Session, photos: Sequence[Photo], *, now: datetime, by: str | None
) -> list[Removal]:
    """These photos go: all open requests for them are decided, and one is made if there is none."""
    found = _open(session, [photo.id for photo in photos])
    if not found:
        found = [_by_person(session, photos[0], now)]
    for removal in found:
        _decide(removal, RemovalState.REMOVING, now, by)
    session.flush()
    return found


def removing(session: Session) -> list[Removal]:
    """The requests that are decided, and of which something may still be live."""
    rows = (
        select(Removal)
        .where(Removal.state == RemovalState.REMOVING)
        .order_by(Removal.at, Removal.id)
    )
    return list(session.scalars(rows))


def asked_for() -> ScalarSelect[int]:
    """How many photos somebody asks to remove, and nobody decided about: a column for a query."""
    asked = select(func.count(Removal.photo_id.distinct()))
    return asked.where(Removal.state == RemovalState.OPEN).scalar_subquery()


def listed(session: Session, most: int) -> list[tuple[Removal, Photo, Album]]:
    """The newest requests with what they are about: open ones, then those under way. One query."""
    first = case(
        (Removal.state == RemovalState.OPEN, 0),
        (Removal.state == RemovalState.REMOVING, 1),
        else_=2,
    )
    rows = session.execute(
        select(Removal, Photo, Album)
        .join(Photo, Photo.id == Removal.photo_id)
        .join(Album, Album.id == Removal.album_id)
        .order_by(first, Removal.at.desc(), Removal.id)
        .limit(most)
    )
    return [(removal, photo, album) for removal, photo, album in rows]


def by_id(session: Session, removal_id: str) -> Removal:
    """A request by its reference. Raises NotFound."""
    removal = session.get(Removal, removal_id, with_for_update=True)
    if removal is None:
        raise NotFound("There is no such request.")
    return removal


def _by_person(session: Session, photo: Photo, now: datetime) -> Removal:
    removal = Removal(
        id=_reference(session), photo_id=photo.id, album_id=photo.album_id, who="person", at=now
    )
    removal.hid = True
    session.add(removal)
    return removal


def _decide(removal: Removal, state: RemovalState, now: datetime, by: str | None) -> None:
    removal.state, removal.decided_at, removal.decided_by = state, now, by


def _photo(session: Session, photo_id: str) -> Photo:
    photo = session.get(Photo, photo_id)
    if photo is None or photo.state not in _KNOWN:
        raise NotFound("There is no such photo.")
    return photo


def _open(session: Session, photo_ids: Sequence[str]) -> list[Removal]:
    rows = select(Removal).where(
        Removal.photo_id.in_(photo_ids), Removal.state == RemovalState.OPEN
    )
    return list(session.scalars(rows.order_by(Removal.at, Removal.id)))


def _too_many(session: Session, sender: str, now: datetime) -> bool:
    hid = select(func.count()).where(
        Removal.sender == sender, Removal.at > now - timedelta(days=1), Removal.hid
    )
    return bool(sender) and (session.scalar(hid) or 0) >= HIDES_PER_DAY


def _reference(session: Session) -> str:
    while session.get(Removal, drawn := "".join(secrets.choice(_ALPHABET) for _ in range(8))):
        pass
    return drawn
