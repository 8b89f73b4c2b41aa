"""Renewing an account's credential: by one process at a time, stored before anything uses it.

Some networks give a refresh token that is good for one use: two processes that renew at once, or
one that forgets what it got, would lose the account. So who renews says so in the account's row
first. While that process lives nobody else renews; if it is gone, the next one may.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import DeliveryError, Disconnected, OutcomeUnknown, TryLater
from gallery.models import Account, AccountState, Database
from gallery.networks.contract import Connector, Credential, Network
from gallery.publishing import accounts
from gallery.publishing.claims import Claims
from gallery.publishing.moves import Refresh, View, Wait
from gallery.publishing.situation import Situation
from gallery.publishing.vault import Vault

log = logging.getLogger(__name__)
CALL_S = 120.0  # longer than a renewal may take; then our own process may begin another
TRY_AGAIN_S = 60.0  # after a renewal that failed for the moment
LOOK_AGAIN_S = 2.0
A_DAY = timedelta(days=1)


def first(s: Situation, view: View) -> Refresh | Wait | None:
    """What has to be done about the credential before the next call; None if nothing has."""
    ends = s.account.expires_at
    if view.renew_before is None or ends is None or view.now < ends - view.renew_before:
        return None
    if _free(s.account, view.now, view.me, view.gone):
        return Refresh()
    if view.now < ends:
        return None  # the old one still serves
    until = view.now + timedelta(seconds=LOOK_AGAIN_S)
    if s.account.renewing_by is None and s.account.renewing_until is not None:
        until = s.account.renewing_until
    reason = s.account.why or "This account's connection is being renewed."
    return Wait(until, "renewal", reason)


def idle(session: Session, networks: Mapping[str, Network], now: datetime) -> Sequence[Account]:
    """The accounts to renew although nothing goes there; those that live for hours can wait."""
    rows = select(Account).where(Account.state == AccountState.OK, Account.expires_at.is_not(None))
    return [
        account
        for account in session.scalars(rows)
        if (network := networks.get(account.network)) is not None
        and network.renew_before is not None
        and network.renew_before >= A_DAY
        and account.expires_at is not None
        and now >= account.expires_at - network.renew_before
    ]


def _free(account: Account, now: datetime, me: str, gone: Callable[[str], bool]) -> bool:
    """Whether we may renew now: nobody is at it, and the last failure is long enough ago."""
    if account.renewing_by not in (None, me):
        return gone(str(account.renewing_by))
    return account.renewing_until is None or account.renewing_until <= now


def _pause_s(error: DeliveryError) -> float:
    asked = error.wait_s if isinstance(error, TryLater | OutcomeUnknown) else None
    return max(asked or 0.0, TRY_AGAIN_S)


class Renewals:
    """The renewals of this process."""

    def __init__(self, db: Database, vault: Vault, claims: Claims) -> None:
        self._db = db
        self._vault = vault
        self._lock, self._clock = claims.lock, claims.clock

    def renew(self, account_id: str, version: int, connector: Connector) -> None:
        """Renew the credential with this version, unless somebody else does or has done so."""
        if not self._begin(account_id, version):
            return
        try:
            answer: Credential | DeliveryError = connector.renew()
        except DeliveryError as error:
            answer = error
        except Exception:
            log.exception("The credential of an account could not be renewed")
            answer = OutcomeUnknown("Something failed on our side while it was renewed.")
        with self._db.write(alone=False) as session:
            self._end(session, account_id, version, answer)

    def _begin(self, account_id: str, version: int) -> bool:
        with self._db.write(alone=False) as session:
            now = self._clock.now()
            account = session.get_one(Account, account_id, with_for_update=True)
            if account.version != version:
                return False
            if not _free(account, now, self._lock.owner, self._lock.free):
                return False
            account.renewing_by = self._lock.owner
            account.renewing_until = now + timedelta(seconds=CALL_S)
        return True

    def _end(
        self, session: Session, account_id: str, version: int, answer: Credential | DeliveryError
    ) -> None:
        account = session.get_one(Account, account_id, with_for_update=True)
        if account.version != version:
            return  # it was connected anew meanwhile
        account.renewing_by = account.renewing_until = None
        match answer:
            case Disconnected():
                account.state, account.why = AccountState.DISCONNECTED, str(answer)
            case DeliveryError():
                account.renewing_until = self._clock.now() + timedelta(seconds=_pause_s(answer))
                account.why = f"Its connection could not be renewed yet. {answer}"
            case _:
                account.credential = self._vault.seal(account.id, dict(answer))
                account.version += 1
                account.expires_at = accounts.expires_at(answer)
                account.warned_days, account.why = None, ""
