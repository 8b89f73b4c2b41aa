"""Carries deliveries to their networks: one small transaction a step, one call between two.

Every step is claim, intent, call, fact, decision (docs/publishing.md). The decision is not made
after the call but whenever the rows are read again, so an answer that arrives late, by another
process or from a person counts just the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from threading import Event

from gallery.errors import InvalidInput
from gallery.models import Account, Database, Delivery, State
from gallery.networks import NETWORKS
from gallery.networks.contract import Connector, Network
from gallery.publishing import budgets, course, due, ends, facts, moves, renewal, transitions
from gallery.publishing.calls import Calls
from gallery.publishing.claims import Claim, Claims, Clock, Fenced
from gallery.publishing.clock import Watch
from gallery.publishing.decide import decide
from gallery.publishing.lock import LifeLock, Lives
from gallery.publishing.pictures import Pictures
from gallery.publishing.renewal import Renewals
from gallery.publishing.rules import Rules
from gallery.publishing.situation import Situation, mark_of
from gallery.publishing.vault import Vault
from gallery.settings import Settings
from gallery.storage import LocalStorage

log = logging.getLogger(__name__)


class Went(Enum):
    """How far a move brought a delivery."""

    NOWHERE = 0  # it stands for now
    ON = 1
    CALLED = 2  # and there are facts of which nothing follows in the rows yet


class Carrier:
    """What carries deliveries in this process. `carry` may be called from several threads."""

    def __init__(
        self,
        db: Database,
        storage: LocalStorage,
        pictures: Pictures,
        vault: Vault,
        settings: Settings,
        *,
        lives: Lives,
        networks: Mapping[str, Network] = NETWORKS,
        rules: Rules | None = None,
        clock: Clock | None = None,
        lock: type[LifeLock] = LifeLock,
        claims: type[Claims] = Claims,
        calls: type[Calls] = Calls,
    ) -> None:
        self.rules = rules or Rules.of(settings)
        self.clock = clock or Clock()
        self.lock = lock(lives)
        self.claims = claims(db, self.lock, self.rules, self.clock)
        self.renewals = Renewals(db, vault, self.claims)
        self.calls = calls(db, pictures, self.claims, settings)
        self.calls.renewed = {name for name, one in networks.items() if one.renew_before}
        self.watch = Watch(db, settings.clock_file, self.clock)
        self._db = db
        self._storage = storage
        self._vault = vault
        self._settings = settings
        self._networks = networks
        self._connectors: dict[tuple[str, int], Connector] = {}

    def close(self) -> None:
        """Carry no more."""
        self.claims.close()
        self.lock.release()

    def carry(self, delivery_id: str, stop: Event | None = None) -> None:
        """Take a delivery as far as it goes now. Returns at once if it is not to be had."""
        self.watch.now()
        with self.claims.taken(delivery_id) as claim:
            if claim is None:
                return
            try:
                went = Went.ON
                while (went := self._advance(claim, went)) is not Went.NOWHERE:
                    if stop is not None and stop.is_set():
                        self._leave(claim, None, lambda _delivery: None)
                        return
            except Fenced:
                log.info("Delivery %s was taken over by another process", delivery_id)

    def _advance(self, claim: Claim, went: Went) -> Went:
        """Decide upon what is known, then make one move."""
        now = self.watch.now()
        s, times = self._decided(claim) if went is Went.CALLED else self._known(claim)
        if s.delivery.state is State.SCHEDULED:
            scheduled = due.next_move(s.delivery, now, times, self.rules)
            return self._stand(claim, s, scheduled)
        try:
            connector = self._connector(s.account)
        except InvalidInput as error:
            return self._stand(claim, s, _without_connector(s, str(error)))
        view = moves.View(
            now=now,
            rules=self.rules,
            limits=connector.limits(),
            me=self.lock.owner,
            gone=self.lock.free,
            disk_full=self._free_bytes() < self.rules.disk_bytes,
            settle_from=times.settle_from,
            room_at=self._room_at(s, connector),
            renew_before=self._networks[s.account.network].renew_before,
        )
        return self._make(claim, s, connector, view)

    def _make(self, claim: Claim, s: Situation, connector: Connector, view: moves.View) -> Went:
        match course.next_move(s, view):
            case moves.Call() as move:
                self.calls.send(claim, s, connector, move)
            case moves.Look() as move:
                self.calls.look(claim, s, connector, move)
            case moves.Lost() as move:
                self.calls.lost(claim, move.step)
            case moves.Discard() as move:
                self.calls.discard(s, connector, move)
            case moves.Refresh():
                self.renewals.renew(s.account.id, s.account.version, connector)
            case moves.Wait() | moves.Ask() | moves.End() as move:
                return self._stand(claim, s, move)
            case move:
                self._follow(claim, move)
                return Went.ON
        return Went.CALLED

    def _free_bytes(self) -> float:
        return min(self._storage.free_bytes(), self.calls.reserve.free_bytes())

    def renew_idle(self) -> None:
        """Renew what is near its end though nothing is posted there, and lives longer than a day."""
        with self._db.read() as session:
            rows = renewal.idle(session, self._networks, self.clock.now())
        for account in rows:
            self.renewals.renew(account.id, account.version, self._connector(account))

    def _connector(self, account: Account) -> Connector:
        key = (account.id, account.version)
        if key not in self._connectors:
            for old in [known for known in self._connectors if known[0] == account.id]:
                self._connectors.pop(old, None)
            network = self._networks.get(account.network)
            if network is None:
                raise InvalidInput(f"This version cannot post to {account.network}.")
            credential = self._vault.open(account.id, account.credential)
            self._connectors[key] = network.build(credential, self._settings)
        return self._connectors[key]

    def _room_at(self, s: Situation, connector: Connector) -> datetime | None:
        budget = connector.limits().budget
        if budget is None:
            return None
        with self._db.read() as session:
            now = self.clock.now()
            return budgets.room_at(session, s.account.id, budget, self.rules, now)

    # decisions

    def _known(self, claim: Claim) -> tuple[Situation, due.Times]:
        """Everything as it is, once it is decided what follows from it."""
        with self._db.read() as session:
            s, times = Situation.load(session, claim.delivery_id), due.Times.of(session)
        return self._decided(claim) if self._undecided(s) else (s, times)

    def _undecided(self, s: Situation) -> bool:
        """Whether the facts say something that the rows do not."""
        for step in s.steps:
            verdict = decide(step, s.facts.get(step.id, []), self.rules)
            if verdict is not None and facts.changes(step, verdict):
                return True
        return False

    def _decided(self, claim: Claim) -> tuple[Situation, due.Times]:
        """Write down what follows from the facts; everything as it is then."""
        with self._db.write(alone=False, lasting=False) as session:
            delivery = self.claims.fenced(session, claim)
            s = Situation.load(session, delivery.id)
            for step in s.steps:
                verdict = decide(step, s.facts.get(step.id, []), self.rules)
                for name, value in facts.changes(step, verdict).items() if verdict else ():
                    setattr(step, name, value)
            while (live := course.proven(s)) is not None:
                transitions.apply(session, s, live)
            return s, due.Times.of(session)

    # what follows

    def _follow(self, claim: Claim, move: transitions.Transition) -> None:
        with self._db.write(alone=False) as session:
            delivery = self.claims.fenced(session, claim)
            transitions.apply(session, Situation.load(session, delivery.id), move)

    def _stand(self, claim: Claim, s: Situation, move: moves.Standstill | moves.Begin) -> Went:
        """Leave the delivery as `move` says, unless it has to be looked at once more."""

        def change(delivery: Delivery) -> None:
            match move:
                case moves.Wait():
                    delivery.wake_at, delivery.why = move.until, move.why
                    delivery.reason = move.reason[: facts.REASON_LENGTH]
                case moves.Ask():
                    delivery.state, delivery.question = State.NEEDS_HUMAN, move.question
                    delivery.wake_at, delivery.why = move.look_at, ""
                case moves.Begin():
                    due.begin(delivery, self.clock.now())
                case _:
                    delivery.state, delivery.question = move.state, None
                    delivery.wake_at, delivery.why = move.look_at, ""
                    delivery.reason = move.reason[: facts.REASON_LENGTH]

        return self._leave(claim, s, change)

    def _leave(
        self, claim: Claim, seen: Situation | None, change: Callable[[Delivery], None]
    ) -> Went:
        """Give the delivery back, unless somebody added something since it was `seen`."""
        with self._db.write(alone=False) as session:
            delivery = self.claims.fenced(session, claim)
            if seen is not None and mark_of(session, delivery) != seen.mark:
                return Went.ON
            change(delivery)
            delivery.owner = delivery.lease_until = None
            ends.follow(session, delivery, self.clock.now())
        return Went.NOWHERE


def _without_connector(s: Situation, why: str) -> moves.Standstill:
    """It waits for a person who connects the account; what is over stays as it is."""
    if s.delivery.state in (State.GOING, State.NEEDS_HUMAN):
        return moves.Wait(None, "token", why)
    return moves.End(s.delivery.state, s.delivery.reason)
