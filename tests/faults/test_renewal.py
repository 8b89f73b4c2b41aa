"""kill -9 and SIGSTOP while a credential is renewed: it is renewed once, and never lost (I11)."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gallery.models import Account, AccountState
from tests.faults.conftest import Practice
from tests.faults.ground import Ground

pytestmark = pytest.mark.faults

# claim, lease of the renewal, the call, what came of it, intents of the uploads
COMMITS = [(nth, when) for nth in (1, 2, 3, 4) for when in ("before", "after")]
CALLS = [(1, "before"), (1, "after")]
POINTS = [("commit", *point) for point in COMMITS] + [("call", *point) for point in CALLS]
TWICE = {("commit", 3, "before"), ("call", 1, "after")}  # it was renewed, and nobody knows


@pytest.fixture
def ground(practice_ground: Practice) -> Ground:
    """A delivery to an account whose credential dies in a minute."""
    made = practice_ground(renews=True)
    with made.db.write() as session:
        account = session.get_one(Account, made.account.id)
        account.expires_at = datetime.now(UTC) + timedelta(minutes=1)
    return made


def _renewals(ground: Ground) -> int:
    issued = Path(ground.run.folder) / "renewals"
    return len(issued.read_text()) if issued.exists() else 0


def _account(ground: Ground) -> Account:
    with ground.db.read() as session:
        return session.get_one(Account, ground.account.id)


@pytest.mark.fault("kill -9, renewing")
@pytest.mark.parametrize(("kind", "nth", "when"), POINTS)
def test_killed_while_renewing_it_is_renewed_once_for_each_answer_that_was_lost(
    ground: Ground, kind: str, nth: int, when: str
) -> None:
    verb = "renew" if kind == "call" else ""
    assert ground.carry(kind=kind, verb=verb, nth=nth, when=when) == "signal 9"

    assert ground.carry() == "exit 0"

    account = _account(ground)
    assert ground.view().state == "published"
    assert ground.practised() == [ground.order_of()]
    assert (account.state, account.version) == (AccountState.OK, 2)
    assert (account.renewing_by, account.renewing_until) == (None, None)
    assert _renewals(ground) == (2 if (kind, nth, when) in TWICE else 1)


@pytest.mark.fault("SIGSTOP, renewing")
@pytest.mark.parametrize("when", ["before", "after"])
def test_stopped_while_renewing_nobody_renews_beside_it(ground: Ground, when: str) -> None:
    struck = {"kind": "call", "verb": "renew", "nth": 1, "when": when}
    stopped = ground.start(**struck, signal=signal.SIGSTOP, lease_s=0.4)
    assert ground.zygote.wait(stopped) == "stopped"

    assert ground.carry() == "exit 0"

    assert ground.view().state == "published"
    assert _renewals(ground) == (1 if when == "after" else 0)
    assert _account(ground).version == 1
    assert ground.go_on(stopped) == "exit 0"
    assert _renewals(ground) == 1
    assert _account(ground).version == 2
