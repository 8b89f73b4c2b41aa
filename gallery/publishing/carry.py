"""Carries deliveries to their networks: one small transaction a step, one call between two.

Every step is claim, intent, call, fact, decision (docs/publishing.md). The decision is not made
after the call but whenever the rows are read again, so an answer that arrives late, by another
process or from a person counts just the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

from gallery.errors import DeliveryError, InvalidInput, OutcomeUnknown, Refused, TryLater
from gallery.models import (
    Database,
    Delivery,
    PostState,
    Source,
    State,
    Step,
    Verb,
)
from gallery.networks import NETWORKS
from gallery.networks.contract import Absent, Connector, Network, Staged
from gallery.publishing import facts, moves
from gallery.publishing.claims import Claim, Claims, Clock, Fenced
from gallery.publishing.decide import decide
from gallery.publishing.facts import Answer
from gallery.publishing.lock import LifeLock
from gallery.publishing.pictures import Pictures
from gallery.publishing.rules import Rules
from gallery.publishing.situation import Situation
from gallery.publishing.vault import Vault
from gallery.settings import Settings
from gallery.storage import LocalStorage

log = logging.getLogger(__name__)


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
        networks: Mapping[str, Network] = NETWORKS,
        rules: Rules | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.rules = rules or Rules.of(settings)
        self.clock = clock or Clock()
        self.lock = LifeLock(settings.processes_folder)
        self.claims = Claims(db, self.lock, self.rules, self.clock)
        self._db = db
        self._storage = storage
        self._pictures = pictures
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
        with self.claims.taken(delivery_id) as claim:
            if claim is None:
                return
            try:
                while self._advance(claim):
                    if stop is not None and stop.is_set():
                        self._leave(claim, None, lambda _delivery: None)
                        return
            except Fenced:
                log.info("Delivery %s was taken over by another process", delivery_id)

    def _advance(self, claim: Claim) -> bool:
        """Decide upon what is known, then make one move. False when there is none for now."""
        with self._db.read() as session:
            s = Situation.load(session, claim.delivery_id)
        if self._undecided(s):
            self._decide(claim)
            return True
        try:
            connector = self._connector(s)
        except InvalidInput as error:
            return self._stand(claim, s, moves.Wait(None, "token", str(error)))
        view = moves.View(
            now=self.clock.now(),
            rules=self.rules,
            limits=connector.limits(),
            me=self.lock.owner,
            gone=self.lock.free,
            disk_full=self._storage.free_bytes() < self.rules.disk_bytes,
        )
        return self._make(claim, s, connector, view)

    def _make(self, claim: Claim, s: Situation, connector: Connector, view: moves.View) -> bool:
        match moves.next_move(s, view):
            case moves.Call() as move:
                return self._call(claim, s, connector, move)
            case moves.Look() as move:
                return self._look(claim, s, connector, move)
            case moves.Lost() as move:
                return self._lost(claim, move)
            case moves.Renew() as move:
                return self._renew(claim, move)
            case moves.Live() as move:
                return self._live(claim, move)
            case move:
                return self._stand(claim, s, move)

    def _connector(self, s: Situation) -> Connector:
        key = (s.account.id, s.account.version)
        if key not in self._connectors:
            network = self._networks.get(s.account.network)
            if network is None:
                raise InvalidInput(f"This version cannot post to {s.account.network}.")
            credential = self._vault.open(s.account.id, s.account.credential)
            self._connectors[key] = network.build(credential, self._settings)
        return self._connectors[key]

    # decisions

    def _undecided(self, s: Situation) -> bool:
        """Whether the facts say something that the rows do not."""
        for step in s.steps:
            verdict = decide(step, s.facts.get(step.id, []), self.rules)
            if verdict is not None and facts.changes(step, verdict):
                return True
        return False

    def _decide(self, claim: Claim) -> None:
        with self._db.write() as session:
            self.claims.fenced(session, claim)
            s = Situation.load(session, claim.delivery_id)
            for step in s.steps:
                verdict = decide(step, s.facts.get(step.id, []), self.rules)
                for name, value in facts.changes(step, verdict).items() if verdict else ():
                    setattr(step, name, value)

    # calls

    def _call(self, claim: Claim, s: Situation, connector: Connector, move: moves.Call) -> bool:
        enough = Event()

        def one(step: Step) -> None:
            if not enough.is_set() and self._intend(claim, s, step):
                answer = self._answer(claim, step, lambda: self._ask_for(connector, s, move, step))
                self._record(s, step, answer)
                if isinstance(answer, DeliveryError):
                    enough.set()

        if len(move.steps) == 1:
            one(move.steps[0])
            return True
        with ThreadPoolExecutor(self.rules.uploads_at_once, "upload") as pool:
            list(pool.map(one, move.steps))
        return True

    def _intend(self, claim: Claim, s: Situation, step: Step) -> bool:
        """Commit the intent; False if the step is not wanted any more. `step` is brought up to date."""
        planned = s.plan.posts[step.nth - 1]
        with self._db.write() as session:
            now = self.clock.now()
            delivery = self.claims.fenced(session, claim)
            row = session.get_one(Step, step.id)
            if not facts.intend(session, delivery, row, owner=self.lock.owner, now=now):
                return False
            hidden = facts.hidden_photo(session, [photo.id for photo in planned.photos])
            if hidden is not None:
                reason = "A photo of this post was taken down, so the post was not sent."
                refusal = Refused(reason, photo=hidden)
                facts.record(session, row, row.attempt, Source.ANSWER, refusal, now=now)
                return False
            step.attempt, step.sent_at = row.attempt, row.sent_at
        return True

    def _answer(self, claim: Claim, step: Step, call: Callable[[], Answer]) -> Answer:
        """Make the call if our turn still holds; whatever comes of it becomes an answer."""
        if not self.claims.holds(claim):
            return TryLater("This process was held up and gave its turn away.", 0.0)
        claim.beat_until = self.clock.boot() + self.rules.overdue_s
        try:
            return call()
        except DeliveryError as error:
            return error
        except Exception:
            log.exception("A connector failed in %s of delivery %s", step.verb, step.delivery_id)
            return OutcomeUnknown("Something failed on our side while the network was asked.")

    def _ask_for(self, connector: Connector, s: Situation, move: moves.Call, step: Step) -> Answer:
        limits = connector.limits()
        planned = s.planned(move.post)
        if step.verb is Verb.STAGE:
            photo = next(photo for photo in planned.photos if photo.id == step.photo)
            sofar = Staged(step.result) if step.result is not None else None
            return connector.stage(photo, self._pictures.file(photo, limits), sofar)
        part = s.part(move.post)
        if not limits.stages:
            files = [self._pictures.file(photo, limits) for photo in planned.photos]
            part = replace(part, files=files)
        if step.verb is Verb.COMPOSE:
            return connector.compose(part)
        return connector.publish(replace(part, sent_at=step.sent_at))

    def _record(self, s: Situation, step: Step, answer: Answer) -> None:
        """Append the fact, unfenced."""
        with self._db.write() as session:
            now = self.clock.now()
            row = session.get_one(Step, step.id)
            facts.record(session, row, step.attempt, Source.ANSWER, answer, now=now)
            facts.mark_account(session, s.account.id, s.account.version, answer, self.rules, now)

    def _look(self, claim: Claim, s: Situation, connector: Connector, move: moves.Look) -> bool:
        """Read whether a publish happened, and write down what was found."""
        part = s.part(move.post)
        answer = self._answer(claim, move.step, lambda: connector.find(part))
        if isinstance(answer, DeliveryError) and not isinstance(answer, TryLater):
            answer = TryLater(str(answer), self.rules.backoff_s)
        counted = move.counted and isinstance(answer, Absent)
        with self._db.write() as session:
            now = self.clock.now()
            row = session.get_one(Step, move.step.id)
            more = {"counted": counted, "again": move.again}
            facts.record(session, row, row.attempt, Source.READ, answer, now=now, **more)
            facts.mark_account(session, s.account.id, s.account.version, answer, self.rules, now)
        return True

    def _lost(self, claim: Claim, move: moves.Lost) -> bool:
        """Write down that no answer will come for this step any more."""
        with self._db.write() as session:
            self.claims.fenced(session, claim)
            row = session.get_one(Step, move.step.id)
            gone = OutcomeUnknown("The process that sent this ended before the answer came.")
            facts.record(session, row, row.attempt, Source.READ, gone, now=self.clock.now())
        return True

    # what follows

    def _renew(self, claim: Claim, move: moves.Renew) -> bool:
        with self._db.write() as session:
            self.claims.fenced(session, claim)
            s = Situation.load(session, claim.delivery_id)
            facts.another_generation(session, s, s.posts[move.post.nth - 1])
        return True

    def _live(self, claim: Claim, move: moves.Live) -> bool:
        with self._db.write() as session:
            delivery = self.claims.fenced(session, claim)
            s = Situation.load(session, claim.delivery_id)
            post = s.posts[move.post.nth - 1]
            post.state = PostState.LIVE
            post.receipt = move.proof.body
            delivery.question = None
            if delivery.state in (State.GOING, State.NEEDS_HUMAN):
                delivery.state = State.GOING
            else:
                delivery.state = State.PARTIAL if s.pending() else State.PUBLISHED
        return True

    def _stand(self, claim: Claim, s: Situation, move: moves.Standstill) -> bool:
        """Leave the delivery as `move` says; True if it has to be looked at once more."""

        def change(delivery: Delivery) -> None:
            match move:
                case moves.Wait():
                    delivery.wake_at, delivery.why = move.until, move.why
                    delivery.reason = move.reason[: facts.REASON_LENGTH]
                case moves.Ask():
                    delivery.state, delivery.question = State.NEEDS_HUMAN, move.question
                    delivery.wake_at, delivery.why = None, ""
                case _:
                    delivery.state, delivery.question = move.state, None
                    delivery.wake_at, delivery.why = move.look_at, ""
                    delivery.reason = move.reason[: facts.REASON_LENGTH]

        return self._leave(claim, s, change)

    def _leave(
        self, claim: Claim, seen: Situation | None, change: Callable[[Delivery], None]
    ) -> bool:
        """Give the delivery back; True if somebody added something since it was `seen`."""
        with self._db.write() as session:
            delivery = self.claims.fenced(session, claim)
            if seen is not None and Situation.load(session, delivery.id).mark != seen.mark:
                return True
            change(delivery)
            delivery.owner = delivery.lease_until = None
        return False
