"""Taking a photo down everywhere: here, and on every network that carries it.

The photo is hidden and every delivery that holds it is locked and changed in one transaction. From
then on no call is begun that would show it. Whoever commits rings for the deliveries, and lets
`albums.tombstones.purge` delete the bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from gallery.albums import removals, tombstones
from gallery.albums.removals import Request
from gallery.errors import Conflict, NotFound
from gallery.models import (
    Aim,
    Delivery,
    Draft,
    Photo,
    PhotoState,
    Removal,
    RemovalState,
    Step,
)
from gallery.publishing import compare, ledger, recheck, views
from gallery.publishing.accounts import LimitsOf
from gallery.publishing.orders import OVER
from gallery.publishing.plan import Plan
from gallery.publishing.taking_out import TakingOut
from gallery.publishing.views import DeliveryView
from gallery.settings import Settings


@dataclass(frozen=True)
class Taken:
    """What taking a photo down has begun. Each delivery is followed by the one that replaces it."""

    removals: Sequence[Removal]
    deliveries: Sequence[Delivery]


def ask(
    session: Session,
    settings: Settings,
    limits_of: LimitsOf,
    photo_id: str,
    request: Request,
    *,
    now: datetime,
    hide: bool = True,
) -> Removal:
    """Somebody asks for a photo to go: it is hidden here until a person decides.

    What has not been sent yet goes out without it; what is out stays until then. Raises NotFound.
    """
    revised = _revised(session, [photo_id])
    removal = removals.ask(session, photo_id, request, now=now, hide=hide)
    if removal.hid:
        out = TakingOut(session, settings, limits_of, [photo_id], now, None)
        for delivery_id in _holding(session, [photo_id]):
            out.take(delivery_id, revised=delivery_id in revised, live_too=False)
    return removal


def keep(session: Session, removal_id: str, *, now: datetime, by: str | None) -> Removal:
    """The photo stays. Raises Conflict if the request was decided already."""
    return removals.keep(session, removal_id, now=now, by=by)


def remove(
    session: Session,
    settings: Settings,
    limits_of: LimitsOf,
    removal_id: str,
    *,
    now: datetime,
    by: str | None,
) -> Taken:
    """The photo goes, as `take_down`. Raises Conflict if the request was decided already."""
    removal = removals.by_id(session, removal_id)
    if removal.state is not RemovalState.OPEN:
        raise Conflict("This request was decided already; it is as it is shown.")
    return take_down(session, settings, limits_of, removal.photo_id, now=now, by=by)


def take_down(
    session: Session,
    settings: Settings,
    limits_of: LimitsOf,
    photo_id: str,
    *,
    now: datetime,
    by: str | None,
    reason: str = "",
) -> Taken:
    """Take a picture down for good: hide it wherever it is, bury it, and begin to clear networks.

    What is not out yet is planned without it, what is out is changed in place or withdrawn and
    replaced. Raises NotFound.
    """
    photo = session.get(Photo, photo_id)
    if photo is None or photo.state is PhotoState.REJECTED:
        raise NotFound("There is no such photo.")
    same = session.scalars(select(Photo.id).where(Photo.sha256 == photo.sha256)).all()
    revised = _revised(session, same)
    photos = tombstones.bury(session, photo.sha256, now=now, reason=reason)
    decided = removals.decide(session, [photo, *photos], now=now, by=by)
    session.flush()
    out = TakingOut(session, settings, limits_of, same, now, by)
    touched = [
        delivery
        for delivery_id in _holding(session, same)
        for delivery in out.take(delivery_id, revised=delivery_id in revised)
    ]
    session.flush()
    close(session)
    return Taken(decided, touched)


def of_photos(
    session: Session, photo_ids: Collection[str], *, now: datetime
) -> dict[str, list[DeliveryView]]:
    """For each photo every delivery that holds or ever held it, and what replaces one of these.

    The newest first. A fixed number of queries.
    """
    held = {photo_id: set[str]() for photo_id in photo_ids}
    for photo_id, delivery_id in session.execute(
        select(Step.photo, Step.delivery_id).where(Step.photo.in_(photo_ids))
    ):
        held[photo_id].add(delivery_id)
    rows = _in_albums_of(session, photo_ids)
    for photo_id, ids in held.items():
        ids.update(row.id for row in rows if compare.holds(Plan.from_json(row.plan), [photo_id]))
        ids.update(row.id for row in rows if row.replaces in ids)
    shown = views.of(session, set[str]().union(*held.values()), now=now)
    return {photo_id: [one for one in shown if one.id in ids] for photo_id, ids in held.items()}


def close(session: Session) -> list[Removal]:
    """Close the decided requests of whose photos nothing is known to be live; which ones."""
    closed = [one for one in removals.removing(session) if not _lives(session, one)]
    for removal in closed:
        removal.state = RemovalState.REMOVED
    return closed


def _lives(session: Session, removal: Removal) -> bool:
    """Whether a network may still show this photo, for all that is known."""
    photo = session.get_one(Photo, removal.photo_id)
    same = session.scalars(select(Photo.id).where(Photo.sha256 == photo.sha256)).all()
    albums = select(Photo.album_id).where(Photo.id.in_(same))
    rows = (
        select(Delivery)
        .join(Draft, Draft.id == Delivery.draft_id)
        .where(Draft.album_id.in_(albums), Delivery.state.not_in(OVER))
    )
    return any(_shows(session, delivery, same) for delivery in session.scalars(rows).all())


def _shows(session: Session, delivery: Delivery, photos: Collection[str]) -> bool:
    held = compare.holds(Plan.from_json(delivery.plan), photos)
    if delivery.aim is Aim.AMEND:  # what is live may be as it was before
        return ledger.may_be_live(session, delivery.id)
    return bool(held) and ledger.may_be_live(session, delivery.id, held)


def _holding(session: Session, photos: Collection[str]) -> list[str]:
    """The deliveries whose plan holds one of these photos, by id."""
    rows = _in_albums_of(session, photos)
    return [row.id for row in rows if compare.holds(Plan.from_json(row.plan), photos)]


def _in_albums_of(session: Session, photos: Collection[str]) -> Sequence[Row[Any]]:
    """Id, plan and replaced delivery of all deliveries of these photos' albums."""
    albums = select(Photo.album_id).where(Photo.id.in_(photos))
    return session.execute(
        select(Delivery.id, Delivery.plan, Delivery.replaces)
        .join(Draft, Draft.id == Delivery.draft_id)
        .where(Draft.album_id.in_(albums))
        .order_by(Delivery.id)
    ).all()


def _revised(session: Session, photos: Collection[str]) -> set[str]:
    """Of the deliveries that hold these photos, those whose album or draft changed since."""
    return {
        id_
        for id_ in _holding(session, photos)
        if recheck.revised(session, session.get_one(Delivery, id_))
    }
