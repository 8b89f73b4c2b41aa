"""Who may carry a delivery: claim, lease, beat, fence."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gallery.models import Account, Database, Delivery
from gallery.publishing import turns
from gallery.publishing.lock import LifeLock
from gallery.publishing.rules import Rules

log = logging.getLogger(__name__)
NO_FENCE = -1


class Fenced(Exception):
    """Somebody else has the delivery now; whoever is told this stops and changes no state."""


class Clock:
    """The wall clock, and the boot clock that no one can set and that counts sleep."""

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        return datetime.now(UTC)

    def boot(self) -> float:
        """Seconds since the machine started."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass
class Claim:
    """A turn at one delivery."""

    delivery_id: str
    fence: int
    life: int  # of the life lock that it was taken under
    beat_at: float  # boot clock, of the last time the lease was surely ours
    beat_until: float = field(default=float("inf"))  # boot clock; a call past this is overdue


class Claims:
    """The claims of this process. A thread renews their leases while they are held."""

    def __init__(self, db: Database, lock: LifeLock, rules: Rules, clock: Clock) -> None:
        self._db = db
        self.lock = lock
        self.rules = rules
        self.clock = clock
        self._held: dict[str, Claim] = {}
        self._guard = threading.Lock()
        self._stop = threading.Event()
        self._beating: threading.Thread | None = None

    @contextlib.contextmanager
    def taken(self, delivery_id: str) -> Iterator[Claim | None]:
        """Claim a delivery for the length of the block; None if it is not to be had."""
        with self._guard:
            if delivery_id in self._held:
                claim = None
            else:
                claim = self._held[delivery_id] = Claim(
                    delivery_id, 0, self.lock.life, self.clock.boot()
                )
        if claim is None:
            yield None
            return
        try:
            yield claim if self._take(claim) else None
        finally:
            with self._guard:
                del self._held[delivery_id]

    def _take(self, claim: Claim) -> bool:
        if not claim.life:
            return False
        boot = self.clock.boot()
        with self._db.write(alone=False) as session:
            now = self.clock.now()
            delivery = session.scalar(
                select(Delivery)
                .where(Delivery.id == claim.delivery_id)
                .with_for_update(skip_locked=True)
            )
            if delivery is None or not self._free(delivery, now):
                return False
            session.get_one(Account, delivery.account_id, with_for_update=True)
            if not self._has_its_turn(session, delivery, now):
                return False
            delivery.owner = self.lock.owner
            delivery.fence += 1
            delivery.lease_until = now + timedelta(seconds=self.rules.lease_s)
            claim.fence = delivery.fence
        claim.beat_at = boot
        self._start_beating()
        return True

    def worth_a_try(self, delivery_id: str) -> bool:
        """Look before asking for the lock that all writers want: most doubled rings end here."""
        with self._db.read() as session:
            now = self.clock.now()
            delivery = session.get(Delivery, delivery_id)
            return (
                delivery is not None
                and self._free(delivery, now)
                and self._has_its_turn(session, delivery, now)
            )

    def _free(self, delivery: Delivery, now: datetime) -> bool:
        if delivery.wake_at is None or delivery.wake_at > now:
            return False
        return delivery.owner == self.lock.owner or not self.living(delivery, now)

    def living(self, delivery: Delivery, now: datetime) -> bool:
        """Whether a process has this delivery in hand that may still begin calls for it."""
        if delivery.owner is None or self.lock.free(delivery.owner):
            return False
        return delivery.lease_until is not None and delivery.lease_until > now

    def _has_its_turn(self, session: Session, delivery: Delivery, now: datetime) -> bool:
        """One delivery of an account at a time; posts in the order they were due."""
        others = turns.in_hand(session, delivery.account_id)
        if any(self.living(other, now) for other in others if other.id != delivery.id):
            return False
        if not turns.posting(delivery):
            return True
        first = turns.head(session, delivery.account_id)
        return first is not None and first.id == delivery.id

    def following(self, delivery_id: str) -> str | None:
        """What to carry now at the account of a delivery that was just let go."""
        with self._db.read() as session:
            delivery = session.get(Delivery, delivery_id)
            if delivery is None:
                return None
            following = turns.next_for(session, delivery.account_id, self.clock.now())
            return following.id if following and following.id != delivery_id else None

    def fenced(self, session: Session, claim: Claim) -> Delivery:
        """The delivery, locked, if it is still ours. Raises Fenced."""
        delivery = session.scalar(
            select(Delivery).where(Delivery.id == claim.delivery_id).with_for_update()
        )
        if delivery is None or (delivery.owner, delivery.fence) != (self.lock.owner, claim.fence):
            raise Fenced
        return delivery

    def holds(self, claim: Claim) -> bool:
        """Whether a call may begin now: the last beat is recent enough on the boot clock.

        Without the life lock, or with one that was lost since, the claim is good for nothing more.
        """
        if self.lock.life != claim.life:
            claim.fence = NO_FENCE
        recent = self.clock.boot() - claim.beat_at < self.rules.call_within_s
        return recent and claim.fence != NO_FENCE

    def close(self) -> None:
        """Stop the beat."""
        self._stop.set()
        if self._beating is not None:
            self._beating.join()

    def _start_beating(self) -> None:
        with self._guard:
            if self._beating is None:
                self._beating = threading.Thread(target=self._beat, name="beat", daemon=True)
                self._beating.start()

    def _beat(self) -> None:
        while not self._stop.wait(self.rules.beat_s):
            with self._guard:
                held = list(self._held.values())
            for claim in held:
                if self.clock.boot() < claim.beat_until:
                    self._renew(claim)

    def _renew(self, claim: Claim) -> None:
        boot = self.clock.boot()
        try:
            with self._db.write(alone=False) as session:
                until = self.clock.now() + timedelta(seconds=self.rules.lease_s)
                renewed = session.execute(
                    update(Delivery)
                    .where(
                        Delivery.id == claim.delivery_id,
                        Delivery.owner == self.lock.owner,
                        Delivery.fence == claim.fence,
                    )
                    .values(lease_until=until)
                    .returning(Delivery.id)
                ).first()
        except SQLAlchemyError:
            log.exception("The lease of a delivery could not be renewed")
            return
        if renewed is not None:
            claim.beat_at = boot
