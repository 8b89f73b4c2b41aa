"""Requests to remove a photo, and taking one down everywhere."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from gallery.albums import opening, removals, tombstones
from gallery.errors import Conflict, InvalidInput, NotFound
from gallery.models import Photo, PhotoState
from gallery.people import audit
from gallery.publishing import accounts, takedown
from gallery.publishing.accounts import LimitsOf
from gallery.publishing.takedown import Taken
from gallery.web import text
from gallery.web.context import services, utcnow
from gallery.web.studio.base import bp, done, page, who

MOST = 50  # requests on the page


@bp.get("/requests")
def requests() -> ResponseReturnValue:
    """Who asks for which photo to go, with every delivery of it; decided ones below."""
    with services().db.read() as session:
        listed = removals.listed(session, MOST)
        photos = {photo.id for _, photo, _ in listed}
        shown = takedown.of_photos(session, photos, now=utcnow())
        return page("requests.html", listed=listed, by_photo=shown)


@bp.post("/requests/<removal_id>")
def decide(removal_id: str) -> ResponseReturnValue:
    """The photo stays, or is taken down everywhere."""
    decision = request.form.get("decision")
    if decision not in ("keep", "remove"):
        raise InvalidInput("Choose whether the photo stays or goes.")
    try:
        if decision == "keep":
            return _keep(removal_id)
        return _remove(removal_id)
    except Conflict as error:
        return done(str(error), "requests", "warn")


@bp.get("/a/<album_id>/take-down/<photo_id>")
def take_down(album_id: str, photo_id: str) -> ResponseReturnValue:
    """What taking this photo down would do, before anything is done."""
    with services().db.read() as session:
        photo = _photo(session, album_id, photo_id)
        album = opening.by_id(session, album_id)
        shown = takedown.of_photos(session, [photo.id], now=utcnow())[photo.id]
        return page("take_down.html", album=album, photo=photo, deliveries=shown)


@bp.post("/a/<album_id>/take-down/<photo_id>")
def taken_down(album_id: str, photo_id: str) -> ResponseReturnValue:
    """Take it down everywhere."""
    parts, now, by = services(), utcnow(), who().id
    reason = request.form.get("reason", "").strip()[:300]
    with parts.db.write() as session:
        photo = _photo(session, album_id, photo_id)
        taken = takedown.take_down(
            session, parts.settings, _limits_of(), photo.id, now=now, by=by, reason=reason
        )
        _note(session, taken)
    return _follow(taken)


def _keep(removal_id: str) -> ResponseReturnValue:
    now, by = utcnow(), who().id
    with services().db.write() as session:
        removal = takedown.keep(session, removal_id, now=now, by=by)
        photo = session.get_one(Photo, removal.photo_id)
        audit.note(session, "photo kept", now=now, by=by, about=removal_id)
        hidden = photo.state is PhotoState.HIDDEN
    stays = "It stays hidden, since it is asked for again or was hidden before."
    return done(f"Kept. {stays if hidden else 'The photo is shown again.'}", "requests")


def _remove(removal_id: str) -> ResponseReturnValue:
    parts, now, by = services(), utcnow(), who().id
    with parts.db.write() as session:
        taken = takedown.remove(session, parts.settings, _limits_of(), removal_id, now=now, by=by)
        _note(session, taken)
    return _follow(taken)


def _note(session: Session, taken: Taken) -> None:
    now, by = utcnow(), who().id
    for removal in taken.removals:
        audit.note(session, "photo taken down", now=now, by=by, about=removal.id)
    for delivery in taken.deliveries:
        audit.note(session, "photo taken out", now=now, by=by, about=delivery.id)


def _follow(taken: Taken) -> ResponseReturnValue:
    """Ring for the networks, delete the bytes here, and show how far it is."""
    parts = services()
    for delivery in taken.deliveries:
        parts.bell.carry(delivery.id)
    tombstones.purge(parts.db, parts.storage)
    on = text.count(len(taken.deliveries), "delivery", "deliveries")
    clearing = f" {on} on networks follow; see below." if taken.deliveries else ""
    return done(f"Taken down: the photo is gone from this site.{clearing}", "requests")


def _limits_of() -> LimitsOf:
    return accounts.limits_of(services().vault, services().settings)


def _photo(session: Session, album_id: str, photo_id: str) -> Photo:
    photo = session.get(Photo, photo_id)
    if photo is None or photo.album_id != album_id or photo.state is PhotoState.REJECTED:
        raise NotFound("There is no such photo.")
    return photo
