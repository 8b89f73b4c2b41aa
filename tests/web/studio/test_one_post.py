"""Withdrawing one post of several: the page that says what it does, and what comes of it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from gallery.models import (
    Account,
    Audit,
    Delivery,
    Fact,
    Outcome,
    Post,
    PostState,
    State,
    Step,
    StepState,
    Verb,
)
from gallery.publishing import ledger
from tests.web.browser import Browser, parts_of, utcnow
from tests.web.studio.conftest import AddPhotos, ordered

URL = "http://photos.example.org/practice/123"


@pytest.fixture
def two(app: Flask, album_id: str, add_photos: AddPhotos) -> str:
    """The address of a delivery of two posts that are out."""
    add_photos(11)
    delivery_id = ordered(app, album_id)
    with parts_of(app).db.write() as session:
        for step in session.scalars(select(Step)):
            step.state = StepState.DONE
        for post in session.scalars(select(Post)):
            post.state = PostState.LIVE
            post.receipt = {"remote_id": str(post.nth), "url": f"{URL}{post.nth}", "data": {}}
        delivery = session.get_one(Delivery, delivery_id)
        delivery.state, delivery.wake_at = State.PUBLISHED, None
    return f"/studio/posts/{delivery_id}"


def page_of(two: str, nth: object = 1) -> str:
    return f"{two}/{nth}/withdraw"


def asked(app: Flask) -> None:
    """The network refused to remove post 1."""
    with parts_of(app).db.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        delivery.state = State.NEEDS_HUMAN
        delivery.question = "Is this post still there? No. Remove it by hand."
        step = session.scalars(select(Step).where(Step.verb == Verb.RETRACT)).one()
        step.state, step.reason = StepState.REFUSED, "No."


def test_each_live_post_of_several_can_be_withdrawn(owner: Browser, two: str) -> None:
    for path in ("", "/following"):
        page = owner.get(two + path).text
        assert [f'href="{page_of(two, nth)}"' in page for nth in (1, 2)] == [True, True]


def test_the_page_says_what_goes_and_what_stays(owner: Browser, two: str) -> None:
    first, last = owner.get(page_of(two)).text, owner.get(page_of(two, 2)).text

    assert "<h1>Withdraw post 1 of 2</h1>" in first
    assert "The other posts stay as they are" in first
    assert f'href="{URL}1" target="_blank" rel="noopener"' in first
    assert ("then answer a post" in first, "then answer a post" in last) == (True, False)
    assert "No program may remove this one" not in first
    assert page_of(two, 2) not in first


@pytest.mark.parametrize("cause", ["no id", "no network"])
def test_where_a_person_must_remove_it_that_is_said_or_not_known(
    app: Flask, owner: Browser, two: str, cause: str
) -> None:
    with parts_of(app).db.write() as session:
        if cause == "no network":
            session.scalars(select(Account)).one().network = "myspace"
        for post in session.scalars(select(Post)):
            post.receipt = {"remote_id": None if cause == "no id" else "1", "url": URL}

    page = owner.get(page_of(two)).text

    assert ("No program may remove this one" in page) == (cause == "no id")


def test_it_is_withdrawn_and_followed(app: Flask, owner: Browser, two: str) -> None:
    page = owner.follow(page_of(two)).text
    again = owner.get(page_of(two)).text

    assert "Post 1 is being withdrawn." in page
    assert f'data-live="{two}/following"' in page
    assert "Being withdrawn: post 1." in page
    assert page_of(two) not in page
    assert "It is being withdrawn." in again
    with parts_of(app).db.read() as session:
        step = session.scalars(select(Step).where(Step.verb == Verb.RETRACT)).one()
        note = session.scalars(select(Audit).where(Audit.what == "one post withdrawn")).one()
    assert (step.nth, step.photo, note.detail) == (1, "", {"post": "1"})
    assert "had post 1 withdrawn." in owner.get(f"{two}/history").text
    assert parts_of(app).bell.next_delivery() == two.rsplit("/", 1)[1]


def test_what_is_withdrawn_is_told_as_ours(app: Flask, owner: Browser, two: str) -> None:
    owner.post(page_of(two))
    with parts_of(app).db.write() as session:
        session.scalars(select(Post).where(Post.nth == 1)).one().state = PostState.GONE
        session.scalars(select(Step).where(Step.verb == Verb.RETRACT)).one().state = StepState.DONE
        session.scalars(select(Delivery)).one().state = State.PARTIAL

    page = owner.get(two).text

    assert "1 of 2 posts are out. Withdrawn by us: post 1." in page
    assert "withdrawn by us</span>" in page
    assert ">removed<" in page
    assert "It is withdrawn already." in owner.get(page_of(two)).text


def test_what_somebody_else_removed_is_told_as_theirs(app: Flask, owner: Browser, two: str) -> None:
    with parts_of(app).db.write() as session:
        session.scalars(select(Post).where(Post.nth == 1)).one().state = PostState.GONE

    assert "removed there, not by us" in owner.get(two).text


def test_a_delivery_under_way_says_so(app: Flask, owner: Browser, two: str) -> None:
    with parts_of(app).db.write() as session:
        session.scalars(select(Delivery)).one().state = State.GOING

    page, refused = owner.get(page_of(two)).text, owner.post(page_of(two))

    assert "can’t be withdrawn alone now" in page
    assert refused.status_code == 409
    assert "This delivery is under way." in refused.text


@pytest.mark.parametrize("nth", [3, 0, "x", "1" * 30])
def test_there_is_no_such_post(owner: Browser, two: str, nth: object) -> None:
    assert owner.get(page_of(two, nth)).status_code == 404
    assert owner.post(page_of(two, nth)).status_code == 404


@pytest.mark.parametrize(("answer", "outcomes"), [("gone", [Outcome.GONE]), ("still", [])])
def test_what_no_program_removes_is_asked_about(
    app: Flask, owner: Browser, two: str, answer: str, outcomes: list[Outcome]
) -> None:
    owner.post(page_of(two))
    asked(app)

    card = owner.get(two).text.split('<div class="card ask">')[1].split("</article>")[0]
    owner.follow(f"{two}/settle", {"answer": answer})

    assert re.findall(r"<button[^>]*>([^<]*)</button>", card) == [
        "I removed it", "It is there, try again",
    ]  # fmt: skip
    assert "Is it still there?" in card
    assert (f'href="{URL}1"' in card, f'href="{URL}2"' in card) == (True, False)
    with parts_of(app).db.read() as session:
        assert [fact.outcome for fact in session.scalars(select(Fact))] == outcomes
        assert session.scalars(select(Delivery)).one().state is State.PUBLISHED


def test_taking_everything_back_lists_what_is_being_withdrawn_too(
    app: Flask, owner: Browser, album_id: str, two: str
) -> None:
    owner.post(page_of(two))

    assert f'href="{URL}1"' in owner.get(f"/studio/a/{album_id}/withdraw").text
    with parts_of(app).db.write() as session:
        ledger.retract(session, two.rsplit("/", 1)[1], now=utcnow())
    assert page_of(two, 2) not in owner.get(two).text
