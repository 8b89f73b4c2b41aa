"""Photos that somebody asked us to remove, and those that must never come back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gallery.models.base import Model, words


class RemovalState(StrEnum):
    """Where a request stands."""

    OPEN = "open"  # nobody decided yet
    KEPT = "kept"  # the photo stays
    REMOVING = "removing"  # decided; something of it may still be live on a network
    REMOVED = "removed"  # nothing of it is known to be live


class Removal(Model):
    """One request to take a photo down, from a visitor or a person."""

    __tablename__ = "removal"
    __table_args__ = (
        Index("ix_removal_state", "state"),
        Index("ix_removal_sender_at", "sender", "at"),
    )
    id: Mapped[str] = mapped_column(String(8), primary_key=True)  # the reference that is told
    photo_id: Mapped[str] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), index=True)
    album_id: Mapped[str] = mapped_column(ForeignKey("album.id", ondelete="CASCADE"))
    who: Mapped[str] = mapped_column(String(16))  # me, child, rights, other, or person
    reply: Mapped[str] = mapped_column(String(300), default="")  # how to answer them
    message: Mapped[str] = mapped_column(Text, default="")
    sender: Mapped[str] = mapped_column(String(64), default="")  # keyed hash of the address
    at: Mapped[datetime]
    state: Mapped[RemovalState] = mapped_column(words(RemovalState), default=RemovalState.OPEN)
    hid: Mapped[bool] = mapped_column(default=True)  # asking hid the photo at once
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(32))  # a person; None: the operator


class Tombstone(Model):
    """A picture that was taken down: these bytes never come in or back again."""

    __tablename__ = "tombstone"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300), default="")
