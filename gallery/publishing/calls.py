"""The calls of a delivery: intent, call, fact; and the reads that look for a lost one.

An intent is committed before its call and a fact after it, whoever holds the delivery by then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Event

from sqlalchemy import select
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.orm import Session

from gallery.errors import DeliveryError, Disconnected, OutcomeUnknown, Refused, TryLater
from gallery.models import Account, Database, Post, Source, Step, Verb
from gallery.networks.contract import Absent, Connector, Limits, Staged
from gallery.publishing import budgets, facts, moves, recheck, strays
from gallery.publishing.claims import Claim, Claims
from gallery.publishing.facts import Answer, Came, Removed
from gallery.publishing.pictures import Pictures
from gallery.publishing.reserve import Reserve
from gallery.publishing.situation import Situation, receipt_of
from gallery.settings import Settings

log = logging.getLogger(__name__)
TOGETHER_S = 0.005  # what comes back within it is written down at once
REPEATABLE = (Verb.STAGE, Verb.COMPOSE)  # what a power cut undoes of these is done once more


class Calls:
    """Makes calls under the claims of this process."""

    def __init__(
        self,
        db: Database,
        pictures: Pictures,
        claims: Claims,
        settings: Settings,
    ) -> None:
        self._db = db
        self._settings = settings
        self.reserve = Reserve(db)
        self._pictures = pictures
        self._claims = claims
        self._rules, self._clock, self._lock = claims.rules, claims.clock, claims.lock
        self.renewed: Collection[str] = ()  # the networks whose credentials can be renewed

    def send(self, claim: Claim, s: Situation, connector: Connector, move: moves.Call) -> None:
        """Send the steps of `move`: uploads several at a time, until one goes wrong."""
        if len(move.steps) > 1:
            self._upload(claim, s, connector, move)
            return
        step = move.steps[0]
        if self.intend(claim, s, step, connector.limits()):
            answer = self._answer(claim, step, lambda: self._ask_for(connector, s, move, step))
            self.record(s, step, answer)
            self._keep_pace(s, connector)

    def _upload(self, claim: Claim, s: Situation, connector: Connector, move: moves.Call) -> None:
        """Some uploads at once. What has come back is written down while others are under way."""
        enough = Event()
        back: SimpleQueue[Came] = SimpleQueue()

        def call(step: Step) -> None:
            answer: Answer = TryLater("Another upload of this post went wrong first.", 0.0)
            if not enough.is_set():
                answer = self._answer(claim, step, lambda: self._ask_for(connector, s, move, step))
            if isinstance(answer, DeliveryError):
                enough.set()
            back.put((step, answer))

        sent = self._intend(claim, s, move.steps, connector.limits())
        with ThreadPoolExecutor(self._rules.uploads_at_once, "upload") as pool:
            for step in sent:
                pool.submit(call, step)
            waiting = len(sent)
            while waiting:
                came = _together(back, waiting)
                waiting -= len(came)
                self._keep(s, Source.ANSWER, came)
                self._keep_pace(s, connector)

    def intend(self, claim: Claim, s: Situation, step: Step, limits: Limits) -> bool:
        """Commit the intent; False if the step is not wanted any more. `step` is brought up to date.

        While nothing is visible yet, an outdated plan makes it a proposal again instead.
        """
        return bool(self._intend(claim, s, [step], limits))

    def _intend(
        self, claim: Claim, s: Situation, steps: Sequence[Step], limits: Limits
    ) -> Sequence[Step]:
        """Commit the intents of some steps of one post together; those that are still wanted."""
        lasting = steps[0].verb not in REPEATABLE
        with self._db.write(alone=False, lasting=lasting) as session:
            now = self._clock.now()
            delivery = self._claims.fenced(session, claim)
            ids = [step.id for step in steps]
            found = session.scalars(select(Step).where(Step.id.in_(ids))).all()
            post = session.get(Post, (steps[0].delivery_id, steps[0].nth))
            rows = {row.id: row for row in found if not facts.overtaken(delivery, post, row)}
            wanted = [step for step in steps if step.id in rows]
            if not wanted:
                return []
            verb = wanted[0].verb
            hidden = self._hidden(session, s, wanted[0])
            if not s.visible() and not recheck.may_go_on(
                session, self._settings, delivery, verb, limits, now, hidden=hidden
            ):
                return []
            sent = [
                step
                for step in wanted
                if facts.intend(session, delivery, rows[step.id], owner=self._lock.owner, now=now)
            ]
            for step in sent:
                step.attempt, step.sent_at = rows[step.id].attempt, rows[step.id].sent_at
            if sent and hidden is not None:
                self._refuse(session, sent, hidden)
                return []
            if sent and verb is Verb.PUBLISH:
                budgets.spend(session, delivery.account_id, now)
        return sent

    def _hidden(self, session: Session, s: Situation, step: Step) -> str | None:
        planned = s.plan.posts[step.nth - 1]
        photos = [] if step.verb is Verb.RETRACT else [photo.id for photo in planned.photos]
        return facts.hidden_photo(session, photos)

    def _refuse(self, session: Session, steps: Sequence[Step], hidden: str) -> None:
        done = "changed" if steps[0].verb is Verb.AMEND else "sent"
        reason = f"A photo of this post was taken down, so the post was not {done}."
        came = [(step, Refused(reason, photo=hidden)) for step in steps]
        facts.record(session, Source.ANSWER, came, now=self._clock.now())

    def _answer(self, claim: Claim, step: Step, call: Callable[[], Answer]) -> Answer:
        """Make the call if our turn still holds; whatever comes of it becomes an answer."""
        if not self._claims.holds(claim):
            return TryLater("This process was held up and gave its turn away.", 0.0)
        claim.beat_until = self._clock.boot() + self._rules.overdue_s
        try:
            return call()
        except DeliveryError as error:
            return error
        except Exception:
            log.exception("A connector failed in %s of delivery %s", step.verb, step.delivery_id)
            return OutcomeUnknown("Something failed on our side while the network was asked.")

    def _ask_for(self, connector: Connector, s: Situation, move: moves.Call, step: Step) -> Answer:
        if step.verb is Verb.RETRACT:
            copy = facts.of_copy(step)
            connector.retract(strays.of_step(s, step) if copy else receipt_of(move.post.receipt))
            return Removed()
        limits = connector.limits()
        planned = s.planned(move.post)
        if step.verb is Verb.STAGE:
            photo = next(photo for photo in planned.photos if photo.id == step.photo)
            sofar = Staged(step.result) if step.result is not None else None
            return connector.stage(photo, self._pictures.file(photo), sofar)
        part = s.part(move.post)
        if step.verb is Verb.AMEND:
            return connector.amend(part)
        if not limits.stages:
            files = [self._pictures.file(photo) for photo in planned.photos]
            part = replace(part, files=files)
        if step.verb is Verb.COMPOSE:
            return connector.compose(part)
        return connector.publish(replace(part, sent_at=step.sent_at))

    def discard(self, s: Situation, connector: Connector, move: moves.Discard) -> None:
        """Throw away what never went out, as well as that can be done; it is tried once."""
        staged = [Staged(step.result or {}) for step in move.steps if step.verb is Verb.STAGE]
        composed = [Staged(step.result or {}) for step in move.steps if step.verb is Verb.COMPOSE]
        try:
            connector.discard(staged, next(iter(composed), None))
        except Exception:
            log.exception("Uploads of delivery %s could not be removed", move.post.delivery_id)
        for step in move.steps:
            self.record(s, step, Removed())

    def record(self, s: Situation, step: Step, answer: Answer) -> None:
        """Append the fact, unfenced."""
        self._keep(s, Source.ANSWER, [(step, answer)])

    def _keep(self, s: Situation, source: Source, came: Sequence[Came], **more: bool) -> None:
        """Write down what happened: it is not lost to a full disk or a database that is away."""
        waits = iter(self._rules.record_again_s)
        while True:
            try:
                return self._append(s, source, came, **more)
            except (OperationalError, InternalError) as error:
                log.exception("Answers of delivery %s can't be written down", s.delivery.id)
                wait_s = next(waits, None)
                if wait_s is None:
                    raise
                self.reserve.spend(error)
                Event().wait(wait_s)

    def _append(self, s: Situation, source: Source, came: Sequence[Came], **more: bool) -> None:
        lasting = any(step.verb not in REPEATABLE for step, _answer in came)
        with self._db.write(alone=False, lasting=lasting) as session:
            facts.record(session, source, came, now=self._clock.now(), **more)
            for step, answer in came:
                self._mark_account(session, s, step, answer)

    def _mark_account(self, session: Session, s: Situation, step: Step, answer: Answer) -> None:
        """Keep the account's state. A 401 first asks for a renewal; a second one is believed."""
        if facts.nothing_to_mark(s.account, answer, self._clock.now()):
            return
        before = s.facts.get(step.id, ())[-1:]
        told_before = any(fact.body.get("disconnected") for fact in before)
        renews = s.account.network in self.renewed and not told_before
        facts.mark_account(
            *(session, s.account.id, s.account.version, answer, self._rules, self._clock.now()),
            renews=renews,
        )

    def _keep_pace(self, s: Situation, connector: Connector) -> None:
        """Write down what the network's answers said of its limits, if it says such things."""
        pace = connector.pace() if hasattr(connector, "pace") else None
        if pace is None:
            return
        with self._db.write(alone=False) as session:
            account = session.get_one(Account, s.account.id, with_for_update=True)
            budgets.keep(account, pace, self._clock.now())

    def look(self, claim: Claim, s: Situation, connector: Connector, move: moves.Look) -> None:
        """Read whether a publish happened, and write down what was found."""
        part = s.part(move.post, move.step.generation)
        answer = self._answer(claim, move.step, lambda: connector.find(part))
        told = answer
        if isinstance(answer, DeliveryError) and not isinstance(answer, TryLater):
            asked = answer.wait_s if isinstance(answer, OutcomeUnknown) else None
            answer = TryLater(str(answer), max(asked or 0.0, self._rules.backoff_s))
        counted = move.counted and isinstance(answer, Absent)
        self._keep(s, Source.READ, [(move.step, answer)], counted=counted, again=move.again)
        if isinstance(told, Disconnected):
            with self._db.write(alone=False) as session:
                self._mark_account(session, s, move.step, told)
        self._keep_pace(s, connector)

    def lost(self, claim: Claim, step: Step) -> None:
        """Write down that no answer will come for this step any more."""
        with self._db.write(alone=False) as session:
            self._claims.fenced(session, claim)
            row = session.get_one(Step, step.id)
            gone = OutcomeUnknown("The process that sent this ended before the answer came.")
            facts.record(session, Source.READ, [(row, gone)], now=self._clock.now())


def _together(back: SimpleQueue[Came], most: int) -> list[Came]:
    """Wait for an answer, and for those that come with it."""
    came = [back.get()]
    with suppress(Empty):
        while len(came) < most:
            came.append(back.get(timeout=TOGETHER_S))
    return came
