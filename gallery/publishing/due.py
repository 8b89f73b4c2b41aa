"""When what is scheduled begins, and when it was missed. Pure but for reading the site's times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gallery.models import Delivery, Site, State
from gallery.publishing.moves import Begin, End, Wait
from gallery.publishing.rules import Rules
from gallery.publishing.schedule import When, words


@dataclass(frozen=True)
class Times:
    """What a clock that jumped left behind, see publishing.clock."""

    settle_from: datetime | None = None  # settle windows begin no earlier
    schedule_from: datetime | None = None  # nothing scheduled begins earlier

    @classmethod
    def of(cls, session: Session) -> Times:
        """As they are stored."""
        site = session.get(Site, 1)
        return cls(site.settle_from, site.schedule_from) if site else cls()


def next_move(delivery: Delivery, now: datetime, times: Times, rules: Rules) -> Begin | Wait | End:
    """What to do with a scheduled delivery: wait, begin, or say that its time was missed."""
    held = times.schedule_from
    if held is not None and held > now:
        reason = "The clock of this machine was set, so what is scheduled waits a few minutes."
        return Wait(max(held, delivery.due_at), "clock", reason)
    if delivery.due_at > now:
        return Wait(delivery.due_at, "", "")
    if now > delivery.due_at + timedelta(seconds=rules.grace_s):
        return End(State.MISSED, missed(delivery))
    return Begin()


def begin(delivery: Delivery, now: datetime) -> None:
    """Let a delivery go out from now on."""
    delivery.state = State.GOING
    delivery.why, delivery.reason, delivery.question = "", "", None
    delivery.patient_from = delivery.wake_at = now


def missed(delivery: Delivery) -> str:
    """What is said of a delivery whose time went by."""
    when = When(delivery.wall or "", delivery.zone, delivery.due_at)
    return f"We were off when it should have gone out: {words(when)}."
