"""Whose turn it is at an account: one delivery at a time, posts in the order they were due.

What is to be posted and is under way, or waits for a known time, keeps its turn: whatever came
later stands behind it. What waits for a person has no turn to keep. What is done to posts that
are there already (taking back, amending, second looks) needs none, and goes first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select, tuple_
from sqlalchemy.orm import Session, aliased, defer

from gallery.models import Aim, Delivery, Post, PostState, State

MOST_DUE = 500
_light = select(Delivery).options(defer(Delivery.plan))  # nobody needs it to know whose turn it is


def posting(delivery: Delivery) -> bool:
    """Whether it needs a turn: it is to be posted, and nobody has stopped or finished it."""
    return delivery.state is State.GOING and delivery.aim is Aim.PUBLISH


def head(session: Session, account_id: str) -> Delivery | None:
    """The delivery that has the turn to be posted to this account.

    One of which a post is out already goes before all others, so that no two are interleaved.
    """
    begun = exists().where(Post.delivery_id == Delivery.id, Post.state == PostState.LIVE)
    return session.scalar(
        _light.where(Delivery.account_id == account_id, _POSTING, Delivery.wake_at.is_not(None))
        .order_by(begun.desc(), Delivery.due_at, Delivery.ordered_at, Delivery.id)
        .limit(1)
    )


def next_for(session: Session, account_id: str, now: datetime) -> Delivery | None:
    """The delivery of this account that somebody should carry now, if there is one."""
    waiting = _light.where(Delivery.account_id == account_id, Delivery.wake_at <= now)
    free = session.scalar(waiting.where(~_POSTING).order_by(Delivery.wake_at).limit(1))
    first = free or head(session, account_id)
    return first if first and first.wake_at is not None and first.wake_at <= now else None


def in_hand(session: Session, account_id: str) -> Sequence[Delivery]:
    """The deliveries of this account that a process has taken, whether it still lives or not."""
    return session.scalars(
        _light.where(Delivery.account_id == account_id, Delivery.owner.is_not(None))
    ).all()


def due(session: Session, now: datetime, dead: Callable[[Delivery], bool]) -> list[str]:
    """One delivery for each account that has something due and nothing in living hands."""
    busy = {
        delivery.account_id
        for delivery in session.scalars(_light.where(Delivery.owner.is_not(None)))
        if not dead(delivery)
    }
    accounts = session.scalars(
        select(Delivery.account_id).where(Delivery.wake_at <= now).distinct().limit(MOST_DUE)
    ).all()
    rows = [next_for(session, account, now) for account in accounts if account not in busy]
    return [row.id for row in rows if row is not None]


def behind(session: Session, ids: Sequence[str]) -> set[str]:
    """Which of these deliveries are ready and wait only for one of their account that is first."""
    other = aliased(Delivery)
    earlier = exists().where(
        other.account_id == Delivery.account_id,
        other.state == State.GOING,
        other.aim == Aim.PUBLISH,
        other.wake_at.is_not(None),
        tuple_(other.due_at, other.ordered_at, other.id)
        < tuple_(Delivery.due_at, Delivery.ordered_at, Delivery.id),
    )
    rows = select(Delivery.id).where(
        Delivery.id.in_(ids), _POSTING, Delivery.owner.is_(None), earlier
    )
    return set(session.scalars(rows))


_POSTING: ColumnElement[bool] = and_(Delivery.state == State.GOING, Delivery.aim == Aim.PUBLISH)
