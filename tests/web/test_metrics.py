"""/metrics: not there without its token, and what it tells with it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gallery.errors import OutcomeUnknown, TryLater
from gallery.models import Account
from gallery.settings import Secret, Settings
from tests.publishing.world import World, add_account, add_album
from tests.web.browser import parts_of

TOKEN = "prometheus-reads-this"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A site that is watched."""
    return replace(settings, metrics_token=Secret(TOKEN))


def _read(client: FlaskClient, token: str = TOKEN) -> dict[str, float]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], f"{TOKEN}é"])
def test_without_the_token_there_is_no_such_page(client: FlaskClient, token: str) -> None:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 404
    assert "afterglow_" not in answer.text


def test_requests_are_counted_by_the_pattern_of_their_route(client: FlaskClient) -> None:
    client.get("/a/one")
    client.get("/a/two")
    client.get("/healthz")
    client.get("/nowhere/canary")
    client.open("/healthz", method="BREW")

    figures = _read(client)

    counted = 'afterglow_requests_total{method="%s",route="%s",status="%s"}'
    assert figures[counted % ("GET", "/a/<slug>", "404")] == 2
    assert figures[counted % ("GET", "/healthz", "200")] == 1
    assert figures[counted % ("GET", "none", "404")] == 1
    assert figures[counted % ("other", "none", "405")] == 1
    assert figures['afterglow_request_seconds_count{route="/a/<slug>"}'] == 2
    assert not any("canary" in name for name in figures)


def test_an_idle_site_has_nothing_waiting(app: Flask, client: FlaskClient) -> None:
    figures = _read(client)

    assert figures["afterglow_oldest_ready_seconds"] == 0
    assert figures["afterglow_unknown_outcomes"] == 0
    assert figures["afterglow_free_bytes"] > 0
    assert "afterglow_heartbeat_age_seconds" not in figures


def test_it_tells_how_publishing_stands(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    parts = parts_of(app)
    world = World.make(parts, tmp_path)
    parts.settings.heartbeat_file.parent.mkdir(exist_ok=True)
    parts.settings.heartbeat_file.touch()
    world.far.script["publish"] = ["ok", OutcomeUnknown("cut"), TryLater("Slow.", 60.0)]
    for prefix in "ab":
        world.carrier.carry(world.order_album(add_album(world.db, 1, prefix=prefix)))
        world.later(1)
    world.order_album(add_album(world.db, 1, prefix="c"))
    other = add_account(parts.db, parts.vault, "facebook", {"secret": "s"})
    with parts.db.write() as session:
        row = session.get_one(Account, other.id)
        row.expires_at = parts.clock.now() + timedelta(days=2)
        row.breaker_until = parts.clock.now() + timedelta(days=1)
    world.carrier.close()

    figures = _read(client)

    states = {name: count for name, count in figures.items() if "_deliveries{" in name}
    assert states == {
        'afterglow_deliveries{network="pretend",state="going"}': 2,
        'afterglow_deliveries{network="pretend",state="published"}': 1,
    }
    assert figures["afterglow_unknown_outcomes"] == 1
    assert figures["afterglow_oldest_ready_seconds"] > 0
    assert 0 <= figures["afterglow_heartbeat_age_seconds"] < 60
    page = f'account="{other.id[:8]}",network="facebook"'
    assert figures[f'afterglow_account_usable{{{page},state="ok"}}'] == 1
    assert figures[f"afterglow_account_resting{{{page}}}"] == 1
    assert 1.9 < figures[f"afterglow_token_days_left{{{page}}}"] < 2.0
    assert not any(re.search("Club|Open house|canary", name) for name in figures)
