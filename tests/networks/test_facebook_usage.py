"""What Facebook's headers say of its limits, and how it is heard (I8)."""

from __future__ import annotations

import json

import pytest

from gallery.errors import TryLater
from gallery.networks.contract import Pace, Paced
from gallery.networks.facebook_usage import pace_of, wait_s
from tests.contract.rigs import FacebookRig

APP, PAGE = "X-App-Usage", "X-Business-Use-Case-Usage"


def _page(**use: object) -> dict[str, str]:
    return {PAGE: json.dumps({"1": [{"type": "pages", "call_count": 1}, {"type": "pages", **use}]})}


@pytest.mark.parametrize("share", ["call_count", "total_time", "total_cputime"])
def test_each_share_of_the_app_and_of_the_page_is_heard(share: str) -> None:
    assert pace_of({APP: json.dumps({share: 94})}) is None
    assert pace_of({APP: json.dumps({share: 95})}) == Pace(rest_s=300.0)
    assert pace_of(_page(**{share: 94})) is None
    assert pace_of(_page(**{share: 100})) == Pace(rest_s=300.0)


def test_the_time_to_wait_is_in_minutes() -> None:
    used_up = {"call_count": 99, "estimated_time_to_regain_access": 7}

    assert pace_of(_page(**used_up)) == Pace(rest_s=420.0)
    assert pace_of(_page(estimated_time_to_regain_access=1)) == Pace(rest_s=60.0)
    assert wait_s(_page(**used_up)) == 420.0


@pytest.mark.parametrize(
    "header", ["", "{}", "[]", "no json", '{"1": null}', '{"1": [7]}', '{"call_count": "99"}', "9"]
)
def test_what_can_not_be_read_asks_for_nothing(header: str) -> None:
    for name in (APP, PAGE):
        assert pace_of({name: header}) is None
        assert wait_s({name: header}) == 0.0


def test_a_page_near_its_limit_asks_for_rest_once(page: FacebookRig) -> None:
    connector = page.connector
    assert isinstance(connector, Paced)
    connector.verify()
    assert connector.pace() is None
    page.fake.world.used, page.fake.world.regain_minutes = 96, 12

    connector.verify()

    assert connector.pace() == Pace(rest_s=720.0)
    assert connector.pace() is None


def test_an_app_near_its_limit_asks_for_rest_too(page: FacebookRig) -> None:
    connector = page.connector
    page.fake.world.app_used = 97
    page.staged(page.part(photos=1), connector)

    assert isinstance(connector, Paced)
    assert connector.pace() == Pace(rest_s=300.0)


def test_the_longer_of_both_waits_counts(page: FacebookRig) -> None:
    part = page.staged(page.part())
    page.fake.fault("POST", "/feed$", "rate_limited", minutes=1, retry_after=90)

    with pytest.raises(TryLater) as later:
        page.connector.publish(part)

    assert later.value.wait_s == 90.0
