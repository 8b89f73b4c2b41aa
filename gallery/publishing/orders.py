"""Ordering posts: a plan becomes a delivery with its posts and steps, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from gallery.errors import Conflict, InvalidInput
from gallery.models import (
    Account,
    AccountState,
    Album,
    Delivery,
    Draft,
    Post,
    State,
    new_id,
)
from gallery.networks.contract import Limits
from gallery.publishing import compose, steps
from gallery.publishing.plan import Plan
from gallery.publishing.schedule import When
from gallery.settings import Settings

OPEN = (State.PROPOSED, State.SCHEDULED, State.MISSED, State.GOING, State.NEEDS_HUMAN)
OVER = (State.FAILED, State.CANCELLED, State.RETRACTED)  # nothing of these is live or pending


def order(
    session: Session,
    settings: Settings,
    *,
    album: Album,
    draft: Draft,
    account: Account,
    limits: Limits,
    now: datetime,
    by: str | None,
    seen_hash: str | None = None,
    seen_round: int | None = None,
    again: bool = False,
    when: When | None = None,
    approval: bool = False,
) -> tuple[Delivery, bool]:
    """Order a post, and whether this order is new.

    The same order again is no new one: it names the delivery that there is. `seen_hash` and
    `seen_round` are what the preview showed; if the album changed since, Conflict is raised.
    A new round opens when nothing of the earlier ones is live, pending or unknown, or `again`.
    It begins at `when` (None: now), or with `approval` once a person has approved it.
    """
    earlier = compose.latest(session, account, draft)
    round_ = earlier.round + 1 if earlier else 1
    if earlier is not None and _is_the_same(earlier, round_, seen_round, again=again):
        return earlier, False
    if account.state is not AccountState.OK:
        raise InvalidInput(f"{account.name} must be connected again before anything can be posted.")
    made = compose.planned(session, settings, album, compose.words_of(draft), limits, now)
    if seen_hash not in (None, made.hash):
        raise Conflict("The album changed since this preview, so nothing was posted. Look again.")
    delivery = Delivery(id=new_id(), account_id=account.id, draft_id=draft.id, round=round_)
    delivery.album_revision, delivery.draft_revision = album.revision, draft.revision
    delivery.ordered_by, delivery.ordered_at = by, now
    write(session, delivery, made, limits, now)
    set_time(delivery, when, now, approval=approval)
    return delivery, True


def _is_the_same(earlier: Delivery, round_: int, seen_round: int | None, *, again: bool) -> bool:
    """Whether an order means the delivery that there is already."""
    overtaken = seen_round is not None and seen_round != round_
    return earlier.state in OPEN or overtaken or (earlier.state not in OVER and not again)


def set_time(delivery: Delivery, when: When | None, now: datetime, *, approval: bool) -> None:
    """Have a delivery begin at `when` (None: now), or with `approval` wait for a person first."""
    delivery.wall = when.wall if when else None
    delivery.zone = when.zone if when else "UTC"
    delivery.due_at = delivery.patient_from = when.at if when else now
    delivery.why, delivery.reason, delivery.question = "", "", None
    if approval:
        delivery.state, delivery.wake_at = State.PROPOSED, None
    else:
        delivery.state = State.SCHEDULED if when else State.GOING
        delivery.wake_at = delivery.due_at


def write(session: Session, delivery: Delivery, made: Plan, limits: Limits, now: datetime) -> None:
    """Store the plan with a delivery, its posts and their steps; it is due now."""
    delivery.plan, delivery.plan_hash = made.to_json(), made.hash
    delivery.due_at = delivery.patient_from = delivery.wake_at = now
    session.add(delivery)
    session.flush()
    for planned in made.posts:
        post = Post(delivery_id=delivery.id, nth=planned.nth, generation=1, opened_at=now)
        session.add(post)
        session.flush()
        session.add_all(steps.to_publish(post, planned, limits))
