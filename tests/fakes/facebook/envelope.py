"""A call, and Meta's own way to say no to it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Call:
    """One request as the Graph API understands it: address and body count alike."""

    method: str
    path: tuple[str, ...]  # without the version
    params: dict[str, str]
    files: list[bytes] = field(default_factory=list, repr=False)
    token: str = ""
    token_in: str = ""  # header, address or body

    def param(self, name: str) -> str:
        """A parameter; empty if it was not given."""
        return self.params.get(name, "")


@dataclass(frozen=True)
class Reply:
    """What goes back."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class GraphError(Exception):
    """A no in Meta's envelope."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        status: int = 400,
        kind: str = "OAuthException",
        user_msg: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.error: Json = {
            "message": f"(#{code}) {message}" if kind == "OAuthException" else message,
            "type": kind,
            "code": code,
            "is_transient": False,
            "fbtrace_id": secrets.token_urlsafe(8),
        }
        if subcode is not None:
            self.error["error_subcode"] = subcode
        if user_msg:
            self.error |= {"error_user_title": "Not possible", "error_user_msg": user_msg}


def usage(page: str, used: int, app_used: int, minutes: int = 0) -> dict[str, str]:
    """The usage headers that every answer has: percentages, and minutes to wait."""
    business = {"type": "pages", "call_count": used, "total_cputime": 1, "total_time": 1}
    app = {"call_count": 1, "total_time": app_used, "total_cputime": 1}
    return {
        "X-App-Usage": json.dumps(app),
        "X-Business-Use-Case-Usage": json.dumps(
            {page: [{**business, "estimated_time_to_regain_access": minutes}]}
        ),
    }


def reply(
    body: Any, page: str, *, status: int = 200, more: Mapping[str, str] | None = None
) -> Reply:
    """A JSON answer with the usage headers that every answer has."""
    headers = {
        "Content-Type": "application/json; charset=UTF-8",
        **usage(page, 2, 2),
        **(more or {}),
    }
    return Reply(status, json.dumps(body).encode(), headers)


def invalid(message: str, *, subcode: int | None = None) -> GraphError:
    """Code 100."""
    return GraphError(100, message, subcode=subcode)


def missing(thing: str) -> GraphError:
    """What Meta says of what is not there, and of what is not ours to see."""
    return GraphError(
        100,
        f"Unsupported request. Object with ID '{thing}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation.",
        subcode=33,
        kind="GraphMethodException",
    )
