"""A hundred large photos, no two with the same bytes, and what their renditions must show."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat

from tests.samples import make_photos
from tests.samples.blocks import P3, profile, segment, with_segment

LARGE, LARGER = 80, 20  # of 12 and of 24 megapixels
ICC = segment(0xE2, b"ICC_PROFILE\0\1\1" + profile(P3))
SMALL = (24, 24)


@dataclass(frozen=True)
class Shot:
    """One camera file. `base` is the one that it varies; `wide`: its colours are Display P3."""

    path: Path
    base: Path
    wide: bool


def make_hundred(folder: Path) -> list[Shot]:
    """Five different shots of 12 megapixels and four of 24, one of each turned, in many copies.

    No two copies have the same bytes, and every seventh has a wide colour profile.
    """
    bases = make_photos(folder / "bases-12", 5, megapixels=12.0)
    larger = make_photos(folder / "bases-24", 4, megapixels=24.0, seed=2)
    wanted = [bases[n % 5] for n in range(LARGE)] + [larger[n % 4] for n in range(LARGER)]
    shots = [
        Shot(folder / "shots" / f"DSC_{n:04}.jpg", base, wide=n % 7 == 0)
        for n, base in enumerate(wanted)
    ]
    (folder / "shots").mkdir()
    for number, shot in enumerate(shots):
        comment = segment(0xFE, f"copy {number}".encode())
        piece = ICC + comment if shot.wide else comment
        shot.path.write_bytes(with_segment(shot.base.read_bytes(), piece))
    return shots


def difference(shot: Shot, rendition: Path) -> float:
    """How far a rendition is from its shot, upright and in sRGB: mean levels of 255."""
    with Image.open(rendition) as image:
        seen = image.convert("RGB").resize(SMALL, Image.Resampling.BOX)
    apart = ImageChops.difference(seen, _wanted(shot.base, shot.wide))
    return sum(ImageStat.Stat(apart).mean) / 3


@cache
def _wanted(base: Path, wide: bool) -> Image.Image:
    with Image.open(base) as image:
        image.draft("RGB", (image.width // 8, image.height // 8))
        small = ImageOps.exif_transpose(image).resize(SMALL, Image.Resampling.BOX)
    if not wide:
        return small
    source, target = io.BytesIO(profile(P3)), ImageCms.createProfile("sRGB")
    return ImageCms.profileToProfile(small, source, target) or small
