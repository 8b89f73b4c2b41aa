"""How Alembic runs here. The connection and its transaction come from gallery.models.schema."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from gallery.models import Model
from gallery.models.base import UTCDateTime


def _plain_type(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as plain ones, so that a migration never changes with them."""
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, sa.Enum):
        return f"sa.String(length={thing.length})"
    return False


context.configure(
    connection=context.config.attributes.get("connection"),
    dialect_name=context.config.attributes.get("dialect"),
    target_metadata=Model.metadata,
    render_item=_plain_type,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
