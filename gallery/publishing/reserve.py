"""Disk put by beside the database, for writing down what happened when the disk is full."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from gallery.models import Database

RESERVE_BYTES = 32 * 1024 * 1024
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


class Reserve:
    """A file that is there to be deleted. PostgreSQL keeps its own disk, so there is none."""

    def __init__(self, db: Database, size: int = RESERVE_BYTES) -> None:
        database = None if db.on_postgres else db.engine.url.database
        self._file = Path(database).with_name("reserve") if database else None
        self._size = size

    def keep(self) -> None:
        """Make it, unless it is there or there is no room for it."""
        if self._file is None or self._file.exists():
            return
        try:
            with self._file.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, self._size)
        except OSError:
            self._file.unlink(missing_ok=True)

    def spend(self, error: DBAPIError) -> None:
        """Delete it if this error comes of a full disk."""
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if self._file is not None and code in _FULL:
            self._file.unlink(missing_ok=True)

    def free_bytes(self) -> float:
        """Room left on the database's disk, as far as we can see it."""
        return float("inf") if self._file is None else shutil.disk_usage(self._file.parent).free
