"""How often somebody may try: to sign in, by account and by address; to ask us for something."""

from __future__ import annotations

import time
from collections import deque

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse_many

PER_ACCOUNT = parse_many("5/minute;20/hour")
ASKING = parse_many("10/hour;30/day")  # requests to remove a photo, of one address
PER_ADDRESS = parse_many("20/minute;100/hour")


class Throttle:
    """Counts in this process, and forgets with it.

    A try on an account costs before it is checked, so guesses sent all at once count too; the
    right password forgets them. An address that signed in to an account before has a count of
    its own for it: strangers who guess can't keep the person out.
    """

    def __init__(self, app: Flask) -> None:
        extension = Limiter(
            get_remote_address, app=app, storage_uri="memory://", strategy="moving-window"
        )
        self._window = extension.limiter
        self._known: deque[tuple[str, str]] = deque(maxlen=1000)

    def wait_s(self, account: str, address: str) -> int:
        """Count a try. 0: go on; else the seconds until the next one is allowed."""
        by_account = self._account_key(account, address)
        refused = [
            self._until_free(item, by_account)
            for item in PER_ACCOUNT
            if not self._window.hit(item, by_account)
        ]
        refused += [
            self._until_free(item, address)
            for item in PER_ADDRESS
            if not self._window.test(item, address)
        ]
        return max(refused, default=0)

    def failed(self, address: str) -> None:
        """It was the wrong password: that counts for the address, whatever the account."""
        for item in PER_ADDRESS:
            self._window.hit(item, address)

    def passed(self, account: str, address: str) -> None:
        """It was the right password: forget the tries on this account from there."""
        by_account = self._account_key(account, address)
        for item in PER_ACCOUNT:
            self._window.clear(item, by_account)
        if (account, address) not in self._known:
            self._known.append((account, address))

    def may_ask(self, address: str) -> bool:
        """Count a request to remove a photo; False if there were too many from there."""
        return all(self._window.hit(item, "ask", address) for item in ASKING)

    def _account_key(self, account: str, address: str) -> str:
        return f"{account} {address if (account, address) in self._known else 'elsewhere'}"

    def _until_free(self, item: RateLimitItem, key: str) -> int:
        return max(1, round(self._window.get_window_stats(item, key).reset_time - time.time()))
