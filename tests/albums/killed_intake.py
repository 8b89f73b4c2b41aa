"""Take two files in, and be killed at every moment in turn that something reaches the disk.

`python -m tests.albums.killed_intake FOLDER` prints one JSON line for each moment: where it was,
whether the doctor finds all well afterwards, and whether the same files then come in whole.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from gallery.albums import health, intake, opening
from gallery.models import Database, Photo, schema, soundness
from gallery.storage import LocalStorage
from tests.albums.pictures import jpeg
from tests.storage.strikes import kill_at

FILES = {"good.jpg": jpeg(1), "page.jpg": b"<html></html>", "again.jpg": jpeg(1)}
WANTED = [("good.jpg", "waiting"), ("page.jpg", "rejected")]


class Site:
    """A site of its own, for one death."""

    def __init__(self, folder: Path) -> None:
        self.db = Database(f"sqlite:///{folder}/gallery.db")
        self.storage = LocalStorage(folder / "uploads")
        self.now = datetime.now(UTC)

    @classmethod
    def copied(cls, folder: Path) -> Site:
        """A site with an album, copied from one beside it that is made for the first."""
        template = folder.parent / "template"
        if not template.exists():
            first = cls(template)
            schema.make_or_check(first.db)
            with first.db.write() as session:
                opening.create(session, "Album", now=first.now)
            first.db.close()
        shutil.copytree(template, folder)
        return cls(folder)

    def take_in(self) -> None:
        """Each file as a view does."""
        for name, data in FILES.items():
            arrival = intake.receive(self.storage, io.BytesIO(data), name)
            with self.db.write() as session:
                album = opening.by_slug(session, "album")
                intake.admit(session, self.storage, album, arrival, now=self.now, by=None)

    def is_well(self) -> bool:
        """What the doctor says."""
        with self.db.read() as session:
            found = health.examine(session, self.storage, now=self.now, deep=True)
        return found.well and not soundness.faults(self.db)

    def photos(self) -> list[tuple[str, str]]:
        """Names and states."""
        with self.db.read() as session:
            rows = session.scalars(select(Photo).order_by(Photo.position)).all()
        return [(row.file, row.state.value) for row in rows]


def die(site: Site, nth: int, write: int) -> None:
    """In the child: be killed at the nth moment."""

    def tell() -> None:
        os.write(write, strikes.struck.encode())
        os._exit(9)

    with kill_at(nth, tell) as strikes:
        site.take_in()
    os._exit(0)


def survive(folder: Path, nth: int) -> dict[str, object]:
    """Kill one child at the nth moment and look at what is left."""
    site = Site.copied(folder)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        die(site, nth, write)
    os.close(write)
    killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    struck = os.read(read, 100).decode()
    os.close(read)
    well = site.is_well()
    site.take_in()
    whole = site.photos() == WANTED and site.is_well()
    site.db.close()
    return {"struck": struck, "killed": killed, "well": well, "whole": whole}


def main(folder: Path) -> None:
    """Until nothing is struck any more."""
    for nth in itertools.count(1):
        line = survive(folder / str(nth), nth)
        print(json.dumps(line), flush=True)  # noqa: T201
        if not line["killed"]:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
