"""A second copy on the delivery's page: removed, kept, or gone by a person's word."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from gallery.models import (
    Account,
    Delivery,
    Fact,
    Outcome,
    Post,
    PostState,
    Source,
    State,
    Step,
    StepState,
    Verb,
)  # fmt: skip
from gallery.networks.contract import Receipt
from gallery.publishing import facts
from tests.web.browser import Browser, parts_of, utcnow

URL = "http://photos.example.org/practice/0123456789abcdef"


@pytest.fixture
def copy_at(app: Flask, here: str) -> str:
    """A published delivery of which a second copy turned up; where it is decided about."""
    with parts_of(app).db.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        for step in session.scalars(select(Step)):
            step.state = StepState.DONE
        step = session.scalars(select(Step).where(Step.verb == Verb.PUBLISH)).one()
        step.attempt = 1
        facts.record(session, Source.ANSWER, [(step, Receipt("1", URL + "1"))], now=utcnow())
        facts.record(session, Source.READ, [(step, Receipt("2", URL))], now=utcnow())
        stray = session.scalars(select(Fact).where(Fact.outcome == Outcome.STRAY)).one()
        post = session.scalars(select(Post)).one()
        post.state, post.receipt = PostState.LIVE, {"remote_id": "1", "url": URL + "1"}
        delivery.state, delivery.wake_at = State.PUBLISHED, None
        return f"{here}/copies/{stray.id}"


def steps(app: Flask) -> list[Step]:
    with parts_of(app).db.read() as session:
        return list(session.scalars(select(Step).where(Step.verb == Verb.RETRACT)))


def buttons(page: str) -> list[str]:
    card = page.split('<div class="card ask">')[1].split("</form>")[0]
    return re.findall(r"<button[^>]*>([^<]*)</button>", card)


def test_it_is_shown_once_with_its_link_and_two_answers(
    owner: Browser, here: str, copy_at: str
) -> None:
    page = owner.get(here).text

    assert page.count("A second copy") == 1
    assert f'href="{URL}" target="_blank" rel="noopener"' in page
    assert f'action="{copy_at}"' in page
    assert buttons(page) == ["Remove it", "Keep it"]


def test_it_is_removed(app: Flask, owner: Browser, here: str, copy_at: str) -> None:
    page = owner.follow(copy_at, {"answer": "remove"}).text

    assert "The second copy is being removed." in page
    assert "data-live" in page
    assert [step.state for step in steps(app)] == [StepState.TODO]
    assert parts_of(app).bell.next_delivery() == here.rpartition("/")[2]
    assert "Owner had the second copy removed." in owner.get(f"{here}/history").text


def test_it_is_kept(app: Flask, owner: Browser, copy_at: str) -> None:
    page = owner.follow(copy_at, {"answer": "keep"}).text

    assert "Noted: the second copy stays." in page
    assert "stands there too; it was kept." in page
    assert [(step.state, step.why) for step in steps(app)] == [(StepState.DONE, "kept")]


def test_what_was_refused_can_be_tried_again_or_said_to_be_gone(
    app: Flask, owner: Browser, here: str, copy_at: str
) -> None:
    owner.post(copy_at, {"answer": "remove"})
    with parts_of(app).db.write() as session:
        step = session.scalars(select(Step).where(Step.verb == Verb.RETRACT)).one()
        step.state, step.reason = StepState.REFUSED, "Not <allowed>."

    page = owner.get(here).text
    owner.follow(copy_at, {"answer": "gone"})

    assert "It could not be removed: Not &lt;allowed&gt;." in page
    assert buttons(page) == ["Try again", "I removed it", "Keep it"]
    with parts_of(app).db.read() as session:
        said = session.scalars(select(Fact).where(Fact.outcome == Outcome.GONE)).one()
    assert said.source is Source.PERSON


def test_a_copy_without_an_id_is_removed_by_hand(
    app: Flask, owner: Browser, here: str, copy_at: str
) -> None:
    with parts_of(app).db.write() as session:
        stray = session.get_one(Fact, copy_at.rpartition("/")[2])
        stray.body = {**stray.body, "remote_id": None}
        session.scalars(select(Account)).one().credential = b"sealed with a key that is gone"

    page = owner.get(here).text

    assert "No program may remove it" in page
    assert buttons(page) == ["I removed it", "Keep it"]
    assert owner.post(copy_at, {"answer": "remove"}).status_code == 409


@pytest.mark.parametrize("answer", ["", "burn"])
def test_without_a_clear_answer_nothing_is_done(
    app: Flask, owner: Browser, copy_at: str, answer: str
) -> None:
    assert owner.post(copy_at, {"answer": answer}).status_code == 400
    assert steps(app) == []


def test_a_copy_that_is_not_there_is_a_404(owner: Browser, here: str) -> None:
    assert owner.post(f"{here}/copies/none", {"answer": "keep"}).status_code == 404
