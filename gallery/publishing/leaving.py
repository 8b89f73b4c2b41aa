"""Disconnecting an account: what has not begun is cancelled, what may be out is still looked for.

The credential is kept for as long as something is on its way there, may be, or is to be taken
back or thrown away; then it is forgotten.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from gallery.models import Account, AccountState, Aim, Delivery, Step, StepState, Verb
from gallery.publishing import accounts, ledger
from gallery.publishing.vault import Vault

WHY = "It was disconnected in the studio; connect it again to go on."


def disconnect(session: Session, vault: Vault, account_id: str, *, now: datetime) -> list[str]:
    """Use this account no more; the ids of deliveries to carry now. Raises NotFound.

    What has begun already and is not out as a whole waits for the account to come back.
    """
    accounts.by_id(session, account_id)
    rows = session.scalars(
        select(Delivery)
        .where(Delivery.account_id == account_id, Delivery.state.in_(ledger.NOT_OUT))
        .order_by(Delivery.id)
        .with_for_update()
    ).all()
    for delivery in rows:
        if delivery.aim is Aim.PUBLISH and not ledger.may_be_live(session, delivery.id):
            ledger.cancel(session, delivery.id, now=now)
    account = session.get_one(Account, account_id, with_for_update=True)
    account.state, account.why = AccountState.LEAVING, WHY
    session.flush()
    forget(session, vault)
    return [delivery.id for delivery in rows]


def anybody(session: Session) -> bool:
    """Whether any account is on its way out."""
    row = session.scalar(select(Account.id).where(Account.state == AccountState.LEAVING).limit(1))
    return row is not None


def forget(session: Session, vault: Vault) -> None:
    """Forget the credentials of accounts that are leaving and have nothing left to do."""
    unclear = exists().where(
        Step.delivery_id == Delivery.id,
        Step.verb == Verb.PUBLISH,
        Step.state.in_((StepState.SENT, StepState.UNKNOWN)),
    )
    busy = exists().where(
        Delivery.account_id == Account.id, or_(Delivery.wake_at.is_not(None), unclear)
    )
    rows = select(Account).where(Account.state == AccountState.LEAVING, ~busy)
    for account in session.scalars(rows.with_for_update()).all():
        account.state = AccountState.DISCONNECTED
        account.credential = vault.seal(account.id, {})
        account.version += 1
        account.expires_at = None
