"""What studio pages read: a fixed number of queries, whatever the number of photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from gallery.models import (
    Account,
    AccountState,
    Album,
    Delivery,
    Draft,
    Photo,
    PhotoState,
    Post,
    PostState,
    State,
)
from gallery.publishing.accounts import view_of

ALBUMS_A_PAGE = 24
PHOTOS_A_PAGE = 200
SHOWN = (PhotoState.READY, PhotoState.WAITING, PhotoState.HELD, PhotoState.HIDDEN)
NEEDS_A_PERSON = (State.NEEDS_HUMAN, State.PARTIAL, State.FAILED, State.MISSED, State.PROPOSED)


SAYS = {
    State.GOING: ("on its way", ""),
    State.PROPOSED: ("waits for approval", "warn"),
    State.SCHEDULED: ("scheduled", ""),
    State.NEEDS_HUMAN: ("did this appear?", "bad"),
    State.PUBLISHED: ("published", "ok"),
    State.PARTIAL: ("partly out", "warn"),
    State.FAILED: ("refused", "bad"),
    State.MISSED: ("missed", "bad"),
    State.CANCELLED: ("cancelled", ""),
    State.RETRACTED: ("taken back", ""),
}


@dataclass(frozen=True)
class Stand:
    """One delivery of an album, in brief: where it stands in a word or two, with its links."""

    id: str
    account_id: str
    label: str
    account: str
    says: str
    kind: str  # ok, warn, bad or nothing
    ordered_at: datetime
    out: bool  # something of it is live
    urls: list[str] = field(default_factory=list)


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


def albums(session: Session, page: int) -> tuple[list[AlbumRow], bool]:
    """One page of albums, newest event first, and whether more follow. Four queries."""
    newest = func.coalesce(Album.first_day, func.date(Album.created_at)).desc()
    found = list(
        session.scalars(
            select(Album)
            .order_by(newest, Album.created_at.desc(), Album.id)
            .limit(ALBUMS_A_PAGE + 1)
            .offset((page - 1) * ALBUMS_A_PAGE)
        )
    )
    shown = found[:ALBUMS_A_PAGE]
    ids = [album.id for album in shown]
    counts, covers, needs = counts_of(session, ids), _covers(session, ids), _needs(session, ids)
    rows = [
        AlbumRow(a, covers.get(a.id), counts.get(a.id, Counts()), needs.get(a.id, 0)) for a in shown
    ]
    return rows, len(found) > len(shown)


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
            number(Photo.state.in_([PhotoState.HIDDEN, PhotoState.HELD])),
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


def _needs(session: Session, album_ids: Sequence[str]) -> dict[str, int]:
    rows = session.execute(
        select(Draft.album_id, func.count())
        .join(Delivery, Delivery.draft_id == Draft.id)
        .where(Draft.album_id.in_(album_ids), Delivery.state.in_(NEEDS_A_PERSON))
        .group_by(Draft.album_id)
    )
    return {row[0]: row[1] for row in rows}


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
    wanted = and_(Photo.album_id == album_id, Photo.state.in_(states))
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


def newest(session: Session, album_id: str, most: int) -> list[Photo]:
    """The photos of an album that came last, last first: ready, on their way, and left out."""
    return list(
        session.scalars(
            select(Photo)
            .where(Photo.album_id == album_id)
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


def stands(session: Session, album_id: str) -> list[Stand]:
    """The newest deliveries of an album, newest first. One query."""
    rows = session.execute(
        select(Delivery, Account, Post.receipt)
        .join(Account, Account.id == Delivery.account_id)
        .join(Draft, Draft.id == Delivery.draft_id)
        .outerjoin(Post, and_(Post.delivery_id == Delivery.id, Post.state == PostState.LIVE))
        .where(Draft.album_id == album_id)
        .order_by(Delivery.ordered_at.desc(), Delivery.id, Post.nth)
        .limit(400)
    )
    found: dict[str, Stand] = {}
    for delivery, account, receipt in rows:
        stand = found.setdefault(delivery.id, _stand(delivery, account))
        if url := (receipt or {}).get("url"):
            stand.urls.append(url)
    return list(found.values())[:20]


def _stand(delivery: Delivery, account: Account) -> Stand:
    says, kind = SAYS.get(delivery.state, (delivery.state.value, ""))
    label = view_of(account).label
    return Stand(
        delivery.id, account.id, label, account.name, says, kind, delivery.ordered_at,
        delivery.state in (State.PUBLISHED, State.PARTIAL),
    )  # fmt: skip


def to_reconnect(session: Session) -> list[Account]:
    """Accounts that need a person: for the banner on every studio page. One query."""
    return list(
        session.scalars(
            select(Account).where(Account.state == AccountState.DISCONNECTED).order_by(Account.name)
        )
    )


def accounts_in_use(session: Session) -> list[Account]:
    """Accounts that can be posted to, and those that could once they are connected again."""
    return list(
        session.scalars(
            select(Account)
            .where(Account.state != AccountState.REMOVED)
            .order_by(Account.network, Account.name, Account.id)
        )
    )


def last_posted_to(session: Session, album_id: str) -> tuple[str, ...]:
    """The accounts of the last order of this album; if there is none, of the last order at all."""
    orders = select(Delivery.account_id, Delivery.ordered_at, Draft.album_id).join(
        Draft, Draft.id == Delivery.draft_id
    )
    first = case((Draft.album_id == album_id, 0), else_=1)
    rows = session.execute(orders.order_by(first, Delivery.ordered_at.desc()).limit(50)).all()
    return tuple(
        row.account_id
        for row in rows
        if (row.ordered_at, row.album_id) == (rows[0].ordered_at, rows[0].album_id)
    )


def edits_of(session: Session, album_id: str) -> dict[str, str]:
    """Which edit each ready photo of an album has: where its small pictures are. One query."""
    rows = session.execute(
        select(Photo.id, Photo.edit).where(
            Photo.album_id == album_id, Photo.state == PhotoState.READY
        )
    )
    return {row[0]: row[1] for row in rows}


def deliveries(session: Session, ids: Sequence[str]) -> dict[str, Delivery]:
    """These deliveries by id. One query, none for no ids."""
    if not ids:
        return {}
    rows = session.scalars(select(Delivery).where(Delivery.id.in_(ids)))
    return {delivery.id: delivery for delivery in rows}
