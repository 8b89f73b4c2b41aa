"""Passwords: Argon2id, and which ones are refused."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from gallery.errors import FieldErrors

SHORTEST, LONGEST = 12, 128  # characters
_AT_ONCE = threading.Semaphore(2)  # each hash takes 19 MiB and a core
_COMMON = frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= SHORTEST)


class Passwords:
    """Hashes and checks passwords; two at a time in the whole process, the others wait.

    The defaults are the floor of OWASP's recommendation: two passes over 19 MiB, one lane.
    """

    def __init__(self, *, passes: int = 2, memory_kib: int = 19_456) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._nobody = f"$argon2id$v=19$m={memory_kib},t={passes},p=1${'A' * 22}${'A' * 43}"

    def hash(self, password: str) -> str:
        """What is stored. Raises FieldErrors for a password that `check` refuses."""
        check(password)
        with _AT_ONCE:
            return self._hasher.hash(password)

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether this is the password. With None (no such person) it takes as long, and is False."""
        with _AT_ONCE:
            try:
                return self._hasher.verify(password_hash or self._nobody, password[:LONGEST])
            except (VerificationError, InvalidHashError):
                return False

    def renewed(self, password_hash: str, password: str) -> str | None:
        """The same password hashed with today's costs; None if it already is."""
        if not self._hasher.check_needs_rehash(password_hash):
            return None
        with _AT_ONCE:
            return self._hasher.hash(password)


def check(password: str) -> None:
    """Refuse a password that is too short, too long, or among the 30,000 most used ones."""
    if len(password) < SHORTEST:
        raise FieldErrors({"password": f"Choose a password of at least {SHORTEST} characters."})
    if len(password) > LONGEST:
        raise FieldErrors({"password": f"Choose a password of at most {LONGEST} characters."})
    if password.lower() in _COMMON:
        raise FieldErrors(
            {"password": "This password is on every attacker's list; choose another."}
        )
