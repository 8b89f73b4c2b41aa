"""An album's card: the picture that stands for it in a link preview."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.albums import days
from gallery.albums.renditions import edit_of, path_of
from gallery.errors import RendererBusy, Unreadable
from gallery.imaging import Renderer
from gallery.models import Album, Database, Photo, PhotoState, Visibility
from gallery.storage import LocalStorage

PICTURES = 3  # on a card: the cover, then the first of the others
RECIPE = "1280.jpg"


@dataclass(frozen=True)
class _Card:
    """All that a card shows, and where it is to be."""

    revision: int
    title: str
    line: str
    language: str
    photos: tuple[Photo, ...]

    @property
    def edit(self) -> str:
        said = (self.title, self.line, self.language)
        return edit_of("card", *said, *(f"{p.sha256} {p.edit}" for p in self.photos))


def card_path(storage: LocalStorage, album: Album) -> Path | None:
    """Where an album's card is; None as long as it has none."""
    return _path(storage, album.id, album.card_edit) if album.card_edit else None


def _path(storage: LocalStorage, album_id: str, edit: str) -> Path:
    return storage.rendition(_key(album_id), edit, "card.jpg")


def _key(album_id: str) -> str:
    """Cards lie among the renditions, as if the album's id were an original."""
    return hashlib.sha256(album_id.encode()).hexdigest()


def cards_due(session: Session, limit: int) -> list[str]:
    """Ids of open albums that changed since their card was looked at."""
    return list(
        session.scalars(
            select(Album.id)
            .where(Album.card_revision != Album.revision, Album.visibility != Visibility.DRAFT)
            .order_by(Album.created_at.desc())
            .limit(limit)
        )
    )


def ensure_card(
    db: Database, storage: LocalStorage, renderer: Renderer, album_id: str
) -> Path | None:
    """Draw an album's card unless the one that it has shows the same; where it is.

    None if the album has no photo that is ready, or if drawing was not possible just now. The
    card before is deleted: it may show what was taken down.
    """
    with db.read() as session:
        album = session.get(Album, album_id)
        card = _card(session, album) if album else None
    if album is None or card is None:
        return None
    try:
        edit = _edit_once_drawn(storage, renderer, album, card)
    except RendererBusy:
        return None
    _keep(db, storage, album_id, card, edit)
    return _path(storage, album_id, edit) if edit else None


def _edit_once_drawn(storage: LocalStorage, renderer: Renderer, album: Album, card: _Card) -> str:
    """The card's edit; empty if it can't be drawn."""
    target = _path(storage, album.id, card.edit)
    if card.photos and not (album.card_edit == card.edit and target.exists()):
        try:
            _draw(storage, renderer, card, target)
        except Unreadable:
            return ""
    return card.edit if card.photos else ""


def _card(session: Session, album: Album) -> _Card:
    place = (days.in_words(album.first_day, album.last_day), album.venue)
    return _Card(
        revision=album.revision,
        title=album.title,
        line=" · ".join(part for part in place if part),
        language=album.language,
        photos=tuple(_pictures(session, album)),
    )


def _pictures(session: Session, album: Album) -> list[Photo]:
    ready = select(Photo).where(Photo.album_id == album.id, Photo.state == PhotoState.READY)
    cover = session.scalar(ready.where(Photo.id == album.cover_id))
    first = session.scalars(ready.order_by(Photo.position, Photo.id).limit(PICTURES))
    pictures = [*([cover] if cover else []), *(p for p in first if p is not cover)]
    return pictures[:PICTURES]


def _draw(storage: LocalStorage, renderer: Renderer, card: _Card, target: Path) -> None:
    storage.make_room_for(target)
    renderer.card(
        [path_of(storage, photo, RECIPE) for photo in card.photos],
        target,
        title=card.title,
        line=card.line,
        language=card.language,
    )


def _keep(db: Database, storage: LocalStorage, album_id: str, card: _Card, edit: str) -> None:
    with db.write() as session:
        album = session.get_one(Album, album_id, with_for_update=True)
        album.card_edit, album.card_revision = edit or None, card.revision
    storage.delete_renditions(_key(album_id), but=edit)
