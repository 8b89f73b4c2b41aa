"""Deliveries in words: live, photo by photo, with the question and what can be done."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from gallery.albums import opening
from gallery.models import (
    Aim,
    Album,
    Audit,
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
)
from gallery.publishing.lock import LifeLock
from tests.web.browser import Browser, parts_of, utcnow

LIST = ("", "/following")
URL = "http://photos.example.org/practice/1234"


def _stored(app: Flask) -> Delivery:
    with parts_of(app).db.read() as session:
        return session.scalars(select(Delivery)).one()


def _ask(app: Flask) -> None:
    """The publish was sent by a process that is gone, and nobody can tell what became of it."""
    with parts_of(app).db.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        delivery.state = State.NEEDS_HUMAN
        delivery.question = "Did this appear? Is there a post of 3 photos?"
        publish = session.scalars(select(Step).where(Step.verb == Verb.PUBLISH)).one()
        publish.state, publish.attempt = StepState.UNKNOWN, 1
        publish.sent_at, publish.sent_by = utcnow(), "1-gone"


def test_without_deliveries_the_page_says_the_next_step(owner: Browser) -> None:
    assert "Nothing was posted yet." in owner.get("/studio/posts").text


def test_a_delivery_on_its_way_is_followed_photo_by_photo(
    app: Flask, owner: Browser, here: str
) -> None:
    with parts_of(app).db.write() as session:
        step = session.scalars(select(Step).where(Step.verb == Verb.STAGE)).first()
        assert step is not None
        step.state = StepState.DONE

    page, part = owner.get(here).text, owner.get(f"{here}/following").text

    for text in (page, part):
        assert f'data-live="{here}/following"' in text
        assert "1 of 3 photos up." in text
        assert text.count(">up, not shown yet<") == 1
        assert text.count(">waiting<") == 2
        assert "Words &lt;b&gt;" in text
        assert "Look &lt;b&gt;" in text
    assert "<html" not in part


def test_the_list_follows_what_is_on_its_way_and_nothing_else(
    app: Flask, owner: Browser, album_id: str, here: str
) -> None:
    listed, part = (owner.get(f"/studio/posts{path}?album={album_id}").text for path in LIST)

    for text in (listed, part):
        assert f'data-live="/studio/posts/following?album={album_id}"' in text
        assert "1 delivery is on the way." in text
        assert f'href="{here}"' in text
    assert "<html" not in part
    with parts_of(app).db.write() as session:
        session.scalars(select(Delivery)).one().state = State.CANCELLED
    for path in LIST:
        page = owner.get(f"/studio/posts{path}").text
        assert "data-live" not in page
        assert "on its way" not in page


def test_a_published_delivery_shows_its_link_and_is_followed_no_more(
    app: Flask, owner: Browser, album_id: str, here: str
) -> None:
    with parts_of(app).db.write() as session:
        session.scalars(select(Delivery)).one().state = State.PUBLISHED
        post = session.scalars(select(Post)).one()
        post.state, post.receipt = PostState.LIVE, {"remote_id": "1", "url": URL, "data": {}}

    page = owner.get(here).text
    assert "Published." in page
    assert f'href="{URL}"' in page
    assert "data-live" not in page
    assert page.count(">live<") == 3
    listed = owner.get("/studio/posts").text
    assert f'href="{URL}"' in listed
    album = owner.get(f"/studio/a/{album_id}").text
    assert f'href="{URL}"' in album
    assert "Posted to 1" in album
    assert ">published<" in album


def test_posts_can_be_seen_album_by_album(
    app: Flask, owner: Browser, album_id: str, here: str, now: datetime
) -> None:
    with parts_of(app).db.write() as session:
        other = opening.create(session, "Other", now=now)

    assert here in owner.get(f"/studio/posts?album={album_id}").text
    assert here not in owner.get(f"/studio/posts?album={other.id}").text


def test_a_question_shows_both_sides_and_has_two_answers(
    app: Flask, owner: Browser, here: str
) -> None:
    _ask(app)

    page = owner.get(here).text

    card = page.split('<div class="card ask">')[1].split('<div class="acts">\n</div>')[0]
    assert page.count("Did this appear?") == 1
    assert "Is there a post of 3 photos?" in card
    assert 'href="http://photos.example.org/" target="_blank" rel="noopener"' in card
    assert "What we would have posted" in card
    assert (page.count("Look &lt;b&gt;"), card.count("Look &lt;b&gt;")) == (1, 1)
    assert card.count("<img") == 3
    assert _buttons(card) == ["It is there", "It is not there"]
    assert "Take it back" not in page
    assert "did this appear?" in owner.get(f"/studio/a/{_album(app).id}").text
    assert "1 delivery needs you" in owner.get("/studio").text


def test_a_post_that_was_never_sent_is_not_looked_for(
    app: Flask, owner: Browser, here: str
) -> None:
    with parts_of(app).db.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        delivery.state = State.NEEDS_HUMAN
        delivery.question = "For a day this could not be sent. Post it now?"

    card = owner.get(here).text.split('<div class="card ask">')[1]

    assert _buttons(card) == ["Post it now", "Cancel"]
    assert "Did this appear?" not in card
    assert "For a day this could not be sent." in card


def test_while_its_process_lives_a_no_is_refused_in_place(
    app: Flask, owner: Browser, here: str
) -> None:
    _ask(app)
    lock = LifeLock(parts_of(app).lives)
    with parts_of(app).db.write() as session:
        step = session.scalars(select(Step).where(Step.verb == Verb.PUBLISH)).one()
        step.sent_by = lock.owner

    answer = owner.post(f"{here}/settle", {"answer": "no"})
    lock.release()

    assert answer.status_code == 409
    assert "may still be sending this post. End it first, then answer." in answer.text
    assert "It is not there" in answer.text


def test_yes_takes_the_address_as_proof(app: Flask, owner: Browser, here: str) -> None:
    _ask(app)

    page = owner.follow(f"{here}/settle", {"answer": "yes", "seen": URL}).text

    assert "Noted: it is there." in page
    with parts_of(app).db.read() as session:
        fact = session.scalars(select(Fact)).one()
    assert (fact.source, fact.outcome, fact.body["url"]) == (Source.PERSON, Outcome.RECEIPT, URL)
    assert parts_of(app).bell.next_delivery() == _stored(app).id


def test_yes_alone_has_it_looked_up(app: Flask, owner: Browser, here: str) -> None:
    _ask(app)
    before = owner.get(here).text

    page = owner.follow(f"{here}/settle", {"answer": "yes"}).text

    assert 'name="seen"' not in before
    assert "asks for its address only if that finds nothing" in before
    assert "Noted: it is there. It is looked up" in page
    assert _stored(app).state is State.GOING
    with parts_of(app).db.read() as session:
        assert session.scalars(select(Fact)).one().outcome is Outcome.SEEN
        assert session.scalars(select(Audit).where(Audit.what == "post settled")).one().detail == {
            "told": "there"
        }


def test_what_is_not_found_asks_for_the_address(app: Flask, owner: Browser, here: str) -> None:
    _ask(app)
    owner.post(f"{here}/settle", {"answer": "yes"})
    with parts_of(app).db.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        delivery.state = State.NEEDS_HUMAN
        delivery.question = "Did this appear? It was looked for and not found."

    page = owner.get(here).text

    assert 'name="seen"' in page
    assert "It was looked for and not found." in page
    assert "asks for its address only" not in page
    assert owner.post(f"{here}/settle", {"answer": "yes", "seen": ""}).status_code == 422
    owner.follow(f"{here}/settle", {"answer": "yes", "seen": URL})
    assert _stored(app).state is State.GOING


@pytest.mark.parametrize("typed", ["", "there", "javascript:alert(1)", "https://x/" + "x" * 500])
def test_yes_needs_an_address_and_says_so_at_the_field(
    app: Flask, owner: Browser, here: str, typed: str
) -> None:
    _ask(app)

    answer = owner.post(f"{here}/settle", {"answer": "yes", "seen": typed})

    assert answer.status_code == 422
    assert "Paste the address of the post" in answer.text
    assert 'href="#seen"' in answer.text
    assert _stored(app).state is State.NEEDS_HUMAN


def test_no_lets_it_be_posted_once_more(app: Flask, owner: Browser, here: str) -> None:
    _ask(app)

    page = owner.follow(f"{here}/settle", {"answer": "no"}).text

    assert "Noted: it is not there. It is posted once more." in page
    assert _stored(app).state is State.GOING
    with parts_of(app).db.read() as session:
        assert session.scalars(select(Fact)).one().outcome is Outcome.NOT_SEEN


def test_an_answer_to_no_question_changes_nothing(app: Flask, owner: Browser, here: str) -> None:
    answer = owner.post(f"{here}/settle", {"answer": "no"})

    assert answer.status_code == 409
    assert "Nothing is asked about this delivery" in answer.text


def test_what_is_not_out_yet_can_be_cancelled(app: Flask, owner: Browser, here: str) -> None:
    assert f'action="{here}/cancel"' in owner.get(here).text

    page = owner.follow(f"{here}/cancel").text

    assert "Cancelled; nothing was posted." in page
    assert _stored(app).state is State.CANCELLED
    assert owner.post(f"{here}/cancel").status_code == 409


def test_what_is_out_can_be_taken_back(app: Flask, owner: Browser, here: str) -> None:
    with parts_of(app).db.write() as session:
        session.scalars(select(Delivery)).one().state = State.PUBLISHED

    assert f'action="{here}/retract"' in owner.get(here).text
    page = owner.follow(f"{here}/retract").text

    assert "It is being taken back." in page
    assert (_stored(app).aim, _stored(app).state) == (Aim.RETRACT, State.GOING)


@pytest.mark.parametrize(
    ("answer", "says", "outcomes"),
    [
        ("gone", "Noted: it is gone.", [Outcome.GONE]),
        ("still", "Noted: it is still there. It is tried again.", []),
    ],
)
def test_whether_it_is_gone_is_asked_and_answered(
    app: Flask, owner: Browser, here: str, answer: str, says: str, outcomes: list[Outcome]
) -> None:
    with parts_of(app).db.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        delivery.aim, delivery.state = Aim.RETRACT, State.NEEDS_HUMAN
        delivery.question = "Is this post still there? Remove it by hand."
        for post in session.scalars(select(Post)):
            post.state, post.receipt = PostState.LIVE, {"remote_id": "1", "url": URL}

    asked = owner.get(here).text
    page = owner.follow(f"{here}/settle", {"answer": answer}).text

    card = asked.split('<div class="card ask">')[1]
    assert asked.count("still there?") == 1
    assert "Remove it by hand." in card
    assert f'href="{URL}" target="_blank" rel="noopener"' in card
    assert _buttons(card) == ["I removed it", "It is there, try again"]
    assert says in page
    assert _stored(app).state is State.GOING
    with parts_of(app).db.read() as session:
        assert [fact.outcome for fact in session.scalars(select(Fact))] == outcomes


@pytest.mark.parametrize(
    ("answer", "says", "outcomes", "edition"),
    [
        ("changed", "Noted: it is as it should be.", [Outcome.RECEIPT], 2),
        ("again", "Noted: it is not. It is tried again.", [], 3),
    ],
)
def test_whether_it_was_changed_is_asked_and_answered(
    app: Flask, owner: Browser, here: str, answer: str, says: str,
    outcomes: list[Outcome], edition: int,
) -> None:  # fmt: skip
    with parts_of(app).db.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        delivery.aim, delivery.state, delivery.edition = Aim.AMEND, State.NEEDS_HUMAN, 2
        delivery.question = "Was this post changed? Facebook refused it."
        for step in session.scalars(select(Step)):
            step.state = StepState.DONE
        for post in session.scalars(select(Post)):
            post.state, post.receipt = PostState.LIVE, {"remote_id": "1", "url": URL}
            session.add(
                Step(delivery_id=delivery.id, nth=post.nth, verb=Verb.AMEND, edition=2,
                     state=StepState.REFUSED)
            )  # fmt: skip

    card = owner.get(here).text.split('<div class="card ask">')[1]
    page = owner.follow(f"{here}/settle", {"answer": answer}).text

    assert "Was it changed?" in card
    assert "Facebook refused it." in card
    assert f'href="{URL}" target="_blank" rel="noopener"' in card
    assert _buttons(card)[:2] == ["It is as shown here", "It is not, try again"]
    assert says in page
    assert _stored(app).edition == edition
    with parts_of(app).db.read() as session:
        assert [fact.outcome for fact in session.scalars(select(Fact))] == outcomes


def test_the_rest_of_a_partial_delivery_can_go_on(app: Flask, owner: Browser, here: str) -> None:
    assert owner.post(f"{here}/go-on").status_code == 409
    with parts_of(app).db.write() as session:
        session.scalars(select(Delivery)).one().state = State.PARTIAL

    assert f'action="{here}/go-on"' in owner.get(here).text
    page = owner.follow(f"{here}/go-on").text

    assert "It goes on with the rest." in page
    assert _stored(app).state is State.GOING


def test_what_was_refused_offers_to_post_again(app: Flask, owner: Browser, here: str) -> None:
    with parts_of(app).db.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        delivery.state, delivery.reason = State.FAILED, "Photo 2 is too large."

    page = owner.get(here).text

    assert "Nothing was posted. Photo 2 is too large." in page
    assert f'href="/studio/a/{_album(app).id}/post"' in page
    assert "was not posted" in page


def test_a_delivery_that_waits_for_its_account_offers_to_connect_it(
    app: Flask, owner: Browser, here: str
) -> None:
    with parts_of(app).db.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        delivery.why, delivery.wake_at = "token", None

    assert "Connect the account again" in owner.get(here).text


@pytest.mark.parametrize("path", ["", "/following"])
def test_a_delivery_that_is_not_there_is_a_404(owner: Browser, path: str) -> None:
    assert owner.get(f"/studio/posts/missing{path}").status_code == 404


def _buttons(html: str) -> list[str]:
    return re.findall(r"<button[^>]*>([^<]*)</button>", html.split("</main>")[0])


def _album(app: Flask) -> Album:
    with parts_of(app).db.read() as session:
        return session.scalars(select(Album)).one()
