"""The first owner, adding people, roles, and the last owner who stays."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import Conflict, FieldErrors, InvalidInput, NotFound
from gallery.models import Audit, Person, Role, Site
from gallery.people import audit, people, sessions


def _first_owner(session: Session, token: str, now: datetime, **other: str) -> Person:
    typed = {"site_name": "SME Network", "name": "Siti", "email": "siti@example.org", **other}
    return people.first_owner(session, token, password_hash="hash", now=now, **typed)


def test_the_setup_link_makes_the_first_owner_once(session: Session, now: datetime) -> None:
    token = people.new_setup_token(session) or ""
    assert people.setup_opens(session, token)

    owner = _first_owner(session, token, now)

    assert (owner.role, owner.email) == (Role.OWNER, "siti@example.org")
    site = session.get_one(Site, 1)
    assert (site.name, site.setup_token_hash) == ("SME Network", None)
    assert not people.setup_opens(session, token)
    with pytest.raises(NotFound):
        _first_owner(session, token, now, email="other@example.org")


def test_the_setup_token_is_stored_only_as_its_hash(session: Session) -> None:
    token = people.new_setup_token(session)

    assert token
    assert len(token) >= 43
    assert session.get_one(Site, 1).setup_token_hash not in (None, token)


def test_a_newer_setup_link_replaces_the_older(session: Session) -> None:
    older, newer = people.new_setup_token(session), people.new_setup_token(session)

    assert not people.setup_opens(session, older or "")
    assert people.setup_opens(session, newer or "")


@pytest.mark.parametrize("token", ["", "guessed"])
def test_a_guessed_setup_link_opens_nothing(session: Session, token: str) -> None:
    people.new_setup_token(session)

    assert not people.setup_opens(session, token)


def test_no_setup_link_while_there_is_a_person(session: Session, siti: Person) -> None:
    assert people.new_setup_token(session) is None


def test_a_site_needs_a_name(session: Session, now: datetime) -> None:
    token = people.new_setup_token(session) or ""

    with pytest.raises(FieldErrors) as refused:
        _first_owner(session, token, now, site_name="  ")
    assert list(refused.value.errors) == ["site_name"]


def test_addresses_are_compared_without_regard_to_case(
    session: Session, siti: Person, now: datetime
) -> None:
    assert people.by_email(session, " SITI@Example.org ") is siti
    with pytest.raises(FieldErrors) as refused:
        people.add(
            session,
            name="Other",
            email="Siti@example.ORG",
            password_hash="hash",
            role=Role.EDITOR,
            now=now,
        )
    assert refused.value.errors == {"email": "Somebody with this e-mail address is here already."}


@pytest.mark.parametrize(
    "email", ["", "siti", "@example.org", "si ti@example.org", "a@" + "b" * 260]
)
def test_an_address_must_look_like_one(session: Session, now: datetime, email: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        people.add(session, name="", email=email, password_hash="h", role=Role.EDITOR, now=now)
    assert set(refused.value.errors) == {"name", "email"}


def test_a_new_role_ends_the_sessions_of_the_old_one(
    session: Session, siti: Person, now: datetime
) -> None:
    budi = _editor(session, now)
    token = sessions.start(session, budi, now=now)

    people.set_role(session, budi, Role.UPLOADER, now=now, by=siti.id)

    assert budi.role is Role.UPLOADER
    assert sessions.find(session, token, now=now) is None


def test_the_same_role_again_changes_nothing(session: Session, siti: Person, now: datetime) -> None:
    token = sessions.start(session, siti, now=now)
    people.set_role(session, siti, Role.OWNER, now=now, by=siti.id)

    assert sessions.find(session, token, now=now) is not None


def test_the_last_owner_stays_owner_and_enabled(
    session: Session, siti: Person, now: datetime
) -> None:
    with pytest.raises(Conflict):
        people.set_role(session, siti, Role.EDITOR, now=now, by=siti.id)
    with pytest.raises(Conflict):
        people.disable(session, siti, now=now, by=siti.id)
    assert (siti.role, siti.disabled_at) == (Role.OWNER, None)


def test_with_another_owner_the_first_may_go(session: Session, siti: Person, now: datetime) -> None:
    budi = _editor(session, now)
    people.set_role(session, budi, Role.OWNER, now=now, by=siti.id)
    token = sessions.start(session, siti, now=now)

    people.disable(session, siti, now=now, by=budi.id)

    assert sessions.find(session, token, now=now) is None
    with pytest.raises(Conflict):
        people.disable(session, budi, now=now, by=budi.id)


def test_a_disabled_person_may_be_let_in_again(
    session: Session, siti: Person, now: datetime
) -> None:
    budi = _editor(session, now)
    people.disable(session, budi, now=now, by=siti.id)
    people.enable(session, budi, now=now, by=siti.id)

    assert budi.disabled_at is None


def test_a_password_changed_meanwhile_is_not_put_back(session: Session, siti: Person) -> None:
    people.settle_password_cost(session, siti.id, "an older one", "renewed")
    assert siti.password_hash != "renewed"

    people.settle_password_cost(session, siti.id, siti.password_hash, "renewed")
    assert siti.password_hash == "renewed"


def test_people_are_listed_by_name(session: Session, siti: Person, now: datetime) -> None:
    budi = _editor(session, now)

    assert people.everybody(session) == [budi, siti]
    assert people.by_id(session, budi.id) is budi
    with pytest.raises(NotFound):
        people.by_id(session, "nobody")


def test_an_unknown_role_is_refused_with_those_that_there_are() -> None:
    assert people.role_named("editor") is Role.EDITOR
    with pytest.raises(InvalidInput, match="owner, editor, uploader"):
        people.role_named("admin")


def test_what_was_done_is_written_down_newest_first(
    session: Session, siti: Person, now: datetime
) -> None:
    budi = _editor(session, now)
    people.set_role(session, budi, Role.UPLOADER, now=now.replace(hour=3), by=siti.id)

    row = audit.latest(session, 1)[0]
    assert (row.what, row.about, row.person_id) == ("role changed", "budi@example.org", siti.id)
    assert row.detail == {"role": "uploader"}
    assert len(session.scalars(select(Audit)).all()) == 3


def _editor(session: Session, now: datetime) -> Person:
    return people.add(
        session,
        name="Budi",
        email="budi@example.org",
        password_hash="hash",
        role=Role.EDITOR,
        now=now,
    )
