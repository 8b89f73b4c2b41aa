"""Credentials that die are renewed in time, by one process, and stored before use (I11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gallery.errors import Disconnected, OutcomeUnknown, TryLater
from gallery.models import Account, AccountState
from gallery.networks.contract import EXPIRES
from gallery.publishing.carry import Carrier
from gallery.services import Services
from tests.publishing.world import START, World

MARGIN = timedelta(minutes=30)
NEW_END = START + timedelta(hours=3)
FRESH = {"secret": "fresh", EXPIRES: NEW_END.isoformat()}
DISCONNECTED = Disconnected("It no longer lets us in; connect it again.")


@pytest.fixture
def world(services: Services, tmp_path: Path) -> Iterator[World]:
    """A network whose credentials live a while; the account's dies in twenty minutes."""
    made = World.make(services, tmp_path)
    made.far.renew_before = MARGIN
    made.carrier.close()
    made.carrier = made.another_carrier()
    _ends(made, START + timedelta(minutes=20))
    yield made
    made.carrier.close()


@pytest.fixture
def other(world: World) -> Iterator[Carrier]:
    """A second process."""
    made = world.another_carrier()
    yield made
    made.close()


def _ends(world: World, at: datetime | None) -> None:
    with world.db.write() as session:
        session.get_one(Account, world.account.id).expires_at = at


def _account(world: World) -> Account:
    with world.db.read() as session:
        return session.get_one(Account, world.account.id)


def test_it_is_renewed_before_it_dies_and_used_from_then_on(world: World) -> None:
    world.far.script["renew"] = [FRESH]
    delivery = world.order(photos=1)

    world.carry(delivery)

    account = _account(world)
    assert world.far.calls[0] == "renew"
    assert world.far.secrets == ["canary", "fresh", "fresh", "fresh"]
    assert (account.version, account.expires_at) == (2, NEW_END)
    assert (account.renewing_by, account.renewing_until) == (None, None)
    opened = world.services.vault.open(account.id, account.credential)
    assert opened == FRESH
    assert world.view(delivery).state == "published"


def test_what_lives_long_enough_is_left_alone(world: World) -> None:
    _ends(world, START + timedelta(minutes=31))
    first = world.order(photos=1)
    world.carry(first)
    _ends(world, None)
    world.carry(first)

    assert "renew" not in world.far.calls


def test_it_is_stored_before_it_is_used(world: World) -> None:
    """I11: whatever happens after the answer, the new one is not lost."""
    delivery = world.order(photos=1)
    stored: list[str] = []

    def look() -> str:
        account = _account(world)
        stored.append(world.services.vault.open(account.id, account.credential)["secret"])
        return "ok"

    world.far.script["stage"] = [look]
    world.carry(delivery)

    assert stored == ["canary+"]


def test_only_one_process_renews(world: World, other: Carrier) -> None:
    """I11: one refresh per expiry; the other goes on with the old one while it serves."""
    delivery = world.order(photos=1)

    def meanwhile() -> object:
        account = _account(world)
        assert account.renewing_by == world.carrier.lock.owner
        other.renewals.renew(account.id, account.version, _Unasked())  # type: ignore[arg-type]
        return FRESH

    world.far.script["renew"] = [meanwhile]
    world.carry(delivery)

    assert world.far.calls.count("renew") == 1
    assert _account(world).version == 2


class _Unasked:
    """A connector that nobody may ask to renew."""

    def renew(self) -> object:
        raise AssertionError("a second renewal")


def test_one_that_was_renewed_meanwhile_is_not_renewed_again(world: World) -> None:
    account = _account(world)

    world.carrier.renewals.renew(account.id, account.version - 1, _Unasked())  # type: ignore[arg-type]

    assert _account(world).version == account.version


def _held_by(world: World, owner: str, until: datetime) -> None:
    with world.db.write() as session:
        account = session.get_one(Account, world.account.id)
        account.renewing_by, account.renewing_until = owner, until


def test_while_another_living_process_renews_the_old_one_serves(
    world: World, other: Carrier
) -> None:
    """I11: however long that takes, nobody renews beside it."""
    _held_by(world, other.lock.owner, START - timedelta(hours=1))
    delivery = world.order(photos=1)

    world.carry(delivery)

    assert "renew" not in world.far.calls
    assert world.view(delivery).state == "published"


def test_once_the_old_one_is_dead_it_waits_for_who_renews(world: World, other: Carrier) -> None:
    _held_by(world, other.lock.owner, START)
    _ends(world, START)
    delivery = world.order(photos=1)

    world.carrier.carry(delivery)

    assert (world.far.calls, world.row(delivery).why) == ([], "renewal")
    assert "is being renewed" in world.view(delivery).sentence
    with world.db.write() as session:
        account = session.get_one(Account, world.account.id)
        account.renewing_by = account.renewing_until = None
        account.expires_at, account.version = NEW_END, 2
    world.carry(delivery)
    assert "renew" not in world.far.calls
    assert world.view(delivery).state == "published"


def test_a_process_that_died_while_it_renewed_is_followed_at_once(world: World) -> None:
    _held_by(world, "99999-dead", START + timedelta(hours=1))
    delivery = world.order(photos=1)

    world.carry(delivery)

    assert world.far.calls.count("renew") == 1
    assert world.view(delivery).state == "published"


def test_our_own_renewal_that_never_ended_is_begun_anew_after_a_while(world: World) -> None:
    _held_by(world, world.carrier.lock.owner, START + timedelta(minutes=1))
    _ends(world, START)
    delivery = world.order(photos=1)

    world.carrier.carry(delivery)
    assert world.far.calls == []
    world.later(61)
    world.carry(delivery)

    assert world.far.calls.count("renew") == 1
    assert world.view(delivery).state == "published"


@pytest.mark.parametrize(
    ("error", "pause_s"),
    [
        (TryLater("Not now.", 5.0), 60),
        (TryLater("Slow down.", 600.0), 600),
        (OutcomeUnknown("cut"), 60),
        (ValueError("ours"), 60),
    ],
)
def test_a_failure_for_the_moment_disconnects_nothing(
    world: World, error: Exception, pause_s: int
) -> None:
    """I11: a transient failure never disconnects; the old one serves while it lives."""
    world.far.script["renew"] = [error]
    delivery = world.order(photos=1)

    world.carry(delivery)

    account = _account(world)
    assert world.view(delivery).state == "published"
    assert (account.state, account.version) == (AccountState.OK, 1)
    assert account.renewing_until == START + timedelta(seconds=pause_s)
    assert "could not be renewed yet" in account.why


def test_a_dead_one_waits_for_the_next_try_to_renew_it(world: World) -> None:
    _ends(world, START)
    world.far.script["renew"] = [OutcomeUnknown("cut"), FRESH]
    delivery = world.order(photos=1)

    world.carrier.carry(delivery)

    assert (world.far.calls, world.view(delivery).state) == (["renew"], "waiting")
    assert world.row(delivery).wake_at == START + timedelta(seconds=60)
    world.carry(delivery)
    assert world.view(delivery).state == "published"
    assert _account(world).why == ""


def test_a_renewal_that_is_refused_disconnects(world: World) -> None:
    world.far.script["renew"] = [DISCONNECTED]
    delivery = world.order(photos=1)

    world.carrier.carry(delivery)

    assert _account(world).state is AccountState.DISCONNECTED
    assert (world.far.calls, world.row(delivery).why) == (["renew"], "token")


def test_one_connected_anew_meanwhile_keeps_what_was_connected(world: World) -> None:
    def reconnected() -> object:
        with world.db.write() as session:
            session.get_one(Account, world.account.id).version = 7
        return FRESH

    world.far.script["renew"] = [reconnected]
    account = _account(world)
    connector = world.far.network()["pretend"].build({"secret": "canary"}, world.services.settings)

    world.carrier.renewals.renew(account.id, account.version, connector)

    assert (_account(world).version, _account(world).credential) == (7, account.credential)


def test_one_that_is_not_taken_any_more_is_renewed_once_and_tried_again(world: World) -> None:
    """A 401 before the end that we knew: a renewal first, and no person."""
    _ends(world, START + timedelta(days=1))
    world.far.script["publish"] = [DISCONNECTED]
    world.far.script["renew"] = [FRESH]
    delivery = world.order(photos=1)

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.far.calls.count("renew") == 1
    assert world.far.secrets[-1] == "fresh"


def test_one_that_is_not_taken_even_when_fresh_is_disconnected(world: World) -> None:
    _ends(world, START + timedelta(days=1))
    world.far.script["publish"] = [DISCONNECTED, DISCONNECTED]
    world.far.script["renew"] = [FRESH]
    delivery = world.order(photos=1)

    world.carrier.carry(delivery)

    assert _account(world).state is AccountState.DISCONNECTED
    assert world.far.calls.count("renew") == 1
    assert world.far.calls.count("publish 1") == 2


def test_a_401_after_somebody_else_renewed_is_tried_again_with_the_new_one(world: World) -> None:
    """The credential is read again before anybody is believed to be locked out."""
    _ends(world, None)

    def renewed_elsewhere() -> object:
        with world.db.write() as session:
            account = session.get_one(Account, world.account.id)
            account.credential = world.services.vault.seal(account.id, {"secret": "theirs"})
            account.version += 1
        raise DISCONNECTED

    world.far.script["publish"] = [renewed_elsewhere]
    delivery = world.order(photos=1)

    world.carry(delivery)

    assert world.view(delivery).state == "published"
    assert world.far.secrets[-2:] == ["canary", "theirs"]
    assert _account(world).state is AccountState.OK


def test_a_read_that_is_not_let_in_disconnects_too(world: World) -> None:
    world.far.renew_before = None
    world.carrier.close()
    world.carrier = world.another_carrier()
    world.far.script["publish"] = ["commit and lose"]
    world.far.script["find"] = [DISCONNECTED]
    delivery = world.order(photos=1)

    world.carry(delivery)

    assert _account(world).state is AccountState.DISCONNECTED
    assert world.row(delivery).why == "token"
