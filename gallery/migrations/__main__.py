"""`python -m gallery.migrations "What changes"` writes the next revision from the models.

Read what it wrote: a changed name looks like a lost column and a new one.
"""

from __future__ import annotations

import sys
import tempfile

from alembic import command
from alembic.script import ScriptDirectory

from gallery.models import Database, schema


def main(message: str) -> None:
    """Compare the models with what the revisions so far make, and write the difference."""
    nth = len(list(ScriptDirectory.from_config(schema.config()).walk_revisions())) + 1
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/empty.db")
        if nth > 1:
            schema.make_or_check(db)
        with db.engine.connect() as connection:
            command.revision(
                schema.config(connection), message, autogenerate=True, rev_id=f"{nth:04}"
            )
        db.close()


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or sys.exit("Say what changes."))
