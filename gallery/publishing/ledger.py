"""What people do to deliveries: their word on a question, going on, changing, taking back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from gallery.errors import Conflict, NotFound
from gallery.models import (
    Aim,
    Album,
    Delivery,
    Draft,
    Post,
    PostState,
    State,
    Step,
    StepState,
    Verb,
    new_id,
)
from gallery.networks.contract import Limits
from gallery.publishing import answers, compare, facts, orders, steps
from gallery.publishing.lock import Lives
from gallery.publishing.orders import OVER
from gallery.publishing.plan import Plan
from gallery.publishing.situation import Situation

OUT = (State.PUBLISHED, State.PARTIAL)  # something of these is live
NOT_OUT = (State.PROPOSED, State.SCHEDULED, State.MISSED, State.GOING, State.NEEDS_HUMAN)


def settle(
    session: Session, delivery_id: str, seen: str | None, *, lives: Lives, now: datetime
) -> Delivery:
    """A person's word about a post in question: `seen` is its address, None: it is not there.

    Without an address, "", it is looked up, and the address is asked for if that finds nothing.

    It is a fact about the last attempt; a fact that came first wins. Raises Conflict if nothing
    is asked, or while the process that sends it is still alive.
    """
    delivery = locked(session, delivery_id)
    s = Situation.load(session, delivery_id)
    if delivery.state is not State.NEEDS_HUMAN:
        raise Conflict("Nothing is asked about this delivery; it is as it is shown.")
    post = s.pending()
    publish = s.step(post, Verb.PUBLISH) if post else None
    beside = s.withdrawing() if delivery.aim is Aim.PUBLISH else []
    if beside:
        answers.of_retract(session, s, beside, seen, now=now)
    elif publish is not None and publish.state in (StepState.SENT, StepState.UNKNOWN):
        answers.of_publish(session, s, publish, seen, lives=lives, now=now)
    elif delivery.aim is Aim.RETRACT:
        answers.of_retract(session, s, s.live(), seen, now=now)
    elif delivery.aim is Aim.AMEND:
        answers.of_amend(session, s, seen, lives=lives, now=now)
    elif seen is not None:
        raise Conflict("This post was never sent, so it can't be there; answer that it is not.")
    delivery.state, delivery.question = s.standing() if beside else State.GOING, None
    delivery.patient_from = delivery.wake_at = now
    return delivery


def go_on(session: Session, delivery_id: str, *, now: datetime) -> Delivery:
    """Try the refused rest of a partial delivery again. Raises Conflict if there is none."""
    delivery = locked(session, delivery_id)
    s = Situation.load(session, delivery_id)
    post = s.pending()
    if delivery.state is not State.PARTIAL or post is None:
        raise Conflict("Nothing is left to be posted of this delivery.")
    _nothing_leaves(s)
    facts.another_generation(session, s, post)
    delivery.state, delivery.reason = State.GOING, ""
    delivery.patient_from = delivery.wake_at = now
    return delivery


def cancel(session: Session, delivery_id: str, *, now: datetime) -> Delivery:
    """Stop a delivery of which nothing was sent yet. Raises Conflict if something may be live.

    It is carried once more, to throw away what was uploaded.
    """
    delivery = locked(session, delivery_id)
    if delivery.state not in NOT_OUT or may_be_live(session, delivery_id):
        raise Conflict("Part of it is out, or may be; it can't be cancelled any more.")
    delivery.aim, delivery.state = Aim.RETRACT, State.CANCELLED
    delivery.question, delivery.why, delivery.reason = None, "", ""
    delivery.wake_at = now
    return delivery


def retract(session: Session, delivery_id: str, *, now: datetime) -> Delivery:
    """Take everything of this delivery back; if nothing was sent yet, cancel it.

    Twice is once. Raises Conflict if there is nothing to take back.
    """
    delivery = locked(session, delivery_id)
    if delivery.aim is Aim.RETRACT:
        return delivery
    if delivery.state in NOT_OUT and not may_be_live(session, delivery_id):
        return cancel(session, delivery_id, now=now)
    if delivery.state in OVER:
        raise Conflict("Nothing of this delivery is live, so there is nothing to take back.")
    delivery.aim = Aim.RETRACT
    wake(delivery, now)
    return delivery


def retract_everywhere(
    session: Session, album_id: str, *, now: datetime, account_id: str | None = None
) -> list[Delivery]:
    """Take back all that this album has on its networks, or on one account; which deliveries."""
    rows = (
        select(Delivery.id)
        .join(Draft, Draft.id == Delivery.draft_id)
        .where(Draft.album_id == album_id, Delivery.state.not_in(OVER))
        .where(Delivery.aim != Aim.RETRACT)
        .order_by(Delivery.id)
    )
    if account_id is not None:
        rows = rows.where(Delivery.account_id == account_id)
    return [retract(session, id_, now=now) for id_ in session.scalars(rows).all()]


def amend(
    session: Session, delivery_id: str, made: Plan, limits: Limits, *, now: datetime
) -> Delivery:
    """Make what is live of this delivery as `made` says, in place; nothing changed is no order.

    What of it is not out yet goes out as `made` says, if it was still going to. Raises Conflict if
    it can't be changed in place, or is not out.
    """
    delivery = locked(session, delivery_id)
    s = Situation.load(session, delivery_id)
    live = {post.nth for post in s.live()}
    if delivery.state not in OUT or not live:
        raise Conflict("Nothing of this delivery is out, so there is nothing to change there.")
    _nothing_leaves(s)
    if not compare.plans(s.plan, made):
        return delivery
    if not compare.in_place(s.plan, made, limits, live):
        raise Conflict("This network can't change that in place; replace the post instead.")
    if steps.replan(session, s, made, limits):
        delivery.aim = Aim.AMEND
    wake(delivery, now)
    return delivery


def replace(
    session: Session,
    delivery_id: str,
    made: Plan,
    limits: Limits,
    *,
    now: datetime,
    by: str | None,
) -> Delivery:
    """Take a delivery back and order `made` in its stead; the new delivery, a round of its own.

    It waits until the network has proved that the old one is gone. Raises Conflict if the old one
    is being taken back already, or if nothing of it may be live.
    """
    old = locked(session, delivery_id)
    if old.aim is Aim.RETRACT:
        raise Conflict("This delivery is being taken back already.")
    retract(session, delivery_id, now=now)
    draft = session.get_one(Draft, old.draft_id)
    last = session.scalar(
        select(func.max(Delivery.round)).where(
            Delivery.account_id == old.account_id, Delivery.draft_id == draft.id
        )
    )
    new = Delivery(
        id=new_id(),
        account_id=old.account_id,
        draft_id=draft.id,
        round=(last or 0) + 1,
        album_revision=session.get_one(Album, draft.album_id).revision,
        draft_revision=draft.revision,
        ordered_by=by,
        ordered_at=now,
        replaces=old.id,
    )
    orders.write(session, new, made, limits, now)
    return new


def _nothing_leaves(s: Situation) -> None:
    """Raises Conflict while a post of it is being withdrawn."""
    if s.withdrawing():
        raise Conflict("A post of it is being withdrawn; once that is gone, try again.")


def may_be_live(session: Session, delivery_id: str, nths: Collection[int] | None = None) -> bool:
    """Whether strangers may see any of these posts (None: all), for all that is known."""
    same = and_(Step.delivery_id == Post.delivery_id, Step.nth == Post.nth)
    sent = Step.state.in_((StepState.SENT, StepState.UNKNOWN, StepState.DONE))
    rows = (
        select(Post.nth)
        .join(Step, same)
        .where(Post.delivery_id == delivery_id, Post.state != PostState.GONE)
        .where(or_(Post.state == PostState.LIVE, and_(Step.verb == Verb.PUBLISH, sent)))
    )
    if nths is not None:
        rows = rows.where(Post.nth.in_(nths))
    return session.scalar(rows.limit(1)) is not None


def locked(session: Session, delivery_id: str) -> Delivery:
    """A delivery as it is now, and nobody else changes it meanwhile. Raises NotFound."""
    delivery = session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if delivery is None:
        raise NotFound("There is no such delivery.")
    return delivery


def wake(delivery: Delivery, now: datetime) -> None:
    """Let it be carried on from now, as its aim is; whatever was asked or waited for is over."""
    delivery.state, delivery.question = State.GOING, None
    delivery.why, delivery.reason = "", ""
    delivery.patient_from = delivery.wake_at = now
