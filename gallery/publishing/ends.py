"""What follows for others when a delivery comes to its end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from gallery.models import Aim, Delivery, State
from gallery.publishing import takedown


def follow(session: Session, delivery: Delivery, now: datetime) -> None:
    """Wake what waited for its going away; close requests of whose photos nothing is live now."""
    if delivery.state in (State.GOING, State.NEEDS_HUMAN):
        return
    if delivery.aim is Aim.RETRACT:
        session.execute(
            update(Delivery)
            .where(Delivery.replaces == delivery.id, Delivery.state == State.GOING)
            .values(wake_at=now)
        )
    session.flush()
    takedown.close(session)
