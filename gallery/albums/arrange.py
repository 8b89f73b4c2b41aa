"""The order of an album's photos: by time taken, until somebody orders them by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.albums.revision import touch
from gallery.errors import InvalidInput, NotFound
from gallery.models import Album, Photo, PhotoState

GAP = 16384  # between positions, so that a latecomer finds room without moving the others
ALL = tuple(PhotoState)
_PLACED = (PhotoState.READY, PhotoState.HELD, PhotoState.HIDDEN)
_NEVER = datetime.max.replace(tzinfo=UTC)


def photos_in_order(
    session: Session, album_id: str, states: Iterable[PhotoState] = (PhotoState.READY,)
) -> list[Photo]:
    """An album's photos in its order."""
    return list(
        session.scalars(
            select(Photo)
            .where(Photo.album_id == album_id, Photo.state.in_(tuple(states)))
            .order_by(Photo.position, Photo.id)
        )
    )


def at_the_end(session: Session, album_id: str) -> int:
    """The position after all others."""
    last = session.scalar(select(func.max(Photo.position)).where(Photo.album_id == album_id))
    return (last or 0) + GAP


def place(session: Session, album: Album, photo: Photo) -> None:
    """Give a photo that just became ready its place: by time, or at the end of a hand-made order."""
    if album.by_hand:
        photo.position = at_the_end(session, album.id)
        return
    before = _position_before(session, photo)
    after = session.scalar(
        select(func.min(Photo.position)).where(
            Photo.album_id == album.id, Photo.position > before, Photo.id != photo.id
        )
    )
    if after is None:
        photo.position = before + GAP
    elif after - before > 1:
        photo.position = (before + after) // 2
    else:
        _number(sorted(photos_in_order(session, album.id, ALL), key=_by_time))


def _position_before(session: Session, photo: Photo) -> int:
    """The position of the photo that comes before this one by time and name; 0: none does."""
    others = select(Photo.position, Photo.file).where(
        Photo.album_id == photo.album_id, Photo.state.in_(_PLACED), Photo.id != photo.id
    )
    same_time = session.execute(others.where(Photo.taken_at.is_not_distinct_from(photo.taken_at)))
    earlier = [pos for pos, file in same_time if natural(file) <= natural(photo.file)]
    if earlier:
        return max(earlier)
    knows_time = Photo.taken_at.is_not(None)
    sooner = knows_time if photo.taken_at is None else Photo.taken_at < photo.taken_at
    return session.scalar(others.where(sooner).order_by(Photo.position.desc()).limit(1)) or 0


def by_time(session: Session, album: Album) -> None:
    """Sort by time taken, then by name; photos that don't know their time come last."""
    album.by_hand = False
    if _number(sorted(photos_in_order(session, album.id, ALL), key=_by_time)):
        touch(album)


def move(session: Session, album: Album, photo_id: str, to_position: int) -> None:
    """Put one photo at this place, counted from 1 among those that are ready. From now on the
    order is by hand. Raises NotFound.
    """
    photos = photos_in_order(session, album.id, ALL)
    photo = next((p for p in photos if p.id == photo_id), None)
    if photo is None:
        raise NotFound("This photo is not in the album any more.")
    photos.remove(photo)
    shown = [p for p in photos if p.state is PhotoState.READY]
    nth = max(to_position, 1) - 1
    photos.insert(photos.index(shown[nth]) if nth < len(shown) else len(photos), photo)
    _by_hand(album, photos)


def set_order(session: Session, album: Album, ids: Sequence[str]) -> None:
    """Put these photos in this order; any that are not named follow as they were.

    From now on the order is by hand. Raises InvalidInput for an id that is twice in it or not of
    this album; then nothing was changed.
    """
    photos = {p.id: p for p in photos_in_order(session, album.id, ALL)}
    if len(set(ids)) < len(ids) or not set(ids) <= photos.keys():
        raise InvalidInput("The order names a photo twice, or one that is not in this album.")
    named = [photos.pop(photo_id) for photo_id in ids]
    _by_hand(album, [*named, *photos.values()])


def _by_hand(album: Album, photos: Sequence[Photo]) -> None:
    album.by_hand = True
    if _number(photos):
        touch(album)


def _number(photos: Sequence[Photo]) -> bool:
    """Number these photos with gaps between; whether that changed their order."""
    before = [photo.position for photo in photos]
    for nth, photo in enumerate(photos, start=1):
        photo.position = nth * GAP
    return before != sorted(before)


def _by_time(photo: Photo) -> tuple[bool, datetime, list[tuple[bool, int, str]]]:
    return photo.state not in _PLACED, photo.taken_at or _NEVER, natural(photo.file)


def natural(name: str) -> list[tuple[bool, int, str]]:
    """A sorting key in which `IMG_2` comes before `IMG_10`."""
    parts = re.findall(r"\d+|\D+", name.casefold())
    return [(not p.isdecimal(), int(p) if p.isdecimal() else 0, p) for p in parts]
