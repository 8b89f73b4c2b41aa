"""From an album and what a person wrote to the plans that a preview shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.albums import arrange
from gallery.errors import DeliveryError, InvalidInput
from gallery.imaging import CaptionStyle, Fit, drawable
from gallery.models import (
    Account,
    Album,
    AlbumLink,
    Delivery,
    Draft,
    DrawCaptions,
    Photo,
    PhotoState,
    Visibility,
    new_id,
)
from gallery.networks.contract import Limits, PlannedPhoto
from gallery.publishing import accounts
from gallery.publishing.accounts import AccountView
from gallery.publishing.frames import STANDARD, Look
from gallery.publishing.plan import Plan, plan
from gallery.publishing.vault import Vault
from gallery.settings import Settings

MAIN = "main"  # the draft that every album has


@dataclass(frozen=True)
class Wording:
    """What a person wrote: the text, and which photos in which order (None: the album's).

    `fit` says what is done with pictures whose shape a network does not take: pad or crop.
    """

    text: str
    photos: tuple[str, ...] | None = None
    fit: str = Fit.PAD.value


@dataclass(frozen=True)
class Source:
    """What the plans of one album are made of, read once for all of them."""

    album: Album
    links: tuple[str, ...]  # where visitors find it, the newest first
    ready: Mapping[str, Photo]  # by id, in the album's order


@dataclass(frozen=True)
class Preview:
    """What would go out to one account. `error` says why nothing can."""

    account: AccountView
    plan: Plan | None
    round: int  # the form carries it, so that the same order twice is one
    earlier: str | None  # the delivery that this draft has there already
    error: str = ""


def wording(session: Session, album: Album, name: str = MAIN) -> Wording:
    """The stored draft of this name, or one made from the album."""
    draft = stored(session, album, name)
    return Wording(default_text(album)) if draft is None else words_of(draft)


def words_of(draft: Draft) -> Wording:
    """What stands in a draft."""
    photos = None if draft.photos is None else tuple(draft.photos)
    return Wording(draft.text, photos, draft.options.get("fit", Fit.PAD.value))


def drafts_of(session: Session, album: Album) -> list[Draft]:
    """The drafts of an album: the main one first, the others by name."""
    drafts = session.scalars(select(Draft).where(Draft.album_id == album.id))
    return sorted(drafts, key=lambda draft: (draft.name != MAIN, draft.name))


def stored(session: Session, album: Album, name: str) -> Draft | None:
    """The draft of this name, if somebody wrote one."""
    return session.scalar(select(Draft).where(Draft.album_id == album.id, Draft.name == name))


def save(session: Session, album: Album, words: Wording, name: str = MAIN) -> Draft:
    """Keep what a person wrote. The revision rises when something changed."""
    draft = stored(session, album, name)
    if draft is None:
        draft = Draft(id=new_id(), album_id=album.id, name=name, revision=0, text="", options={})
        session.add(draft)
    if draft.revision == 0 or words_of(draft) != words:
        draft.text = words.text
        draft.photos = None if words.photos is None else list(words.photos)
        draft.options = {**draft.options, "fit": words.fit}
        draft.revision += 1
        session.flush()
    return draft


def default_text(album: Album) -> str:
    """Title, then date and venue on a line of their own."""
    line = ", ".join(part for part in (_days(album), album.venue) if part)
    return "\n".join(part for part in (album.title, line) if part)


def link_to(
    session: Session, settings: Settings, album: Album, now: datetime, *, keep: str = ""
) -> str:
    """Where a visitor finds the album; empty while it is a draft or has no valid link.

    That is `keep`, the link that a post carries already, as long as it is valid.
    """
    return _chosen(links_to(session, settings, album, now), keep)


def links_to(session: Session, settings: Settings, album: Album, now: datetime) -> tuple[str, ...]:
    """Every address that leads visitors to the album, the newest first."""
    if album.visibility is Visibility.PUBLIC:
        return (f"{settings.public_url}/a/{album.slug}",)
    if album.visibility is Visibility.DRAFT:
        return ()
    links = session.scalars(
        select(AlbumLink)
        .where(AlbumLink.album_id == album.id, AlbumLink.revoked_at.is_(None))
        .order_by(AlbumLink.created_at.desc())
    )
    valid = [link for link in links if link.expires_at is None or link.expires_at > now]
    return tuple(f"{settings.public_url}/l/{link.token}" for link in valid)


def planned(
    session: Session,
    settings: Settings,
    album: Album,
    words: Wording,
    limits: Limits,
    now: datetime,
    *,
    keep: str = "",
) -> Plan:
    """Exactly what would go out. Raises InvalidInput if there is nothing to post.

    `keep` is the link that goes on being used while it is valid.
    """
    return made_of(source(session, settings, album, now), words, limits, keep=keep)


def source(session: Session, settings: Settings, album: Album, now: datetime) -> Source:
    """Read what plans of this album are made of."""
    photos = arrange.photos_in_order(session, album.id, states=(PhotoState.READY,))
    links = links_to(session, settings, album, now)
    return Source(album, links, {photo.id: photo for photo in photos})


def made_of(
    source: Source,
    words: Wording,
    limits: Limits,
    *,
    keep: str = "",
    leave_out: Collection[str] = (),
) -> Plan:
    """As `planned`, without some of the photos. Pure."""
    chosen = source.ready.keys() if words.photos is None else words.photos
    ids = [id_ for id_ in chosen if id_ in source.ready and id_ not in leave_out]
    photos = [_photo(source.album, source.ready[id_]) for id_ in ids]
    link = _chosen(source.links, keep)
    style = source.album.draw_captions
    look = Look(Fit(words.fit), None if style is DrawCaptions.OFF else CaptionStyle(style.value))
    made = plan(photos, words.text, link, limits, look)
    notes = [_note_on_drawing(photos)] if look.style else []
    if not link:
        notes.append(
            "The album has no address that visitors can open, so the posts carry no link to it."
        )
    return Plan(made.posts, (*made.warnings, *filter(None, notes)))


def _note_on_drawing(photos: Sequence[PlannedPhoto]) -> str:
    """Signs that our fonts don't have are left out of what is drawn."""
    less = sum(1 for photo in photos if _signs(photo.drawn) != _signs(photo.caption))
    if not less:
        return ""
    of = "The caption of 1 photo is" if less == 1 else f"The captions of {less} photos are"
    return f"{of} drawn without the signs that our fonts lack, such as emoji."


def _signs(text: str) -> str:
    return "".join(normalize("NFC", text).split())


def _chosen(links: Sequence[str], keep: str) -> str:
    return keep if keep in links else next(iter(links), "")


def previews(
    session: Session,
    vault: Vault,
    settings: Settings,
    album: Album,
    words: Wording,
    rows: Sequence[Account],
    *,
    now: datetime,
    name: str = MAIN,
) -> list[Preview]:
    """One preview for each account."""
    draft = stored(session, album, name)
    return [_preview(session, vault, settings, album, words, row, draft, now) for row in rows]


def latest(session: Session, account: Account, draft: Draft | None) -> Delivery | None:
    """The newest round of this draft to this account."""
    if draft is None:
        return None
    return session.scalar(
        select(Delivery)
        .where(Delivery.account_id == account.id, Delivery.draft_id == draft.id)
        .order_by(Delivery.round.desc())
        .limit(1)
    )


def _preview(
    session: Session,
    vault: Vault,
    settings: Settings,
    album: Album,
    words: Wording,
    row: Account,
    draft: Draft | None,
    now: datetime,
) -> Preview:
    before = latest(session, row, draft)
    made, error = None, ""
    try:
        limits = accounts.connector(vault, settings, row).limits()
        made = planned(session, settings, album, words, limits, now)
    except (InvalidInput, DeliveryError) as problem:
        error = str(problem)
    return Preview(
        account=accounts.view_of(row),
        plan=made,
        round=before.round + 1 if before else 1,
        earlier=before.id if before else None,
        error=error,
    )


def _photo(album: Album, photo: Photo) -> PlannedPhoto:
    """A photo as the album has it; the plan decides how it goes out."""
    caption = photo.caption.strip()
    return PlannedPhoto(
        id=photo.id,
        edit=photo.edit,
        recipe=STANDARD,
        width=photo.width,
        height=photo.height,
        caption=caption,
        alt_text=photo.alt_text.strip(),
        file=photo.file,
        drawn="" if album.draw_captions is DrawCaptions.OFF else drawable(caption),
        language=album.language,
        focal_x=photo.focal_x,
        focal_y=photo.focal_y,
    )


def _days(album: Album) -> str:
    if album.first_day is None:
        return ""
    first = f"{album.first_day.day} {album.first_day:%B %Y}"
    if album.last_day is None or album.last_day == album.first_day:
        return first
    return f"{first} to {album.last_day.day} {album.last_day:%B %Y}"
