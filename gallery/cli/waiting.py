"""Carrying deliveries from a command until they stand or the time is up."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.orm import Session

from gallery.background.workers import carrier_of
from gallery.models import Delivery, State
from gallery.publishing import ledger
from gallery.publishing.carry import Carrier
from gallery.publishing.situation import Situation
from gallery.services import Services

LOOK_AGAIN_S = 0.25
LONGEST_SLEEP_S = 1.0  # somebody else may change its time, or approve it


def carry_until(services: Services, ids: Sequence[str], timeout_s: float) -> None:
    """Carry these deliveries until each is over, waits for a person, or `timeout_s` have passed.

    Beside a running worker the lease keeps the two apart; then this only looks on.
    """
    carrier = carrier_of(services)
    deadline = time.monotonic() + timeout_s
    try:
        with ThreadPoolExecutor(services.settings.carriers, "carry") as pool:
            list(pool.map(lambda id_: _carry_one(services, carrier, id_, deadline), ids))
    finally:
        carrier.close()


def _carry_one(services: Services, carrier: Carrier, id_: str, deadline: float) -> None:
    while True:
        carrier.carry(id_)
        with services.db.read() as session:
            delivery = session.get_one(Delivery, id_)
            under_way = _under_way(session, delivery)
        now = services.clock.now()
        left = deadline - time.monotonic()
        if not under_way or delivery.wake_at is None or left <= 0:
            return
        ahead = carrier.claims.following(id_)
        if ahead is not None:
            carrier.carry(ahead)  # it has the account's turn, and maybe no worker is running
        until = (delivery.wake_at - now).total_seconds()
        until = min(until, LONGEST_SLEEP_S) if until > 0 else LOOK_AGAIN_S
        time.sleep(max(0.0, min(until, left)))


def _under_way(session: Session, delivery: Delivery) -> bool:
    """Whether it, or the withdrawal of one of its posts, is on its way."""
    if delivery.state in ledger.OUT:
        return bool(Situation.load(session, delivery.id).withdrawing())
    return delivery.state in (State.GOING, State.SCHEDULED)
