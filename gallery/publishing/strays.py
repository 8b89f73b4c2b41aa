"""Second copies of a post: which there are, and what is next for each. Pure but for `answer`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gallery.models import Aim, Fact, Outcome, Post, Source, Step, StepState, Verb
from gallery.networks.contract import Receipt
from gallery.publishing import sending
from gallery.publishing.moves import Ask, Move, View, Withdraw
from gallery.publishing.situation import Situation, receipt_of

KEPT = "kept"  # why a step is done that was never sent: a person lets the copy stand


@dataclass(frozen=True)
class Stray:
    """A second receipt, and the newest step that removes it, once somebody decided."""

    fact: Fact
    post: Post
    step: Step | None

    @property
    def receipt(self) -> Receipt:
        """What the network calls it."""
        return receipt_of(self.fact.body)

    @property
    def kept(self) -> bool:
        """Whether a person lets it stand."""
        return self.step is not None and self.step.why == KEPT

    @property
    def gone(self) -> bool:
        """Whether it was removed."""
        return self.step is not None and self.step.state is StepState.DONE and not self.kept

    def another_step(self) -> Step:
        """One more call that removes it. Its `photo` says which copy is meant."""
        return Step(
            delivery_id=self.post.delivery_id,
            nth=self.post.nth,
            verb=Verb.RETRACT,
            photo=mark(self.fact),
            generation=self.post.generation,
            edition=self.step.edition + 1 if self.step else 1,
        )


def mark(fact: Fact) -> str:
    """What names a second copy in the steps that remove it."""
    return fact.id[:6]


def of(s: Situation) -> list[Stray]:
    """All second copies of a delivery, in the order in which they appeared."""
    verbs = {step.id: step.nth for step in s.steps}
    known = [f for facts in s.facts.values() for f in facts if f.outcome is Outcome.STRAY]
    return [
        Stray(fact, s.posts[verbs[fact.step_id] - 1], _newest(s, fact))
        for fact in sorted(known, key=lambda fact: (fact.at, fact.id))
    ]


def of_step(s: Situation, step: Step) -> Receipt:
    """The second copy that this step removes."""
    return next(stray.receipt for stray in of(s) if mark(stray.fact) == step.photo)


def standing(s: Situation) -> bool:
    """Whether a second copy is still there, for all that is known."""
    return any(not stray.gone for stray in of(s))


def next_move(s: Situation, view: View) -> Move | None:
    """Remove what a person wants removed; all of them when the delivery is to be taken back.

    So goes a copy of a post that was withdrawn, unless somebody kept it.
    """
    for stray in of(s):
        move = _move(s, stray, view)
        if move is not None:
            return move
    return None


def answer(session: Session, s: Situation, seen: str | None, *, now: datetime) -> None:
    """A person's word on a second copy that no program removed: it is gone, or to be tried again."""
    stray = next(stray for stray in of(s) if not stray.gone)
    step = stray.step
    if step is None or (seen is not None and step.state is StepState.REFUSED):
        step = stray.another_step()
        session.add(step)
        session.flush()
    if seen is None:
        person = Fact(step_id=step.id, attempt=step.attempt, source=Source.PERSON, body={}, at=now)
        person.outcome = Outcome.GONE
        session.add(person)


def _move(s: Situation, stray: Stray, view: View) -> Move | None:
    everything = s.delivery.aim is Aim.RETRACT
    step = stray.step
    by_hand = view.limits.retract == "by_hand" or stray.receipt.remote_id is None
    if step is None or stray.kept:
        undecided = step is None and s.retracting(stray.post) is not None and not by_hand
        return Withdraw(stray.post, mark(stray.fact)) if everything or undecided else None
    if step.state is StepState.DONE:
        return None
    if step.state is StepState.REFUSED or by_hand:
        return _ask(stray, step) if everything else None
    return sending.now([step], stray.post, view)


def _ask(stray: Stray, step: Step) -> Ask:
    because = step.reason or "No program may remove it."
    return Ask(
        f"Is this post still there? It is a second copy. {because} "
        f"Remove it by hand at {stray.receipt.url}."
    )


def _newest(s: Situation, fact: Fact) -> Step | None:
    steps = [x for x in s.steps if x.verb is Verb.RETRACT and x.photo == mark(fact)]
    return max(steps, key=lambda step: step.edition, default=None)
