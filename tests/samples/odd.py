"""About a hundred and seventy odd files, and what becomes of each."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.samples import jpegs, names, others, strangers


@dataclass(frozen=True)
class Odd:
    """One odd file and its documented end.

    `file` is the name that it is sent under, `path` where its bytes are. `outcome` is ready or
    rejected. `why` is a word of the sentence that a person gets, or what is odd about a good one.
    `size` is the upright size in px; with `corners` its renditions must show the four quarters.
    """

    file: str
    path: Path
    outcome: str
    why: str
    size: tuple[int, int] | None
    corners: bool


def make_odd_files(folder: Path) -> list[Odd]:
    """Write all odd files into `folder` and tell the end of each. No two have the same bytes.

    Names that a disk can't hold (`../x.jpg`) are only in `file`; every other `file` is the path
    relative to `folder`, as an import sees it.
    """
    made: list[Odd] = []
    for sample in (*jpegs.samples(), *others.samples(), *strangers.samples(), *names.samples()):
        path = folder / sample.file
        if not _is_storable(sample.file):
            path = folder / f"sent-{len(made):03d}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sample.make(sample.file))
        made.append(Odd(sample.file, path, sample.outcome, sample.why, sample.size, sample.corners))
    return made


def _is_storable(file: str) -> bool:
    unsafe = file.startswith("/") or "\0" in file or ".." in file.split("/")
    return not unsafe and all(len(os.fsencode(part)) <= 255 for part in file.split("/"))
