"""The exact picture of a planned photo: made once, by whoever needs it first."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import Refused, Unreadable
from gallery.imaging import Fit, Frame, Renderer, drawable
from gallery.models import Album, Database, Photo, PhotoState
from gallery.networks.contract import PlannedPhoto
from gallery.publishing.frames import DRAWN, Recipe, edit_for
from gallery.publishing.text import fit
from gallery.storage import LocalStorage


class Pictures:
    """Finds the rendition that a plan names, and makes it if it is not there."""

    def __init__(self, db: Database, storage: LocalStorage, renderer: Renderer) -> None:
        self._db = db
        self._storage = storage
        self._renderer = renderer

    def file(self, planned: PlannedPhoto) -> Path:
        """The file that goes out for `planned`. Raises Refused if it can't be made any more."""
        with self._db.read() as session:
            photo = session.execute(
                select(Photo.sha256, Photo.file).where(Photo.id == planned.id)
            ).one_or_none()
        if photo is None:
            raise Refused("A photo of this post is not in the album any more.", photo=planned.id)
        target = self._storage.rendition(photo.sha256, planned.edit, planned.recipe)
        if target.exists():
            return target
        self._storage.make_room_for(target)
        try:
            self._make(planned, self._storage.original(photo.sha256), target)
        except Unreadable as error:
            raise Refused(f"{photo.file}: {error}", photo=planned.id) from error
        return target

    def _make(self, planned: PlannedPhoto, original: Path, target: Path) -> None:
        recipe = Recipe.read(planned.recipe)
        if recipe is None:
            self._renderer.standard(original, target.parent)
            return
        x, y = planned.focal_x, planned.focal_y
        self._renderer.for_network(
            original,
            target,
            frame=Frame(recipe.width, recipe.height, recipe.fit, x, y),
            most_bytes=recipe.most_bytes,
            caption=planned.drawn,
            style=recipe.style,
            language=planned.language,
        )


def planned_at(
    session: Session, album_id: str, photo_id: str, edit: str, recipe: str
) -> PlannedPhoto | None:
    """What a plan of this album, made now, would show at this address; None: nothing."""
    row = session.execute(
        select(Photo, Album.language)
        .join(Album, Album.id == Photo.album_id)
        .where(Photo.id == photo_id, Album.id == album_id, Photo.state == PhotoState.READY)
    ).one_or_none()
    how = Recipe.read(recipe)
    if row is None or how is None:
        return None
    photo, language = row
    drawn = fit(drawable(photo.caption.strip()), DRAWN).text if how.style else ""
    crops = how.fit is Fit.CROP
    planned = PlannedPhoto(
        id=photo_id,
        edit=edit,
        recipe=recipe,
        width=how.width,
        height=how.height,
        caption="",
        alt_text="",
        drawn=drawn,
        language=language if drawn else "",
        focal_x=photo.focal_x if crops else 0.5,
        focal_y=photo.focal_y if crops else 0.5,
    )
    return planned if edit_for(planned, photo.edit) == edit else None
