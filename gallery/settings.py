"""Every setting of the program: one frozen dataclass, from the environment and `.env`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values

from gallery.errors import InvalidInput

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "GALLERY_"
POSTGRES = "postgresql+psycopg://"
Networks = tuple[IPv4Network | IPv6Network, ...]


class Secret(str):
    """A text that never shows itself in logs, errors or reprs; `.reveal()` gives it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"

    def __str__(self) -> str:
        return "***"

    def __format__(self, spec: str) -> str:
        return "***"

    def reveal(self) -> str:
        """The secret itself, for the one call that needs it."""
        return str.__str__(self)


NO_SECRET = Secret("")


@dataclass(frozen=True)
class Settings:
    """What the operator decided. Each field is `GALLERY_` and its name in capitals."""

    secret_key: Secret
    token_keys: Secret = NO_SECRET
    public_url: str = ""
    bind: str = "127.0.0.1:8000"
    database_url: str = field(default="", repr=False)  # a password may stand in it
    storage: str = "uploads"
    queue_url: str = field(default="", repr=False)
    instance: Path = Path("instance")
    allowed_private_networks: Networks = ()
    proxies: int = 0
    call_timeout_s: float | None = None
    lease_s: float = 60.0
    settle_s: float | None = None
    backoff_s: float = 5.0
    carriers: int = 24
    metrics_token: Secret = NO_SECRET
    smtp_url: Secret = NO_SECRET
    mail_from: str = ""
    facebook_app_id: str = ""
    facebook_app_secret: Secret = NO_SECRET
    facebook_graph_url: str = "https://graph.facebook.com"
    facebook_dialog_url: str = "https://www.facebook.com"
    facebook_graph_version: str = "v26.0"
    facebook_photos_per_post: int = 10

    def __post_init__(self) -> None:
        """Fill what follows from other settings, and refuse what can't work."""
        if not self.public_url:
            object.__setattr__(self, "public_url", f"http://{self.bind}")
        if not self.database_url:
            file = self.instance_folder / "gallery.db"
            object.__setattr__(self, "database_url", f"sqlite:///{file}")
        if not self.queue_url:
            beside = f"sqlite:///{self.instance_folder / 'queue.db'}"
            at_postgres = self.database_url.startswith(POSTGRES)
            object.__setattr__(self, "queue_url", self.database_url if at_postgres else beside)

    @property
    def https(self) -> bool:
        """Whether visitors reach us over https."""
        return self.public_url.startswith("https:")

    @property
    def storage_folder(self) -> Path:
        """Where originals and renditions are kept."""
        return ROOT / self.storage

    @property
    def instance_folder(self) -> Path:
        """Where this site keeps what is its own: database, queue, practice posts, locks."""
        return ROOT / self.instance

    @property
    def queue_file(self) -> Path:
        """Where the doorbell keeps its rings, unless PostgreSQL does."""
        return Path(self.queue_url.removeprefix("sqlite:///"))

    @property
    def processes_folder(self) -> Path:
        """Where each process keeps the lock that tells whether it lives."""
        return self.instance_folder / "processes"

    @property
    def clock_file(self) -> Path:
        """Where this machine's clocks stood lately."""
        return self.instance_folder / "clock.json"

    @property
    def heartbeat_file(self) -> Path:
        """What the workers touch every two seconds."""
        return self.instance_folder / "heartbeat"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment, and `.env` beside wsgi.py below it.

        Raises InvalidInput with one sentence for an unknown or malformed `GALLERY_` name, or a
        missing secret. A secret may stand in a file named by `NAME_FILE`.
        """
        if environ is None:
            dotenv = {k: v for k, v in dotenv_values(ROOT / ".env").items() if v is not None}
            environ = {**dotenv, **os.environ}
        given = {k: v for k, v in environ.items() if k.startswith(PREFIX)}
        known = {PREFIX + f.name.upper(): f for f in fields(cls)}
        values: dict[str, Any] = {}
        for name, text in given.items():
            if name.endswith("_FILE") and name.removesuffix("_FILE") in known:
                name, text = name.removesuffix("_FILE"), _from_file(name, text)
            if name not in known:
                raise InvalidInput(f"There is no setting {name}; see .env.example for all of them.")
            if text.strip():
                values[known[name].name] = _parse(name, known[name].name, text.strip())
        if not values.get("secret_key"):
            raise InvalidInput("GALLERY_SECRET_KEY is missing; `make run` writes one into .env.")
        return cls(**values)


def _from_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{name} names a file that can't be read: {path}.") from error


def _secret(text: str) -> Secret:
    return Secret(text)


def _key(text: str) -> Secret:
    if len(text) < 32:
        raise ValueError("at least 32 characters")
    return Secret(text)


def _token(text: str) -> Secret:
    if not re.fullmatch(r"[!-~]{16,}", text):
        raise ValueError("at least 16 characters without blanks")
    return Secret(text)


def _smtp(text: str) -> Secret:
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("an address like smtp://name:password@mail.example.org:587")
    return Secret(text)


def _mail(text: str) -> str:
    if not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", text):
        raise ValueError("a mail address")
    return text


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("an address like https://photos.example.org")
    return text.rstrip("/")


def _bind(text: str) -> str:
    if not re.fullmatch(r"[\w.:\[\]-]+:\d{1,5}", text):
        raise ValueError("host:port")
    return text


def _number(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1e9:
        raise ValueError("a number of seconds")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError("a whole number")
    return value


def _at_least_one(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError("a whole number from 1")
    return value


def _networks(text: str) -> Networks:
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _database(text: str) -> str:
    """PostgreSQL, or a SQLite file: a relative one is beside wsgi.py, wherever it was started."""
    if text.startswith(POSTGRES) and urlsplit(text).path.strip("/"):
        return text
    path = text.removeprefix("sqlite:///")
    if path == text or not path:
        raise ValueError("it takes sqlite:///path or postgresql+psycopg://user@host/name")
    return f"sqlite:///{ROOT / path}"


def _folder(text: str) -> str:
    if "://" in text:
        raise ValueError("a folder")
    return text


_PARSERS: dict[str, Any] = {
    "secret_key": _key,
    "token_keys": _secret,
    "public_url": _address,
    "bind": _bind,
    "database_url": _database,
    "queue_url": _database,
    "storage": _folder,
    "instance": Path,
    "allowed_private_networks": _networks,
    "proxies": _count,
    "call_timeout_s": _number,
    "lease_s": _number,
    "settle_s": _number,
    "backoff_s": _number,
    "carriers": _at_least_one,
    "metrics_token": _token,
    "smtp_url": _smtp,
    "mail_from": _mail,
    "facebook_app_secret": _secret,
    "facebook_graph_url": _address,
    "facebook_dialog_url": _address,
    "facebook_photos_per_post": _at_least_one,
}


def _parse(name: str, field_name: str, text: str) -> Any:
    try:
        return _PARSERS.get(field_name, str)(text)
    except ValueError as error:
        raise InvalidInput(f"{name} can't be used as it is: {error}.") from error
