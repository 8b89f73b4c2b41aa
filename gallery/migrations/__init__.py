"""Alembic: how the schema came to be what gallery.models says."""
