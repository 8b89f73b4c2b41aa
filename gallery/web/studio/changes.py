"""Where networks show something else than the album does now, and taking posts back."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from gallery.albums import opening
from gallery.errors import Conflict, DeliveryError, FieldErrors, InvalidInput
from gallery.models import Account, Album
from gallery.people import audit
from gallery.publishing import accounts, amend, ledger, views
from gallery.publishing.accounts import LimitsOf
from gallery.publishing.amend import Difference
from gallery.publishing.views import DeliveryView
from gallery.web import text
from gallery.web.context import services, utcnow
from gallery.web.studio import standing
from gallery.web.studio.base import bp, done, errors_of, page, who
from gallery.web.studio.standing import Stand

IN_PLACE = {"amend": True, "replace": False}
SAID = {
    "amend": "It is being changed where it stands.",
    "replace": "It is being taken back; once it is gone, the new one goes out.",
}


@dataclass(frozen=True)
class Standing:
    """A delivery that can be taken back, and whether a program can do that there."""

    delivery: DeliveryView
    by_hand: bool


def limits_of() -> LimitsOf:
    """What tells what an account's network can do."""
    return accounts.limits_of(services().vault, services().settings)


def differences(session: Session, album: Album, stands: list[Stand]) -> list[Difference]:
    """What differs; nothing is asked while no live delivery is older than the album."""
    if not any(stand.out and stand.behind for stand in stands):
        return []
    return amend.differing(session, services().settings, limits_of(), album, now=utcnow())


@bp.get("/a/<album_id>/changes")
def changes(album_id: str) -> ResponseReturnValue:
    """Network by network: what differs, and what can be done about it there."""
    return _changes(album_id, {})


@bp.post("/posts/<delivery_id>/change")
def change(delivery_id: str) -> ResponseReturnValue:
    """Make a delivery as its album is now: in place, or by taking it back and posting anew."""
    parts, now, by = services(), utcnow(), who().id
    how = request.form.get("how", "")
    with parts.db.read() as session:
        album_id = views.view(session, delivery_id, now=now).album_id
    try:
        if how not in IN_PLACE:
            raise InvalidInput("Choose whether it is changed where it stands, or posted anew.")
        with parts.db.write() as session:
            ordered = amend.change(
                session, parts.settings, limits_of(), delivery_id,
                now=now, by=by, in_place=IN_PLACE[how],
            )  # fmt: skip
            audit.note(session, "post changed", now=now, by=by, about=delivery_id, how=how)
            ids = [delivery.id for delivery in ordered]
    except (Conflict, InvalidInput, DeliveryError) as error:
        return _changes(album_id, {"form": str(error)}, status=409)
    for id_ in ids:
        parts.bell.carry(id_)
    return done(SAID[how], "delivery", delivery_id=ids[-1])


@bp.get("/a/<album_id>/withdraw")
def withdraw(album_id: str) -> ResponseReturnValue:
    """What can be taken back, and what that will do, before anything is done."""
    return _withdraw(album_id, {})


@bp.post("/a/<album_id>/withdraw")
def withdrawn(album_id: str) -> ResponseReturnValue:
    """Take back what was ticked: one post, those of one network, or everything."""
    parts, now, by = services(), utcnow(), who().id
    ticked = request.form.getlist("delivery")
    with parts.db.write() as session:
        album = opening.by_id(session, album_id)
        offered = [one.delivery.id for one in _standing(session, album)]
        ids = [id_ for id_ in offered if id_ in ticked]
        for id_ in ids:
            ledger.retract(session, id_, now=now)
            audit.note(session, "post retracted", now=now, by=by, about=id_)
    if not ids:
        error = FieldErrors({"which": "Tick what is to be taken back; nothing was changed yet."})
        return _withdraw(album_id, errors_of(error), status=422)
    for id_ in ids:
        parts.bell.carry(id_)
    said = f"{text.count(len(ids), 'delivery is', 'deliveries are')} being taken back."
    return done(said, "posts", album=album_id)


def _changes(album_id: str, errors: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    with services().db.read() as session:
        album = opening.by_id(session, album_id)
        found = amend.differing(session, services().settings, limits_of(), album, now=utcnow())
        return page("changes.html", status=status, album=album, found=found, errors=errors)


def _withdraw(album_id: str, errors: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    with services().db.read() as session:
        album = opening.by_id(session, album_id)
        shown = _standing(session, album)
        return page("withdraw.html", status=status, album=album, shown=shown, errors=errors)


def _standing(session: Session, album: Album) -> list[Standing]:
    found = views.views(session, now=utcnow(), album_id=album.id)
    kept = {account.id: account for account in standing.accounts_in_use(session)}
    return [
        Standing(one, _by_hand(one, kept.get(one.account.id)))
        for one in found
        if {"retract", "cancel", "discard"} & set(one.offers)
    ]


def _by_hand(one: DeliveryView, account: Account | None) -> bool:
    """Whether a person has to remove it: no program may, or its id is not known."""
    live = [post for post in one.posts if post.state in ("live", "withdrawing")]
    if any(post.remote_id is None for post in live):
        return True
    try:
        return account is not None and limits_of()(account).retract == "by_hand"
    except (InvalidInput, DeliveryError):
        return False
