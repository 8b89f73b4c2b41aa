"""Whether the database itself is sound."""

from __future__ import annotations

from sqlalchemy import text

from gallery.models.database import Database


def faults(db: Database) -> list[str]:
    """What SQLite's own checks find, in sentences; nothing on PostgreSQL, which checks always."""
    if db.engine.dialect.name != "sqlite":
        return []
    with db.read() as session:
        found = [row[0] for row in session.execute(text("PRAGMA integrity_check(5)"))]
        broken = session.execute(text("PRAGMA foreign_key_check")).all()
    sentences = []
    if found != ["ok"]:
        sentences.append(
            f"The database file is damaged ({found[0]}); stop the server and restore a backup."
        )
    if broken:
        sentences.append(
            f"{len(broken)} rows belong to nothing, the first in “{broken[0][0]}”; "
            "restore a backup."
        )
    return sentences
