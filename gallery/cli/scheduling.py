"""Commands for deliveries that have not begun: approve them, give them another time."""

from __future__ import annotations

import click

from gallery.cli.answers import answer, views_of
from gallery.cli.common import command, json_option, say, services, utcnow
from gallery.models import Account
from gallery.people import audit
from gallery.publishing import accounts, agenda, ledger
from gallery.publishing.schedule import parse
from gallery.publishing.views import view


@command("approve")
@click.argument("delivery_id", metavar="ID")
@json_option
def approve(delivery_id: str, as_json: bool) -> None:
    """Let the proposed delivery ID go out as its album is now; says what that changes."""
    parts = services()
    with parts.db.write() as session:
        delivery = ledger.locked(session, delivery_id)
        account = session.get_one(Account, delivery.account_id)
        limits = accounts.connector(parts.vault, parts.settings, account).limits()
        now = utcnow()
        seen = agenda.proposal(session, parts.settings, delivery, limits, now)
        agenda.approve(session, parts.settings, delivery_id, limits=limits, now=now, by=None)
        audit.note(session, "post approved", now=now, about=delivery_id)
    for sentence in seen.changes:
        say(sentence)
    parts.bell.carry(delivery_id)
    answer(views_of([delivery_id]), as_json)


@command("schedule")
@click.argument("delivery_id", metavar="ID")
@click.option("--at", help="When, like '2026-11-25 09:00' in the zone of its schedule or album.")
@click.option("--now", "at_once", is_flag=True, help="Post it now.")
@json_option
def schedule(delivery_id: str, at: str | None, at_once: bool, as_json: bool) -> None:
    """Give the delivery ID, which has not begun or was missed, another time."""
    if bool(at) == at_once:
        raise click.UsageError("Say either --at WHEN or --now.")
    parts = services()
    with parts.db.write() as session:
        now = utcnow()
        zone = view(session, delivery_id, now=now).zone
        when = parse(at, zone, now) if at else None
        agenda.change_time(session, delivery_id, when, now=now)
        audit.note(session, "post scheduled", now=now, about=delivery_id)
    parts.bell.carry(delivery_id)
    answer(views_of([delivery_id]), as_json)
