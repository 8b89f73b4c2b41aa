"""Withdrawing one post of a delivery on purpose, while its other posts stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from gallery.errors import Conflict, NotFound
from gallery.models import Aim, Delivery, Post, PostState, State, Verb
from gallery.publishing import facts, ledger
from gallery.publishing.situation import Situation


def withdraw(session: Session, delivery_id: str, nth: int, *, now: datetime) -> Delivery:
    """Take one live post with its media back; the last one that is left takes all back.

    Twice is once, and what is gone already is gone. Its photos are kept out of whatever replaces
    this delivery. Raises NotFound if there is no such post, Conflict if it is not out, or while
    the delivery is under way.
    """
    delivery = ledger.locked(session, delivery_id)
    s = Situation.load(session, delivery_id)
    post = next((post for post in s.posts if post.nth == nth), None)
    if post is None:
        raise NotFound(f"This delivery has no post {nth}.")
    done = post.state is PostState.GONE or s.retracting(post) is not None
    if done or delivery.aim is Aim.RETRACT:
        return delivery
    _check(s, post)
    if not any(other is not post for other in s.posts if stays(s, other)):
        return ledger.retract(session, delivery_id, now=now)
    session.add(facts.another_step(post, Verb.RETRACT))
    delivery.plan = s.plan.withdrawing(nth).to_json()
    delivery.state, delivery.question = s.standing(), None
    delivery.wake_at = now
    return delivery


def stays(s: Situation, post: Post) -> bool:
    """Whether this post is, or still might go, out and nobody wants it gone."""
    return post.state is not PostState.GONE and s.retracting(post) is None


def _check(s: Situation, post: Post) -> None:
    delivery = s.delivery
    if post.state is not PostState.LIVE:
        raise Conflict(f"Post {post.nth} is not out, so there is nothing to withdraw.")
    beside = delivery.aim is Aim.PUBLISH and delivery.state is State.NEEDS_HUMAN
    if delivery.state not in ledger.OUT and not (beside and s.withdrawing()):
        raise Conflict(
            "This delivery is under way. Withdraw the post when it stands, or take all of it back."
        )
