"""Starts the render process alone: the site's own package file, which brings in Flask, the
database and all the rest, stays out of it.

    python -I gallery/imaging/spawn.py MEMORY_BYTES
"""

from __future__ import annotations

import sys
import types
from pathlib import Path

_GALLERY = Path(__file__).resolve().parent.parent


def lone_package() -> types.ModuleType:
    """A package `gallery` that finds its modules and does nothing itself."""
    package = types.ModuleType("gallery")
    package.__path__ = [str(_GALLERY)]
    return package


if __name__ == "__main__":  # pragma: no cover  (it would hide the site from the tests)
    sys.modules["gallery"] = lone_package()
    from gallery.imaging.child import main

    main()
