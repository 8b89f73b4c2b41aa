"""Commands for the operator: `flask …`."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Add our commands to `flask`."""
