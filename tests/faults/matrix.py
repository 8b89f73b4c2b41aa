"""The points at which faults are put: every commit and every call of one delivery."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

# of one undisturbed publish of three photos to the practice network, and of one whose answer is
# lost; a test counts them
POINTS = {("commit", "no"): 13, ("call", "no"): 5, ("commit", "yes"): 15, ("call", "yes"): 6}
SIDES = ("before", "after")


TOGETHER = 2  # so many facts of three uploads may be written with another's commit


def surely_reached(kind: str, nth: int, last: int) -> bool:
    """Whether there is this point however the uploads come back."""
    return kind != "commit" or nth <= last - TOGETHER


def every(sides: Sequence[str] = SIDES) -> list[tuple[str, int, str, str]]:
    """Each point as (kind, nth, when, lost_answers)."""
    return [
        (kind, nth, when, lost)
        for (kind, lost), last in POINTS.items()
        for nth, when in itertools.product(range(1, last + 1), sides)
    ]
