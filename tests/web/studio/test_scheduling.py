"""Deliveries that have not begun: approving, another time, posting now, discarding."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from gallery.models import Account, Album, Audit, Delivery, Photo, Role, Site, State
from gallery.publishing import schedule
from tests.web.browser import Browser, parts_of, utcnow

HASH = re.compile(r'name="hash" value="(\w+)"')


@pytest.fixture
def editor(app: Flask) -> Browser:
    """An editor who signed in just now."""
    return Browser.signed_in(app, Role.EDITOR)


def stored(app: Flask) -> Delivery:
    """The one delivery."""
    with parts_of(app).db.read() as session:
        return session.scalars(select(Delivery)).one()


def put(app: Flask, state: State, **columns: object) -> None:
    """The one delivery stands so."""
    with parts_of(app).db.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        delivery.state, delivery.wake_at = state, None
        for name, value in columns.items():
            setattr(delivery, name, value)


def in_days(days: int) -> datetime:
    """Nine o'clock, so many days ahead, in UTC."""
    return (utcnow() + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)


def schedule_for(app: Flask, at: datetime) -> None:
    """The one delivery is scheduled for this time in UTC."""
    put(app, State.SCHEDULED, due_at=at, wall=at.strftime(schedule.FORMAT), zone="UTC")


def recaption(app: Flask) -> None:
    """Somebody mends a caption."""
    with parts_of(app).db.write() as session:
        session.scalars(select(Photo)).first().caption = "Mended <i>"  # type: ignore[union-attr]
        session.scalars(select(Album)).one().revision += 1


def need_approval(app: Flask) -> None:
    """What editors order waits for an owner."""
    with parts_of(app).db.write() as session:
        session.get_one(Site, 1).approval = True


def test_what_is_scheduled_says_when_and_offers_another_time(
    app: Flask, owner: Browser, here: str
) -> None:
    schedule_for(app, in_days(2))

    page = owner.get(here).text

    assert "09:00 (UTC)." in page
    assert f'action="{here}/time"' in page
    assert f'action="{here}/cancel"' in page
    assert "As clocks show it in UTC." in page
    assert "<progress" not in page
    assert 'data-every="5000"' in page
    assert "Does this go out?" not in page


def test_another_time_is_kept_as_wall_time_and_instant(
    app: Flask, owner: Browser, here: str
) -> None:
    schedule_for(app, in_days(2))
    at = in_days(3)

    page = owner.follow(f"{here}/time", {"at": at.strftime(schedule.FORMAT)})

    delivery = stored(app)
    assert "The time is changed." in page.text
    assert (delivery.due_at, delivery.wake_at, delivery.state) == (at, at, State.SCHEDULED)
    assert delivery.wall == at.strftime(schedule.FORMAT)


def test_a_time_that_can_not_be_changes_nothing(app: Flask, owner: Browser, here: str) -> None:
    at = in_days(2)
    schedule_for(app, at)

    for typed, says in (
        ("soon", "is no date and time"),
        ("", "is no date and time"),
        ("2020-01-01T09:00", "is past already"),
    ):
        assert says in owner.follow(f"{here}/time", {"at": typed}).text

    assert stored(app).due_at == at


def test_what_has_begun_can_not_be_moved(app: Flask, owner: Browser, here: str) -> None:
    page = owner.follow(f"{here}/time", {"do": "now"})

    assert "It has begun, or is over" in page.text


def test_what_was_missed_is_posted_now_or_discarded(app: Flask, owner: Browser, here: str) -> None:
    put(app, State.MISSED, reason="We were off.", wall="2026-01-01T09:00")
    page = owner.get(here).text

    owner.follow(f"{here}/time", {"do": "now"})
    going = stored(app)
    put(app, State.MISSED)
    discarded = owner.follow(f"{here}/discard")

    assert "We were off. Nothing was posted. Post it now?" in page
    assert "Post it now</button>" in page
    assert (going.state, going.wall) == (State.GOING, None)
    assert "Discarded; nothing was posted." in discarded.text
    assert stored(app).state is State.CANCELLED


def test_a_proposal_shows_what_changed_and_goes_out_as_it_was_shown(
    app: Flask, owner: Browser, here: str
) -> None:
    put(app, State.PROPOSED)
    recaption(app)
    page = owner.get(here).text
    seen = HASH.search(page)
    assert seen

    approved = owner.follow(f"{here}/approve", {"hash": seen[1]})

    delivery = stored(app)
    assert "Changed since it was ordered:" in page
    assert "is “Mended &lt;i&gt;” now." in page
    assert "As it would go out now" in page
    assert "Approve and post now" in page
    assert "Approved." in approved.text
    assert (delivery.state, delivery.plan_hash) == (State.GOING, seen[1])
    assert delivery.approved_by is not None
    with parts_of(app).db.read() as session:
        assert "post approved" in session.scalars(select(Audit.what)).all()
    assert parts_of(app).bell.next_delivery() == delivery.id


def test_an_unchanged_proposal_with_a_time_is_approved_for_that_time(
    app: Flask, owner: Browser, here: str
) -> None:
    at = in_days(2)
    schedule_for(app, at)
    put(app, State.PROPOSED)
    page = owner.get(here).text
    seen = HASH.search(page)
    assert seen

    owner.follow(f"{here}/approve", {"hash": seen[1]})

    assert "Changed since" not in page
    assert "Approve</button>" in page
    assert (stored(app).state, stored(app).wake_at) == (State.SCHEDULED, at)


def test_what_was_not_seen_is_not_approved(app: Flask, owner: Browser, here: str) -> None:
    put(app, State.PROPOSED)

    for form in ({}, {"hash": "0"}):
        assert "Look again." in owner.follow(f"{here}/approve", form).text

    assert stored(app).state is State.PROPOSED


def test_with_approval_an_editor_proposes_and_an_owner_approves(
    app: Flask, owner: Browser, editor: Browser, here: str
) -> None:
    need_approval(app)
    put(app, State.PROPOSED)
    seen = HASH.search(owner.get(here).text)
    assert seen

    page = editor.get(here).text
    refused = editor.follow(f"{here}/approve", {"hash": seen[1]})

    assert "An owner of this site approves it." in page
    assert HASH.search(page) is None
    assert "Here an owner approves posts; nothing was changed." in refused.text
    assert stored(app).state is State.PROPOSED


def test_with_approval_a_time_that_an_editor_changes_is_approved_again(
    app: Flask, editor: Browser, here: str
) -> None:
    need_approval(app)
    schedule_for(app, in_days(2))

    editor.follow(f"{here}/time", {"do": "now"})

    assert stored(app).state is State.PROPOSED


def test_a_proposal_that_can_not_go_out_says_why(app: Flask, owner: Browser, here: str) -> None:
    put(app, State.PROPOSED)
    with parts_of(app).db.write() as session:
        session.scalars(select(Account)).one().network = "gone"

    page = owner.get(here).text

    assert "There is no network “gone”" in page
    assert HASH.search(page) is None


def test_approval_is_a_setting_of_owners(app: Flask, owner: Browser) -> None:
    form = {"site_name": "Site", "language": "en", "zone": "Asia/Brunei"}

    owner.post("/studio/settings", {**form, "approval": "on"})
    page = owner.get("/studio/settings").text
    with parts_of(app).db.read() as session:
        on = session.get_one(Site, 1).approval
    owner.post("/studio/settings", form)

    assert on
    assert 'name="approval" checked' in page
    assert 'name="approval">' in owner.get("/studio/settings").text
