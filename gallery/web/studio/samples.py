"""Twelve photos of our own drawing, for whoever has none at hand."""

from __future__ import annotations

from flask import current_app
from flask.typing import ResponseReturnValue

from gallery.albums.samples import add_sample_photos
from gallery.web import text
from gallery.web.context import services, utcnow
from gallery.web.studio.base import bp, done, who


@bp.post("/a/<album_id>/samples")
def add_samples(album_id: str) -> ResponseReturnValue:
    """Draw them and take them in like any others."""
    parts = services()
    count = int(current_app.config["SAMPLE_PHOTOS"])
    admissions = add_sample_photos(
        parts.db, parts.storage, album_id, clock=utcnow, by=who().id, count=count
    )
    added = [admission.photo.id for admission in admissions if admission.outcome == "added"]
    for photo_id in added:
        parts.bell.render(photo_id)
    said = f"{text.count(len(added), 'sample photo')} arrived; they appear as they are ready."
    return done(said, "album", album_id=album_id)
