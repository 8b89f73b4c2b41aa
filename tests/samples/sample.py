"""How one odd file is made, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

READY, REJECTED = "ready", "rejected"


@dataclass(frozen=True)
class Sample:
    """How to make one odd file; `make` gets the file's name. See Odd for the rest."""

    file: str
    outcome: str
    why: str
    make: Callable[[str], bytes]
    size: tuple[int, int] | None = None
    corners: bool = False
