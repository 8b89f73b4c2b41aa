"""What happened to a delivery: a page to read, and the same as JSON to keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from gallery.publishing import views
from gallery.publishing.history import Event, history
from gallery.web.context import services, utcnow
from gallery.web.studio.base import bp, page


@dataclass(frozen=True)
class Told:
    """An event by the clocks of its album."""

    event: Event
    local: datetime

    @property
    def day(self) -> date:
        """Its day there."""
        return self.local.date()


@bp.get("/posts/<delivery_id>/history")
def history_page(delivery_id: str) -> ResponseReturnValue:
    """All events, day by day."""
    parts = services()
    with parts.db.read() as session:
        found = history(session, parts.vault, parts.settings, delivery_id)
        zone = ZoneInfo(found.zone)
        return page(
            "history.html",
            delivery=views.view(session, delivery_id, now=utcnow()),
            zone=found.zone,
            told=[Told(event, event.at.astimezone(zone)) for event in found.events],
        )


@bp.get("/posts/<delivery_id>/history.json")
def history_json(delivery_id: str) -> Response:
    """All events and the stored answers, without secrets."""
    parts = services()
    with parts.db.read() as session:
        found = history(session, parts.vault, parts.settings, delivery_id)
    answer = jsonify(found.to_json())
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="delivery-{found.delivery_id}.json"'
    )
    return answer
