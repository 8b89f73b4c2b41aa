"""One connection to PostgreSQL beside the pool: what hangs on it lives as long as this process."""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError

from gallery.models.database import Database


class Line:
    """Outside of transactions; made at first use, and anew when it was lost.

    `made` counts how often: what hung on the earlier ones, locks above all, is gone.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._connection: Connection | None = None
        self._wire: Any = None  # what is under it, to be hung up whatever became of it
        self._guard = threading.Lock()
        self.made = 0

    def ask(self, sql: str, **given: Any) -> Row[Any] | None:
        """The first row of the answer. Raises DBAPIError while the server can't be reached."""
        with self._guard:
            if self._connection is not None:
                try:
                    return self._connection.execute(text(sql), given).first()
                except DBAPIError as error:
                    if not error.connection_invalidated:
                        raise
                    self._let_go()
            self._connection = self._db.line()
            self._wire = self._connection.connection.dbapi_connection
            self.made += 1
            return self._connection.execute(text(sql), given).first()

    def close(self) -> None:
        """Hang up."""
        with self._guard:
            self._let_go()

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._wire.close()
            self._connection = None
