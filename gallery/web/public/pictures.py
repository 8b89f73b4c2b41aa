"""A photo's addresses and sizes, ready for a template."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask import request, url_for

from gallery.albums.look import Tile
from gallery.models import Album, PhotoState
from gallery.web import text

GRID = (320, 640, 960)
COVER = (640, 960, 1280)
LARGE = (640, 960, 1280, 1920)
AVIF_MOST = 1280


class Picture(NamedTuple):
    """One photo on a page. `base` begins the addresses of its renditions; "" while there are none."""

    id: str
    href: str
    base: str
    width: int
    height: int
    has_avif: bool
    looks: str
    alt: str
    caption: str

    def url(self, edge: int, ending: str = "jpg") -> str:
        """The path of one rendition."""
        return f"{self.base}{edge}.{ending}"

    def size(self, edge: int) -> tuple[int, int]:
        """Width and height of one rendition."""
        return text.size_at(self.width, self.height, edge)

    def srcset(self, edges: Iterable[int], ending: str = "jpg") -> str:
        """Renditions and their widths, as `srcset` wants them."""
        longest, width, base = max(self.width, self.height), self.width, self.base
        return ", ".join(
            f"{base}{edge}.{ending} {min(width, round(width * edge / longest))}w"
            for edge in edges
            if ending == "jpg" or edge <= AVIF_MOST
        )


def pictures(album: Album, tiles: Iterable[Tile], *, before: int = 0, total: int) -> list[Picture]:
    """Tiles as pictures, numbered from `before` + 1 of `total` where nobody described them."""
    page = url_for("public.album", slug=album.slug)
    root = request.script_root
    return [
        _picture(tile, f"{page}/{tile.id}", root, f"Photo {n} of {total}, {album.title}")
        for n, tile in enumerate(tiles, before + 1)
    ]


def picture(album: Album, tile: Tile, *, number: int = 1, total: int = 1) -> Picture:
    """One tile as a picture."""
    return pictures(album, [tile], before=number - 1, total=total)[0]


def _picture(tile: Tile, href: str, root: str, otherwise: str) -> Picture:
    return Picture(
        id=tile.id,
        href=href,
        base=f"{root}/m/{tile.id}/{tile.edit}/" if tile.state is PhotoState.READY else "",
        width=tile.width,
        height=tile.height,
        has_avif=tile.has_avif,
        looks=text.ratio_class(tile.width, tile.height)
        + (f" k{tile.colour}" if tile.colour else ""),
        alt=tile.alt_text or tile.caption or otherwise,
        caption=tile.caption,
    )
