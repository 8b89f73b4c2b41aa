"""Calls that may be struck; and each guard of publishing left out, to see the suite fail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gallery.errors import OutcomeUnknown, TryLater
from gallery.models import Delivery, Source, Step, Verb
from gallery.networks.contract import Limits
from gallery.publishing import facts
from gallery.publishing.calls import Calls
from gallery.publishing.claims import Claim, Claims
from gallery.publishing.clock import Watch
from gallery.publishing.lock import LifeLock
from gallery.publishing.situation import Situation
from tests.faults.points import Points


class StruckCalls(Calls):
    """Calls that can be struck between having seen what to do and its intent."""

    points: Points

    def intend(self, claim: Claim, s: Situation, step: Step, limits: Limits) -> bool:
        self.points.strike(self.points.count("intent", step.verb.value), "before")
        return super().intend(claim, s, step, limits)

    def _keep(self, s: Situation, source: Source, came: Sequence[facts.Came], **more: bool) -> None:
        """One fact a commit, so that commits can be counted whatever comes back together."""
        for one in came:
            super()._keep(s, source, [one], **more)


class NoIntent(StruckCalls):
    """Control: publishes without writing down first that it does."""

    def intend(self, claim: Claim, s: Situation, step: Step, limits: Limits) -> bool:
        if step.verb is not Verb.PUBLISH:
            return super().intend(claim, s, step, limits)
        step.attempt += 1
        return True


class Definite(StruckCalls):
    """Control: takes an unclear end for a clear no."""

    def record(self, s: Situation, step: Step, answer: facts.Answer) -> None:
        if isinstance(answer, OutcomeUnknown):
            answer = TryLater(str(answer), 0.0)
        super().record(s, step, answer)


class Blind(LifeLock):
    """Control: believes that whoever lets its lease go is dead."""

    def free(self, owner: str) -> bool:
        return owner != self.owner


class Unfenced(Claims):
    """Control: whoever once had a delivery goes on with it."""

    def fenced(self, session: Session, claim: Claim) -> Delivery:
        return session.get_one(Delivery, claim.delivery_id)

    def holds(self, claim: Claim) -> bool:
        return True


class Stateless(StruckCalls):
    """Part of the control above: the step's own state is not looked at before an intent either."""

    def intend(self, claim: Claim, s: Situation, step: Step, limits: Limits) -> bool:
        super().intend(claim, s, step, limits)
        return True


class FencedFacts(StruckCalls):
    """Control: an answer that comes late is thrown away."""

    def record(self, s: Situation, step: Step, answer: facts.Answer) -> None:
        with self._db.read() as session:
            delivery = session.get_one(Delivery, step.delivery_id)
            late = delivery.owner != self._lock.owner or delivery.fence != s.delivery.fence
        if not late:
            super().record(s, step, answer)


class Unwatched(Watch):
    """Control: nobody notices that the clock was set."""

    def now(self) -> datetime:
        return self._clock.now()


# what the carrier is made of without each guard; two are made otherwise instead
CONTROLS: dict[str, dict[str, Any]] = {
    "no intent": {"calls": NoIntent},
    "5xx is definite": {"calls": Definite},
    "settle too early": {},
    "clock jump unseen": {},
    "no fence": {"claims": Unfenced, "calls": Stateless},
    "no life lock": {"lock": Blind},
    "late fact unread": {"calls": FencedFacts},
}
