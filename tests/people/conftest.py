"""Passwords that cost nothing, and a person who has one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from gallery.models import Database, Person, Role
from gallery.people import people
from gallery.people.passwords import Passwords

PASSWORD = "four words in a row"


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    """As cheap as Argon2 can be."""
    return Passwords(passes=1, memory_kib=8)


@pytest.fixture
def session(db: Database) -> Iterator[Session]:
    """A write session that lasts for the whole test."""
    with db.write() as session:
        yield session


@pytest.fixture
def siti(session: Session, passwords: Passwords, now: datetime) -> Person:
    """The only owner."""
    return people.add(
        session,
        name="Siti",
        email="siti@example.org",
        password_hash=passwords.hash(PASSWORD),
        role=Role.OWNER,
        now=now,
    )
