"""What people do to deliveries that have not begun: approve, change the time, post now, discard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from gallery.errors import Conflict, DeliveryError, InvalidInput
from gallery.models import Account, Delivery
from gallery.people import audit
from gallery.people.site import needs_approval
from gallery.publishing import accounts, agenda, ledger, schedule
from gallery.publishing.agenda import Proposal
from gallery.publishing.views import DeliveryView, view
from gallery.web.context import services, utcnow
from gallery.web.studio.base import bp, done, who


@dataclass(frozen=True)
class Asked:
    """A proposal as the person who looks at it sees it."""

    proposal: Proposal
    may_approve: bool


@bp.context_processor
def for_offers() -> dict[str, Any]:
    """What _schedule_offers.html asks for: `proposal_of(delivery)`."""
    return {"proposal_of": proposal_of}


def proposal_of(delivery: DeliveryView) -> Asked:
    """What would go out if this were approved now."""
    parts = services()
    with parts.db.read() as session:
        row = session.get_one(Delivery, delivery.id)
        account = session.get_one(Account, row.account_id)
        try:
            limits = accounts.limits_of(parts.vault, parts.settings)(account)
            found = agenda.proposal(session, parts.settings, row, limits, utcnow())
        except (InvalidInput, DeliveryError) as error:
            found = Proposal(None, error=str(error))
        return Asked(found, not needs_approval(session, who()))


@bp.post("/posts/<delivery_id>/approve")
def approve(delivery_id: str) -> ResponseReturnValue:
    """Let a proposed delivery go out, as the page showed it."""
    try:
        with services().db.write() as session:
            _approve(session, delivery_id)
    except (Conflict, InvalidInput) as error:
        return done(str(error), "delivery", "bad", delivery_id=delivery_id)
    services().bell.carry(delivery_id)
    return done("Approved.", "delivery", delivery_id=delivery_id)


@bp.post("/posts/<delivery_id>/time")
def change_time(delivery_id: str) -> ResponseReturnValue:
    """Give a delivery another time: the one that was typed, or now."""
    now_wanted = request.form.get("do") == "now"
    try:
        with services().db.write() as session:
            now = utcnow()
            zone = view(session, delivery_id, now=now).zone
            typed = request.form.get("at", "")
            when = None if now_wanted else schedule.parse(typed, zone, now)
            approval = needs_approval(session, who())
            agenda.change_time(session, delivery_id, when, now=now, approval=approval)
            audit.note(session, "post scheduled", now=now, by=who().id, about=delivery_id)
    except (Conflict, InvalidInput) as error:
        return done(str(error), "delivery", "bad", delivery_id=delivery_id)
    services().bell.carry(delivery_id)
    return done("The time is changed.", "delivery", delivery_id=delivery_id)


@bp.post("/posts/<delivery_id>/discard")
def discard(delivery_id: str) -> ResponseReturnValue:
    """Let a delivery that was proposed or missed never go out."""
    with services().db.write() as session:
        ledger.cancel(session, delivery_id, now=utcnow())
        audit.note(session, "post discarded", now=utcnow(), by=who().id, about=delivery_id)
    services().bell.carry(delivery_id)
    return done("Discarded; nothing was posted.", "delivery", delivery_id=delivery_id)


def _approve(session: Session, delivery_id: str) -> None:
    parts, now = services(), utcnow()
    if needs_approval(session, who()):
        raise InvalidInput("Here an owner approves posts; nothing was changed.")
    account = session.get_one(Account, ledger.locked(session, delivery_id).account_id)
    agenda.approve(
        session,
        parts.settings,
        delivery_id,
        limits=accounts.limits_of(parts.vault, parts.settings)(account),
        now=now,
        by=who().id,
        seen_hash=request.form.get("hash", ""),
    )
    audit.note(session, "post approved", now=now, by=who().id, about=delivery_id)
