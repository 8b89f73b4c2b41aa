"""Where what stands on the networks differs from the album, and what can be done about it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import Conflict, DeliveryError, InvalidInput, NotFound
from gallery.models import Account, Aim, Album, Delivery, Draft, Post, PostState
from gallery.publishing import accounts, compare, compose, difference, ledger, recheck
from gallery.publishing.accounts import AccountView, LimitsOf
from gallery.publishing.compare import Changes
from gallery.publishing.plan import Plan
from gallery.settings import Settings

Can = Literal["amend", "replace", "leave"]


@dataclass(frozen=True)
class Difference:
    """A live delivery that is not as the album would be posted now."""

    delivery_id: str
    draft: str  # its name
    account: AccountView
    changes: Changes
    sentences: tuple[str, ...]  # what differs
    advice: str  # what can be done there
    can: Can  # amend: change it in place; replace: take it back and post anew; leave: neither
    plan: Plan | None  # what would stand there afterwards


def differing(
    session: Session, settings: Settings, limits_of: LimitsOf, album: Album, *, now: datetime
) -> list[Difference]:
    """The live deliveries of an album that differ from it, the newest first.

    A fixed number of queries. What is being changed or taken back already is not among them.
    """
    rows = session.execute(
        select(Delivery, Draft, Account)
        .join(Draft, Draft.id == Delivery.draft_id)
        .join(Account, Account.id == Delivery.account_id)
        .where(Draft.album_id == album.id, Delivery.state.in_(ledger.OUT))
        .where(Delivery.aim == Aim.PUBLISH)
        .order_by(Delivery.ordered_at.desc(), Delivery.id)
    ).all()
    if not rows:
        return []
    live = _live(session, [delivery.id for delivery, *_ in rows])
    made = compose.source(session, settings, album, now)
    found = [
        _difference(delivery, draft, account, live[delivery.id], made, limits_of)
        for delivery, draft, account in rows
    ]
    return [one for one in found if one is not None]


def change(
    session: Session,
    settings: Settings,
    limits_of: LimitsOf,
    delivery_id: str,
    *,
    now: datetime,
    by: str | None,
    in_place: bool | None = None,
) -> list[Delivery]:
    """Make a delivery as its album is now: in place where the network can, else by replacing it.

    `in_place` asks for one of the two. Gives the delivery, and after it the one that replaces it.
    If nothing differs nothing is ordered. Raises Conflict if neither can be done, InvalidInput if
    there is nothing left to post.
    """
    delivery = ledger.locked(session, delivery_id)
    if delivery.aim is Aim.AMEND and in_place is not False:
        raise Conflict("This delivery is being changed already; see first where it stands.")
    account = session.get_one(Account, delivery.account_id)
    limits = limits_of(account)
    made = recheck.afresh(session, settings, delivery, limits, now)
    before = Plan.from_json(delivery.plan)
    if in_place is not False and not compare.plans(before, made) and _is_out(delivery):
        return [delivery]
    live = set(_live(session, [delivery_id])[delivery_id])
    if in_place is None:
        in_place = _is_out(delivery) and compare.in_place(before, made, limits, live)
    if in_place:
        return [ledger.amend(session, delivery_id, made, limits, now=now)]
    if not ledger.may_be_live(session, delivery_id):
        raise Conflict("Nothing of this delivery is out, so there is nothing to replace.")
    made = recheck.afresh(session, settings, delivery, limits, now, anew=True)
    new = ledger.replace(session, delivery_id, made, limits, now=now, by=by)
    return [delivery, new]


def _is_out(delivery: Delivery) -> bool:
    return delivery.aim is Aim.PUBLISH and delivery.state in ledger.OUT


def _live(session: Session, ids: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    rows = select(Post.delivery_id, Post.nth).where(
        Post.delivery_id.in_(ids), Post.state == PostState.LIVE
    )
    for delivery_id, nth in session.execute(rows):
        found[delivery_id].append(nth)
    return found


def _difference(
    delivery: Delivery,
    draft: Draft,
    account: Account,
    live: list[int],
    source: compose.Source,
    limits_of: LimitsOf,
) -> Difference | None:
    before = Plan.from_json(delivery.plan)
    known = Difference(
        delivery.id, draft.name, accounts.view_of(account), Changes(), (), "", "leave", None
    )
    try:
        limits = limits_of(account)
        made = recheck.once_more(source, draft, before, limits)
    except (InvalidInput, NotFound, DeliveryError) as error:
        return replace(
            known, sentences=(str(error),), advice="It stays as it is, or is taken back."
        )
    changes = compare.plans(before, made)
    if not changes:
        return None
    place = compare.in_place(before, made, limits, live)
    return replace(
        known,
        changes=changes,
        sentences=tuple(difference.difference(before, made)),
        advice=_advice(known.account.label, in_place=place),
        can="amend" if place else "replace",
        plan=made,
    )


def _advice(label: str, *, in_place: bool) -> str:
    if in_place:
        return f"{label} can change this where it stands."
    return (
        f"{label} can't change this where it stands; the post can be taken back and posted anew, "
        "which loses its likes and comments."
    )
