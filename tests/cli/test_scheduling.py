"""Posting at a time, approving and giving another time, by command."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from gallery.models import Album, Delivery, Photo, State
from gallery.networks import practice
from gallery.services import Services
from tests.cli.running import answer, done, flask, refused
from tests.cli.test_publish import by_hand
from tests.web.browser import parts_of

BRUNEI = ZoneInfo("Asia/Brunei")
PUBLISH = ["publish", "open-house-p", "--to", "practice"]


@pytest.fixture
def parts(app: Flask) -> Services:
    """The running parts; an album of two photos is there, and a practice account."""
    found = parts_of(app)
    by_hand(found, 2)
    done(app, "connect", "practice", "--name", "Rehearsal")
    return found


def ahead(**ago: float) -> str:
    """A wall time in Brunei, so far ahead."""
    return f"{datetime.now(BRUNEI) + timedelta(**ago):%Y-%m-%d %H:%M}"


def ordered(app: Flask, *words: str) -> Any:
    """What `publish` answers about its one delivery."""
    return answer(app, *PUBLISH, *words)["deliveries"][0]


def posts(parts: Services) -> int:
    """How many posts the practice network shows."""
    return len(practice.recent(practice.folder_of(parts.settings)))


def past(parts: Services, **ago: float) -> None:
    """The time of everything scheduled was so long ago."""
    with parts.db.write() as session:
        for delivery in session.query(Delivery):
            delivery.due_at = delivery.wake_at = parts.clock.now() - timedelta(**ago)


def recaption(parts: Services) -> None:
    """Somebody mends a caption."""
    with parts.db.write() as session:
        session.query(Photo).first().caption = "Mended"  # type: ignore[union-attr]
        session.query(Album).one().revision += 1


def test_a_post_for_a_time_is_scheduled_and_still_waits_at_the_time_out(
    app: Flask, parts: Services
) -> None:
    at = ahead(days=3)

    result = flask(app, *PUBLISH, "--at", at, "--wait", "--timeout", "0.2")
    listed = done(app, "deliveries")

    assert result.exit_code == 4
    assert f"{at[11:]} (Brunei)." in listed
    assert posts(parts) == 0


def test_what_is_due_goes_out_while_a_command_waits(app: Flask, parts: Services) -> None:
    delivery = ordered(app, "--at", ahead(days=1))
    past(parts, seconds=1)

    again = ordered(app, "--wait")

    assert delivery["state"] == "scheduled"
    assert (again["id"], again["state"]) == (delivery["id"], "published")
    assert posts(parts) == 1


def test_what_was_missed_needs_a_person_and_is_posted_when_told(
    app: Flask, parts: Services
) -> None:
    delivery = ordered(app, "--at", ahead(days=1))["id"]
    past(parts, hours=3)

    missed = flask(app, *PUBLISH, "--wait")
    moved = done(app, "schedule", delivery, "--now")
    published = flask(app, *PUBLISH, "--wait")

    assert missed.exit_code == 3
    assert "We were off" in missed.stderr
    assert "On its way." in moved
    assert published.exit_code == 0
    assert posts(parts) == 1


def test_a_time_can_be_changed_until_it_begins(app: Flask, parts: Services) -> None:
    delivery = ordered(app, "--at", ahead(days=1))["id"]
    at = ahead(days=2)

    changed = done(app, "schedule", delivery, "--at", at)
    done(app, "schedule", delivery, "--now")
    flask(app, *PUBLISH, "--wait")

    assert f"{at[11:]} (Brunei)" in changed
    assert "It has begun, or is over" in refused(app, "schedule", delivery, "--now")


def test_what_changed_is_approved_with_its_changes_told(app: Flask, parts: Services) -> None:
    delivery = ordered(app)["id"]
    recaption(parts)
    proposed = flask(app, *PUBLISH, "--wait")

    approved = flask(app, "approve", delivery)
    published = flask(app, *PUBLISH, "--wait")

    assert proposed.exit_code == 3
    assert "Waits for approval. The caption of 1.jpg" in proposed.stderr
    assert (approved.exit_code, approved.stderr) == (
        0, "The caption of 1.jpg was “Caption 1” and is “Mended” now.\n",
    )  # fmt: skip
    assert published.exit_code == 0
    assert posts(parts) == 1
    assert "Nothing waits for approval here" in refused(app, "approve", delivery)


def test_what_is_scheduled_or_proposed_is_cancelled_by_taking_it_back(
    app: Flask, parts: Services
) -> None:
    delivery = ordered(app, "--at", ahead(days=1))["id"]

    done_ = flask(app, "retract", delivery)

    with parts.db.read() as session:
        assert session.get_one(Delivery, delivery).state is State.CANCELLED
    assert "Cancelled; nothing was posted." in done_.stdout


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("soon", "“soon” is no date and time"),
        ("2020-01-01 09:00", "is past already"),
        ("2026-11-25 09:00 Mars/Base", "There is no time zone “Mars/Base”"),
    ],
)
def test_a_time_that_can_not_be_is_refused_and_nothing_is_ordered(
    at: str, says: str, app: Flask, parts: Services
) -> None:
    assert says in refused(app, *PUBLISH, "--at", at)

    with parts.db.read() as session:
        assert session.query(Delivery).all() == []


def test_a_new_time_is_either_a_time_or_now(app: Flask, parts: Services) -> None:
    for words in ([], ["--at", ahead(days=1), "--now"]):
        result = flask(app, "schedule", "x", *words)
        assert (result.exit_code, "--at WHEN or --now" in result.stderr) == (2, True)
    assert "There is no such delivery." in refused(app, "schedule", "x", "--now")
    assert "There is no such delivery." in refused(app, "approve", "x")
