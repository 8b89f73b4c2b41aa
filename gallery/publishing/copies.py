"""What people do with a second copy of a post: remove it, keep it, or say that it is gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from gallery.errors import Conflict, NotFound
from gallery.models import Delivery, Fact, Outcome, Source, StepState
from gallery.publishing import ledger, strays
from gallery.publishing.situation import Situation
from gallery.publishing.strays import KEPT, Stray


def remove(session: Session, delivery_id: str, copy_id: str, *, now: datetime) -> Delivery:
    """Have it removed on its network. Twice is once. Raises Conflict if its id is not known."""
    delivery, stray = _found(session, delivery_id, copy_id)
    if stray.receipt.remote_id is None:
        raise Conflict("The id of this copy is not known; remove it by hand, then say so here.")
    step = stray.step
    if step is None or stray.kept or step.state is StepState.REFUSED:
        session.add(stray.another_step())
    delivery.wake_at = now
    return delivery


def keep(session: Session, delivery_id: str, copy_id: str) -> Delivery:
    """Let it stand. Raises Conflict once it is being removed."""
    delivery, stray = _found(session, delivery_id, copy_id)
    step = stray.step
    if step is not None and not stray.kept and step.state is not StepState.REFUSED:
        raise Conflict("This copy is being removed, or gone already; it can't be kept any more.")
    if not stray.kept:
        kept = stray.another_step()
        kept.state, kept.why = StepState.DONE, KEPT
        session.add(kept)
    return delivery


def removed(session: Session, delivery_id: str, copy_id: str, *, now: datetime) -> Delivery:
    """A person removed it by hand. Raises NotFound."""
    delivery, stray = _found(session, delivery_id, copy_id)
    step = stray.step
    if step is None or stray.kept:
        step = stray.another_step()
        session.add(step)
        session.flush()
    fact = Fact(step_id=step.id, attempt=step.attempt, source=Source.PERSON, body={}, at=now)
    fact.outcome = Outcome.GONE
    session.add(fact)
    delivery.wake_at = now
    return delivery


def _found(session: Session, delivery_id: str, copy_id: str) -> tuple[Delivery, Stray]:
    delivery = ledger.locked(session, delivery_id)
    for stray in strays.of(Situation.load(session, delivery_id)):
        if stray.fact.id == copy_id:
            return delivery, stray
    raise NotFound("There is no such second copy.")
