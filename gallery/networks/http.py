"""The one place that speaks HTTP to a network: one host, one deadline, nothing tried twice.

No exception raised here holds an address, a header or a token, nor does what it was raised from.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from gallery.errors import OutcomeUnknown, Refused, TryLater
from gallery.networks.deadline import Pool, TlsPool, Watch

CONNECT_S = 10.0
READ_S = 15.0
CHANGE_S = 30.0  # compose, amend, retract
PUBLISH_S = 60.0
MOST_BODY = 2_000_000  # bytes of an answer
HEADERS = {"User-Agent": "Afterglow", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
AT_ONCE = 8  # connections kept open

# Its debug lines hold whole addresses, and with them the secrets of a sign-in.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


def bytes_s(size: int) -> float:
    """How long sending `size` bytes may take, in seconds."""
    return min(300.0, 60.0 + size / 50_000)


def cleaned(text: str, secrets: tuple[str, ...] = (), most: int = 300) -> str:
    """A text from outside on one line, without controls and secrets, at most `most` characters."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    text = re.sub(r"(access_token|client_secret|appsecret_proof)=[^&\s]+", r"\1=***", text)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:most]


@dataclass(frozen=True)
class Answer:
    """What came back: `body` is the parsed JSON, None if it could not be read."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Any = field(repr=False)

    @property
    def retry_after_s(self) -> float | None:
        """The wait that the network asks for in Retry-After, in seconds."""
        asked = self.headers.get("Retry-After", "").strip()
        if re.fullmatch(r"\d{1,7}", asked):
            return float(asked)
        with suppress(ValueError):
            when = parsedate_to_datetime(asked)
            return max(0.0, (when.astimezone(UTC) - datetime.now(UTC)).total_seconds())
        return None


@dataclass(frozen=True)
class Upload:
    """One file part of a multipart body."""

    name: str
    file_name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Request:
    """One call. `path` begins with a slash; `form` goes in the body, `token` in a header."""

    method: str
    path: str
    within_s: float  # deadline of the whole call
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    upload: Upload | None = None
    token: str = field(default="", repr=False)


class Api:
    """One base address of one network, safe to use from several threads at once.

    `judge` is shown each readable answer that is not a 5xx, and raises what the network's own
    codes mean.
    """

    def __init__(self, name: str, base: str, *, timeout_s: float | None = None) -> None:
        self._name = name
        self._base = base.rstrip("/")
        self._timeout_s = timeout_s
        self._session = _session()

    def call(self, request: Request, judge: Callable[[Answer], None]) -> Answer:
        """Send once; give the answer if it is a readable 2xx that `judge` lets pass.

        Raises TryLater if nothing was sent or the answer is 429, OutcomeUnknown for no answer, a
        redirect, a 5xx or one that can't be read, Refused for any other 4xx.
        """
        watch = Watch(request.within_s if self._timeout_s is None else self._timeout_s)
        answer = self._exchange(request, watch)
        if answer is None:
            raise self._without_answer(watch)
        if answer.status >= 500 or 300 <= answer.status < 400:
            raise self._unclear(f"answered {answer.status}", answer.retry_after_s)
        if answer.body is not None:
            judge(answer)
        if answer.status == 429:
            raise TryLater(
                f"{self._name} asks to wait; nothing was done, and it will be tried again.",
                answer.retry_after_s,
            )
        if answer.body is None:
            raise self._unclear("gave an answer that can't be read")
        if answer.status >= 400:
            raise Refused(f"{self._name} refused this call ({answer.status}); nothing was done.")
        return answer

    def _exchange(self, request: Request, watch: Watch) -> Answer | None:
        try:
            with (
                watch,
                self._session.send(
                    self._prepared(request),
                    timeout=(min(CONNECT_S, watch.within_s), watch.within_s),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                answer = Answer(response.status_code, response.headers, _body(response))
        except (OSError, HTTPError):
            return None
        return None if watch.over else answer

    def _prepared(self, request: Request) -> requests.PreparedRequest:
        """Made without the session, which would look for settings of its own in five places."""
        prepared = requests.PreparedRequest()
        prepared.prepare(
            method=request.method,
            url=self._base + request.path,
            params=request.query,
            data=request.form,
            files=_files(request.upload),
            headers=HEADERS
            | ({"Authorization": f"Bearer {request.token}"} if request.token else {}),
        )
        return prepared

    def _without_answer(self, watch: Watch) -> TryLater | OutcomeUnknown:
        if watch.sent:
            return self._unclear("did not answer")
        return TryLater(
            f"{self._name} could not be reached, so nothing was sent; it will be tried again.",
            transport=True,
        )

    def _unclear(self, what: str, wait_s: float | None = None) -> OutcomeUnknown:
        return OutcomeUnknown(
            f"{self._name} {what}, so nobody can tell yet whether this call went through; "
            "it is looked for before anything is repeated.",
            wait_s,
        )


def _files(upload: Upload | None) -> dict[str, tuple[str, bytes, str]] | None:
    if upload is None:
        return None
    return {upload.name: (upload.file_name, upload.data, upload.media_type)}


def _body(response: requests.Response) -> Any:
    read = bytearray()
    for chunk in response.iter_content(65_536):
        read += chunk
        if len(read) > MOST_BODY:
            return None
    try:
        return json.loads(read)
    except (ValueError, RecursionError):
        return None


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": Pool, "https": TlsPool}


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: even looking where a redirect leads would read all of its body."""


def _session() -> requests.Session:
    session = _Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(pool_maxsize=AT_ONCE, max_retries=0))
    return session
