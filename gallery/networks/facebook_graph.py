"""Facebook's Graph API: versioned paths, proof of the app, failures by code."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from gallery.networks.contract import Json, Pace
from gallery.networks.facebook_errors import Verb, failure
from gallery.networks.facebook_usage import pace_of
from gallery.networks.http import CHANGE_S, READ_S, Answer, Api, Request, Upload
from gallery.settings import Settings


def part_of_path(text: str) -> str:
    """An id from outside as one part of a path."""
    return quote(text, safe="")


def inside(value: Any, *names: str) -> Any:
    """What stands under these names one in another; None where the answer is shaped otherwise."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def dicts(value: Any) -> list[Json]:
    """The objects of a list; none if it is something else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


class Graph:
    """The Graph API, as whoever `token` belongs to; without one for the sign-in itself.

    `proven` adds appsecret_proof (HMAC-SHA256 of the token under the app's secret) wherever the
    operator has set a secret. `self.token` is the token without blanks and oddities.
    """

    def __init__(self, settings: Settings, token: str = "", *, proven: bool = True) -> None:
        base = f"{settings.facebook_graph_url}/{settings.facebook_graph_version}"
        self._api = Api("Facebook", base, timeout_s=settings.call_timeout_s)
        self.token = re.sub(r"[^\x21-\x7e]", "", token)
        secret = settings.facebook_app_secret.reveal()
        self._secrets = (self.token, secret)
        self.pace: Pace | None = None  # the last rest that an answer asked for
        self._proof = (
            {"appsecret_proof": _hmac(secret, self.token)}
            if proven and secret and self.token
            else {}
        )

    def read(self, path: str, *, verb: Verb = "read", **query: str) -> Json:
        """One GET."""
        return self._call(
            Request("GET", f"/{path}", READ_S, query={**query, **self._proof}, token=self.token),
            verb,
        )

    def listed(self, path: str, *, pages: int, verb: Verb = "read", **query: str) -> Iterator[Json]:
        """The items of a list, over at most `pages` answers."""
        for _ in range(pages):
            answer = self.read(path, verb=verb, **query)
            yield from dicts(answer.get("data"))
            following = inside(answer, "paging", "next")
            if not isinstance(following, str):
                return
            query = dict(parse_qsl(urlsplit(following).query))
            query.pop("access_token", None)

    def change(
        self,
        method: str,
        path: str,
        form: Mapping[str, str],
        verb: Verb,
        *,
        within_s: float = CHANGE_S,
        upload: Upload | None = None,
        photo: str | None = None,
    ) -> Json:
        """One POST (parameters in the body) or DELETE (in the address)."""
        given = {**form, **self._proof}
        request = Request(
            method,
            f"/{path}",
            within_s,
            query=given if method == "DELETE" else {},
            form={} if method == "DELETE" else given,
            upload=upload,
            token=self.token,
        )
        return self._call(request, verb, photo)

    def _call(self, request: Request, verb: Verb, photo: str | None = None) -> Json:
        def judge(answer: Answer) -> None:
            self.pace = pace_of(answer.headers) or self.pace
            failed = failure(answer, verb, photo=photo, secrets=self._secrets)
            if failed is not None:
                raise failed

        return dict(self._api.call(request, judge).body)


def _hmac(secret: str, token: str) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
