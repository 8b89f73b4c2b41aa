"""A small world for tests of carrying: an album, an account, a clock that we turn, a far side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from gallery.models import (
    Account,
    Album,
    Database,
    Delivery,
    Fact,
    Photo,
    PhotoState,
    Step,
    Visibility,
    new_id,
)
from gallery.networks.contract import PlannedPhoto
from gallery.publishing import compose, ledger, orders, schedule, views
from gallery.publishing.carry import Carrier
from gallery.publishing.claims import Clock
from gallery.publishing.pictures import Pictures
from gallery.publishing.rules import Rules
from gallery.publishing.vault import Vault
from gallery.services import Services
from tests.fakes.pretend import Pretend

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


class TurnedClock(Clock):
    """A clock that stands still until a test turns it."""

    def __init__(self) -> None:
        self.at = START
        self.booted = 1000.0

    def now(self) -> datetime:
        return self.at

    def boot(self) -> float:
        return self.booted

    def turn(self, to: datetime) -> None:
        """Let time pass up to `to`."""
        self.booted += max((to - self.at).total_seconds(), 0.0)
        self.at = max(to, self.at)


class FlatPictures(Pictures):
    """Every photo is the same small file: pictures have tests of their own."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def file(self, planned: PlannedPhoto) -> Path:
        return self._file


def add_album(db: Database, photos: int, *, prefix: str = "p") -> Album:
    """A public album with so many ready photos, each with its caption and alt text."""
    with db.write() as session:
        album = Album(
            id=new_id(),
            slug=f"open-house-{prefix}",
            title="Open house",
            first_day=date(2026, 11, 21),
            venue="Jerudong",
            visibility=Visibility.PUBLIC,
            created_at=START,
        )
        session.add(album)
        for n in range(1, photos + 1):
            session.add(
                Photo(
                    id=f"{prefix}{n:0{6 - len(prefix)}}",
                    album_id=album.id,
                    sha256=f"{prefix}{n}".encode().hex().ljust(64, "0"),
                    file=f"{n}.jpg",
                    bytes=1,
                    state=PhotoState.READY,
                    position=n,
                    width=1920,
                    height=1280,
                    edit="0123456789ab",
                    caption=f"Caption {n}",
                    alt_text=f"Alt {n}",
                    added_at=START,
                )
            )
    return album


def add_account(db: Database, vault: Vault, network: str, credential: dict[str, str]) -> Account:
    """A connected account."""
    with db.write() as session:
        account = Account(
            id=new_id(), network=network, remote_id=new_id(), name="Club", connected_at=START
        )
        account.credential = vault.seal(account.id, credential)
        session.add(account)
    return account


@dataclass
class World:
    """What a test of carrying needs."""

    services: Services
    far: Pretend
    clock: TurnedClock
    file: Path
    carrier: Carrier
    account: Account

    @property
    def db(self) -> Database:
        return self.services.db

    @classmethod
    def make(cls, services: Services, folder: Path, rules: Rules | None = None) -> World:
        """A world without an album yet."""
        far, clock = Pretend(), TurnedClock()
        file = folder / "flat.jpg"
        file.write_bytes(b"x" * 100)
        account = add_account(services.db, services.vault, "pretend", {"secret": "canary"})
        world = cls(services, far, clock, file, None, account)  # type: ignore[arg-type]
        world.carrier = world.another_carrier(rules)
        return world

    def another_carrier(self, rules: Rules | None = None) -> Carrier:
        """What a second process would have."""
        services = self.services
        return Carrier(
            services.db,
            services.storage,
            FlatPictures(self.file),
            services.vault,
            services.settings,
            networks=self.far.network(),
            lives=services.lives,
            rules=rules,
            clock=self.clock,
        )

    def order(self, photos: int = 3) -> str:
        """An album with so many photos, ordered to the account; the delivery's id."""
        album = add_album(self.db, photos)
        return self.order_album(album)

    def order_at(self, typed: str, album: Album | None = None, *, zone: str = "UTC") -> str:
        """Order an album (None: one of three photos) for a wall time in `zone`."""
        when = schedule.parse(typed, zone, self.clock.now())
        return self.order_album(album or add_album(self.db, 3), when=when)

    def order_album(
        self,
        album: Album,
        *,
        again: bool = False,
        when: schedule.When | None = None,
        approval: bool = False,
    ) -> str:
        """Order this album; the delivery's id."""
        with self.db.write() as session:
            album = session.merge(album, load=True)
            draft = compose.save(session, album, compose.wording(session, album))
            delivery, _new = orders.order(
                session,
                self.services.settings,
                album=album,
                draft=draft,
                account=session.merge(self.account, load=True),
                limits=self.far.limits,
                now=self.clock.now(),
                by=None,
                again=again,
                when=when,
                approval=approval,
            )
        return delivery.id

    def carry(self, delivery_id: str, until: Callable[[Delivery], bool] | None = None) -> None:
        """Carry, turning the clock to whenever the delivery wants to be looked at again.

        Ends when it is over, waits for somebody, or `until` says so; second looks are left.
        """
        for _ in range(60):
            self.carrier.carry(delivery_id)
            delivery = self.row(delivery_id)
            over = delivery.state.value != "going" or delivery.wake_at is None
            if over or (until is not None and until(delivery)):
                return
            self.clock.turn(delivery.wake_at or self.clock.now())
        raise AssertionError("the delivery never came to an end")

    def row(self, delivery_id: str) -> Delivery:
        """The delivery's row."""
        with self.db.read() as session:
            return session.get_one(Delivery, delivery_id)

    def view(self, delivery_id: str) -> views.DeliveryView:
        """The delivery as people see it."""
        with self.db.read() as session:
            return views.view(session, delivery_id, now=self.clock.now())

    def settle(self, delivery_id: str, seen: str | None) -> None:
        """A person answers."""
        with self.db.write() as session:
            ledger.settle(
                session,
                delivery_id,
                seen,
                lives=self.services.lives,
                now=self.clock.now(),
            )

    def facts(self, delivery_id: str) -> list[tuple[str, str]]:
        """All facts as (verb, outcome), oldest first."""
        with self.db.read() as session:
            rows = session.execute(
                select(Step.verb, Fact.outcome)
                .join(Fact, Fact.step_id == Step.id)
                .where(Step.delivery_id == delivery_id)
                .order_by(Fact.at)
            )
            return [(verb.value, outcome.value) for verb, outcome in rows]

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.turn(self.clock.now() + timedelta(seconds=seconds))
