"""What studio pages read of albums and photos: a fixed number of queries, whatever the number of photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from gallery.albums import removals
from gallery.models import Album, Photo, PhotoState, Tombstone
from gallery.web.studio.standing import needs_of

ALBUMS_A_PAGE = 24
PHOTOS_A_PAGE = 200
THERE = Photo.sha256.not_in(select(Tombstone.sha256))  # not taken down for good
SHOWN = (PhotoState.READY, PhotoState.WAITING, PhotoState.HELD, PhotoState.HIDDEN)


@dataclass(frozen=True)
class Counts:
    """How many photos of an album there are, by what matters in the studio."""

    ready: int = 0
    waiting: int = 0
    hidden: int = 0
    rejected: int = 0
    captions: int = 0  # of the ready ones
    alt_texts: int = 0  # of the ready ones

    @property
    def all(self) -> int:
        """Those that are or will be in the album."""
        return self.ready + self.waiting + self.hidden


@dataclass(frozen=True)
class AlbumRow:
    """An album in the studio's list."""

    album: Album
    cover: Photo | None
    counts: Counts
    needs: int  # deliveries that wait for a person


def albums(session: Session, page: int) -> tuple[list[AlbumRow], bool, int]:
    """One page of albums, newest event first; whether more follow; for how many photos of all
    albums somebody asks that they go. Four queries.
    """
    newest = func.coalesce(Album.first_day, func.date(Album.created_at)).desc()
    found = list(
        session.execute(
            select(Album, removals.asked_for())
            .order_by(newest, Album.created_at.desc(), Album.id)
            .limit(ALBUMS_A_PAGE + 1)
            .offset((page - 1) * ALBUMS_A_PAGE)
        )
    )
    shown = [album for album, _asked in found[:ALBUMS_A_PAGE]]
    ids = [album.id for album in shown]
    counts, covers, needs = counts_of(session, ids), _covers(session, ids), needs_of(session, ids)
    rows = [
        AlbumRow(a, covers.get(a.id), counts.get(a.id, Counts()), needs.get(a.id, 0)) for a in shown
    ]
    return rows, len(found) > len(shown), found[0][1] if found else 0


def counts_of(session: Session, album_ids: Sequence[str]) -> dict[str, Counts]:
    """The counts of these albums. One query."""
    ready = Photo.state == PhotoState.READY

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    rows = session.execute(
        select(
            Photo.album_id,
            number(ready),
            number(Photo.state == PhotoState.WAITING),
            number(and_(Photo.state.in_([PhotoState.HIDDEN, PhotoState.HELD]), THERE)),
            number(Photo.state == PhotoState.REJECTED),
            number(and_(ready, Photo.caption != "")),
            number(and_(ready, Photo.alt_text != "")),
        )
        .where(Photo.album_id.in_(album_ids))
        .group_by(Photo.album_id)
    )
    return {row[0]: Counts(*(int(n) for n in row[1:])) for row in rows}


def _covers(session: Session, album_ids: Sequence[str]) -> dict[str, Photo]:
    chosen = case((Photo.id == Album.cover_id, 0), else_=1)
    rank = func.row_number().over(
        partition_by=Photo.album_id, order_by=(chosen, Photo.position, Photo.id)
    )
    ranked = (
        select(Photo.id.label("id"), rank.label("rank"))
        .join(Album, Album.id == Photo.album_id)
        .where(Photo.album_id.in_(album_ids), Photo.state == PhotoState.READY)
        .subquery()
    )
    rows = session.scalars(
        select(Photo).join(ranked, Photo.id == ranked.c.id).where(ranked.c.rank == 1)
    )
    return {photo.album_id: photo for photo in rows}


def photos(
    session: Session,
    album_id: str,
    *,
    states: Sequence[PhotoState] = SHOWN,
    without_alt: bool = False,
    page: int = 1,
    a_page: int = PHOTOS_A_PAGE,
) -> tuple[list[Photo], int]:
    """One page of an album's photos in order, and how many there are in all. Two queries."""
    wanted = and_(Photo.album_id == album_id, Photo.state.in_(states), THERE)
    if without_alt:
        wanted = and_(wanted, Photo.alt_text == "", Photo.state == PhotoState.READY)
    total = session.scalar(select(func.count()).select_from(Photo).where(wanted)) or 0
    rows = session.scalars(
        select(Photo)
        .where(wanted)
        .order_by(Photo.position, Photo.id)
        .limit(a_page)
        .offset((page - 1) * a_page)
    )
    return list(rows), total


def ids_in_order(session: Session, album_id: str, states: Sequence[PhotoState]) -> list[str]:
    """All photos of an album that `photos` shows page by page."""
    wanted = and_(Photo.album_id == album_id, Photo.state.in_(states), THERE)
    return list(session.scalars(select(Photo.id).where(wanted).order_by(Photo.position, Photo.id)))


def newest(session: Session, album_id: str, most: int) -> list[Photo]:
    """The photos of an album that came last, last first: ready, on their way, and left out."""
    return list(
        session.scalars(
            select(Photo)
            .where(Photo.album_id == album_id, or_(Photo.state == PhotoState.REJECTED, THERE))
            .order_by(Photo.added_at.desc(), Photo.position.desc(), Photo.id)
            .limit(most)
        )
    )


def rejected(session: Session, album_id: str) -> list[Photo]:
    """What was left out of an album, newest first."""
    return list(
        session.scalars(
            select(Photo)
            .where(Photo.album_id == album_id, Photo.state == PhotoState.REJECTED)
            .order_by(Photo.added_at.desc(), Photo.file)
            .limit(500)
        )
    )


def edits_of(session: Session, album_id: str) -> dict[str, str]:
    """Which edit each ready photo of an album has: where its small pictures are. One query."""
    rows = session.execute(
        select(Photo.id, Photo.edit).where(
            Photo.album_id == album_id, Photo.state == PhotoState.READY
        )
    )
    return {row[0]: row[1] for row in rows}
