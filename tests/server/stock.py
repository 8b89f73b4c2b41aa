"""Fill a site without its pages: people, albums, photos that the server then prepares, accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from gallery.albums import arrange, describe, intake, opening
from gallery.albums.describe import Change
from gallery.albums.event import EventData
from gallery.models import Account, Album, Person, Photo, PhotoState, Role, Visibility
from gallery.people import people, sessions
from gallery.publishing import accounts, compose, orders, views
from gallery.publishing.accounts import AccountView
from gallery.publishing.views import DeliveryView
from tests.fakes.facebook import FacebookFake
from tests.faults.ground import wait_until
from tests.server.running import Site
from tests.web.browser import HASH

EVENT_DAY = date(2026, 6, 20)


def utcnow() -> datetime:
    """This moment, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Stock:
    """What stands on the shelves of a site."""

    site: Site

    def person(self, role: Role, name: str = "") -> Person:
        """A person whose password is tests.web.browser.PASSWORD; the same for the same name."""
        name = name or role.value.title()
        email = f"{name.lower()}@example.org"
        with self.site.services.db.write() as session:
            known = people.by_email(session, email)
            return known or people.add(
                session, name=name, email=email, password_hash=HASH, role=role, now=utcnow()
            )

    def session_of(self, person: Person) -> str:
        """The token of a session of this person's, whose password was typed just now."""
        with self.site.services.db.write() as session:
            return sessions.start(session, person, now=utcnow())

    def album(
        self, title: str, *, visibility: Visibility = Visibility.PUBLIC, **event: object
    ) -> Album:
        """An album; `event` are fields of its event."""
        with self.site.services.db.write() as session:
            album = opening.create(session, title, now=utcnow(), first_day=EVENT_DAY)
            data = EventData(**{**EventData.of(album).__dict__, **event})
            opening.edit(session, album, data)
            opening.set_visibility(session, album, visibility, now=utcnow())
        return album

    def by_slug(self, slug: str) -> Album:
        """An album by its address."""
        with self.site.services.db.read() as session:
            return opening.by_slug(session, slug)

    def take_in(self, album: Album, files: Sequence[Path]) -> None:
        """Photos by the one way in, rung for as the form does; the server prepares them."""
        for path in files:
            self.site.services.bell.render(self._take_in(album, path))

    def _take_in(self, album: Album, path: Path) -> str:
        parts = self.site.services
        with path.open("rb") as stream:
            arrival = intake.receive(parts.storage, stream, path.name)
        with parts.db.write() as session:
            mine = opening.by_id(session, album.id)
            return intake.admit(
                session, parts.storage, mine, arrival, now=utcnow(), by=None
            ).photo.id

    def filled_album(self, title: str, files: Sequence[Path], **more: object) -> Album:
        """An album whose photos are all ready."""
        album = self.album(title, **more)  # type: ignore[arg-type]
        self.take_in(album, files)
        self.wait_until_ready(album, len(files))
        return album

    def photos(self, album: Album) -> list[Photo]:
        """All photos in the album's order, whatever their state."""
        with self.site.services.db.read() as session:
            return arrange.photos_in_order(session, album.id, arrange.ALL)

    def describe(self, album: Album, changes: Mapping[str, Change]) -> None:
        """Say these things about photos of an album."""
        with self.site.services.db.write() as session:
            describe.describe(session, opening.by_id(session, album.id), changes)

    def wait_until_ready(self, album: Album, count: int, seconds: float = 60.0) -> None:
        """Wait until so many photos are ready and none is under way."""

        def all_ready() -> bool:
            states = [photo.state for photo in self.photos(album)]
            return PhotoState.WAITING not in states and states.count(PhotoState.READY) == count

        wait_until(all_ready, seconds)

    def connect(self, network: str, credential: dict[str, str]) -> Account:
        """Connect an account, or connect it again."""
        parts = self.site.services
        profile = accounts.check(parts.settings, network, credential)
        with parts.db.write() as session:
            return accounts.connect(
                session, parts.vault, network, credential, profile, now=utcnow()
            )

    def page(self, fake: FacebookFake) -> Account:
        """The pretended Page."""
        return self.connect("facebook", fake.credential)

    def order(self, album: Album, account: Account) -> str:
        """Order a post of the whole album and ring for it; the delivery's id."""
        parts = self.site.services
        with parts.db.write() as session:
            mine = opening.by_id(session, album.id)
            draft = compose.save(session, mine, compose.wording(session, mine))
            limits = accounts.connector(parts.vault, parts.settings, account).limits()
            delivery, _new = orders.order(
                session,
                parts.settings,
                album=mine,
                draft=draft,
                account=accounts.by_id(session, account.id),
                limits=limits,
                now=utcnow(),
                by=None,
            )
            delivery_id = delivery.id
        parts.bell.carry(delivery_id)
        return delivery_id

    def delivery(self, delivery_id: str) -> DeliveryView:
        """A delivery as people see it."""
        with self.site.services.db.read() as session:
            return views.view(session, delivery_id, now=utcnow())

    def published(self, delivery_id: str, seconds: float = 60.0) -> DeliveryView:
        """A delivery, once it is published."""
        wait_until(lambda: self.delivery(delivery_id).state == "published", seconds)
        return self.delivery(delivery_id)

    def deliveries(self, album: Album) -> list[DeliveryView]:
        """All deliveries of an album, newest first."""
        with self.site.services.db.read() as session:
            return views.views(session, now=utcnow(), album_id=album.id)

    def accounts(self) -> list[AccountView]:
        """All connected accounts."""
        with self.site.services.db.read() as session:
            return accounts.listed(session)
