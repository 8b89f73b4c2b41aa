"""What people do to deliveries: their word on a question, going on, cancelling, taking back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import Conflict, NotFound
from gallery.models import (
    Aim,
    Delivery,
    Fact,
    Outcome,
    Post,
    PostState,
    Source,
    State,
    Step,
    StepState,
    Verb,
)
from gallery.networks.contract import Receipt
from gallery.publishing import facts
from gallery.publishing.lock import gone, process_of
from gallery.publishing.orders import OVER
from gallery.publishing.situation import Situation


def settle(
    session: Session, delivery_id: str, seen: str | None, *, processes: Path, now: datetime
) -> Delivery:
    """A person's word about a post in question: `seen` is its address, None: it is not there.

    It is a fact about the last attempt; a fact that came first wins. Raises Conflict if nothing
    is asked, or while the process that sends it is still alive.
    """
    delivery = _locked(session, delivery_id)
    s = Situation.load(session, delivery_id)
    if delivery.state is not State.NEEDS_HUMAN:
        raise Conflict("Nothing is asked about this delivery; it is as it is shown.")
    post = s.pending()
    publish = s.step(post, Verb.PUBLISH) if post else None
    if publish is not None and publish.state in (StepState.SENT, StepState.UNKNOWN):
        _say(session, s, publish, seen, processes, now)
    elif delivery.aim is Aim.RETRACT:
        _say_of_retract(session, s, seen, now)
    elif seen is not None:
        raise Conflict("This post was never sent, so it can't be there; answer that it is not.")
    delivery.state, delivery.question = State.GOING, None
    delivery.patient_from = delivery.wake_at = now
    return delivery


def go_on(session: Session, delivery_id: str, *, now: datetime) -> Delivery:
    """Try the refused rest of a partial delivery again. Raises Conflict if there is none."""
    delivery = _locked(session, delivery_id)
    s = Situation.load(session, delivery_id)
    post = s.pending()
    if delivery.state is not State.PARTIAL or post is None:
        raise Conflict("Nothing is left to be posted of this delivery.")
    facts.another_generation(session, s, post)
    delivery.state, delivery.reason = State.GOING, ""
    delivery.patient_from = delivery.wake_at = now
    return delivery


def cancel(session: Session, delivery_id: str) -> Delivery:
    """Stop a delivery of which nothing was sent yet. Raises Conflict if something may be live."""
    delivery = _locked(session, delivery_id)
    if delivery.state not in (State.GOING, State.NEEDS_HUMAN) or _may_be_live(session, delivery_id):
        raise Conflict("Part of it is out, or may be; it can't be cancelled any more.")
    delivery.aim, delivery.state = Aim.RETRACT, State.CANCELLED
    delivery.question, delivery.why, delivery.reason = None, "", ""
    delivery.wake_at = None
    return delivery


def _locked(session: Session, delivery_id: str) -> Delivery:
    delivery = session.scalar(select(Delivery).where(Delivery.id == delivery_id).with_for_update())
    if delivery is None:
        raise NotFound("There is no such delivery.")
    return delivery


def retract(session: Session, delivery_id: str, *, now: datetime) -> Delivery:
    """Take everything of this delivery back; if nothing was sent yet, cancel it.

    Twice is once. Raises Conflict if there is nothing to take back.
    """
    delivery = _locked(session, delivery_id)
    if delivery.aim is Aim.RETRACT:
        return delivery
    if delivery.state in (State.GOING, State.NEEDS_HUMAN) and not _may_be_live(
        session, delivery_id
    ):
        return cancel(session, delivery_id)
    if delivery.state in OVER:
        raise Conflict("Nothing of this delivery is live, so there is nothing to take back.")
    delivery.aim, delivery.state = Aim.RETRACT, State.GOING
    delivery.question, delivery.why, delivery.reason = None, "", ""
    delivery.patient_from = delivery.wake_at = now
    return delivery


def _may_be_live(session: Session, delivery_id: str) -> bool:
    sent = select(Step.id).where(
        Step.delivery_id == delivery_id,
        Step.verb == Verb.PUBLISH,
        Step.state.in_((StepState.SENT, StepState.UNKNOWN, StepState.DONE)),
    )
    live = select(Post.nth).where(Post.delivery_id == delivery_id, Post.state == PostState.LIVE)
    return session.scalar(sent.limit(1)) is not None or session.scalar(live.limit(1)) is not None


def _say_of_retract(session: Session, s: Situation, seen: str | None, now: datetime) -> None:
    """It was removed by hand; or it is still there, and is to be tried again."""
    post = s.live()[0]
    step = s.retracting(post)
    if step is None or (seen is not None and step.state is StepState.REFUSED):
        step = facts.another_step(post, Verb.RETRACT, step.edition + 1 if step else 1)
        session.add(step)
        session.flush()
    if seen is None:
        fact = Fact(step_id=step.id, attempt=step.attempt, source=Source.PERSON, body={}, at=now)
        fact.outcome = Outcome.GONE
        session.add(fact)


def _say(
    session: Session,
    s: Situation,
    publish: Step,
    seen: str | None,
    processes: Path,
    now: datetime,
) -> None:
    if seen is not None:
        receipt = Receipt(None, seen)
        facts.record(session, publish, publish.attempt, Source.PERSON, receipt, now=now)
        return
    owner = publish.sent_by or ""
    known = s.facts.get(publish.id, [])
    answered = any(f.source is Source.ANSWER and f.attempt == publish.attempt for f in known)
    if not answered and not gone(processes, owner):
        raise Conflict(
            f"Process {process_of(owner)} may still be sending this post. End it first, then answer."
        )
    session.add(
        Fact(
            step_id=publish.id,
            attempt=publish.attempt,
            source=Source.PERSON,
            outcome=Outcome.NOT_SEEN,
            body={},
            at=now,
        )
    )
