"""What a site says of itself."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from gallery.errors import FieldErrors
from gallery.models import Person, Role, Site
from gallery.people import site


def test_the_site_is_made_at_first_use(session: Session) -> None:
    session.delete(session.get_one(Site, 1))
    session.flush()

    assert site.site(session).name == "Afterglow"
    assert site.site(session) is session.get_one(Site, 1)


def test_name_language_and_zone_can_be_changed(session: Session, now: datetime) -> None:
    site.edit(
        session, name=" Rangkaian ", language="ms-Arab", zone="Asia/Jakarta", approval=True,
        now=now, by=None,
    )  # fmt: skip

    row = session.get_one(Site, 1)
    assert (row.name, row.language, row.zone) == ("Rangkaian", "ms-Arab", "Asia/Jakarta")
    assert row.approval


def test_what_cannot_be_is_said_field_by_field(session: Session, now: datetime) -> None:
    with pytest.raises(FieldErrors) as refused:
        site.edit(
            session, name="", language="English!", zone="Brunei", approval=True, now=now, by=None
        )

    assert set(refused.value.errors) == {"site_name", "language", "zone"}
    assert session.get_one(Site, 1).name == "Brunei SME Network"


@pytest.mark.parametrize(
    ("approval", "role", "needed"),
    [
        (True, Role.EDITOR, True),
        (True, Role.OWNER, False),
        (False, Role.EDITOR, False),
    ],
)
def test_only_where_the_site_says_so_editors_need_approval(
    approval: bool, role: Role, needed: bool, session: Session
) -> None:
    session.get_one(Site, 1).approval = approval

    assert site.needs_approval(session, Person(role=role)) is needed
