"""A person's word upon a question, as facts and steps; `ledger.settle` locks and asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gallery.errors import Conflict
from gallery.models import Fact, Outcome, Post, Source, Step, StepState, Verb
from gallery.networks.contract import Receipt
from gallery.publishing import facts, steps, strays
from gallery.publishing.lock import Lives, process_of
from gallery.publishing.situation import Situation


def of_publish(
    session: Session,
    s: Situation,
    publish: Step,
    seen: str | None,
    *,
    lives: Lives,
    now: datetime,
) -> None:
    """It is there, at the address `seen` ("": to be looked up); or it is not.

    Raises Conflict while it may be sent.
    """
    if seen == "":
        _add(session, publish, Outcome.SEEN, now)
        return
    if seen is not None:
        receipt = Receipt(None, seen)
        facts.record(session, Source.PERSON, [(publish, receipt)], now=now)
        return
    _nobody_sends(s, publish, lives)
    _add(session, publish, Outcome.NOT_SEEN, now)


def of_retract(
    session: Session, s: Situation, posts: Sequence[Post], seen: str | None, *, now: datetime
) -> None:
    """The first of these was removed by hand; or it is still there, and is to be tried again.

    Without any it is about a second copy.
    """
    if not posts:
        strays.answer(session, s, seen, now=now)
        return
    post = posts[0]
    step = s.retracting(post)
    if step is None or (seen is not None and step.state is StepState.REFUSED):
        step = facts.another_step(post, Verb.RETRACT, step.edition + 1 if step else 1)
        session.add(step)
        session.flush()
    if seen is None:
        _add(session, step, Outcome.GONE, now)


def of_amend(
    session: Session, s: Situation, seen: str | None, *, lives: Lives, now: datetime
) -> None:
    """It was changed by hand; or it was not, and is to be tried again."""
    open_ = [(post, step) for post in s.posts if (step := s.open_amend(post)) is not None]
    for _post, step in open_:
        if step.state is StepState.SENT:
            _nobody_sends(s, step, lives)
    if seen is not None:
        step = open_[0][1]
        facts.record(session, Source.PERSON, [(step, Receipt(None, seen))], now=now)
        return
    s.delivery.edition += 1
    session.add_all(steps.amending(s.delivery, post) for post, _step in open_)


def _nobody_sends(s: Situation, step: Step, lives: Lives) -> None:
    """Raises Conflict while the process that sent this step may still be on the wire."""
    known = s.facts.get(step.id, [])
    answered = any(f.source is Source.ANSWER and f.attempt == step.attempt for f in known)
    owner = step.sent_by or ""
    if not answered and not lives.gone(owner):
        raise Conflict(
            f"Process {process_of(owner)} may still be sending this post. End it first, then answer."
        )


def _add(session: Session, step: Step, outcome: Outcome, now: datetime) -> None:
    person = Fact(step_id=step.id, attempt=step.attempt, source=Source.PERSON, body={}, at=now)
    person.outcome = outcome
    session.add(person)
