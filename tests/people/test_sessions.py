"""Sessions begin, are found, and end when they should."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Person, SignIn
from gallery.people import people, sessions


def test_a_token_opens_its_session_and_the_table_does_not_know_it(
    session: Session, siti: Person, now: datetime
) -> None:
    token = sessions.start(session, siti, now=now)
    found = sessions.find(session, token, now=now)

    assert found is not None
    assert found[0] is siti
    assert len(token) >= 43
    assert token not in [row.token_hash for row in session.scalars(select(SignIn))]


def test_an_unknown_token_opens_nothing(session: Session, siti: Person, now: datetime) -> None:
    sessions.start(session, siti, now=now)

    assert sessions.find(session, "guessed", now=now) is None


def test_signing_in_again_ends_the_session_that_the_browser_came_with(
    session: Session, siti: Person, now: datetime
) -> None:
    planted = sessions.start(session, siti, now=now)
    token = sessions.start(session, siti, now=now, instead_of=planted)

    assert sessions.find(session, planted, now=now) is None
    assert sessions.find(session, token, now=now) is not None


def test_a_session_that_is_not_used_for_a_week_is_over(
    session: Session, siti: Person, now: datetime
) -> None:
    token = sessions.start(session, siti, now=now)
    later = now + sessions.IDLE

    assert sessions.find(session, token, now=later - timedelta(seconds=1)) is not None
    assert sessions.find(session, token, now=later) is None


def test_use_keeps_a_session_alive_but_never_past_a_month(
    session: Session, siti: Person, now: datetime
) -> None:
    token = sessions.start(session, siti, now=now)
    for day in range(1, 30):
        sessions.note_seen(session, token, now=now + timedelta(days=day))

    almost = now + sessions.LONGEST - timedelta(seconds=1)
    assert sessions.find(session, token, now=almost) is not None
    assert sessions.find(session, token, now=now + sessions.LONGEST) is None


def test_use_is_noted_only_now_and_then(session: Session, siti: Person, now: datetime) -> None:
    token = sessions.start(session, siti, now=now)
    _, row = sessions.find(session, token, now=now) or (None, None)

    assert row is not None
    assert not sessions.needs_note(row, now=now + sessions.NOTE_EVERY)
    assert sessions.needs_note(row, now=now + sessions.NOTE_EVERY + timedelta(seconds=1))


def test_noting_a_session_that_ended_meanwhile_is_no_harm(
    session: Session, siti: Person, now: datetime
) -> None:
    sessions.note_seen(session, "over", now=now)

    assert sessions.find(session, "over", now=now) is None


def test_the_password_was_typed_lately_for_a_quarter_of_an_hour(
    session: Session, siti: Person, now: datetime
) -> None:
    token = sessions.start(session, siti, now=now)
    _, row = sessions.find(session, token, now=now) or (None, None)

    assert row is not None
    assert sessions.is_recent(row, now=now + sessions.RECENT)
    assert not sessions.is_recent(row, now=now + sessions.RECENT + timedelta(seconds=1))


def test_signing_out_ends_one_session_and_leaves_the_others(
    session: Session, siti: Person, now: datetime
) -> None:
    here, there = (sessions.start(session, siti, now=now) for _ in range(2))
    sessions.end(session, here)

    assert sessions.find(session, here, now=now) is None
    assert sessions.find(session, there, now=now) is not None


def test_sessions_that_are_over_are_swept_at_the_next_sign_in(
    session: Session, siti: Person, now: datetime
) -> None:
    sessions.start(session, siti, now=now - sessions.LONGEST - timedelta(days=1))
    sessions.start(session, siti, now=now)

    assert len(session.scalars(select(SignIn)).all()) == 1


def test_a_disabled_person_has_no_session_whatever_the_table_says(
    session: Session, siti: Person, now: datetime
) -> None:
    token = sessions.start(session, siti, now=now)
    siti.disabled_at = now
    session.flush()

    assert sessions.find(session, token, now=now) is None


def test_a_new_password_ends_every_session(session: Session, siti: Person, now: datetime) -> None:
    tokens = [sessions.start(session, siti, now=now) for _ in range(2)]
    people.set_password(session, siti, "new hash", now=now, by=siti.id)

    assert [sessions.find(session, token, now=now) for token in tokens] == [None, None]
