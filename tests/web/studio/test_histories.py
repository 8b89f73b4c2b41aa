"""What happened to a delivery: read on a page, kept as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from gallery.models import Account, Delivery, Source, Step, Verb
from gallery.networks.contract import Absent, Receipt
from gallery.publishing import facts
from tests.web.browser import Browser, counted, parts_of

URL = "https://example.org/post/<1>"
LATE = datetime(2026, 11, 24, 16, 30, 5, tzinfo=UTC)  # past midnight in Brunei


def _happen(app: Flask) -> None:
    """The post is out by the network's word; its answer names the account's secret."""
    parts = parts_of(app)
    with parts.db.write() as session:
        session.scalars(select(Delivery)).one().ordered_at = LATE - timedelta(minutes=1)
        account = session.scalars(select(Account)).one()
        account.credential = parts.vault.seal(account.id, {"secret": "canary-token"})
        publish = session.scalars(select(Step).where(Step.verb == Verb.PUBLISH)).one()
        publish.attempt, publish.sent_at = 1, LATE
        receipt = Receipt("1", URL, {"said": "canary-token"})
        facts.record(session, Source.ANSWER, [(publish, receipt)], now=LATE)


def test_the_page_tells_events_by_the_album_s_clocks(app: Flask, owner: Browser, here: str) -> None:
    _happen(app)

    page = owner.get(f"{here}/history").text

    assert f'href="{here}/history"' in owner.get(here).text
    assert "Wednesday 25 November 2026" in page
    assert ">00:30:05</time>" in page
    assert page.index("The operator ordered it.") < page.index("The post is out: the network says")
    assert 'href="https://example.org/post/&lt;1&gt;" target="_blank" rel="noopener"' in page
    assert "canary" not in page


def test_the_same_is_saved_as_json_without_secrets(
    app: Flask, owner: Browser, delivery_id: str, here: str
) -> None:
    _happen(app)

    answer = owner.get(f"{here}/history.json")

    told = json.loads(answer.text)
    assert told["delivery_id"] == delivery_id
    assert told["events"][-1]["body"] == {"remote_id": "1", "url": URL, "data": {"said": "***"}}
    assert "canary" not in answer.text
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_what_people_do_is_told_by_name(app: Flask, owner: Browser, here: str) -> None:
    owner.follow(f"{here}/cancel")

    assert "Owner cancelled it." in owner.get(f"{here}/history").text


def test_a_long_history_takes_no_more_queries(app: Flask, owner: Browser, here: str) -> None:
    owner.get(f"{here}/history")
    with counted(app) as short:
        owner.get(f"{here}/history")
    with parts_of(app).db.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        publish = session.scalars(select(Step).where(Step.verb == Verb.PUBLISH)).one()
        reads = [(publish, Absent())] * 20
        facts.record(session, Source.READ, reads, now=delivery.ordered_at)
    with counted(app) as long:
        owner.get(f"{here}/history")

    assert len(long) == len(short) <= 16


@pytest.mark.parametrize("path", ["history", "history.json"])
def test_what_is_not_there_has_no_history(owner: Browser, path: str) -> None:
    assert owner.get(f"/studio/posts/missing/{path}").status_code == 404
