"""People who sign in, their sessions, the site they run, and what was done."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gallery.models.base import Model, new_id, words


class Role(StrEnum):
    """What a person may do: an owner everything, an editor albums and posts, an uploader add photos."""

    OWNER = "owner"
    EDITOR = "editor"
    UPLOADER = "uploader"


class Site(Model):
    """The one row about this site itself."""

    __tablename__ = "site"
    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(200), default="Afterglow")
    language: Mapped[str] = mapped_column(String(16), default="en")
    zone: Mapped[str] = mapped_column(String(64), default="Asia/Brunei")
    setup_token_hash: Mapped[str | None] = mapped_column(String(64))
    approval: Mapped[bool] = mapped_column(default=False)  # posts of editors wait for an owner
    settle_from: Mapped[datetime | None]  # a clock jumped: settle windows begin no earlier
    schedule_from: Mapped[datetime | None]  # nothing scheduled goes out before


class Person(Model):
    """Somebody who signs in."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower case
    password_hash: Mapped[str] = mapped_column(String(255))  # Argon2id
    role: Mapped[Role] = mapped_column(words(Role))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class SignIn(Model):
    """A session: the browser holds the random token, this row only its SHA-256."""

    __tablename__ = "sign_in"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime]  # when the password was last typed
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Audit(Model):
    """Append-only: who did what. Never holds a secret."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at", "at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    at: Mapped[datetime]
    person_id: Mapped[str | None] = mapped_column(String(32))  # None: the operator, or nobody yet
    what: Mapped[str] = mapped_column(String(64))  # "sign-in", "sign-in refused", "connect", …
    about: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
