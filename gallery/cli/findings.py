"""What the doctor looks at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from gallery.albums import health
from gallery.albums.health import Health
from gallery.errors import GalleryError
from gallery.imaging import heif_is_safe, require_features
from gallery.models import Delivery, Photo, soundness
from gallery.services import Services

LOW_BYTES = 1_000_000_000
IDLE_AFTER = timedelta(minutes=15)
NAMED = 5  # files that a sentence names before it counts the others


@dataclass(frozen=True)
class Findings:
    """What was found, in sentences: `troubles` need a person, `notes` are worth knowing."""

    health: Health
    troubles: Sequence[str]
    notes: Sequence[str]


def look(services: Services, *, now: datetime, deep: bool) -> Findings:
    """Look at everything; at nothing more where the database itself is not sound."""
    if faults := soundness.faults(services.db):
        return Findings(Health(), faults, [])
    with services.db.read() as session:
        state = health.examine(session, services.storage, now=now, deep=deep)
        idle = _idle_deliveries(session, now)
    free = services.storage.free_bytes()
    troubles = [
        *_about_photos(state),
        *_about_deliveries(idle),
        *_about_disk(free, services.storage.reserve_bytes),
        *_about_pillow(),
    ]
    return Findings(state, troubles, _notes(state, free))


def _about_photos(state: Health) -> list[str]:
    sentences = {
        "The originals of {} are not there; add the same files again and they come back.": (
            state.missing
        ),
        "The originals of {} are damaged; add the same files again and they are sound.": (
            state.damaged
        ),
        "Renditions of {} are not there; `flask doctor --repair` makes them again.": (
            [*state.bare, *state.no_avif]
        ),
    }
    said = [sentence.format(_named(photos)) for sentence, photos in sentences.items() if photos]
    if state.idle:
        said.append(
            f"{len(state.idle)} photos have been waiting for their renditions for long; start the "
            "server (`make run`), or make them now with `flask doctor --repair`."
        )
    if unused := len(state.orphans) + len(state.leftovers):
        said.append(
            f"{unused} files in the storage belong to nothing; `flask doctor --repair` "
            "deletes them."
        )
    return said


def _named(photos: Sequence[Photo]) -> str:
    names = ", ".join(f"“{photo.file}”" for photo in photos[:NAMED])
    more = f" and {len(photos) - NAMED} more" if len(photos) > NAMED else ""
    return names + more


def _idle_deliveries(session: Session, now: datetime) -> int:
    since = now - IDLE_AFTER
    idle = select(func.count(Delivery.id)).where(
        Delivery.wake_at < since,
        or_(Delivery.lease_until.is_(None), Delivery.lease_until < since),
    )
    return session.scalar(idle) or 0


def _about_deliveries(idle: int) -> list[str]:
    if not idle:
        return []
    return [f"{idle} deliveries are due and nobody carries them; start the server (`make run`)."]


def _about_disk(free: int, reserve: int) -> list[str]:
    if free >= reserve:
        return []
    return [f"The disk is full ({free // 1_000_000} MB free): no photo can come in. Make room."]


def _about_pillow() -> list[str]:
    try:
        require_features()
    except GalleryError as error:
        return [str(error)]
    return []


def _notes(state: Health, free: int) -> list[str]:
    notes = [f"{state.looked_at} photos looked at, {free // 1_000_000} MB free."]
    if free < LOW_BYTES:
        notes.append("Less than 1 GB is free; make room soon.")
    if state.young:
        notes.append(
            f"{state.young} files came in during the last day and belong to nothing yet; "
            "if that stays so, they are deleted by themselves."
        )
    if not heif_is_safe():
        notes.append("HEIC photos are refused: this build's libheif is older than 1.22.1.")
    return notes
