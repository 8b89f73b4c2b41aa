"""Whether the database itself is sound."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from gallery.models.database import Database


def faults(db: Database) -> list[str]:
    """What SQLite's own checks find, in sentences; nothing on PostgreSQL, which checks always."""
    if db.engine.dialect.name != "sqlite":
        return []
    try:
        with db.read() as session:
            found = str(session.execute(text("PRAGMA integrity_check(1)")).scalar())
            broken = session.execute(text("PRAGMA foreign_key_check")).all()
    except DatabaseError as error:
        found, broken = str(error.orig), []
    if found != "ok":
        return [f"The database file is damaged ({found}); stop the server and restore a backup."]
    if broken:
        return [
            f"{len(broken)} rows belong to nothing, the first in “{broken[0][0]}”; "
            "restore a backup."
        ]
    return []
