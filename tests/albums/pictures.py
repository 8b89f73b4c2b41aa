"""Small pictures and a stand-in for the renderer, for tests of what happens around pictures."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PIL import Image
from sqlalchemy.orm import Session

from gallery.albums import intake
from gallery.albums.intake import Admission
from gallery.imaging import AVIF_EDGES, STANDARD_EDGES, Metadata, Rendered, Renderer
from gallery.models import Album
from gallery.storage import LocalStorage

DATE_TAKEN, CAPTION, SOFTWARE = 36867, 270, 305  # Exif tags


def jpeg(
    shade: int = 0, *, taken: str = "", caption: str = "", size: tuple[int, int] = (64, 48)
) -> bytes:
    """A small JPEG of one shade; other shades are other bytes. `taken`: `2026:11:24 10:00:00`."""
    picture = Image.new("RGB", size, (shade % 256, shade // 256 % 256, 90))
    exif = Image.Exif()
    exif[SOFTWARE] = f"shade {shade}"
    if taken:
        exif.get_ifd(0x8769)[DATE_TAKEN] = taken
    if caption:
        exif[CAPTION] = caption
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def add(
    session: Session,
    storage: LocalStorage,
    album: Album,
    name: str,
    data: bytes,
    now: datetime,
) -> Admission:
    """Take one file into an album, as a view does."""
    arrival = intake.receive(storage, io.BytesIO(data), name)
    return intake.admit(session, storage, album, arrival, now=now, by=None)


class PretendedRenderer(Renderer):
    """Writes empty files and says what it is told to, without any process.

    `metadata` gives what the next photos say; `error` is raised instead; `meanwhile` is called
    while the picture is "made".
    """

    def __init__(self) -> None:
        super().__init__()
        self.metadata = Metadata()
        self.error: Exception | None = None
        self.meanwhile: Callable[[], None] = lambda: None
        self.asked: list[str] = []
        self.cards: list[tuple[list[Path], str, str, str]] = []

    def standard(self, original: Path, folder: Path, language: str = "en") -> Rendered:
        """Five empty JPEGs."""
        self._make("standard", folder, [f"{edge}.jpg" for edge in STANDARD_EDGES])
        return Rendered(width=600, height=400, colour="123", metadata=self.metadata)

    def avif(self, original: Path, folder: Path) -> None:
        """Four empty AVIFs."""
        self._make("avif", folder, [f"{edge}.avif" for edge in AVIF_EDGES])

    def card(
        self, pictures: Sequence[Path], target: Path, *, title: str, line: str, language: str
    ) -> None:
        """One empty card; what it was to show is in `cards`."""
        self.cards.append((list(pictures), title, line, language))
        self._make("card", target.parent, [target.name])

    def _make(self, what: str, folder: Path, names: list[str]) -> None:
        self.asked.append(what)
        self.meanwhile()
        if self.error is not None:
            raise self.error
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            (folder / name).touch()
