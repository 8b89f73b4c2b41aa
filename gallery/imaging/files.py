"""Write renditions so that a name never holds half a file, whoever is killed when."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gallery.errors import RendererBusy

_STALE_S = 3600  # nobody works on one file for so long
_ENDING = ".tmp"

NOT_WRITTEN = (
    "A rendition could not be written; the original is safe. "
    "Make room on the disk, and it is made again."
)


@contextmanager
def fresh(target: Path) -> Iterator[Path]:
    """A name beside `target` to write to; what stands there at the end becomes `target`.

    Raises RendererBusy where the disk refuses; on any error nothing is left behind.
    """
    path = target.with_name(f".{target.name}.{uuid.uuid4().hex}{_ENDING}")
    try:
        yield path
        path.replace(target)
    except OSError as error:
        raise RendererBusy(NOT_WRITTEN) from error
    finally:
        path.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what a killed process left half written in `folder`, long ago."""
    for path in folder.glob(f".*{_ENDING}"):
        try:
            if time.time() - path.stat().st_mtime > _STALE_S:
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            continue
