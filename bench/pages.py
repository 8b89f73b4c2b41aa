"""Album pages: how many queries, how much a large album costs, how far from bare Flask."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import median

from flask import Flask
from sqlalchemy import event

from bench.albums import add_album, first_photo
from bench.report import at_most, figure, section
from bench.site import Server, free_port, served, temporary
from bench.visitors import Crowd, Visitor
from gallery import create_app
from gallery.models import Album, Person, Role
from gallery.people import sessions
from gallery.services import Services

MOST_QUERIES = 6
MOST_FOR_SIZE = 1.25
PAIRS = 80  # of requests, one to each of two albums
CROWD = 4
BLOCKS = 20  # to each of three pages
BLOCK_S = 0.5


@dataclass(frozen=True)
class Albums:
    """What is looked at, by how many photos it has."""

    small: Album  # 100
    page: Album  # 600: one full page
    large: Album  # 10,000


def main() -> None:
    """Print everything about pages."""
    with temporary() as services:
        albums = Albums(*(add_album(services.db, photos) for photos in (100, 600, 10_000)))
        section("Pages: SQL queries of one request, visitor or signed in")
        _count_queries(services, albums)
        bare_settings = replace(services.settings, bind=f"127.0.0.1:{free_port()}")
        with served(services.settings) as ours:
            section(f"Pages: a full page of 600 photos, median of {PAIRS} interleaved pairs")
            _compare_sizes(ours, albums)
            section(f"Pages: 100 photos against bare Flask, {CROWD} visitors at once, interleaved")
            with served(bare_settings, config="bench.bare", app="bench.bare:app") as bare:
                _compare_with_bare(ours, bare, f"/a/{albums.small.slug}")


def _count_queries(services: Services, albums: Albums) -> None:
    app = create_app(services.settings)
    cookie = _sign_in(services)
    photo = first_photo(services.db, albums.large)
    album = f"/a/{albums.large.slug}"
    figure("home", str(_queries(app, "/")))
    at_most("album of 600", _queries(app, f"/a/{albums.page.slug}"), MOST_QUERIES)
    at_most("album of 10,000, first page", _queries(app, album), MOST_QUERIES)
    at_most("album of 10,000, page 16", _queries(app, f"{album}?page=16"), MOST_QUERIES)
    at_most("album of 10,000, signed in", _queries(app, album, cookie), MOST_QUERIES)
    figure("photo", str(_queries(app, f"{album}/{photo}")))
    app.extensions["gallery"].close()


def _sign_in(services: Services) -> str:
    """The token of an editor's session."""
    now = datetime.now(UTC)
    with services.db.write() as session:
        person = Person(
            name="Siti",
            email="siti@example.org",
            password_hash="-",
            role=Role.EDITOR,
            created_at=now,
        )
        session.add(person)
        session.flush()
        return sessions.start(session, person, now=now)


def _queries(app: Flask, path: str, cookie: str | None = None) -> int:
    client = app.test_client()
    if cookie:
        client.set_cookie(app.config["SIGN_IN_COOKIE_NAME"], cookie)
    with _statements(app.extensions["gallery"]) as asked:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(asked)


@contextmanager
def _statements(services: Services) -> Iterator[list[str]]:
    """What the database is asked meanwhile; transactions and pragmas are not questions."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append(statement)

    event.listen(services.db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(services.db.engine, "before_cursor_execute", note)


def _compare_sizes(ours: Server, albums: Albums) -> None:
    visitor = Visitor(ours.port)
    pages = {
        "600": f"/a/{albums.page.slug}",
        "10,000, first page": f"/a/{albums.large.slug}",
        "10,000, page 16": f"/a/{albums.large.slug}?page=16",
    }
    taken = _interleaved(visitor, list(pages.values()))
    middle = {name: median(seconds) for name, seconds in zip(pages, taken, strict=True)}
    for name, path in pages.items():
        size = len(visitor.get(path)) / 1024
        figure(f"album of {name} ({size:.0f} KiB)", f"{1000 * middle[name]:.1f} ms")
    for name in list(pages)[1:]:
        ratio = middle[name] / middle["600"]
        at_most(f"album of {name} : album of 600", ratio, MOST_FOR_SIZE)
    visitor.close()


def _interleaved(visitor: Visitor, paths: Sequence[str]) -> list[list[float]]:
    """Seconds of each path, asked in turn, and every other time in the opposite order."""
    taken: list[list[float]] = [[] for _ in paths]
    order = list(range(len(paths)))
    for nth in range(PAIRS + 3):
        for at in order if nth % 2 else reversed(order):
            seconds = visitor.seconds(paths[at])
            if nth >= 3:  # the first ones warm caches up
                taken[at].append(seconds)
    return taken


@dataclass
class Tally:
    """What a server did in all its blocks."""

    server: Server
    crowd: Crowd
    answers: int = 0
    wall_s: float = 0.0
    cpu_s: float = 0.0

    def block(self, for_s: float = BLOCK_S) -> None:
        """Let the crowd ask for a while."""
        cpu = self.server.cpu_s()
        answers, wall = self.crowd.ask(for_s)
        self.answers += answers
        self.wall_s += wall
        self.cpu_s += self.server.cpu_s() - cpu

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return self.answers / self.wall_s

    @property
    def cpu_ms(self) -> float:
        """CPU of the server for one answer, in milliseconds."""
        return 1000 * self.cpu_s / self.answers


def _compare_with_bare(ours: Server, bare: Server, path: str) -> None:
    tallies = {
        "album of 100 photos": Tally(ours, Crowd(ours.port, path, CROWD)),
        "bare Flask, one line": Tally(bare, Crowd(bare.port, "/", CROWD)),
        "bare Flask, 100 photos": Tally(bare, Crowd(bare.port, "/photos", CROWD)),
    }
    album, *others = tallies
    for tally in tallies.values():
        tally.crowd.ask(BLOCK_S)  # warms caches up
    for nth in range(BLOCKS):
        for name in tallies if nth % 2 else reversed(tallies):
            tallies[name].block()
    for name, tally in tallies.items():
        figure(name, f"{tally.rate:.0f} answers/s")
        figure(f"{name}, CPU of the server for one", f"{tally.cpu_ms:.2f} ms")
        tally.crowd.leave()
    for name in others:
        figure(f"{name} : album, answers/s", f"{tallies[name].rate / tallies[album].rate:.2f}")
        figure(f"album : {name}, CPU", f"{tallies[album].cpu_ms / tallies[name].cpu_ms:.2f}")
    figure("our workers at rest beside it", f"{_at_rest(ours):.1f} % of a core")


def _at_rest(server: Server, seconds: float = 5.0) -> float:
    """What a server that nobody asks uses of one core, in percent."""
    before = server.cpu_s()
    time.sleep(seconds)
    return 100 * (server.cpu_s() - before) / seconds
