"""Photos as cameras make them, in numbers: large, noisy, with Exif and a place."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageFilter

from tests.samples.blocks import BRUNEI, exif, ratio

START = datetime(2026, 6, 20, 18, 0)  # noqa: DTZ001  (a camera's clock)
_TILE = 1024


def make_photos(
    folder: Path, count: int, *, megapixels: float = 12.0, quality: int = 90, seed: int = 1
) -> list[Path]:
    """Write `count` different photos into `folder`; the same arguments give the same files.

    4:3, 4:2:0, one in ten stored turned (orientation 6), one in four with a place. They are shots
    of a few scenes, shifted and mirrored: a tenth of a second each for 12 megapixels.
    """
    folder.mkdir(parents=True, exist_ok=True)
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5 / 16) * 16
    size = (width, width * 3 // 4)
    return [_make(folder, number, size, quality, seed) for number in range(count)]


def _make(folder: Path, number: int, size: tuple[int, int], quality: int, seed: int) -> Path:
    random = Random(f"{seed}/{number}")
    picture = _scene(size, number % 3, seed)
    if random.random() < 0.5:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    shift = random.randrange(0, size[0] // 16) * 16, random.randrange(0, size[1] // 16) * 16
    picture = ImageChops.offset(picture, *shift)
    path = folder / f"IMG_{number + 1:05d}.jpg"
    picture.save(path, "JPEG", quality=quality, subsampling="4:2:0", exif=_exif(number))
    return path


def _exif(number: int) -> bytes:
    taken = START + timedelta(seconds=47 * number)
    made = exif(
        orientation=6 if number % 10 == 3 else 1,
        make="Testcam",
        model=f"TC-{number % 3 + 1}",
        taken=taken.strftime("%Y:%m:%d %H:%M:%S"),
        exposure=ratio(1, 125),
        aperture=ratio(28, 10),
        iso=400,
        focal=ratio(35, 1),
        serial=f"SN-{number:06d}",
        place=BRUNEI if number % 4 == 0 else {},
    )
    return made.tobytes()


@lru_cache(maxsize=6)
def _scene(size: tuple[int, int], number: int, seed: int) -> Image.Image:
    """Shapes of many sizes, soft and hard, under the noise of a sensor."""
    random = Random(f"{seed}/scene {number}")
    picture = Image.new("RGB", size, (118, 122, 128))
    for layer in (6, 24, 96):
        grid = (layer * 4, layer * 3)
        patch = Image.frombytes("RGB", grid, random.randbytes(grid[0] * grid[1] * 3))
        patch = patch.filter(ImageFilter.GaussianBlur(0.6))
        method = Image.Resampling.BICUBIC if layer < 96 else Image.Resampling.NEAREST
        picture = Image.blend(picture, patch.resize(size, method), 0.42 if layer < 96 else 0.16)
    return ImageChops.soft_light(picture, _noise(size, random))


def _noise(size: tuple[int, int], random: Random) -> Image.Image:
    tiles = []
    for _ in range(3):
        grain = Image.frombytes("L", (_TILE, _TILE), random.randbytes(_TILE * _TILE))
        grain = grain.filter(ImageFilter.GaussianBlur(0.5))
        tiles.append(grain.point(lambda value: round(128 + (value - 128) * 0.28)))
    tile = Image.merge("RGB", tiles)
    sheet = Image.new("RGB", size)
    for left in range(0, size[0], _TILE):
        for top in range(0, size[1], _TILE):
            sheet.paste(tile, (left, top))
    return sheet
