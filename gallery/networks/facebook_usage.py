"""How much of Facebook's limits is used, as its answers say in their headers.

Source: Meta, Graph API "Rate limits" (read November 2026): X-App-Usage and
X-Business-Use-Case-Usage hold percentages; the time to wait is in minutes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from gallery.networks.contract import Pace

NEARLY_ALL = 95  # percent
REST_S = 300.0  # where it is nearly all used and Facebook does not say for how long to wait
SHARES = ("call_count", "total_time", "total_cputime")


def pace_of(headers: Mapping[str, str]) -> Pace | None:
    """The rest that these headers ask for; None while there is room."""
    used = max((_whole(use.get(share)) for use in _uses(headers) for share in SHARES), default=0)
    asked = wait_s(headers)
    if used < NEARLY_ALL and not asked:
        return None
    return Pace(rest_s=asked or REST_S)


def wait_s(headers: Mapping[str, str]) -> float:
    """The longest wait that is asked for, in seconds; 0 for none."""
    waits = (use.get("estimated_time_to_regain_access") for use in _uses(headers))
    return max((_whole(minutes) for minutes in waits), default=0) * 60.0


def _uses(headers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    app = _read(headers.get("X-App-Usage"))
    by_business = _read(headers.get("X-Business-Use-Case-Usage"))
    lists = [uses for uses in by_business.values() if isinstance(uses, list)]
    yield from (use for use in [app, *chain(*lists)] if isinstance(use, dict))


def _read(header: str | None) -> dict[str, Any]:
    try:
        value = json.loads(header or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _whole(value: Any) -> int:
    return max(value, 0) if isinstance(value, int) else 0
