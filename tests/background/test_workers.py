"""The workers: what is rung for and what is only found, carried and rendered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gallery.albums import intake, opening
from gallery.background import rendering, workers
from gallery.background.workers import Workers, due
from gallery.models import Delivery, Photo, PhotoState, State
from gallery.networks import practice
from gallery.publishing import accounts, compose, orders
from gallery.publishing.lock import LifeLock
from gallery.services import Services
from gallery.settings import Settings
from tests.faults.ground import TINY_JPEG, wait_until
from tests.publishing.world import add_account, add_album
from tests.samples.photos import make_photos


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Short waits."""
    return replace(settings, settle_s=0.2, backoff_s=0.05)


@pytest.fixture
def running(services: Services) -> Iterator[Workers]:
    """Workers at work."""
    made = Workers(services)
    assert made.start()
    yield made
    made.stop()


def order(services: Services, photos: int = 2) -> str:
    """An album ordered to the practice network; the delivery's id. Nobody rings."""
    return orders_of_one_account(services, 1, photos)[0]


def orders_of_one_account(services: Services, number: int, photos: int = 2) -> list[str]:
    """So many drafts of one album ordered to the practice network; the deliveries' ids."""
    now = datetime.now(UTC) - timedelta(seconds=1)
    account = add_account(services.db, services.vault, "practice", {"name": "Rehearsal"})
    album = add_album(services.db, photos)
    limits = accounts.connector(services.vault, services.settings, account).limits()
    made = []
    with services.db.write() as session:
        for photo in session.query(Photo):
            path = services.storage.rendition(photo.sha256, photo.edit, "1920.jpg")
            path.parent.mkdir(parents=True)
            path.write_bytes(TINY_JPEG)
        for n in range(number):
            draft = compose.save(session, session.merge(album), compose.Wording("Hello"), f"nr {n}")
            delivery, _new = orders.order(
                session, services.settings, album=session.merge(album), draft=draft,
                account=session.merge(account), limits=limits, now=now + timedelta(milliseconds=n), by=None,
            )  # fmt: skip
            made.append(delivery.id)
    return made


def state(services: Services, delivery: str) -> State:
    """Where it stands."""
    with services.db.read() as session:
        return session.get_one(Delivery, delivery).state


def test_what_is_rung_for_is_carried(
    running: Workers, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = order(services)

    services.bell.carry(delivery)

    wait_until(lambda: state(services, delivery) is State.PUBLISHED)
    assert len(practice.recent(practice.folder_of(services.settings))) == 1


def test_a_lost_ring_is_found_by_the_sweep(running: Workers, services: Services) -> None:
    delivery = order(services)

    wait_until(lambda: state(services, delivery) is State.PUBLISHED)

    assert services.settings.heartbeat_file.exists()


def test_photos_become_ready_rung_for_or_not(
    running: Workers, services: Services, tmp_path: Path
) -> None:
    ids = []
    for path in make_photos(tmp_path, 2, megapixels=0.3):
        with path.open("rb") as stream:
            arrival = intake.receive(services.storage, stream, path.name)
        now = datetime.now(UTC)
        with services.db.write() as session:
            album = opening.create(session, path.name, now=now)
            done = intake.admit(session, services.storage, album, arrival, now=now, by=None)
        assert done.photo is not None
        ids.append(done.photo.id)
    services.bell.render(ids[0])

    def ready() -> bool:
        with services.db.read() as session:
            return all(session.get_one(Photo, id_).state is PhotoState.READY for id_ in ids)

    wait_until(ready)

    assert ready()


@pytest.mark.sqlite
def test_workers_run_once_on_a_machine(running: Workers, services: Services) -> None:
    second = Workers(services)

    assert not second.start()
    second.stop()


def test_one_fault_does_not_end_a_worker(
    services: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls = []

    def fails_once(_services: Services) -> bool:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("once")
        return False

    monkeypatch.setattr(workers, "SWEEP_S", 0.01)
    monkeypatch.setattr(rendering, "idle_one", fails_once)
    made = Workers(services)
    made.start()
    wait_until(lambda: len(calls) > 2)
    made.stop()

    assert "The worker idle failed once and goes on" in caplog.text


def test_only_what_nobody_alive_has_in_hand_is_due(services: Services) -> None:
    delivery = order(services)
    alive = LifeLock(services.lives)
    now = datetime.now(UTC) + timedelta(seconds=1)

    def due_with(owner: str | None, lease_s: float) -> bool:
        with services.db.write() as session:
            row = session.get_one(Delivery, delivery)
            row.owner, row.lease_until = owner, now + timedelta(seconds=lease_s)
        return due(services, now) == [delivery]

    assert due_with(None, 60)
    assert not due_with(alive.owner, 60)
    assert due_with(alive.owner, -1)
    assert due_with("999999-dead", 60)
    assert due(services, now - timedelta(hours=1)) == []
    alive.release()


def test_what_is_scheduled_goes_out_when_it_is_due_and_follows_its_zone(
    services: Services,
) -> None:
    delivery = order(services)
    with services.db.write() as session:
        row = session.get_one(Delivery, delivery)
        row.state, row.wall, row.zone = State.SCHEDULED, "2020-01-01T09:00", "UTC"
        row.wake_at = row.due_at = datetime.now(UTC) + timedelta(days=1)

    made = Workers(services)
    made.start()
    wait_until(lambda: state(services, delivery) is State.MISSED)
    made.stop()

    with services.db.read() as session:
        moved = session.get_one(Delivery, delivery).due_at
    assert moved == datetime(2020, 1, 1, 9, tzinfo=UTC)
    assert services.settings.clock_file.exists()


@pytest.mark.postgres
def test_any_number_of_processes_may_work_beside_postgresql(
    running: Workers, services: Services
) -> None:
    second = Workers(services)
    assert second.start()
    delivery = order(services)

    for _ in range(3):
        services.bell.carry(delivery)

    wait_until(lambda: state(services, delivery) is State.PUBLISHED)
    second.stop()
    assert len(practice.recent(practice.folder_of(services.settings))) == 1


def test_what_comes_after_it_at_its_account_is_carried_next_or_behind_what_was_rung_for(
    services: Services,
) -> None:
    waiting = Workers(services)  # none of its threads runs
    carrier = waiting._carrier = workers.carrier_of(services)
    deliveries = orders_of_one_account(services, 3)

    services.bell.carry("another")
    waiting._carry(deliveries[0])
    rung = [services.bell.next_delivery() for _ in range(3)]
    waiting._carry(deliveries[1])
    carrier.close()

    assert rung == ["another", deliveries[1], None]
    assert [state(services, id_) for id_ in deliveries] == [State.PUBLISHED] * 3
