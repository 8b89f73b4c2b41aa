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
from gallery.publishing import strays, turns
from gallery.publishing.accounts import view_of
from gallery.publishing.plan import Plan
from gallery.publishing.schedule import When, words
from gallery.publishing.told import CopyView, DeliveryView, PhotoView, PostView

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
    second: dict[str, list[Fact]] = defaultdict(list)
    for fact, delivery_id in session.execute(
        select(Fact, Step.delivery_id)
        .join(Step)
        .where(Step.delivery_id.in_(ids), Fact.outcome == Outcome.STRAY)
    ):
        second[delivery_id].append(fact)
    behind = turns.behind(session, ids)
    return [
        _view(
            delivery,
            account,
            album,
            posts[delivery.id],
            steps[delivery.id],
            second[delivery.id],
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
    second: Sequence[Fact],
    now: datetime,
    *,
    behind: bool,
) -> DeliveryView:
    plan = Plan.from_json(delivery.plan)
    copies = tuple(_copy(fact, steps) for fact in second)
    told = tuple(copy.says for copy in copies if copy.state not in ("gone", "kept"))
    state = _word(delivery, now)
    sentence = _sentence(delivery, state, posts, album.zone, now)
    return DeliveryView(
        id=delivery.id,
        album_id=album.id,
        album_slug=album.slug,
        album_title=album.title,
        account=view_of(account),
        state=state,
        sentence=BEHIND if behind and state == "ready" else sentence,
        question=delivery.question,
        posts=tuple(_post(post, plan, delivery, steps) for post in posts),
        warnings=(*plan.warnings, *told),
        copies=copies,
        offers=_offers(delivery, posts, steps),
        aim=delivery.aim.value,
        replaces=delivery.replaces,
        ordered_at=delivery.ordered_at,
        due_at=delivery.due_at,
        wall=delivery.wall,
        zone=delivery.zone if delivery.wall else album.zone,
        over=delivery.state in SETTLED and all(copy.state != "removing" for copy in copies),
    )


def _copy(fact: Fact, steps: Sequence[Step]) -> CopyView:
    removing = [s for s in steps if s.verb is Verb.RETRACT and s.photo == strays.mark(fact)]
    step = max(removing, key=lambda step: step.edition, default=None)
    states = {StepState.REFUSED: "refused", StepState.DONE: "gone"}
    state = states.get(step.state, "removing") if step else "open"
    return CopyView(
        id=fact.id,
        nth=next(s.nth for s in steps if s.id == fact.step_id),
        url=fact.body.get("url"),
        remote_id=fact.body.get("remote_id"),
        state=strays.KEPT if step and step.why == strays.KEPT else state,
        reason=step.reason if step else "",
    )


def _word(delivery: Delivery, now: datetime) -> str:
    if delivery.aim is Aim.RETRACT:
        told = {State.GOING: "retracting", State.NEEDS_HUMAN: "retract_unknown"}
        return told.get(delivery.state, delivery.state.value)
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


def _offers(delivery: Delivery, posts: Sequence[Post], steps: Sequence[Step]) -> tuple[str, ...]:
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


def _post(post: Post, plan: Plan, delivery: Delivery, steps: Sequence[Step]) -> PostView:
    planned = plan.posts[post.nth - 1]
    now = [s for s in steps if s.nth == post.nth and s.generation == post.generation]
    staged = {s.photo: s.state for s in now if s.verb is Verb.STAGE}
    state = post.state.value
    if post.state is PostState.PENDING and delivery.state in (State.FAILED, State.PARTIAL):
        state = "failed"
    return PostView(
        nth=post.nth,
        of=planned.of,
        state=state,
        text=planned.text,
        remote_id=(post.receipt or {}).get("remote_id"),
        url=(post.receipt or {}).get("url"),
        photos=tuple(
            PhotoView(photo, _photo_state(post, staged.get(photo.id))) for photo in planned.photos
        ),
    )


def _photo_state(post: Post, staged: StepState | None) -> str:
    if post.state is PostState.LIVE:
        return "live"
    return {StepState.DONE: "up", StepState.REFUSED: "failed"}.get(
        staged or StepState.TODO, "waiting"
    )
