"""A post of ten photos to a Facebook that takes 200 ms to answer: how much of its waits we need."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select

from bench.report import at_most, figure, section
from bench.site import process, served, temporary, wait_until
from gallery.albums import cards, importing, opening
from gallery.imaging import draw_sample_photos
from gallery.models import Account, Delivery, Photo, State
from gallery.publishing import accounts, compose, orders
from gallery.services import Services

PHOTOS = 10
LATENCY_S = 0.2
ROUNDS = 5
MOST_OF_WAITS = 0.45
MOST_TO_FIRST_S = 0.3


class Fake:
    """The pretended Facebook in a process of its own, steered by JSON."""

    def __init__(self, told: dict[str, str]) -> None:
        self.address = told["address"]
        self.credential = {"page_id": told["page"], "secret": told["token"]}

    def ask(self, method: str, name: str, **given: object) -> Any:
        """One request to its controls."""
        line = HTTPConnection(str(urlsplit(self.address).netloc), timeout=20)
        line.request(method, f"/_control/{name}", json.dumps(given))
        answer = json.loads(line.getresponse().read())
        line.close()
        return answer


@dataclass(frozen=True)
class Round:
    """One order. `wall_s`: from the order until it was published; `first_s`: to the first call."""

    wall_s: float
    first_s: float
    requests: int

    @property
    def share(self) -> float:
        """What it took of all waits, one after the other."""
        return self.wall_s / (self.requests * LATENCY_S)


def main() -> None:
    """Print how fast a post goes out."""
    section(f"Posting: {PHOTOS} photos, {LATENCY_S:g} s for each answer, median of {ROUNDS} rounds")
    with _facebook() as fake, temporary(facebook_graph_url=fake.address) as services:
        slug = _import(services)
        account = _connect(services, fake)
        fake.ask("POST", "set", latency_s=LATENCY_S)
        with served(services.settings):
            wait_until(lambda: _all_made(services))
            rounds = [_round(services, fake, slug, account) for _ in range(ROUNDS)]
    _print(rounds)


def _print(rounds: list[Round]) -> None:
    figure("requests of one post", str(rounds[0].requests))
    figure("sum of the waits", f"{rounds[0].requests * LATENCY_S:.2f} s")
    figure("from the order until published", f"{median(r.wall_s for r in rounds):.3f} s")
    figure("all rounds", " ".join(f"{r.wall_s:.2f}" for r in rounds) + " s")
    at_most("share of the waits", median(r.share for r in rounds), MOST_OF_WAITS)
    at_most(
        "from the order to the first call",
        median(r.first_s for r in rounds),
        MOST_TO_FIRST_S,
        " s",
    )


@contextmanager
def _facebook() -> Iterator[Fake]:
    with process(["tests.fakes.facebook"], os.environ) as running:
        if running.stdout is None:
            raise RuntimeError("the fake has no standard output")
        lines = [running.stdout.readline().split() for _ in range(5)]
        yield Fake(dict(lines))


def _import(services: Services) -> str:
    """Take ten drawn photos in as `flask import` does; the album's slug."""
    folder = Path(services.settings.storage_folder).parent / "photos"
    files = draw_sample_photos(folder, PHOTOS)
    parts = (services.db, services.storage, services.renderer)
    wish = importing.Wish("Open house", date(2026, 11, 21), "BRIDEX, Jerudong", public=True)
    report = importing.Importer(*parts, clock=_now).run(folder, files, wish)
    services.renderer.close()
    return report.slug


def _connect(services: Services, fake: Fake) -> str:
    """The id of the account."""
    profile = accounts.check(services.settings, "facebook", fake.credential)
    with services.db.write() as session:
        given = (services.vault, "facebook", fake.credential, profile)
        return accounts.connect(session, *given, now=_now()).id


def _all_made(services: Services) -> bool:
    """Whether the server's idle queue is done, so that it does not draw while we measure."""
    with services.db.read() as session:
        left = session.scalar(select(func.count()).where(~Photo.has_avif))
        return not left and not cards.cards_due(session, 1)


def _round(services: Services, fake: Fake, slug: str, account_id: str) -> Round:
    before = len(fake.ask("GET", "state")["requests"])
    begun = time.monotonic()
    delivery_id = _order(services, slug, account_id)
    services.bell.carry(delivery_id)
    wait_until(lambda: _state(services, delivery_id) is not State.GOING)
    wall_s = time.monotonic() - begun
    state = fake.ask("GET", "state")
    requests = state["requests"][before:]
    if _state(services, delivery_id) is not State.PUBLISHED:
        raise RuntimeError(f"the post ended as {_state(services, delivery_id)}")
    if len(state["posts"][-1]["photos"]) != PHOTOS:
        raise RuntimeError("the post does not hold every photo")
    return Round(wall_s, requests[0]["at"] - begun, len(requests))


def _order(services: Services, slug: str, account_id: str) -> str:
    """What the studio's button does; the delivery's id."""
    with services.db.write() as session:
        album = opening.by_slug(session, slug)
        account = session.get_one(Account, account_id)
        connector = accounts.connector(services.vault, services.settings, account)
        delivery, _new = orders.order(
            session,
            services.settings,
            album=album,
            draft=compose.save(session, album, compose.wording(session, album)),
            account=account,
            limits=connector.limits(),
            now=_now(),
            by=None,
            again=True,
        )
        return delivery.id


def _state(services: Services, delivery_id: str) -> State:
    with services.db.read() as session:
        return session.scalars(select(Delivery.state).where(Delivery.id == delivery_id)).one()


def _now() -> datetime:
    return datetime.now(UTC)
