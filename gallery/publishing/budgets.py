"""How many more posts a network takes of an account, by its own rule and by what it says.

A post that would be one too many is not begun: it waits until there is room for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Account, Delivery, Step, Verb
from gallery.networks.contract import Budget, Pace
from gallery.publishing.moves import View, Wait
from gallery.publishing.rules import Rules
from gallery.publishing.situation import Situation


def wait(s: Situation, view: View) -> Wait | None:
    """The wait before the next post to this account; None if it may be begun."""
    told = s.account.budget_until if s.account.budget_left == 0 else None
    until = max(filter(None, (told, view.room_at)), default=None)
    if until is None or until <= view.now:
        return None
    return Wait(until, "rate", "This network takes no more posts of this account until then.")


def room_at(
    session: Session, account_id: str, budget: Budget, rules: Rules, now: datetime
) -> datetime | None:
    """When there is room for one more post in any window of `budget`; None: there is room now."""
    window = timedelta(seconds=budget.window_s)
    tried_since = now - window - timedelta(seconds=rules.age_s)  # later, a person is asked first
    sent = session.scalars(
        select(Step.sent_at)
        .join(Delivery, Delivery.id == Step.delivery_id)
        .where(
            Delivery.account_id == account_id,
            Delivery.patient_from > tried_since,
            Step.verb == Verb.PUBLISH,
            Step.sent_at > now - window,
        )
        .order_by(Step.sent_at.desc())
        .limit(budget.posts)
    ).all()
    if len(sent) < budget.posts or sent[-1] is None:
        return None
    return sent[-1] + window


def spend(session: Session, account_id: str, now: datetime) -> None:
    """One more post is about to be sent; where the network said how many are left, count it."""
    account = session.get_one(Account, account_id, with_for_update=True)
    if account.budget_left and account.budget_until and account.budget_until > now:
        account.budget_left -= 1


def keep(account: Account, pace: Pace, now: datetime) -> None:
    """Write down what the network said."""
    if pace.left is not None and pace.until is not None:
        account.budget_left, account.budget_until = max(pace.left, 0), pace.until
    rest_until = now + timedelta(seconds=pace.rest_s)
    if pace.rest_s > 0 and (account.breaker_until is None or account.breaker_until < rest_until):
        account.breaker_until = rest_until
        account.why = "The network asks this account to slow down; it goes on by itself."
