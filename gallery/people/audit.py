"""The audit table: who did what and when. Rows are only ever added."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Audit


def note(
    session: Session,
    what: str,
    *,
    now: datetime,
    by: str | None = None,
    about: str = "",
    **detail: str,
) -> None:
    """Add a row. `what` in words ("sign-in refused"), `about` a name, `detail` never a secret."""
    session.add(Audit(at=now, person_id=by, what=what, about=about[:300], detail=dict(detail)))


def latest(session: Session, limit: int = 50) -> list[Audit]:
    """The newest rows, newest first."""
    return list(session.scalars(select(Audit).order_by(Audit.at.desc()).limit(limit)))
