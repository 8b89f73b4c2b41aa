"""Who may sign in: the first owner, adding, roles, disabling."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.errors import Conflict, FieldErrors, InvalidInput, NotFound
from gallery.models import Person, Role, Site
from gallery.people import audit, sessions
from gallery.people.site import site
from gallery.people.site import wrong_in as wrong_in_site


def anybody(session: Session) -> bool:
    """Whether there is a person at all."""
    return session.scalar(select(Person.id).limit(1)) is not None


def new_setup_token(session: Session) -> str | None:
    """A fresh one-time token for `/setup`; only its hash is stored, earlier ones stop working.

    None once there is a person.
    """
    if anybody(session):
        return None
    token = secrets.token_urlsafe(32)
    site(session).setup_token_hash = _hash(token)
    return token


def setup_opens(session: Session, token: str) -> bool:
    """Whether this token still makes a first owner. Reads only."""
    row = session.get(Site, 1)
    stored = row.setup_token_hash if row else None
    return bool(stored and hmac.compare_digest(stored, _hash(token))) and not anybody(session)


def first_owner(
    session: Session,
    token: str,
    *,
    site_name: str,
    name: str,
    email: str,
    password_hash: str,
    now: datetime,
) -> Person:
    """Make the first owner and name the site; the token is used up.

    Raises NotFound for a wrong or used token, FieldErrors for what was typed.
    """
    if not setup_opens(session, token):
        raise NotFound("There is no such page.")
    if wrong := wrong_in_site(site_name):
        raise FieldErrors(wrong)
    person = add(
        session, name=name, email=email, password_hash=password_hash, role=Role.OWNER, now=now
    )
    row = site(session)
    row.name = site_name.strip()
    row.setup_token_hash = None
    return person


def add(
    session: Session,
    *,
    name: str,
    email: str,
    password_hash: str,
    role: Role,
    now: datetime,
    by: str | None = None,
) -> Person:
    """Add a person. `password_hash` comes from `Passwords.hash`, made outside the transaction."""
    email = tidy_email(email)
    wrong = wrong_in(name=name, email=email)
    if not wrong and by_email(session, email):
        wrong["email"] = "Somebody with this e-mail address is here already."
    if wrong:
        raise FieldErrors(wrong)
    person = Person(
        name=name.strip(), email=email, password_hash=password_hash, role=role, created_at=now
    )
    session.add(person)
    session.flush()
    audit.note(session, "person added", now=now, by=by, about=email, role=role.value)
    return person


def wrong_in(*, name: str, email: str) -> dict[str, str]:
    """What is wrong with a person's name and address, by field."""
    wrong = {}
    if not 1 <= len(name.strip()) <= 200:
        wrong["name"] = "Give a name of up to 200 characters."
    if len(email) > 254 or not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        wrong["email"] = "Give an e-mail address like name@example.org."
    return wrong


def tidy_email(email: str) -> str:
    """The form in which addresses are stored and compared."""
    return email.strip().lower()


def by_email(session: Session, email: str) -> Person | None:
    """The person with this address, disabled or not."""
    return session.scalar(select(Person).where(Person.email == tidy_email(email)))


def by_id(session: Session, person_id: str) -> Person:
    """This person. Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def everybody(session: Session) -> list[Person]:
    """All people by name, disabled ones too."""
    return list(session.scalars(select(Person).order_by(func.lower(Person.name), Person.id)))


def set_role(
    session: Session, person: Person, role: Role, *, now: datetime, by: str | None
) -> None:
    """Change what a person may do; they sign in again. The last owner stays owner."""
    if person.role is role:
        return
    _keep_an_owner(session, person)
    person.role = role
    sessions.end_all(session, person.id)
    audit.note(session, "role changed", now=now, by=by, about=person.email, role=role.value)


def disable(session: Session, person: Person, *, now: datetime, by: str | None) -> None:
    """Stop a person from signing in, and end their sessions at once. Not the last owner."""
    _keep_an_owner(session, person)
    person.disabled_at = now
    sessions.end_all(session, person.id)
    audit.note(session, "person disabled", now=now, by=by, about=person.email)


def enable(session: Session, person: Person, *, now: datetime, by: str | None) -> None:
    """Let a disabled person sign in again."""
    person.disabled_at = None
    audit.note(session, "person enabled", now=now, by=by, about=person.email)


def set_password(
    session: Session, person: Person, password_hash: str, *, now: datetime, by: str | None
) -> None:
    """Give a person a new password; all their sessions end at once."""
    person.password_hash = password_hash
    sessions.end_all(session, person.id)
    audit.note(session, "password changed", now=now, by=by, about=person.email)


def settle_password_cost(session: Session, person_id: str, old: str, new: str) -> None:
    """Store the same password with today's costs, unless it was changed meanwhile."""
    person = session.get(Person, person_id)
    if person and person.password_hash == old:
        person.password_hash = new


def role_named(word: str) -> Role:
    """The role of this name. Raises InvalidInput."""
    try:
        return Role(word)
    except ValueError as error:
        names = ", ".join(role.value for role in Role)
        raise InvalidInput(f"There is no role “{word[:40]}”; the roles are {names}.") from error


def _keep_an_owner(session: Session, person: Person) -> None:
    others = session.scalar(
        select(func.count())
        .select_from(Person)
        .where(Person.role == Role.OWNER, Person.disabled_at.is_(None), Person.id != person.id)
    )
    if person.role is Role.OWNER and not others:
        raise Conflict("This is the last owner; make somebody else an owner first.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
