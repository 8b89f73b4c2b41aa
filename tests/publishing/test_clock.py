"""A clock that was set, and a machine that started anew, are noticed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gallery.errors import OutcomeUnknown
from gallery.models import Database, Site
from gallery.publishing import clock
from gallery.publishing.clock import HOLD, Mark, Watch, this_start
from tests.publishing.world import START, TurnedClock, World, add_album


@pytest.mark.parametrize(
    ("boot_id", "boot", "wall", "jumped"),
    [
        ("a", 160.0, 1060.0, False),
        ("a", 160.0, 1064.9, False),
        ("a", 160.0, 1065.1, True),
        ("a", 160.0, 1054.9, True),
        ("b", 10.0, 9000.0, False),  # it was off for a while
        ("b", 10.0, 994.0, True),  # it was off, and came back earlier than it went
    ],
)
def test_a_jump_is_where_the_clocks_part(
    boot_id: str, boot: float, wall: float, jumped: bool
) -> None:
    assert Mark(boot_id, boot, wall).jumped(Mark("a", 100.0, 1000.0)) is jumped


@pytest.fixture
def turned() -> TurnedClock:
    """A clock that a test turns."""
    return TurnedClock()


@pytest.fixture
def boots() -> list[str]:
    """The name of this start of the machine is the last of these."""
    return ["first"]


@pytest.fixture
def watch(db: Database, tmp_path: Path, turned: TurnedClock, boots: list[str]) -> Watch:
    """Watches that clock, with its mark in a folder that is not there yet."""
    return Watch(db, tmp_path / "new" / "clock.json", turned, lambda: boots[-1])


def times(db: Database) -> tuple[datetime | None, datetime | None]:
    """From when on windows count, and from when on schedules begin."""
    with db.read() as session:
        site = session.get_one(Site, 1)
        return site.settle_from, site.schedule_from


def test_time_that_passes_is_no_jump(db: Database, watch: Watch, turned: TurnedClock) -> None:
    for seconds in (0, 1, 3600, 86_400):
        turned.turn(turned.at + timedelta(seconds=seconds))
        assert watch.now() == turned.at

    assert times(db) == (None, None)


@pytest.mark.parametrize("seconds", [-3600, -6, 6, 3600])
def test_a_jump_restarts_windows_and_holds_the_schedule(
    seconds: int, db: Database, watch: Watch, turned: TurnedClock
) -> None:
    watch.now()

    turned.at += timedelta(seconds=seconds)
    watch.now()
    watch.now()

    assert times(db) == (turned.at, turned.at + HOLD)


def test_a_new_start_restarts_windows_and_holds_nothing(
    db: Database, watch: Watch, turned: TurnedClock, boots: list[str]
) -> None:
    watch.now()
    boots.append("second")
    turned.at += timedelta(hours=5)
    turned.booted = 3.0

    watch.now()

    assert times(db) == (turned.at, None)


def test_a_jump_while_we_were_off_is_noticed_by_what_was_kept(
    db: Database, watch: Watch, turned: TurnedClock, tmp_path: Path
) -> None:
    file = tmp_path / "new" / "clock.json"
    watch.now()
    turned.at += timedelta(days=2)

    Watch(db, file, turned, lambda: "first").now()

    assert times(db) == (turned.at, turned.at + HOLD)
    assert json.loads(file.read_text()) == {
        "boot_id": "first", "boot": 1000.0, "wall": turned.at.timestamp()
    }  # fmt: skip


def test_the_mark_is_written_once_a_minute_at_most(
    db: Database, watch: Watch, turned: TurnedClock, tmp_path: Path
) -> None:
    file = tmp_path / "new" / "clock.json"
    kept = []
    for _ in range(5):
        watch.now()
        kept.append(json.loads(file.read_text())["boot"])
        turned.turn(turned.at + timedelta(seconds=25))

    assert kept == [1000.0, 1000.0, 1000.0, 1075.0, 1075.0]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"boot": 1}'])
def test_a_mark_that_can_not_be_read_is_none(
    text: str, db: Database, turned: TurnedClock, tmp_path: Path
) -> None:
    file = tmp_path / "clock.json"
    file.write_text(text)

    Watch(db, file, turned).now()

    assert times(db) == (None, None)
    assert json.loads(file.read_text())["boot_id"] == this_start()


def test_without_a_site_there_is_nothing_to_write(
    db: Database, watch: Watch, turned: TurnedClock
) -> None:
    with db.write() as session:
        session.delete(session.get_one(Site, 1))
    watch.now()
    turned.at += timedelta(hours=1)

    assert watch.now() == turned.at


def test_a_clock_that_is_set_forward_hides_no_post_and_fires_nothing(world: World) -> None:
    world.far.script["publish"] = [OutcomeUnknown("No answer.")]
    unknown = world.order_album(add_album(world.db, 1, prefix="a"))
    world.carrier.carry(unknown)
    scheduled = world.order_at("2026-11-24 03:00", add_album(world.db, 1, prefix="b"))
    world.clock.at += timedelta(hours=1)  # nobody waited: the window of 90 s has not passed

    world.carrier.carry(unknown)
    world.carrier.carry(scheduled)
    held = world.view(scheduled)

    assert world.far.calls.count("publish 1") == 1
    assert world.row(unknown).wake_at == world.clock.now() + timedelta(seconds=2)
    assert (held.state, held.offers) == ("scheduled", ("change", "cancel"))
    assert "The clock of this machine was set" in held.sentence


def test_a_clock_that_is_put_right_again_fires_at_the_right_time_and_once(world: World) -> None:
    delivery = world.order_at("2026-11-24 04:00")
    world.carrier.watch.now()
    world.clock.at += timedelta(hours=5)
    world.carrier.carry(delivery)
    world.later(120)
    world.clock.at -= timedelta(hours=5)
    world.carrier.carry(delivery)
    early = list(world.far.calls)

    for _ in range(3):
        world.clock.turn(world.row(delivery).wake_at or world.clock.now())
        world.carry(delivery)

    assert early == []
    assert len(world.far.shown) == 1
    assert world.clock.now() >= START + timedelta(hours=2)


def test_a_clock_that_is_set_back_lets_nothing_sleep_too_long(world: World) -> None:
    world.far.script["publish"] = ["commit and lose"]
    delivery = world.order(photos=1)
    world.carrier.carry(delivery)
    world.clock.at -= timedelta(hours=6)

    world.carrier.watch.now()
    woken = world.row(delivery).wake_at
    world.carry(delivery)

    assert woken == START - timedelta(hours=6)
    assert world.view(delivery).state == "published"
    assert world.clock.now() < START - timedelta(hours=5)
    assert len(world.far.shown) == 1


def test_what_is_named_after_this_start_stays_the_same() -> None:
    assert this_start() == this_start() != ""
    assert clock.BOOT_ID.exists()
