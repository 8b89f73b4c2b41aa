"""Deliveries as people see them: words, one sentence, and what can be done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from gallery.errors import NotFound
from gallery.models import (
    Account,
    AccountState,
    Aim,
    Album,
    Delivery,
    Draft,
    Fact,
    Outcome,
    Post,
    PostState,
    State,
    Step,
    StepState,
    Verb,
)
from gallery.publishing import told, turns, view_posts
from gallery.publishing.accounts import view_of
from gallery.publishing.ledger import OUT
from gallery.publishing.plan import Plan
from gallery.publishing.schedule import When, words
from gallery.publishing.told import DeliveryView, PhotoView, PostView

__all__ = ["DeliveryView", "PhotoView", "PostView", "view", "views"]
SETTLED = (State.PUBLISHED, State.PARTIAL, State.FAILED, State.CANCELLED, State.RETRACTED)


def view(session: Session, delivery_id: str, *, now: datetime) -> DeliveryView:
    """One delivery. Raises NotFound."""
    found = _views(session, _rows().where(Delivery.id == delivery_id), now)
    if not found:
        raise NotFound("There is no such delivery.")
    return found[0]


def views(
    session: Session, *, now: datetime, album_id: str | None = None, limit: int = 200
) -> list[DeliveryView]:
    """The newest deliveries, of one album or of all. A fixed number of queries."""
    rows = _rows().order_by(Delivery.ordered_at.desc(), Delivery.id).limit(limit)
    if album_id is not None:
        rows = rows.where(Draft.album_id == album_id)
    return _views(session, rows, now)


BEHIND = "Waits for its turn: another post goes there first."


def of(session: Session, ids: Collection[str], *, now: datetime) -> list[DeliveryView]:
    """These deliveries, newest first. A fixed number of queries."""
    rows = _rows().where(Delivery.id.in_(ids))
    return _views(session, rows.order_by(Delivery.ordered_at.desc(), Delivery.id), now)


Rows = Select[Delivery, Account, Draft, Album]


def _rows() -> Rows:
    return (
        select(Delivery, Account, Draft, Album)
        .join(Account, Account.id == Delivery.account_id)
        .join(Draft, Draft.id == Delivery.draft_id)
        .join(Album, Album.id == Draft.album_id)
    )


def _views(session: Session, rows: Rows, now: datetime) -> list[DeliveryView]:
    found = session.execute(rows).all()
    ids = [delivery.id for delivery, *_ in found]
    posts: dict[str, list[Post]] = defaultdict(list)
    for post in session.scalars(select(Post).where(Post.delivery_id.in_(ids)).order_by(Post.nth)):
        posts[post.delivery_id].append(post)
    steps: dict[str, list[Step]] = defaultdict(list)
    for step in session.scalars(select(Step).where(Step.delivery_id.in_(ids))):
        steps[step.delivery_id].append(step)
    facts: dict[str, list[Fact]] = defaultdict(list)
    for fact, delivery_id in session.execute(
        select(Fact, Step.delivery_id)
        .join(Step)
        .where(Step.delivery_id.in_(ids), Fact.outcome.in_((Outcome.STRAY, Outcome.SEEN)))
    ):
        facts[delivery_id].append(fact)
    behind = turns.behind(session, ids)
    return [
        _view(
            delivery,
            account,
            album,
            posts[delivery.id],
            steps[delivery.id],
            facts[delivery.id],
            now,
            behind=delivery.id in behind,
        )
        for delivery, account, _draft, album in found
    ]


def _view(
    delivery: Delivery,
    account: Account,
    album: Album,
    posts: Sequence[Post],
    steps: Sequence[Step],
    facts: Sequence[Fact],
    now: datetime,
    *,
    behind: bool,
) -> DeliveryView:
    plan = Plan.from_json(delivery.plan)
    copies = tuple(view_posts.copy(fact, steps) for fact in facts if fact.outcome is Outcome.STRAY)
    shown = view_posts.posts(delivery, plan, posts, steps)
    state = _word(delivery, now, leaving=(leaving := told.is_leaving(shown)))
    ok = account.state is AccountState.OK
    alone = [] if delivery.question else told.about_withdrawn(shown, connected=ok)
    sentence = _joined(_sentence(delivery, state, posts, album.zone, now), *alone)
    return DeliveryView(
        id=delivery.id,
        album_id=album.id,
        album_slug=album.slug,
        album_title=album.title,
        account=view_of(account),
        state=state,
        sentence=BEHIND if behind and state == "ready" else sentence,
        question=delivery.question,
        posts=shown,
        warnings=(*plan.warnings, *told.about_copies(copies)),
        copies=copies,
        offers=_offers(delivery, posts, steps, leaving=leaving),
        address_wanted=_address_wanted(delivery, steps, facts),
        aim=delivery.aim.value,
        replaces=delivery.replaces,
        ordered_at=delivery.ordered_at,
        due_at=delivery.due_at,
        wall=delivery.wall,
        zone=delivery.zone if delivery.wall else album.zone,
        over=delivery.state in SETTLED and not leaving and not told.is_removing(copies),
    )


def _address_wanted(delivery: Delivery, steps: Sequence[Step], facts: Sequence[Fact]) -> bool:
    """Whether a person said that the post in question is there, and looking it up was in vain."""
    open_ = {s.id: s.attempt for s in steps if s.state in (StepState.SENT, StepState.UNKNOWN)}
    return delivery.state is State.NEEDS_HUMAN and any(
        fact.outcome is Outcome.SEEN and open_.get(fact.step_id) == fact.attempt for fact in facts
    )


def _word(delivery: Delivery, now: datetime, *, leaving: bool) -> str:
    beside = leaving and (delivery.aim, delivery.state) == (Aim.PUBLISH, State.NEEDS_HUMAN)
    if delivery.aim is Aim.RETRACT or beside:
        removing = {State.GOING: "retracting", State.NEEDS_HUMAN: "retract_unknown"}
        return removing.get(delivery.state, delivery.state.value)
    if delivery.state is not State.GOING:
        return delivery.state.value
    if delivery.aim is Aim.AMEND:
        return "editing"
    later = delivery.wake_at is None or delivery.wake_at > now
    return "waiting" if later and delivery.why else "ready"


def _sentence(
    delivery: Delivery, word: str, posts: Sequence[Post], zone: str, now: datetime
) -> str:
    live = sum(1 for post in posts if post.state is PostState.LIVE)
    if word == "waiting" and delivery.why == "replace":
        return f"Waiting. {delivery.reason}"
    if word == "waiting":
        when = delivery.wake_at
        until = (
            f"next try {when.astimezone(ZoneInfo(zone)):%H:%M:%S}" if when else "a person is needed"
        )
        return f"Waiting; {until}. {delivery.reason}".strip()
    sentences = {
        "proposed": _joined("Waits for approval.", _planned_for(delivery, now), delivery.reason),
        "scheduled": _joined(_planned_for(delivery, now), delivery.reason),
        "missed": f"{delivery.reason} Nothing was posted. Post it now?",
        "ready": "On its way.",
        "published": "Published.",
        "partial": f"{live} of {len(posts)} posts are out. {delivery.reason}",
        "failed": f"Nothing was posted. {delivery.reason}",
        "needs_human": delivery.question or "Did this appear?",
        "cancelled": "Cancelled; nothing was posted.",
        "editing": f"Being changed where it stands. {delivery.reason if delivery.why else ''}",
        "retracting": f"Being taken back. {delivery.reason if delivery.why else ''}",
        "retract_unknown": delivery.question or "Is it still there?",
        "retracted": f"Taken back; nothing of it is live. {delivery.reason}",
    }
    return sentences.get(word, word.capitalize() + ".").strip()


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _planned_for(delivery: Delivery, now: datetime) -> str:
    if delivery.wall is None:
        return ""
    when = words(When(delivery.wall, delivery.zone, delivery.due_at), now)
    return f"Goes out {when}." if delivery.state is State.SCHEDULED else f"Planned for {when}."


def _offers(
    delivery: Delivery, posts: Sequence[Post], steps: Sequence[Step], *, leaving: bool
) -> tuple[str, ...]:
    if leaving and delivery.state in OUT:
        return ("retract",)
    begun = any(
        step.verb is Verb.PUBLISH and step.state not in (StepState.TODO, StepState.REFUSED)
        for step in steps
    )
    rest = ("go_on",) if any(post.state is PostState.PENDING for post in posts) else ()
    offers = {
        State.PROPOSED: ("approve", "change", "discard"),
        State.SCHEDULED: ("change", "cancel"),
        State.MISSED: ("post_now", "change", "discard"),
        State.GOING: ("reconnect",) if delivery.why == "token" else (),
        State.NEEDS_HUMAN: ("seen", "not_seen") if begun else ("not_seen",),
        State.PUBLISHED: ("amend", "replace", "retract"),
        State.PARTIAL: (*rest, "amend", "replace", "retract"),
        State.FAILED: ("again",),
        State.CANCELLED: ("again",),
    }.get(delivery.state, ())
    if delivery.state not in (State.GOING, State.NEEDS_HUMAN) or delivery.aim is Aim.RETRACT:
        return offers
    if delivery.aim is Aim.AMEND:
        return (*offers, "replace", "retract")
    return (*offers, "retract" if begun else "cancel")
