"""What studio pages read of accounts and deliveries: where albums stand, in brief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from gallery.models import Account, AccountState, Album, Delivery, Draft, Post, PostState, State
from gallery.publishing.accounts import view_of

NEEDS_A_PERSON = (State.NEEDS_HUMAN, State.PARTIAL, State.FAILED, State.MISSED, State.PROPOSED)
SAYS = {
    State.GOING: ("on its way", ""),
    State.PROPOSED: ("waits for approval", "warn"),
    State.SCHEDULED: ("scheduled", ""),
    State.NEEDS_HUMAN: ("did this appear?", "bad"),
    State.PUBLISHED: ("published", "ok"),
    State.PARTIAL: ("partly out", "warn"),
    State.FAILED: ("refused", "bad"),
    State.MISSED: ("missed", "bad"),
    State.CANCELLED: ("cancelled", ""),
    State.RETRACTED: ("taken back", ""),
}


@dataclass(frozen=True)
class Stand:
    """One delivery of an album, in brief: where it stands in a word or two, with its links."""

    id: str
    account_id: str
    label: str
    account: str
    says: str
    kind: str  # ok, warn, bad or nothing
    ordered_at: datetime
    out: bool  # something of it is live
    behind: bool  # the album or its draft changed since it was ordered
    urls: list[str] = field(default_factory=list)


def needs_of(session: Session, album_ids: Sequence[str]) -> dict[str, int]:
    """How many deliveries of these albums wait for a person; a newer round replaces an older."""
    newer = aliased(Delivery)
    replaced = exists().where(
        newer.account_id == Delivery.account_id,
        newer.draft_id == Delivery.draft_id,
        newer.round > Delivery.round,
    )
    rows = session.execute(
        select(Draft.album_id, func.count())
        .join(Delivery, Delivery.draft_id == Draft.id)
        .where(Draft.album_id.in_(album_ids), Delivery.state.in_(NEEDS_A_PERSON), ~replaced)
        .group_by(Draft.album_id)
    )
    return {row[0]: row[1] for row in rows}


def stands(session: Session, album_id: str) -> list[Stand]:
    """The newest deliveries of an album, newest first. One query."""
    rows = session.execute(
        select(Delivery, Account, Post.receipt, Draft.revision, Album.revision)
        .join(Account, Account.id == Delivery.account_id)
        .join(Draft, Draft.id == Delivery.draft_id)
        .join(Album, Album.id == Draft.album_id)
        .outerjoin(Post, and_(Post.delivery_id == Delivery.id, Post.state == PostState.LIVE))
        .where(Draft.album_id == album_id)
        .order_by(Delivery.ordered_at.desc(), Delivery.id, Post.nth)
        .limit(400)
    )
    found: dict[str, Stand] = {}
    for delivery, account, receipt, *now in rows:
        behind = now != [delivery.draft_revision, delivery.album_revision]
        stand = found.setdefault(delivery.id, _stand(delivery, account, behind=behind))
        if url := (receipt or {}).get("url"):
            stand.urls.append(url)
    return list(found.values())[:20]


def _stand(delivery: Delivery, account: Account, *, behind: bool) -> Stand:
    says, kind = SAYS.get(delivery.state, (delivery.state.value, ""))
    label = view_of(account).label
    return Stand(
        delivery.id, account.id, label, account.name, says, kind, delivery.ordered_at,
        delivery.state in (State.PUBLISHED, State.PARTIAL), behind,
    )  # fmt: skip


def to_reconnect(session: Session) -> list[Account]:
    """Accounts that need a person: for the banner on every studio page. One query."""
    return list(
        session.scalars(
            select(Account).where(Account.state == AccountState.DISCONNECTED).order_by(Account.name)
        )
    )


def accounts_in_use(session: Session) -> list[Account]:
    """Accounts that can be posted to, and those that could once they are connected again."""
    return list(
        session.scalars(
            select(Account)
            .where(Account.state != AccountState.REMOVED)
            .order_by(Account.network, Account.name, Account.id)
        )
    )


def last_posted_to(session: Session, album_id: str) -> tuple[str, ...]:
    """The accounts of the last order of this album; if there is none, of the last order at all."""
    orders = select(Delivery.account_id, Delivery.ordered_at, Draft.album_id).join(
        Draft, Draft.id == Delivery.draft_id
    )
    first = case((Draft.album_id == album_id, 0), else_=1)
    rows = session.execute(orders.order_by(first, Delivery.ordered_at.desc()).limit(50)).all()
    return tuple(
        row.account_id
        for row in rows
        if (row.ordered_at, row.album_id) == (rows[0].ordered_at, rows[0].album_id)
    )


def deliveries(session: Session, ids: Sequence[str]) -> dict[str, Delivery]:
    """These deliveries by id. One query, none for no ids."""
    if not ids:
        return {}
    rows = session.scalars(select(Delivery).where(Delivery.id.in_(ids)))
    return {delivery.id: delivery for delivery in rows}
