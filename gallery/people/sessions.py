"""Sessions: the browser holds a random token, the table only its SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gallery.models import Person, SignIn

LONGEST = timedelta(days=30)  # after that the password is asked for, used or not
IDLE = timedelta(days=7)  # not used for so long: over
RECENT = timedelta(minutes=15)  # the password was typed so lately: delicate things are allowed
NOTE_EVERY = timedelta(
    minutes=5
)  # how exactly `seen_at` is kept; a write for each page is too dear


def hash_of(token: str) -> str:
    """What the table holds for a token that a browser sent."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(session: Session, person: Person, *, now: datetime, instead_of: str | None = None) -> str:
    """Open a session and return its token, 256 random bits, which is stored nowhere.

    The token that the browser came with, `instead_of`, ends here: a new one at every sign-in.
    """
    if instead_of:
        end(session, instead_of)
    session.execute(delete(SignIn).where(SignIn.expires_at < now))
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=hash_of(token),
            person_id=person.id,
            started_at=now,
            seen_at=now,
            expires_at=now + LONGEST,
        )
    )
    return token


def find(session: Session, token: str, *, now: datetime) -> tuple[Person, SignIn] | None:
    """Whose session this token is; None if it is over, unknown, or its person was disabled."""
    found = session.execute(
        select(Person, SignIn)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(
            SignIn.token_hash == hash_of(token),
            SignIn.expires_at > now,
            SignIn.seen_at > now - IDLE,
            Person.disabled_at.is_(None),
        )
    ).one_or_none()
    return (found[0], found[1]) if found else None


def needs_note(sign_in: SignIn, *, now: datetime) -> bool:
    """Whether it is time to note that this session is in use."""
    return now - sign_in.seen_at > NOTE_EVERY


def note_seen(session: Session, token: str, *, now: datetime) -> None:
    """Note that this session is in use, so it does not end as idle."""
    row = session.get(SignIn, hash_of(token))
    if row:
        row.seen_at = now


def is_recent(sign_in: SignIn, *, now: datetime) -> bool:
    """Whether the password was typed lately enough to connect, export or change people."""
    return now - sign_in.started_at <= RECENT


def end(session: Session, token: str) -> None:
    """End one session. Already over is success."""
    session.execute(delete(SignIn).where(SignIn.token_hash == hash_of(token)))


def end_all(session: Session, person_id: str) -> None:
    """End every session of a person: password changed, role changed, or disabled."""
    session.execute(delete(SignIn).where(SignIn.person_id == person_id))
