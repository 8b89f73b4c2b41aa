"""Browsers of people in the studio, and an album to work on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from gallery.albums import opening
from gallery.albums.renditions import edit_of
from gallery.models import Album, Photo, PhotoState, Role
from gallery.publishing import accounts, compose, orders
from tests.web.browser import Browser, parts_of, utcnow

AddPhotos = Callable[..., list[str]]
Stored = Callable[[], Album]


@pytest.fixture
def owner(app: Flask) -> Browser:
    """An owner who signed in just now."""
    return Browser.signed_in(app, Role.OWNER)


@pytest.fixture
def album_id(app: Flask, now: datetime) -> str:
    """A draft without photos."""
    with parts_of(app).db.write() as session:
        return opening.create(session, "Sports Day", now=now).id


@pytest.fixture
def at(album_id: str) -> str:
    """The address of that album in the studio."""
    return f"/studio/a/{album_id}"


@pytest.fixture
def stored(app: Flask, album_id: str) -> Stored:
    """Gives that album as it is stored now."""

    def read() -> Album:
        with parts_of(app).db.read() as session:
            return session.get_one(Album, album_id)

    return read


@pytest.fixture
def add_photos(app: Flask, album_id: str, now: datetime) -> AddPhotos:
    """Adds rows of photos to that album, as if their renditions were there; gives their ids."""
    made: list[str] = []

    def add(count: int = 1, **columns: object) -> list[str]:
        ids = [f"p{len(made) + n:05}" for n in range(1, count + 1)]
        with parts_of(app).db.write() as session:
            for id_ in ids:
                made.append(id_)
                session.add(_photo(album_id, id_, len(made), now, columns))
        return ids

    return add


@pytest.fixture
def delivery_id(app: Flask, album_id: str, add_photos: AddPhotos) -> str:
    """A delivery of three photos to the practice account, just ordered."""
    add_photos(3, caption="Words <b>")
    return ordered(app, album_id)


def ordered(app: Flask, album_id: str) -> str:
    """Order an album's photos to the practice account; the delivery's id."""
    parts, credential = parts_of(app), {"name": "Practice"}
    profile = accounts.check(parts.settings, "practice", credential)
    with parts.db.write() as session:
        album = opening.by_id(session, album_id)
        account = accounts.connect(
            session, parts.vault, "practice", credential, profile, now=utcnow()
        )
        delivery, _ = orders.order(
            session,
            parts.settings,
            album=album,
            draft=compose.save(session, album, compose.Wording("Look <b>")),
            account=account,
            limits=accounts.connector(parts.vault, parts.settings, account).limits(),
            now=utcnow(),
            by=None,
        )
        return delivery.id


@pytest.fixture
def here(delivery_id: str) -> str:
    """Its address."""
    return f"/studio/posts/{delivery_id}"


def _photo(album_id: str, id_: str, nth: int, now: datetime, columns: dict[str, object]) -> Photo:
    sha256 = f"{nth:064}"
    values: dict[str, object] = {
        "album_id": album_id,
        "sha256": sha256,
        "file": f"IMG_{nth:04}.jpg",
        "bytes": 1000,
        "kind": "jpeg",
        "state": PhotoState.READY,
        "position": nth * 1024,
        "width": 1600,
        "height": 1200,
        "edit": edit_of(sha256),
        "added_at": now,
    }
    return Photo(id=id_, **{**values, **columns})


def photo(app: Flask, id_: str) -> Photo:
    """A photo as it is stored now."""
    with parts_of(app).db.read() as session:
        return session.get_one(Photo, id_)
