"""How publishing stands in numbers, for whoever watches the site. No names, no texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.models import Account, AccountState, Delivery, Step, StepState, Verb


@dataclass(frozen=True)
class AccountFigures:
    """One account; `id` is the beginning of its random id."""

    id: str
    network: str
    state: str
    resting: bool  # its breaker is open, or the network asked for rest
    days_left: float | None


@dataclass(frozen=True)
class Figures:
    """All of it, at one moment."""

    deliveries: Sequence[tuple[str, str, int]]  # network, state, how many
    oldest_ready_s: float  # since when something is due that nobody has carried; 0: nothing is
    unknown: int  # posts of which nobody knows whether they are out
    accounts: Sequence[AccountFigures]


def figures(session: Session, now: datetime) -> Figures:
    """Count. A fixed number of queries."""
    states = session.execute(
        select(Account.network, Delivery.state, func.count())
        .join(Account, Account.id == Delivery.account_id)
        .group_by(Account.network, Delivery.state)
    ).all()
    oldest = session.scalar(
        select(func.min(Delivery.wake_at)).where(Delivery.wake_at <= now, Delivery.owner.is_(None))
    )
    unclear = (StepState.SENT, StepState.UNKNOWN)
    unknown = session.scalar(
        select(func.count())
        .select_from(Step)
        .where(Step.verb == Verb.PUBLISH, Step.state.in_(unclear))
    )
    rows = session.scalars(select(Account).where(Account.state != AccountState.REMOVED)).all()
    return Figures(
        deliveries=[(network, state.value, count) for network, state, count in states],
        oldest_ready_s=(now - oldest).total_seconds() if oldest else 0.0,
        unknown=unknown or 0,
        accounts=[_account(account, now) for account in rows],
    )


def _account(account: Account, now: datetime) -> AccountFigures:
    left = (account.expires_at - now).total_seconds() / 86_400 if account.expires_at else None
    resting = account.breaker_until is not None and account.breaker_until > now
    return AccountFigures(account.id[:8], account.network, account.state.value, resting, left)
