"""The exact picture of a planned photo: made once, by whoever needs it first."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from gallery.errors import Refused, Unreadable
from gallery.imaging import CaptionStyle, Renderer
from gallery.models import Album, Database, Photo
from gallery.networks.contract import Limits, PlannedPhoto
from gallery.storage import LocalStorage

STANDARD = "1920.jpg"


class Pictures:
    """Finds the rendition that a plan names, and makes it if it is not there."""

    def __init__(self, db: Database, storage: LocalStorage, renderer: Renderer) -> None:
        self._db = db
        self._storage = storage
        self._renderer = renderer

    def file(self, planned: PlannedPhoto, limits: Limits) -> Path:
        """The file that goes out for `planned`. Raises Refused if it can't be made any more."""
        with self._db.read() as session:
            photo = session.execute(
                select(Photo.sha256, Photo.file, Album.language)
                .join(Album, Album.id == Photo.album_id)
                .where(Photo.id == planned.id)
            ).one_or_none()
        if photo is None:
            raise Refused("A photo of this post is not in the album any more.", photo=planned.id)
        target = self._storage.rendition(photo.sha256, planned.edit, planned.recipe)
        if target.exists():
            return target
        self._storage.make_room_for(target)
        original = self._storage.original(photo.sha256)
        try:
            if planned.recipe == STANDARD:
                self._renderer.standard(original, target.parent, photo.language)
            else:
                self._renderer.for_network(
                    original,
                    target,
                    edge=limits.picture.edge,
                    most_bytes=limits.picture.most_bytes,
                    caption=planned.caption,
                    style=CaptionStyle(planned.recipe.partition("-")[0]),
                    language=photo.language,
                )
        except Unreadable as error:
            raise Refused(f"{photo.file}: {error}", photo=planned.id) from error
        return target
