"""The pictures of a preview: the very files that would go out, made when they are first looked at."""

from __future__ import annotations

from flask import send_file, url_for
from flask.typing import ResponseReturnValue

from gallery.errors import NotFound, Refused, RendererBusy
from gallery.networks.contract import PlannedPhoto
from gallery.publishing.frames import STANDARD
from gallery.publishing.pictures import Pictures, planned_at
from gallery.web.context import services
from gallery.web.headers import PRIVATE
from gallery.web.studio.base import bp

GONE = "This picture is not what would go out any more; load the preview again."


@bp.get("/a/<album_id>/fitted/<photo_id>/<edit>/<recipe>")
def fitted(album_id: str, photo_id: str, edit: str, recipe: str) -> ResponseReturnValue:
    """One picture as it would go out. Its address names what is done to it, and is checked."""
    parts = services()
    with parts.db.read() as session:
        planned = planned_at(session, album_id, photo_id, edit, recipe)
    if planned is None:
        raise NotFound(GONE)
    try:
        file = Pictures(parts.db, parts.storage, parts.renderer).file(planned)
    except (Refused, RendererBusy) as error:
        raise NotFound(str(error)) from error
    response = send_file(file, mimetype="image/jpeg", conditional=True, etag=f"{edit}-{recipe}")
    response.headers["Cache-Control"] = PRIVATE
    return response


@bp.app_template_global()
def preview_of(album_id: str, photo: PlannedPhoto) -> str:
    """Where a preview finds a planned picture; a whole one is shown by its small rendition."""
    if photo.recipe == STANDARD:
        return url_for("public.media", photo=photo.id, edit=photo.edit, name="320.jpg")
    return url_for(
        "studio.fitted",
        album_id=album_id,
        photo_id=photo.id,
        edit=photo.edit,
        recipe=photo.recipe,
    )
