"""What stands in the form that orders posts, and what is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request

from gallery.errors import FieldErrors, InvalidInput
from gallery.publishing import schedule
from gallery.publishing.compose import MAIN, Wording
from gallery.publishing.schedule import When
from gallery.web import text

MOST_TEXT = 20_000  # characters; networks take less
LONGEST_NAME = 80  # of a draft


@dataclass(frozen=True)
class PostForm:
    """The ticked accounts, the words, the time, and what the preview showed."""

    ticked: tuple[str, ...]
    words: Wording
    seen: dict[str, tuple[str, int]]  # account id: plan hash and round
    draft: str = MAIN
    at: str = ""  # as typed: a wall time in the album's zone; empty: now
    stagger: int = 0  # minutes between two accounts
    again: frozenset[str] = frozenset()

    @classmethod
    def sent(cls) -> PostForm:
        """What was sent. Raises FieldErrors."""
        form = request.form
        typed = _text()
        if len(typed) > MOST_TEXT:
            raise FieldErrors({"text": f"The text is too long: {len(typed)} characters."})
        photos = tuple(form.getlist("photo")) if form.get("which") == "some" else None
        if photos == ():
            raise FieldErrors({"which": "Tick the photos to post, or choose all of them."})
        ticked = tuple(form.getlist("account"))
        seen = {
            id_: (form[f"hash-{id_}"], form.get(f"round-{id_}", 1, type=int))
            for id_ in ticked
            if f"hash-{id_}" in form
        }
        return cls(
            ticked=ticked,
            words=Wording(typed, photos, _fit()),
            seen=seen,
            draft=draft_named(form.get("draft")),
            at=form.get("at", "").strip(),
            stagger=form.get("stagger", 0, type=int),
            again=frozenset(form.getlist("again")),
        )

    @classmethod
    def as_typed(cls) -> PostForm:
        """What was sent, as far as it can be shown again."""
        form = request.form
        return cls(
            tuple(form.getlist("account")),
            Wording(_text()[:MOST_TEXT], fit=_fit()),
            {},
            draft=draft_named(form.get("draft")),
            at=form.get("at", ""),
        )

    def times(self, zone: str, now: datetime) -> list[When | None]:
        """When each ticked account has its turn, in order; None: now. Raises FieldErrors."""
        if not self.at and not self.stagger:
            return [None] * len(self.ticked)
        try:
            first = schedule.parse(self.at or f"{now:{schedule.FORMAT}}Z", zone, now)
            times = schedule.staggered(first, len(self.ticked), self.stagger)
        except InvalidInput as error:
            raise FieldErrors({"at": str(error)}) from error
        return [*times] if self.at else [None, *times[1:]]

    def insist_on_preview(self) -> None:
        """See that somebody looked at what goes out. Raises InvalidInput."""
        if not self.ticked:
            raise FieldErrors({"accounts": "Tick at least one account to post to."})
        if set(self.ticked) - self.seen.keys():
            raise InvalidInput("This is what would go out now. Look at it, then press again.")

    def label(self, shown: Sequence[object], *, approval: bool) -> str:
        """What the button does."""
        accounts = text.count(len(shown), "account")
        if approval:
            return f"Propose to an owner, for {accounts}"
        return f"Schedule for {accounts}" if self.at else f"Post to {accounts}"


def draft_named(typed: str | None) -> str:
    """The name of a draft as it was typed; the main one's if it was not, or is too long."""
    name = " ".join((typed or "").split())
    return name if 1 <= len(name) <= LONGEST_NAME else MAIN


def _text() -> str:
    return request.form.get("text", "").replace("\r\n", "\n").strip()


def _fit() -> str:
    return "crop" if request.form.get("fit") == "crop" else "pad"
