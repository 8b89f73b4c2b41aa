"""Warnings before an account's connection ends: 14, 7 and 1 days before it, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Account, AccountState
from gallery.publishing import accounts

DAYS = (14, 7, 1)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ending:
    """A connection that ends soon. `warning` is the last of DAYS that has come."""

    account_id: str
    name: str  # "facebook:Brunei SME Network"
    warning: int
    days_left: int  # whole days; 0: less than one, or it is over
    ends_at: datetime

    @property
    def sentence(self) -> str:
        """What a person is told."""
        when = {0: "in less than a day", 1: "in a day"}.get(
            self.days_left, f"in {self.days_left} days"
        )
        return (
            f"The connection to {self.name} ends {when}. Nothing is lost; connect it again before, "
            "so that posts go on."
        )


def ending(session: Session, now: datetime) -> list[Ending]:
    """The connections that end within DAYS and that a person must renew, soonest first."""
    found = [_ending(one, one.expires_at, now) for one in _usable(session) if one.expires_at]
    return sorted((one for one in found if one is not None), key=lambda one: one.ends_at)


def not_yet_warned(session: Session, now: datetime) -> list[Ending]:
    """Of those, the ones whose latest warning nobody was sent."""
    warned = {account.id: account.warned_days for account in _usable(session)}
    return [
        one
        for one in ending(session, now)
        if (last := warned[one.account_id]) is None or one.warning < last
    ]


def mark_warned(session: Session, one: Ending) -> None:
    """This warning was sent."""
    session.get_one(Account, one.account_id, with_for_update=True).warned_days = one.warning


def _usable(session: Session) -> Sequence[Account]:
    rows = select(Account).where(Account.expires_at.is_not(None))
    return session.scalars(rows.where(Account.state == AccountState.OK)).all()


def _ending(account: Account, ends_at: datetime, now: datetime) -> Ending | None:
    left = ends_at - now
    warning = min((days for days in DAYS if left <= days * A_DAY), default=None)
    if warning is None or not _is_for_a_person(account, left):
        return None
    days_left = max(left // A_DAY, 0)
    name = accounts.name_of(account)
    return Ending(account.id, name, warning, days_left, ends_at)


def _is_for_a_person(account: Account, left: timedelta) -> bool:
    """Not where the network renews by itself: short lives never, long ones if that seems to fail."""
    renewed = accounts.network_of(account.network).renew_before
    return renewed is None or (renewed >= A_DAY and left < renewed / 2)
