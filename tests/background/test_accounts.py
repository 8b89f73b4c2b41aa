"""What workers do for accounts: write to owners in time, renew what idles, forget."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from gallery.background import accounts, workers
from gallery.models import Account, AccountState, Person, Role
from gallery.publishing import leaving
from gallery.services import Services
from gallery.settings import Secret, Settings
from tests.fakes.smtp import SmtpFake
from tests.faults.ground import wait_until
from tests.publishing.world import World, add_account


@pytest.fixture
def settings(settings: Settings, smtp_fake: SmtpFake) -> Settings:
    """A site that can send mail."""
    return replace(settings, smtp_url=Secret(f"smtp://{smtp_fake.host}"))


@pytest.fixture
def ending(services: Services) -> str:
    """An account that ends in five days, three people."""
    now = services.clock.now()
    account = add_account(services.db, services.vault, "facebook", {"secret": "s"})
    with services.db.write() as session:
        session.get_one(Account, account.id).expires_at = now + timedelta(days=5)
        for name, role, disabled in (
            ("owner", Role.OWNER, None),
            ("former", Role.OWNER, now),
            ("editor", Role.EDITOR, None),
        ):
            person = Person(id=name, name=name, email=f"{name}@example.org", password_hash="-")
            person.role, person.created_at, person.disabled_at = role, now, disabled
            session.add(person)
    return account.id


def test_owners_are_written_to_once(services: Services, ending: str, smtp_fake: SmtpFake) -> None:
    assert (accounts.warn(services), accounts.warn(services)) == (1, 0)

    (taken,) = smtp_fake.box.taken
    assert taken.to == ["owner@example.org"]
    assert taken.message["Subject"] == "facebook:Club must be connected again"
    assert "ends in 4 days" in taken.message.get_content()
    assert "http://photos.example.org/studio/accounts" in taken.message.get_content()
    with services.db.read() as session:
        assert session.get_one(Account, ending).warned_days == 7


def test_what_was_not_taken_is_sent_the_next_time(
    services: Services, ending: str, smtp_fake: SmtpFake
) -> None:
    smtp_fake.box.full = True
    assert accounts.warn(services) == 0
    smtp_fake.box.full = False

    assert accounts.warn(services) == 1


def test_what_was_disconnected_is_forgotten_when_nothing_is_left_to_do(
    services: Services, ending: str
) -> None:
    accounts.forget(services)
    with services.db.write() as session:
        session.get_one(Account, ending).state = AccountState.LEAVING

    accounts.forget(services)

    with services.db.read() as session:
        account = session.get_one(Account, ending)
        assert account.state is AccountState.DISCONNECTED
        assert services.vault.open(ending, account.credential) == {}
        assert not leaving.anybody(session)


@pytest.mark.parametrize(("before_days", "version"), [(7, 2), (3, 1), (0.5, 1)])
def test_what_idles_is_renewed_in_time_if_it_lives_long(
    services: Services, tmp_path: Path, before_days: float, version: int
) -> None:
    world = World.make(services, tmp_path)
    world.carrier.close()
    world.far.renew_before = timedelta(days=before_days)
    carrier = world.another_carrier()
    with world.db.write() as session:
        account = session.get_one(Account, world.account.id)
        account.expires_at = world.clock.now() + timedelta(days=5 if before_days >= 1 else 0)
        stranger = Account(id="s", network="unknown", remote_id="1", name="-", credential=b"")
        stranger.connected_at = stranger.expires_at = world.clock.now()
        session.add(stranger)

    carrier.renew_idle()
    carrier.close()

    with world.db.read() as session:
        assert session.get_one(Account, world.account.id).version == version


def test_the_workers_do_it_by_themselves(
    services: Services, ending: str, smtp_fake: SmtpFake, now: datetime
) -> None:
    with services.db.write() as session:
        gone = Account(id="gone", network="facebook", remote_id="2", name="Gone", credential=b"")
        gone.connected_at, gone.state = now, AccountState.LEAVING
        session.add(gone)
    made = workers.Workers(services)
    made.start()

    def done() -> bool:
        with services.db.read() as session:
            states = session.scalars(select(Account.state).where(Account.id == "gone")).all()
        return states == [AccountState.DISCONNECTED] and len(smtp_fake.box.taken) == 1

    wait_until(done)
    made.stop()
    assert done()
