"""The site itself: its name, its language, the zone its days are counted in."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from gallery.errors import FieldErrors
from gallery.models import Person, Role, Site
from gallery.people import audit

LONGEST_NAME = 200
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,2}")  # BCP 47, as far as we need it


def site(session: Session) -> Site:
    """The row about this site; made at first use, so in a write session."""
    found = session.get(Site, 1)
    if found is None:
        found = Site(id=1)
        session.add(found)
        session.flush()
    return found


def needs_approval(session: Session, person: Person) -> bool:
    """Whether what this person orders waits for an owner's approval."""
    found = session.get(Site, 1)
    return found is not None and found.approval and person.role is not Role.OWNER


def edit(
    session: Session,
    *,
    name: str,
    language: str,
    zone: str,
    approval: bool,
    now: datetime,
    by: str | None,
) -> None:
    """Change what the site says of itself. Raises FieldErrors; then nothing was changed."""
    wrong = wrong_in(name)
    if not _LANGUAGE.fullmatch(language):
        wrong["language"] = "A language is a short code such as en, ms or zh-Hans."
    if zone not in available_timezones():
        wrong["zone"] = "There is no such time zone; an example is Asia/Brunei."
    if wrong:
        raise FieldErrors(wrong)
    row = site(session)
    row.name, row.language, row.zone = name.strip(), language, zone
    row.approval = approval
    audit.note(session, "settings changed", now=now, by=by, about=row.name)


def wrong_in(name: str) -> dict[str, str]:
    """What is wrong with a name for the site, by the name of its field."""
    if 1 <= len(name.strip()) <= LONGEST_NAME:
        return {}
    return {"site_name": f"Give your site a name of up to {LONGEST_NAME} characters."}
