"""Commands that change what is out already: amend, and take one photo down everywhere."""

from __future__ import annotations

import time
from collections.abc import Sequence

import click
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gallery.albums import opening, tombstones
from gallery.cli.answers import answer, exit_as, views_of
from gallery.cli.common import command, json_option, say, services, utcnow
from gallery.cli.waiting import carry_until
from gallery.errors import InvalidInput, NotFound
from gallery.models import Photo, PhotoState
from gallery.people import audit
from gallery.publishing import accounts, amend, takedown

timeout_option = click.option(
    "--timeout", "timeout_s", default=300.0, help="Seconds to carry it at most."
)


@command("amend")
@click.argument("delivery_id", metavar="ID")
@click.option("--in-place/--replace", default=None, help="Only that; else in place if possible.")
@timeout_option
@json_option
def amend_(delivery_id: str, in_place: bool | None, timeout_s: float, as_json: bool) -> None:
    """Make the delivery ID as its album is now: in place where the network can, else anew."""
    parts = services()
    with parts.db.write() as session:
        limits_of = accounts.limits_of(parts.vault, parts.settings)
        changed = amend.change(
            session,
            parts.settings,
            limits_of,
            delivery_id,
            now=utcnow(),
            by=None,
            in_place=in_place,
        )
        audit.note(session, "post changed", now=utcnow(), about=delivery_id)
    _carry_and_answer([delivery.id for delivery in changed], timeout_s, as_json)


@command("takedown")
@click.argument("slug")
@click.argument("file")
@timeout_option
@json_option
def take_down(slug: str, file: str, timeout_s: float, as_json: bool) -> None:
    """Take the photo FILE of the album SLUG down for good, here and on every network.

    It is hidden at once and its bytes are deleted; posts that show it are changed in place, or
    withdrawn and replaced.
    """
    parts = services()
    with parts.db.write() as session:
        photo = _photo(session, slug, file)
        limits_of = accounts.limits_of(parts.vault, parts.settings)
        taken = takedown.take_down(
            session, parts.settings, limits_of, photo.id, now=utcnow(), by=None
        )
        touched = [delivery.id for delivery in taken.deliveries]
        audit.note(session, "photo taken down", now=utcnow(), about=f"{slug}: {photo.file}")
    tombstones.purge(parts.db, parts.storage)
    say(f"{photo.file} is hidden for good, and its bytes are deleted.")
    _carry_and_answer(touched or _known(photo.id), timeout_s, as_json)


def _photo(session: Session, slug: str, file: str) -> Photo:
    """The photo with this file name or id. Raises NotFound, or InvalidInput if it is several."""
    album = opening.by_slug(session, slug)
    rows = select(Photo).where(
        Photo.album_id == album.id,
        Photo.state != PhotoState.REJECTED,
        or_(Photo.file == file, Photo.id == file),
    )
    found = session.scalars(rows.order_by(Photo.position)).all()
    if not found:
        raise NotFound(f"The album {album.slug} has no photo “{file}”; `flask photos` lists them.")
    if len(found) > 1:
        ids = ", ".join(photo.id for photo in found)
        raise InvalidInput(f"“{file}” is more than one photo; name one by its id: {ids}.")
    return found[0]


def _known(photo_id: str) -> list[str]:
    """The deliveries that ever held this photo, oldest first."""
    with services().db.read() as session:
        found = takedown.of_photos(session, [photo_id], now=utcnow())[photo_id]
    return [delivery.id for delivery in reversed(found)]


def _carry_and_answer(ids: Sequence[str], timeout_s: float, as_json: bool) -> None:
    """Carry what goes away first, then what replaces it."""
    deadline = time.monotonic() + timeout_s
    carry_until(services(), ids, timeout_s)
    replacing = [one.id for one in views_of(ids) if one.replaces is not None]
    carry_until(services(), replacing, max(0.0, deadline - time.monotonic()))
    shown = views_of(ids)
    answer(shown, as_json)
    exit_as(shown, fine=("cancelled",))
