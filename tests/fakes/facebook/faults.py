"""What can go wrong, switched on for a method and a path, the nth time or always."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from typing import Literal, get_args

from tests.fakes.facebook.envelope import GraphError

Kind = Literal[
    "cut_before",  # the connection ends, nothing happened
    "cut_after_commit",  # it happened, then the connection ends
    "e500_before",
    "e500_after",
    "rate_limited",  # 429, or `code` with `status`; Retry-After and minutes in headers
    "hang",  # nothing happens and nothing is answered, until released or `seconds`
    "hang_after_commit",
    "late_commit",  # the connection ends (or, `silent`, hangs); `seconds` later it happens
    "truncated_answer",  # it happened; half of the answer arrives
    "revoked_token",  # 190/460
    "code_1",
    "blocked",  # 368/1390008
    "error",  # any `code`, `subcode`, `status`, without commit
    "error_after",  # the same, and yet it happened
]
KINDS = get_args(Kind)


@dataclass
class Fault:
    """One rule. `path` is a regular expression searched in the path without its version."""

    method: str
    path: str
    kind: Kind
    nth: int = 1  # the first request that it hits, counted from when it was set
    times: int | None = 1  # how many from there; None: all
    how: Literal["fin", "rst"] = "fin"
    seconds: float = 30.0
    silent: bool = False
    code: int = 32
    subcode: int | None = None
    status: int = 400
    retry_after: int | None = None
    minutes: int | None = None
    seen: int = field(default=0, init=False)
    hits: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist."""
        if self.kind not in KINDS:
            raise ValueError(f"There is no fault {self.kind}; there are {', '.join(KINDS)}.")

    def strikes(self, method: str, path: str) -> bool:
        """Whether it hits this request; counts."""
        if method != self.method or not re.search(self.path, path):
            return False
        self.seen += 1
        hit = self.seen >= self.nth and (self.times is None or self.hits < self.times)
        self.hits += hit
        return hit

    def error(self, page: str) -> GraphError | None:
        """The answer of those kinds that are an answer of Meta's."""
        if self.kind == "rate_limited":
            return self._rate_limit(page)
        if self.kind == "revoked_token":
            return GraphError(190, "Error validating access token.", subcode=460, status=401)
        if self.kind == "code_1":
            return GraphError(1, "An unknown error occurred", status=self.status)
        if self.kind == "blocked":
            return GraphError(368, "The action attempted is deemed abusive", subcode=1390008)
        return self.no() if self.kind == "error" else None

    def no(self) -> GraphError:
        """Whatever error was asked for."""
        return GraphError(self.code, "Injected", subcode=self.subcode, status=self.status)

    def _rate_limit(self, page: str) -> GraphError:
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if self.minutes is not None:
            use = {"type": "pages", "call_count": 100, "total_cputime": 1, "total_time": 1}
            use["estimated_time_to_regain_access"] = self.minutes
            headers["X-Business-Use-Case-Usage"] = json.dumps({page: [use]})
        return GraphError(
            self.code,
            "Page request limit reached",
            status=429 if self.status == 400 else self.status,
            headers=headers,
        )


class Faults:
    """All rules; the first that hits counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []
        self.released = threading.Event()

    def add(self, fault: Fault) -> Fault:
        """One more rule; hanging begins anew."""
        with self._lock:
            self.released.clear()
            self._rules.append(fault)
        return fault

    def clear(self) -> None:
        """No rules, and let go what hangs."""
        with self._lock:
            self._rules.clear()
        self.released.set()

    def for_request(self, method: str, path: str) -> Fault | None:
        """The rule that hits this request."""
        with self._lock:
            struck = [rule for rule in self._rules if rule.strikes(method, path)]
        return struck[0] if struck else None
