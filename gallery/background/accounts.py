"""What workers do for accounts beside carrying: warn in time, renew what idles, forget."""

from __future__ import annotations

from sqlalchemy import select

from gallery import mail
from gallery.models import Person, Role
from gallery.publishing import expiry, leaving
from gallery.services import Services


def warn(services: Services) -> int:
    """Write to the owners of what ends soon, each warning once; how many were sent."""
    with services.db.read() as session:
        endings = expiry.not_yet_warned(session, services.clock.now())
        owners = select(Person.email).where(Person.role == Role.OWNER, Person.disabled_at.is_(None))
        to = session.scalars(owners.order_by(Person.email)).all()
    sent = [one for one in endings if mail.send(services.settings, to, *_words(services, one))]
    for one in sent:
        with services.db.write() as session:
            expiry.mark_warned(session, one)
    return len(sent)


def _words(services: Services, one: expiry.Ending) -> tuple[str, str]:
    where = f"{services.settings.public_url}/studio/accounts"
    return f"{one.name} must be connected again", f"{one.sentence}\n\nConnect it here: {where}\n"


def forget(services: Services) -> None:
    """Forget the credentials of accounts that were disconnected and have nothing left to do."""
    with services.db.read() as session:
        if not leaving.anybody(session):
            return
    with services.db.write() as session:
        leaving.forget(session, services.vault)
