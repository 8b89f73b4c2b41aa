"""Warnings before a connection ends: 14, 7 and 1 days before, and not where it renews itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gallery.models import Account, AccountState
from gallery.networks import NETWORKS
from gallery.publishing import expiry
from gallery.services import Services
from tests.publishing.world import add_account

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def account(services: Services) -> Account:
    """A Page."""
    return add_account(services.db, services.vault, "facebook", {"secret": "s"})


def _ends(services: Services, account: Account, at: datetime | None) -> None:
    with services.db.write() as session:
        session.get_one(Account, account.id).expires_at = at


def _ending(services: Services, now: datetime) -> list[tuple[int, int]]:
    with services.db.read() as session:
        return [(one.warning, one.days_left) for one in expiry.ending(session, now)]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(days=14) + A_MINUTE, []),
        (timedelta(days=14), [(14, 14)]),
        (timedelta(days=8), [(14, 8)]),
        (timedelta(days=7), [(7, 7)]),
        (timedelta(days=1) + A_MINUTE, [(7, 1)]),
        (timedelta(days=1) - A_MINUTE, [(1, 0)]),
        (timedelta(days=-3), [(1, 0)]),
    ],
)
def test_each_warning_comes_on_its_day(
    services: Services,
    account: Account,
    now: datetime,
    left: timedelta,
    expected: list[tuple[int, int]],
) -> None:
    _ends(services, account, now + left)

    assert _ending(services, now) == expected


def test_each_is_given_once(services: Services, account: Account, now: datetime) -> None:
    _ends(services, account, now + timedelta(days=14))
    given = []
    for day in range(15):
        with services.db.write() as session:
            for one in expiry.not_yet_warned(session, now + timedelta(days=day)):
                given.append((day, one.warning))
                expiry.mark_warned(session, one)

    assert given == [(0, 14), (7, 7), (13, 1)]


def test_what_has_no_end_or_is_not_used_is_not_warned_of(
    services: Services, account: Account, now: datetime
) -> None:
    assert _ending(services, now) == []
    _ends(services, account, now)
    with services.db.write() as session:
        session.get_one(Account, account.id).state = AccountState.DISCONNECTED

    assert _ending(services, now) == []


def test_what_renews_itself_is_only_warned_of_when_that_fails(
    services: Services, account: Account, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ends(services, account, now + timedelta(days=6))

    def renewed(before: timedelta) -> None:
        network = replace(NETWORKS["facebook"], renew_before=before)
        monkeypatch.setitem(NETWORKS, "facebook", network)

    renewed(timedelta(days=10))
    assert _ending(services, now) == []
    renewed(timedelta(days=20))
    assert _ending(services, now) == [(7, 6)]
    renewed(timedelta(minutes=10))
    assert _ending(services, now + timedelta(days=6)) == []


def test_it_is_told_in_a_sentence(services: Services, account: Account, now: datetime) -> None:
    said = []
    for hours in (24 * 9, 30, 3):
        _ends(services, account, now + timedelta(hours=hours))
        with services.db.read() as session:
            said.append(expiry.ending(session, now)[0].sentence.partition(".")[0])

    assert said == [
        "The connection to facebook:Club ends in 9 days",
        "The connection to facebook:Club ends in a day",
        "The connection to facebook:Club ends in less than a day",
    ]
