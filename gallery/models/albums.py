"""Albums and their photos."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from gallery.models.base import Model, new_id, words


class Visibility(StrEnum):
    """Who may look at an album."""

    DRAFT = "draft"  # people who sign in
    UNLISTED = "unlisted"  # and visitors with a secret link
    PUBLIC = "public"  # everybody


class Downloads(StrEnum):
    """What visitors may take with them."""

    NONE = "none"
    WEB = "web"
    ORIGINAL = "original"


class DrawCaptions(StrEnum):
    """Whether renditions for networks carry their caption in the picture."""

    OFF = "off"
    BAND = "band"
    OVERLAY = "overlay"


class PhotoState(StrEnum):
    """Where a photo is on its way in."""

    WAITING = "waiting"  # its renditions are still to be made
    READY = "ready"
    HELD = "held"  # a guest's, not released yet
    REJECTED = "rejected"  # not a picture we can show; `reason` says why
    HIDDEN = "hidden"  # taken down


class Album(Model):
    """One event's photos in order; the event is on it."""

    __tablename__ = "album"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    first_day: Mapped[date | None]  # in `zone`
    first_time: Mapped[time | None]
    last_day: Mapped[date | None]
    last_time: Mapped[time | None]
    zone: Mapped[str] = mapped_column(String(64), default="Asia/Brunei")  # IANA
    venue: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(500), default="")
    organiser: Mapped[str] = mapped_column(String(300), default="")
    organiser_url: Mapped[str] = mapped_column(String(500), default="")
    write_up: Mapped[str] = mapped_column(Text, default="")  # Markdown
    language: Mapped[str] = mapped_column(String(16), default="en")  # BCP 47
    credit: Mapped[str] = mapped_column(String(300), default="")
    licence: Mapped[str] = mapped_column(String(300), default="")
    tags: Mapped[list[str]] = mapped_column(default=list)
    cover_id: Mapped[str | None] = mapped_column(String(6))  # a photo; None: the first
    focal_x: Mapped[float] = mapped_column(default=0.5)  # 0 left … 1 right of the cover
    focal_y: Mapped[float] = mapped_column(default=0.4)  # 0 top … 1 bottom
    card_edit: Mapped[str | None] = mapped_column(String(12))  # the card's address, once drawn
    visibility: Mapped[Visibility] = mapped_column(words(Visibility), default=Visibility.DRAFT)
    downloads: Mapped[Downloads] = mapped_column(words(Downloads), default=Downloads.WEB)
    draw_captions: Mapped[DrawCaptions] = mapped_column(
        words(DrawCaptions), default=DrawCaptions.OFF
    )
    by_hand: Mapped[bool] = mapped_column(default=False)  # somebody ordered the photos by hand
    revision: Mapped[int] = mapped_column(default=1)  # rises with every change a post would show
    card_revision: Mapped[int] = mapped_column(default=0)  # the one its card was last checked for
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]  # first time it left draft


class OldSlug(Model):
    """A slug that an album once had; it answers 301 for ever."""

    __tablename__ = "old_slug"
    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    album_id: Mapped[str] = mapped_column(ForeignKey("album.id", ondelete="CASCADE"), index=True)


class AlbumLink(Model):
    """A secret link to an album; whoever has it may look."""

    __tablename__ = "album_link"
    token: Mapped[str] = mapped_column(String(43), primary_key=True)  # 256 random bits, URL-safe
    album_id: Mapped[str] = mapped_column(ForeignKey("album.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Photo(Model):
    """One picture in an album. Its original, stored under `sha256`, is never altered."""

    __tablename__ = "photo"
    __table_args__ = (
        Index(
            "uq_photo_album_id_sha256",
            "album_id",
            "sha256",
            unique=True,
            sqlite_where=text("state <> 'rejected'"),
            postgresql_where=text("state <> 'rejected'"),
        ),
        Index("ix_photo_album_id_position", "album_id", "position"),
        # counts and later pages of a large album read this alone
        Index("ix_photo_shown", "album_id", "state", "position", "id"),
        Index("ix_photo_state", "state"),
        Index("ix_photo_sha256", "sha256"),
    )
    id: Mapped[str] = mapped_column(String(6), primary_key=True)
    album_id: Mapped[str] = mapped_column(ForeignKey("album.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(300))  # the name it came with: only a label
    bytes: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8), default="")  # jpeg, png, webp, gif, avif, heif
    state: Mapped[PhotoState] = mapped_column(words(PhotoState), default=PhotoState.WAITING)
    reason: Mapped[str] = mapped_column(String(500), default="")  # why it was rejected
    position: Mapped[int] = mapped_column(default=0)  # order in the album, gaps allowed
    width: Mapped[int] = mapped_column(default=0)  # upright, px
    height: Mapped[int] = mapped_column(default=0)
    edit: Mapped[str] = mapped_column(
        String(12), default=""
    )  # 12 hex digits, see albums.renditions
    has_avif: Mapped[bool] = mapped_column(default=False)
    colour: Mapped[str] = mapped_column(String(3), default="")  # placeholder, three digits 0-3
    focal_x: Mapped[float] = mapped_column(default=0.5)  # 0 left … 1 right: a crop keeps it in
    focal_y: Mapped[float] = mapped_column(default=0.5)  # 0 top … 1 bottom
    title: Mapped[str] = mapped_column(String(300), default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    alt_text: Mapped[str] = mapped_column(Text, default="")
    credit: Mapped[str] = mapped_column(String(300), default="")
    taken_at: Mapped[datetime | None]
    camera: Mapped[str] = mapped_column(String(120), default="")
    render_until: Mapped[datetime | None]  # a renderer has it until then
    added_at: Mapped[datetime]
    added_by: Mapped[str | None] = mapped_column(String(32))  # a person; None: the operator
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # exposure, lens; never a place
