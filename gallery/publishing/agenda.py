"""What people do to deliveries that have not begun: approve them, change their time, post them now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import Conflict, InvalidInput
from gallery.models import Delivery, State
from gallery.networks.contract import Limits
from gallery.publishing import orders, recheck, steps
from gallery.publishing.difference import difference
from gallery.publishing.ledger import locked
from gallery.publishing.plan import Plan
from gallery.publishing.schedule import When
from gallery.publishing.situation import Situation
from gallery.settings import Settings

NOT_BEGUN = (State.PROPOSED, State.SCHEDULED, State.MISSED)


@dataclass(frozen=True)
class Proposal:
    """What would go out once this is approved, and what of that is new. `error`: nothing can."""

    plan: Plan | None
    changes: tuple[str, ...] = ()
    error: str = ""


def proposal(
    session: Session, settings: Settings, delivery: Delivery, limits: Limits, now: datetime
) -> Proposal:
    """What a person who approves this delivery now would approve."""
    try:
        plan = recheck.afresh(session, settings, delivery, limits, now)
    except InvalidInput as error:
        return Proposal(None, error=str(error))
    return Proposal(plan, tuple(difference(Plan.from_json(delivery.plan), plan)))


def approve(
    session: Session,
    settings: Settings,
    delivery_id: str,
    *,
    limits: Limits,
    now: datetime,
    by: str | None,
    seen_hash: str | None = None,
) -> Delivery:
    """Let a proposed delivery go out as it would be ordered now, at its time.

    `seen_hash` is what the person saw. If that is not what would go out, or nothing is proposed,
    Conflict is raised. Raises InvalidInput if there is nothing to post any more.
    """
    delivery, s = locked(session, delivery_id), Situation.load(session, delivery_id)
    if delivery.state is not State.PROPOSED or s.visible():
        raise Conflict("Nothing waits for approval here any more; this is how it stands now.")
    plan = recheck.afresh(session, settings, delivery, limits, now)
    if seen_hash is not None and seen_hash != plan.hash:
        raise Conflict("The album changed since you looked, so nothing was approved. Look again.")
    if plan.hash != delivery.plan_hash:
        steps.plan_anew(session, s, plan, limits)
    recheck.up_to_date(session, delivery)
    orders.set_time(delivery, _time_of(delivery, now), now, approval=False)
    delivery.approved_by, delivery.approved_at = by, now
    return delivery


def change_time(
    session: Session, delivery_id: str, when: When | None, *, now: datetime, approval: bool = False
) -> Delivery:
    """Have a delivery that has not begun go out at `when` (None: now).

    What waits for approval still does, and with `approval` it waits for that again. Raises
    Conflict if it has begun.
    """
    delivery = locked(session, delivery_id)
    if delivery.state not in NOT_BEGUN:
        raise Conflict("It has begun, or is over; its time can't be changed any more.")
    asked = delivery.state is State.PROPOSED
    why, reason = (delivery.why, delivery.reason) if asked else ("", "")
    orders.set_time(delivery, when, now, approval=approval or asked)
    delivery.why, delivery.reason = why, reason
    return delivery


def follow_zones(session: Session) -> list[str]:
    """Move what is scheduled to where its wall time is by the zone rules of today; which ones."""
    rows = session.scalars(
        select(Delivery).where(
            Delivery.state.in_((State.PROPOSED, State.SCHEDULED)), Delivery.wall.is_not(None)
        )
    )
    moved = []
    for delivery in rows:
        at = When.of(str(delivery.wall), delivery.zone).at
        if at != delivery.due_at:
            delivery.due_at = at
            delivery.wake_at = at if delivery.state is State.SCHEDULED else None
            moved.append(delivery.id)
    return moved


def _time_of(delivery: Delivery, now: datetime) -> When | None:
    """When it is to begin; None, now, if that is past."""
    if delivery.wall is None or delivery.due_at <= now:
        return None
    return When(delivery.wall, delivery.zone, delivery.due_at)
