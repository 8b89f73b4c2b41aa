"""A site with albums, accounts and orders, carried by our own workers in this process.

The far side is `bench.network` in a process of its own. Its Pages are spoken to by the real
connector; only pictures are all the same file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from bench.site import environment, process, temporary, wait_until
from gallery.background import workers
from gallery.imaging import draw_sample_photos
from gallery.models import (
    Account,
    AccountState,
    Album,
    Delivery,
    Photo,
    PhotoState,
    State,
    Visibility,
    new_id,
)
from gallery.networks import NETWORKS
from gallery.networks.contract import Connector, Credential, PlannedPhoto
from gallery.publishing import accounts, compose, orders
from gallery.publishing.carry import Carrier
from gallery.publishing.pictures import Pictures
from gallery.services import Services
from gallery.settings import Settings

FACEBOOK = NETWORKS["facebook"]
_pages, _photos = count(1), count(1)


@dataclass
class Ground:
    """A site beside a network."""

    services: Services
    url: str

    def tell(self, **given: object) -> Any:
        """One request to the network's controls."""
        line = HTTPConnection(self.url.removeprefix("http://"), timeout=20)
        line.request("POST", "/_control", json.dumps(given))
        answer = json.loads(line.getresponse().read())
        line.close()
        return answer

    def albums(self, number: int, photos: int) -> list[str]:
        """So many albums with so many photos; their ids."""
        return [_album(self.services, photos) for _ in range(number)]

    def account(self, url: str | None = None) -> tuple[str, str]:
        """One more connected Page: the account's id and the Page's."""
        page = f"{next(_pages):015}"
        credential = {"page_id": page, "secret": "token", "url": url or self.url}
        with self.services.db.write() as session:
            account = Account(id=new_id(), network="facebook", remote_id=page, name=f"Page {page}")
            account.credential = self.services.vault.seal(account.id, credential)
            account.connected_at = _now()
            session.add(account)
        return account.id, page

    def order(self, album_id: str, account_ids: Sequence[str]) -> None:
        """Order an album to these accounts, as the studio's button does."""
        with self.services.db.write() as session:
            album = session.get_one(Album, album_id)
            draft = compose.save(session, album, compose.wording(session, album))
            for account_id in account_ids:
                account = session.get_one(Account, account_id)
                vault, settings = self.services.vault, self.services.settings
                limits = accounts.connector(vault, settings, account).limits()
                orders.order(
                    session,
                    settings,
                    album=album,
                    draft=draft,
                    account=account,
                    limits=limits,
                    now=_now(),
                    by=None,
                )

    def leave(self, account_ids: Sequence[str]) -> None:
        """Ask nothing more of these accounts."""
        with self.services.db.write() as session:
            orders_of = Delivery.account_id.in_(account_ids)
            session.execute(update(Delivery).where(orders_of).values(wake_at=None))
            gone = {"state": AccountState.DISCONNECTED}
            session.execute(update(Account).where(Account.id.in_(account_ids)).values(gone))

    def published(self, account_ids: Sequence[str]) -> int:
        """How many deliveries of these accounts are out."""
        with self.services.db.read() as session:
            rows = select(func.count()).where(
                Delivery.account_id.in_(account_ids), Delivery.state == State.PUBLISHED
            )
            return session.scalar(rows) or 0

    def wait_for(self, account_ids: Sequence[str], number: int, within_s: float = 600.0) -> None:
        """Wait until so many of their deliveries are out."""
        wait_until(lambda: self.published(account_ids) >= number, within_s, 0.1)


@contextmanager
def ground(**settings: object) -> Iterator[Ground]:
    """A site, a network, and a connector that goes where its credential says."""
    with process(["bench.network"], os.environ) as running:
        if running.stdout is None:
            raise RuntimeError("the network has no standard output")
        url = f"http://127.0.0.1:{int(running.stdout.readline())}"
        with temporary(facebook_graph_url=url, **settings) as services, pointed():
            yield Ground(services, url)


@contextmanager
def pointed() -> Iterator[None]:
    """Let the connector of this process go where its credential says."""
    NETWORKS["facebook"] = replace(FACEBOOK, build=_where_it_says)
    try:
        yield
    finally:
        NETWORKS["facebook"] = FACEBOOK


@contextmanager
def others(services: Services, number: int) -> Iterator[None]:
    """So many more processes with workers on the same site."""
    with ExitStack() as running:
        for _ in range(number):
            command = process(["bench.worker"], environment(services.settings))
            begun = running.enter_context(command)
            if begun.stdout is None or begun.stdout.readline() != "ready\n":
                raise RuntimeError("a process of workers did not start")
        yield


@contextmanager
def working(services: Services) -> Iterator[None]:
    """Our workers, as the server runs them, with pictures that are there already."""
    picture = picture_of(services)
    make = workers.carrier_of

    def carrier_of(services: Services) -> Carrier:
        made = make(services)
        made.calls._pictures = _Flat(picture)
        return made

    workers.carrier_of = carrier_of
    running = workers.Workers(services)
    running.start()
    try:
        yield
    finally:
        workers.carrier_of = make
        running.stop(5.0)


class _Flat(Pictures):
    """Every picture is one and the same: making them is measured elsewhere."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def file(self, planned: PlannedPhoto) -> Path:  # noqa: ARG002
        return self._file


def _where_it_says(credential: Credential, settings: Settings) -> Connector:
    here = replace(settings, facebook_graph_url=credential["url"])
    return FACEBOOK.build(credential, here)


def picture_of(services: Services) -> Path:
    """One drawn photo, made once."""
    folder = services.settings.storage_folder.parent / "photos"
    made = sorted(folder.glob("*.jpg")) or draw_sample_photos(folder, 1)
    return made[0]


def _album(services: Services, photos: int) -> str:
    with services.db.write() as session:
        album = Album(id=new_id(), slug=new_id()[:12], title="Open house", venue="Jerudong")
        album.first_day, album.visibility = date(2026, 11, 21), Visibility.PUBLIC
        album.created_at = _now()
        session.add(album)
        session.flush()
        for n in range(photos):
            session.add(_photo(album.id, n))
    return album.id


def _photo(album_id: str, n: int) -> Photo:
    id_ = new_id()
    return Photo(
        id=f"{next(_photos):06}",
        album_id=album_id,
        sha256=id_ * 2,
        file=f"{n}.jpg",
        bytes=1,
        state=PhotoState.READY,
        position=n,
        width=1920,
        height=1280,
        edit=id_[:12],
        caption=f"Caption {n}",
        alt_text=f"Alt {n}",
        added_at=_now(),
        has_avif=True,
    )


def _now() -> datetime:
    return datetime.now(UTC)
