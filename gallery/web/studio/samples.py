"""Twelve photos of our own drawing, for whoever has none at hand."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from gallery.albums.samples import add_sample_photos
from gallery.web.context import services, utcnow
from gallery.web.studio.base import bp, done, who


@bp.post("/a/<album_id>/samples")
def add_samples(album_id: str) -> ResponseReturnValue:
    """Draw them and take them in like any others."""
    parts = services()
    admissions = add_sample_photos(parts.db, parts.storage, album_id, clock=utcnow, by=who().id)
    for admission in admissions:
        if admission.outcome == "added":
            parts.bell.render(admission.photo.id)
    return done("Twelve sample photos arrived; they appear as they are ready.", "album",
                album_id=album_id)  # fmt: skip
