"""Everything that happened to one delivery, in order and in words, with no secret in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import InvalidInput
from gallery.models import Account, Album, Audit, Delivery, Draft, Fact, Person, Source, Step, Verb
from gallery.publishing import accounts, happened
from gallery.publishing.rules import Rules
from gallery.publishing.scrub import TELLING, Scrubber
from gallery.publishing.situation import Situation
from gallery.publishing.vault import Vault
from gallery.settings import Secret, Settings

LONG = 16  # characters of what is no name
VISIBLE = (Verb.PUBLISH, Verb.AMEND, Verb.RETRACT)
DID = {
    "post approved": "{name} approved it.",
    "post cancelled": "{name} cancelled it.",
    "post settled": "{name} answered the question.",
    "post retracted": "{name} had it taken back.",
    "post changed": "{name} had it changed.",
    "post went on": "{name} had it go on.",
    "photo taken out": "{name} had a photo taken out.",
    "one post withdrawn": "{name} had post {post} withdrawn.",
    "second copy gone": "{name} says that the second copy is gone.",
    "second copy kept": "{name} keeps the second copy.",
    "second copy removed": "{name} had the second copy removed.",
}


@dataclass(frozen=True)
class Event:
    """One thing that happened. What it is about is set where it is known."""

    at: datetime  # UTC
    says: str
    kind: str = "order"  # order, person, sent, fact
    decision: str = ""  # what followed from it
    url: str = ""
    post: int | None = None  # nth
    photo: str = ""
    verb: str = ""
    attempt: int | None = None
    source: str = ""
    outcome: str = ""
    body: Any = None  # the stored answer

    def to_json(self) -> dict[str, Any]:
        """All that is known of it."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        known = {name: value for name, value in values.items() if value not in (None, "", {})}
        return {**known, "at": self.at.isoformat()}


@dataclass(frozen=True)
class History:
    """A delivery's events, oldest first, and whose clocks they are told by."""

    delivery_id: str
    account: str
    album: str  # its slug
    state: str
    zone: str
    events: tuple[Event, ...]

    def to_json(self) -> dict[str, Any]:
        """As it is exported."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**values, "events": [event.to_json() for event in self.events]}


def history(session: Session, vault: Vault, settings: Settings, delivery_id: str) -> History:
    """All events of a delivery. A fixed number of queries. Raises NotFound."""
    s = Situation.load(session, delivery_id)
    scrub = Scrubber.of(_secrets(vault, settings, s.account))
    draft = session.get_one(Draft, s.delivery.draft_id)
    album = session.get_one(Album, draft.album_id)
    told = [
        *_of_people(session, s.delivery),
        *_sent(s),
        *_facts(s, scrub, Rules.of(settings), album.zone),
    ]
    return History(
        delivery_id=s.delivery.id,
        account=accounts.name_of(s.account),
        album=album.slug,
        state=s.delivery.state.value,
        zone=album.zone,
        events=tuple(sorted(told, key=_when)),
    )


def _when(event: Event) -> tuple[datetime, int, int, int]:
    """In order; of one moment first what people did, then upload, post, removal, try by try."""
    verbs = [verb.value for verb in Verb]
    verb = verbs.index(event.verb) if event.verb else -1
    return event.at, verb, event.attempt or 0, _rank(event.source)


def _rank(source: str) -> int:
    """What was sent, its answer, reads, a person's word."""
    return ["", *Source].index(source)


def _of_people(session: Session, delivery: Delivery) -> Iterator[Event]:
    notes = session.execute(
        select(Audit, Person.name)
        .outerjoin(Person, Person.id == Audit.person_id)
        .where(Audit.about == delivery.id)
        .order_by(Audit.at, Audit.id)
    ).all()
    by = session.get(Person, delivery.ordered_by) if delivery.ordered_by else None
    name = by.name if by else "The operator"
    ordered = f"{name} ordered it, for the {_nth(delivery.round)} time."
    if delivery.round == 1:
        ordered = f"{name} ordered it."
    if delivery.replaces:
        ordered = f"{name} ordered it in place of an earlier one."
    yield Event(delivery.ordered_at, ordered)
    if delivery.wall is not None:
        wall = delivery.wall.replace("T", " ")
        yield Event(delivery.ordered_at, f"It is to go out at {wall} ({delivery.zone}).")
    for audit, who in notes:
        says = DID.get(audit.what, "{name}: " + audit.what + ".")
        post = audit.detail.get("post", "")
        yield Event(audit.at, says.format(name=who or "The operator", post=post), "person")


def _nth(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _sent(s: Situation) -> Iterator[Event]:
    """The last intent of each call that strangers see: earlier ones left no time of their own."""
    for step in s.steps:
        if step.verb in VISIBLE and step.sent_at is not None:
            says = happened.intent(step, _what(s, step))
            yield Event(
                step.sent_at, says, "sent", post=step.nth, verb=step.verb, attempt=step.attempt
            )


def _facts(s: Situation, scrub: Scrubber, rules: Rules, zone: str) -> Iterator[Event]:
    for step in s.steps:
        known = s.facts.get(step.id, [])
        facts = sorted(known, key=lambda fact: (fact.at, fact.attempt, _rank(fact.source)))
        for number, fact in enumerate(facts, 1):
            yield Event(
                at=fact.at,
                says=scrub.text(happened.fact(step, fact, _what(s, step))),
                kind="fact",
                decision=happened.decision(step, facts[:number], rules, zone),
                url=scrub.address(_url(fact)),
                post=step.nth,
                photo=step.photo,
                verb=step.verb,
                attempt=fact.attempt,
                source=fact.source,
                outcome=fact.outcome,
                body=scrub.value(fact.body),
            )


def _url(fact: Fact) -> str:
    url = str(fact.body.get("url") or "")
    return url if url.startswith(("https://", "http://")) else ""


def _what(s: Situation, step: Step) -> str:
    """What a step is about: `post 2`, `photo 14`."""
    if step.verb is Verb.RETRACT and step.photo:
        return f"the second copy of post {step.nth}" if len(s.plan.posts) > 1 else "the second copy"
    if step.verb is not Verb.STAGE:
        return f"post {step.nth}" if len(s.plan.posts) > 1 else "the post"
    ids = [photo.id for post in s.plan.posts for photo in post.photos]
    return f"photo {ids.index(step.photo) + 1}" if step.photo in ids else "a photo left out since"


def _secrets(vault: Vault, settings: Settings, account: Account) -> Iterator[str]:
    """Whatever must never be told: the operator's own secrets and this account's credential."""
    for field in fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, Secret):
            yield from (value.reveal(), *value.reveal().replace(",", " ").split())
    try:
        credential = vault.open(account.id, account.credential)
    except InvalidInput:
        return  # sealed with a key that is gone: nobody can tell it
    known = (account.name, account.remote_id, account.handle, account.url)
    for name, value in credential.items():
        if TELLING.search(name) or (len(value) >= LONG and value not in known):
            yield value
