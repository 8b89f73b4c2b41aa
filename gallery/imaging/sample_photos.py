"""Photos of an event that never was, to try everything with: painted here, not taken from anybody."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from gallery.imaging.files import fresh
from gallery.imaging.scenes import desk, evening, indoors, outdoors, tables

_QUALITY = 88
_DAY = datetime(2026, 11, 21)  # noqa: DTZ001  (the camera's own clock; its zone stands beside it)
_ZONE = "+08:00"
_ARTIST = "Afterglow sample"


@dataclass(frozen=True)
class _Sample:
    """One picture; `at` is hours after midnight, `stored` how it lies in the file (Exif)."""

    name: str
    paint: Callable[[int], Image.Image]
    at: float
    caption: str
    stored: int = 1


_SAMPLES = (
    _Sample("entrance", outdoors.entrance, 8.6, "The doors open at half past eight"),
    _Sample("hall", indoors.hall, 9.2, "A full house for the opening talk"),
    _Sample("speaker", indoors.speaker, 9.7, "Our first speaker of the morning", 6),
    _Sample("notes", indoors.notes, 11.1, "Every idea gets a note on the wall"),
    _Sample("workshop", desk.workshop, 11.8, "Working lunch? Not yet"),
    _Sample("feast", tables.feast, 12.6, "Nasi lemak, satay and something sweet"),
    _Sample("group", outdoors.group, 14.0, "Everybody, please look this way"),
    _Sample("market", outdoors.market, 15.4, "The market from the roof"),
    _Sample("river", outdoors.river, 16.3, "By water taxi to the evening programme"),
    _Sample("tea", desk.tea, 17.2, "Teh tarik before the last session", 8),
    _Sample("water-village", evening.water_village, 18.1, "Sunset over Kampong Ayer"),
    _Sample("jetty", evening.on_the_jetty, 18.4, "We did it!"),
    _Sample("lanterns", evening.lanterns, 19.5, "Lanterns along the waterfront"),
    _Sample("fireworks", evening.fireworks, 21.0, "Good night, and thank you all"),
)


def draw_sample_photos(folder: Path, count: int = 12) -> list[Path]:
    """Paint `count` photos into `folder`, in the order in which they were "taken".

    24 x 16 hundred px each, with time, caption and camera in their Exif; the same every time.
    After the fourteenth the subjects come again, painted anew. Takes half a second a photo.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=2) as painters:
        return list(painters.map(lambda number: _draw(folder, number), _chosen(count)))


def _chosen(count: int) -> list[int]:
    """Which pictures: of fewer than all, some from the whole day and not only its morning."""
    total = len(_SAMPLES)
    if count >= total:
        return list(range(count))
    return [number * total // count for number in range(count)]


def _draw(folder: Path, number: int) -> Path:
    day, place = divmod(number, len(_SAMPLES))
    sample = _SAMPLES[place]
    path = folder / f"{number + 1:03d}-{sample.name}.jpg"
    picture = sample.paint(7 + number)
    turn = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}.get(sample.stored)
    if turn is not None:
        picture = picture.transpose(turn)
    taken = _DAY + timedelta(days=day, hours=sample.at, seconds=7 * number % 60)
    with fresh(path) as target:
        picture.save(target, "JPEG", quality=_QUALITY, exif=_exif(sample, taken))
    return path


def _exif(sample: _Sample, taken: datetime) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = sample.caption
    exif[ExifTags.Base.Artist] = _ARTIST
    exif[ExifTags.Base.Make] = "Afterglow"
    exif[ExifTags.Base.Model] = "Afterglow Paintbox"
    exif[ExifTags.Base.Orientation] = sample.stored
    shot = exif.get_ifd(ExifTags.IFD.Exif)
    shot[ExifTags.Base.DateTimeOriginal] = taken.strftime("%Y:%m:%d %H:%M:%S")
    shot[ExifTags.Base.OffsetTimeOriginal] = _ZONE
    shot[ExifTags.Base.ExposureTime] = IFDRational(1, 125)
    shot[ExifTags.Base.FNumber] = IFDRational(28, 10)
    shot[ExifTags.Base.ISOSpeedRatings] = 200
    shot[ExifTags.Base.FocalLength] = IFDRational(35, 1)
    return exif
