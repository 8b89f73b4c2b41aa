"""Fills an app as intake and the renderer would, and reads pages as strict browsers do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from gallery.albums import opening
from gallery.albums.renditions import edit_of
from gallery.models import Album, AlbumLink, Person, Photo, PhotoState, Role, Visibility, new_id
from gallery.people import sessions
from gallery.services import Services
from tests.conftest import NOW

STANDARD = ("1920.jpg", "1280.jpg", "960.jpg", "640.jpg", "320.jpg",
            "1280.avif", "960.avif", "640.avif", "320.avif")  # fmt: skip
VOID = frozenset({"base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


class Browser(FlaskClient):
    """A browser without JavaScript, which reads every answer to its end and closes it."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **kwargs)


class Scene:
    """One site and those who look at it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        app.test_client_class = Browser
        self.services = cast(Services, app.extensions["gallery"])
        self._made = 0

    def album(
        self, title: str = "Open day", *, visibility: Visibility = Visibility.PUBLIC, **more: Any
    ) -> Album:
        """An album with this visibility; `more` are its columns."""
        with self.services.db.write() as session:
            album = opening.create(session, title, now=NOW)
            album.visibility, album.opened_at = visibility, NOW
            for name, value in more.items():
                setattr(album, name, value)
        return album

    def photo(self, album: Album, *, state: PhotoState = PhotoState.READY, **more: Any) -> Photo:
        """A photo at the end of an album, with files of a few bytes as its renditions."""
        return self.photos(album, 1, state=state, **more)[0]

    def photos(self, album: Album, number: int, **more: Any) -> list[Photo]:
        """So many alike."""
        photos = [self._photo(album, more) for _ in range(number)]
        with self.services.db.write() as session:
            session.add_all(photos)
        return photos

    def _photo(self, album: Album, more: dict[str, Any]) -> Photo:
        self._made += 1
        sha256 = hashlib.sha256(f"{album.id} {self._made}".encode()).hexdigest()
        values: dict[str, Any] = {
            "id": f"p{self._made:05d}", "album_id": album.id, "sha256": sha256,
            "file": f"DSC_{self._made}.JPG", "bytes": 9, "kind": "jpeg", "state": PhotoState.READY,
            "position": self._made * 10, "width": 3000, "height": 2000, "edit": edit_of(sha256),
            "colour": "123", "added_at": NOW,
        }  # fmt: skip
        photo = Photo(**{**values, **more})
        for name in STANDARD:
            path = self.services.storage.rendition(photo.sha256, photo.edit, name)
            self.services.storage.make_room_for(path)
            path.write_bytes(f"{photo.id} {name}".encode())
        return photo

    def link(self, album: Album, **more: Any) -> str:
        """The token of a new secret link; `more` are columns, such as `revoked_at`."""
        with self.services.db.write() as session:
            link = opening.new_link(session, album, now=datetime.now(UTC))
            for name, value in more.items():
                setattr(link, name, value)
        return link.token

    def visitor(self, token: str | None = None) -> FlaskClient:
        """A fresh browser, which opened a secret link if given."""
        client = self.app.test_client()
        if token:
            client.get(f"/l/{token}")
        return client

    def person(self, role: Role = Role.EDITOR) -> FlaskClient:
        """The browser of somebody who signed in."""
        person = Person(
            id=new_id(), name="Siti", email=f"{new_id()}@example.org", password_hash="-",
            role=role, created_at=NOW,
        )  # fmt: skip
        with self.services.db.write() as session:
            session.add(person)
            session.flush()
            token = sessions.start(session, person, now=datetime.now(UTC))
        client = self.app.test_client()
        client.set_cookie(self.app.config["SIGN_IN_COOKIE_NAME"], token)
        return client

    def change(self, row: Album | Photo | AlbumLink, **values: Any) -> None:
        """Set columns of a row, here and in the database."""
        with self.services.db.write() as session:
            session.add(row)
            for name, value in values.items():
                setattr(row, name, value)

    @contextmanager
    def queries(self) -> Iterator[list[str]]:
        """The statements that the database is asked meanwhile."""
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                asked.append(statement)

        engine = self.services.db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(engine, "before_cursor_execute", note)


class Page(HTMLParser):
    """A page, read strictly: every element is closed in order, every id stands once."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"
        ids = [attributes["id"] for _, attributes in self.tags if "id" in attributes]
        assert len(ids) == len(set(ids)), "an id stands twice"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if self._open and data.strip():
            self.words.setdefault(self._open[-1], []).append(data.strip())

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """The attributes of every such element; `wanted` ones have these values."""
        return [
            attributes
            for name, attributes in self.tags
            if name == tag and all(attributes.get(k.rstrip("_")) == v for k, v in wanted.items())
        ]

    def meta(self, name: str) -> str:
        """The content of a meta element by its name or property; "" if there is none."""
        for attributes in self.all("meta"):
            if name in (attributes.get("property"), attributes.get("name")):
                return attributes.get("content", "")
        return ""


def at(hour: int, day: int = 24) -> datetime:
    """A moment by Brunei's clocks in November 2026."""
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour - 8)
