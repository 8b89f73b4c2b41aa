"""Write renditions so that a name never holds half a file, whoever is killed when."""

from __future__ import annotations

import os
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gallery.errors import RendererBusy

_STALE_S = 3600  # nobody works on one file for so long
_UNFINISHED = re.compile(r"\..+\.(\d+)-[0-9a-f]{32}\.tmp")  # the number is the writer's

NOT_WRITTEN = (
    "A rendition could not be written; the original is safe. "
    "Make room on the disk, and it is made again."
)


@contextmanager
def fresh(target: Path) -> Iterator[Path]:
    """A name beside `target` to write to; what stands there at the end becomes `target`.

    Raises RendererBusy where the disk refuses; on any error nothing is left behind.
    """
    path = target.with_name(f".{target.name}.{os.getpid()}-{uuid.uuid4().hex}.tmp")
    try:
        yield path
        path.replace(target)
    except OSError as error:
        raise RendererBusy(NOT_WRITTEN) from error
    finally:
        path.unlink(missing_ok=True)


def prepare(folder: Path) -> None:
    """Make sure that `folder` is there, and rid of what a killed process left in it.

    Raises RendererBusy if it can't be had.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if _is_abandoned(path):
                path.unlink(missing_ok=True)
    except OSError as error:
        raise RendererBusy(NOT_WRITTEN) from error


def _is_abandoned(path: Path) -> bool:
    match = _UNFINISHED.fullmatch(path.name)
    if not match:
        return False
    try:
        os.kill(int(match[1]), 0)
        return time.time() - path.stat().st_mtime > _STALE_S
    except (ProcessLookupError, OverflowError):
        return True
    except (PermissionError, FileNotFoundError):
        return False  # it is another person's, or finished by now
