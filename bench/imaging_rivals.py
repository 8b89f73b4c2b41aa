"""The same five JPEGs made by others, each in a process of its own, and the bare decode.

    python bench/imaging_rivals.py METHOD ORIGINAL FOLDER

Does the job once to warm up, once timed; prints {"cpu": seconds} as JSON. Nothing of ours is
imported, so that a rival does not pay for us.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

EDGES = (1920, 1280, 960, 640, 320)
QUALITY = 82
PROGRESSIVE_EDGE = 640


def vips_each(original: str, folder: str) -> None:
    """The call that libvips is known for: one thumbnail from the file for each size."""
    import pyvips  # noqa: PLC0415  (only this rival needs it)

    for edge in EDGES:
        small = pyvips.Image.thumbnail(
            original, edge, height=edge, size="down", export_profile="srgb"
        )
        small.jpegsave(f"{folder}/{edge}.jpg", Q=QUALITY, keep="none")


def vips_cascade_plain(original: str, folder: str) -> None:
    """The best that can be had from libvips by hand: each size from the one before."""
    _vips_cascade(original, folder)


def vips_cascade(original: str, folder: str) -> None:
    """The same, coded as ours are: Huffman tables of their own, progressive from 640 px."""
    _vips_cascade(original, folder, optimize_coding=True, interlace=True)


def _vips_cascade(original: str, folder: str, **coding: bool) -> None:
    import pyvips  # noqa: PLC0415

    small = pyvips.Image.thumbnail(
        original, EDGES[0], height=EDGES[0], size="down", export_profile="srgb"
    ).copy_memory()
    for edge in EDGES:
        if edge != EDGES[0]:
            small = small.thumbnail_image(edge, height=edge, size="down").copy_memory()
        options = coding if edge >= PROGRESSIVE_EDGE else {}
        small.jpegsave(f"{folder}/{edge}.jpg", Q=QUALITY, keep="none", **options)


def naive(original: str, folder: str) -> None:
    """What one writes first with Pillow: decode all of it, turn it, shrink a copy per size."""
    from PIL import Image, ImageOps  # noqa: PLC0415

    with Image.open(original) as image:
        upright = ImageOps.exif_transpose(image)
    for edge in EDGES:
        copy = upright.copy()
        copy.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        copy.save(
            f"{folder}/{edge}.jpg", quality=QUALITY, subsampling="4:2:0", exif=b"", icc_profile=None
        )


METHODS = {
    "vips_each": vips_each,
    "vips_cascade": vips_cascade,
    "vips_cascade_plain": vips_cascade_plain,
    "naive": naive,
}


def main() -> None:
    """Run one method, twice."""
    method, original, folder = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    METHODS[method](original, folder)
    start = time.process_time()
    METHODS[method](original, folder)
    print(json.dumps({"cpu": time.process_time() - start}))


if __name__ == "__main__":
    main()
