"""What goes out when: a month, and a list of what is coming."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from gallery.models import Account, Album, Delivery, Draft, Site, State
from gallery.publishing.accounts import view_of
from gallery.publishing.agenda import NOT_BEGUN
from gallery.web.context import services, utcnow
from gallery.web.studio.base import bp, page
from gallery.web.studio.standing import SAYS

MOST = 500  # deliveries in a month, or to come


@dataclass(frozen=True)
class Entry:
    """One delivery in the calendar."""

    id: str
    at: datetime  # in the site's zone
    title: str  # the album's
    label: str  # the network's
    account: str
    says: str
    kind: str  # ok, warn, bad or nothing


@dataclass(frozen=True)
class Day:
    """One day of the calendar."""

    date: date
    inside: bool  # it belongs to the month
    entries: Sequence[Entry]


@bp.get("/posts/calendar")
def calendar() -> ResponseReturnValue:
    """A month, `?month=2026-11`, and what is coming."""
    with services().db.read() as session:
        site = session.get(Site, 1)
        zone = ZoneInfo(site.zone if site else "UTC")
        today = utcnow().astimezone(zone).date()
        month = _month(request.args.get("month", ""), today)
        return page(
            "calendar.html",
            month=month,
            before=(month - timedelta(days=1)).replace(day=1),
            after=(month + timedelta(days=31)).replace(day=1),
            weeks=_weeks(session, month, zone),
            coming=_entries(session, Delivery.state.in_(NOT_BEGUN), zone),
            today=today,
            zone=zone.key,
        )


def _month(typed: str, today: date) -> date:
    """The first day of the month that is asked for; of this one if that is none."""
    try:
        month = datetime.strptime(typed, "%Y-%m").date()  # noqa: DTZ007 - a day, no instant
    except ValueError:
        return today.replace(day=1)
    return month if 2000 <= month.year <= 2999 else today.replace(day=1)


def _weeks(session: Session, month: date, zone: ZoneInfo) -> list[list[Day]]:
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    since = datetime.combine(weeks[0][0], time(), zone)
    until = datetime.combine(weeks[-1][-1] + timedelta(days=1), time(), zone)
    wanted = (Delivery.due_at >= since) & (Delivery.due_at < until)
    days: dict[date, list[Entry]] = defaultdict(list)
    for entry in _entries(session, wanted & (Delivery.state != State.CANCELLED), zone):
        days[entry.at.date()].append(entry)
    return [[Day(day, day.month == month.month, days[day]) for day in week] for week in weeks]


def _entries(session: Session, wanted: ColumnElement[bool], zone: ZoneInfo) -> list[Entry]:
    """Deliveries, soonest first. One query."""
    rows = session.execute(
        select(Delivery.id, Delivery.due_at, Delivery.state, Album.title, Account)
        .join(Draft, Draft.id == Delivery.draft_id)
        .join(Album, Album.id == Draft.album_id)
        .join(Account, Account.id == Delivery.account_id)
        .where(wanted)
        .order_by(Delivery.due_at, Delivery.id)
        .limit(MOST)
    )
    return [
        Entry(
            id_, due_at.astimezone(zone), title, view_of(account).label, account.name, *SAYS[state]
        )
        for id_, due_at, state, title, account in rows
    ]
