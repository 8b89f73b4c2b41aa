"""A browser without JavaScript: it keeps cookies, finds the token in a form, and sends it along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import event
from werkzeug.test import TestResponse

from gallery.models import Person, Role
from gallery.people import people, sessions
from gallery.people.passwords import Passwords
from gallery.services import Services

PASSWORD = "four words in a row"
CHEAP = Passwords(passes=1, memory_kib=8)
HASH = CHEAP.hash(PASSWORD)
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def utcnow() -> datetime:
    """This moment, aware."""
    return datetime.now(UTC)


def parts_of(app: Flask) -> Services:
    """The running parts of an app."""
    parts = app.extensions["gallery"]
    assert isinstance(parts, Services)
    return parts


def add_person(app: Flask, role: Role, name: str = "") -> Person:
    """A person whose password is PASSWORD and whose address is their name's, or their role's."""
    name = name or role.value.title()
    with parts_of(app).db.write() as session:
        return people.add(
            session,
            name=name,
            email=f"{name.lower()}@example.org",
            password_hash=HASH,
            role=role,
            now=utcnow(),
        )


class _Compiled(BytecodeCache):
    """Compiled templates, kept from one test's app to the next."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = _Compiled()


class Browser:
    """One browser. `form_at` is a page with a form, for the token that belongs to its forms."""

    def __init__(self, app: Flask, form_at: str = "/studio/sign-in") -> None:
        app.extensions["gallery.passwords"] = CHEAP
        app.jinja_env.bytecode_cache = COMPILED
        self.app = app
        self.client: FlaskClient = app.test_client()
        self._form_at = form_at
        self._tokens: dict[str, str] = {}

    @classmethod
    def signed_in(cls, app: Flask, role: Role) -> Browser:
        """As somebody of this role, whose password was typed just now."""
        browser = cls(app, form_at="/studio/you")
        browser.begin(add_person(app, role))
        return browser

    def begin(self, person: Person) -> str:
        """Give this browser a session of this person's; its token."""
        with parts_of(self.app).db.write() as session:
            token = sessions.start(session, person, now=utcnow())
        self.client.set_cookie("session", token)
        return token

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **more)

    def token(self) -> str:
        """The token of a page with a form; opened anew when the form cookie is another."""
        cookie = self.client.get_cookie("form")
        if cookie is None or cookie.value not in self._tokens:
            page = self.client.get(self._form_at, follow_redirects=True).text
            found = _TOKEN.search(page)
            assert found, f"no form at {self._form_at}"
            cookie = self.client.get_cookie("form")
            assert cookie is not None
            self._tokens[cookie.value] = found[1]
        return self._tokens[cookie.value]

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form, with the token of a page that was opened before."""
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **more)

    def follow(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form and open the page that it leads to."""
        answer = self.post(path, data, **more)
        assert answer.status_code == 303, answer.text
        return self.get(answer.location)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that are run inside the block, without BEGIN and the like."""
    statements: list[str] = []
    engine = parts_of(app).db.engine

    def note(*args: Any) -> None:
        if not str(args[2]).startswith(("BEGIN", "PRAGMA")):
            statements.append(args[2])

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)
