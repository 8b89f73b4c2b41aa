"""Accounts, drafts, and deliveries with their posts, steps and facts: see docs/publishing.md."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from gallery.models.base import Model, new_id, words


class AccountState(StrEnum):
    """Whether an account may be used."""

    OK = "ok"
    HELD = "held"  # after a restore, until a person frees it
    LEAVING = "leaving"  # a person disconnected it; what may be on its way is still looked for
    DISCONNECTED = "disconnected"  # must be connected again
    REMOVED = "removed"


class Aim(StrEnum):
    """What a delivery is to become."""

    PUBLISH = "publish"
    AMEND = "amend"
    RETRACT = "retract"


class State(StrEnum):
    """Where a delivery stands. `failed`: nothing of it is live."""

    PROPOSED = "proposed"
    SCHEDULED = "scheduled"
    GOING = "going"
    NEEDS_HUMAN = "needs_human"
    PUBLISHED = "published"
    PARTIAL = "partial"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"
    RETRACTED = "retracted"


class PostState(StrEnum):
    """Where one remote post stands."""

    PENDING = "pending"
    LIVE = "live"
    FAILED = "failed"
    GONE = "gone"


class Verb(StrEnum):
    """What a step calls. The last three can be seen by strangers."""

    STAGE = "stage"
    COMPOSE = "compose"
    PUBLISH = "publish"
    AMEND = "amend"
    RETRACT = "retract"


class StepState(StrEnum):
    """Where a step stands. `sent`: its call may be on the wire."""

    TODO = "todo"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Where a fact comes from: the call's own answer, a later read, or a person's word."""

    ANSWER = "answer"
    READ = "read"
    PERSON = "person"


class Outcome(StrEnum):
    """What a fact says."""

    STAGED = "staged"  # also composed; `body` holds what the connector wants back
    RECEIPT = "receipt"
    STRAY = "stray"  # a second receipt
    REFUSED = "refused"
    LATER = "later"
    UNKNOWN = "unknown"
    ABSENT = "absent"
    CANNOT_TELL = "cannot_tell"
    NOT_SEEN = "not_seen"  # a person looked: it is not there
    SEEN = "seen"  # a person looked: it is there; at which address they did not say
    GONE = "gone"  # it was removed, or was not there to be removed


class Account(Model):
    """An identity on a network. The row stays for ever."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("network", "remote_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    network: Mapped[str] = mapped_column(String(24))
    remote_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(300))
    handle: Mapped[str] = mapped_column(String(300), default="")
    url: Mapped[str] = mapped_column(String(500), default="")
    credential: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    version: Mapped[int] = mapped_column(default=1)  # rises with every credential
    state: Mapped[AccountState] = mapped_column(words(AccountState), default=AccountState.OK)
    why: Mapped[str] = mapped_column(String(500), default="")
    expires_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  # transport failures in a row
    breaker_until: Mapped[datetime | None]
    connected_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # last success
    budget_left: Mapped[int | None]  # visible calls until `budget_until`; None: not known
    budget_until: Mapped[datetime | None]  # UTC; then the budget is whole again
    renewing_by: Mapped[str | None] = mapped_column(String(120))  # the process that renews it
    renewing_until: Mapped[datetime | None]  # UTC; no other renewal begins before, if it lives
    warned_days: Mapped[int | None]  # the last warning about `expires_at` that was given


class Draft(Model):
    """What a person wrote for an album's posts, by name."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("album_id", "name"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    album_id: Mapped[str] = mapped_column(ForeignKey("album.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80), default="main")
    text: Mapped[str] = mapped_column(Text, default="")
    photos: Mapped[list[str] | None] = mapped_column(JSON)  # ids in order; None: the album's
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    revision: Mapped[int] = mapped_column(default=1)


class Delivery(Model):
    """One plan on its way to one account. The row is the work item."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("account_id", "draft_id", "round"),
        Index("ix_delivery_wake_at", "wake_at"),
        Index("ix_delivery_account_id_state", "account_id", "state"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    draft_id: Mapped[str] = mapped_column(ForeignKey("draft.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)  # which time this draft goes there
    album_revision: Mapped[int]
    draft_revision: Mapped[int]
    plan: Mapped[dict[str, Any]]
    plan_hash: Mapped[str] = mapped_column(String(64))
    edition: Mapped[int] = mapped_column(default=1)  # rises with every amend
    ordered_by: Mapped[str | None] = mapped_column(String(32))  # a person; None: the operator
    ordered_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(String(32))  # a person; None: none was needed
    approved_at: Mapped[datetime | None]
    aim: Mapped[Aim] = mapped_column(words(Aim), default=Aim.PUBLISH)
    state: Mapped[State] = mapped_column(words(State), default=State.GOING)
    why: Mapped[str] = mapped_column(
        String(24), default=""
    )  # retry, rate, breaker, token, settle, media
    reason: Mapped[str] = mapped_column(String(500), default="")  # one sentence for a person
    question: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[datetime]  # UTC; not before this
    patient_from: Mapped[datetime]  # UTC; tried in vain for a day since then, a person is asked
    wall: Mapped[str | None] = mapped_column(String(16))  # 2026-11-25T09:00 in `zone`; None: now
    zone: Mapped[str] = mapped_column(String(64), default="UTC")  # IANA
    wake_at: Mapped[datetime | None]  # UTC; look at it again then; None: nothing to do
    owner: Mapped[str | None] = mapped_column(String(120))  # the process that carries it
    fence: Mapped[int] = mapped_column(default=0)  # rises with every claim
    lease_until: Mapped[datetime | None]  # UTC; who holds it may begin calls until then
    replaces: Mapped[str | None] = mapped_column(String(32))  # a delivery that this one replaces


class Post(Model):
    """One remote post of a delivery."""

    __tablename__ = "post"
    delivery_id: Mapped[str] = mapped_column(
        ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True
    )
    nth: Mapped[int] = mapped_column(primary_key=True)  # from 1
    generation: Mapped[int] = mapped_column(default=1)  # rises when media must be new
    opened_at: Mapped[datetime]  # fixed: what networks with record keys build them from
    state: Mapped[PostState] = mapped_column(words(PostState), default=PostState.PENDING)
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Step(Model):
    """One call that a post needs."""

    __tablename__ = "step"
    __table_args__ = (
        UniqueConstraint("delivery_id", "nth", "verb", "photo", "generation", "edition"),
        ForeignKeyConstraint(
            ["delivery_id", "nth"], ["post.delivery_id", "post.nth"], ondelete="CASCADE"
        ),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    delivery_id: Mapped[str] = mapped_column(String(32))
    nth: Mapped[int]
    verb: Mapped[Verb] = mapped_column(words(Verb))
    photo: Mapped[str] = mapped_column(
        String(6), default=""
    )  # '' and never NULL: NULLs do not collide
    generation: Mapped[int] = mapped_column(default=1)
    edition: Mapped[int] = mapped_column(default=1)
    state: Mapped[StepState] = mapped_column(words(StepState), default=StepState.TODO)
    attempt: Mapped[int] = mapped_column(default=0)  # how often it was sent
    failures: Mapped[int] = mapped_column(default=0)  # of those, how many count against the limit
    not_before: Mapped[datetime | None]  # UTC; do not send it earlier
    sent_at: Mapped[datetime | None]  # last intent
    sent_by: Mapped[str | None] = mapped_column(String(120))  # the process that may be on the wire
    empties: Mapped[int] = mapped_column(default=0)  # counted reads that found nothing
    why: Mapped[str] = mapped_column(String(24), default="")  # as in Delivery
    reason: Mapped[str] = mapped_column(String(500), default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    expires_at: Mapped[datetime | None]


class Fact(Model):
    """One answer, never changed."""

    __tablename__ = "fact"
    __table_args__ = (Index("ix_fact_step_id_at", "step_id", "at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    step_id: Mapped[str] = mapped_column(ForeignKey("step.id", ondelete="CASCADE"))
    attempt: Mapped[int]
    source: Mapped[Source] = mapped_column(words(Source))
    outcome: Mapped[Outcome] = mapped_column(words(Outcome))
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
