"""Writing down what happened: intents before a call, facts after it, decisions upon them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gallery.errors import DeliveryError, Disconnected, OutcomeUnknown, Refused, TryLater
from gallery.models import (
    Account,
    AccountState,
    Aim,
    Delivery,
    Fact,
    Outcome,
    Photo,
    PhotoState,
    Post,
    Source,
    Step,
    StepState,
    Verb,
)
from gallery.networks.contract import Absent, CannotTell, Receipt, Staged
from gallery.publishing.decide import Verdict
from gallery.publishing.rules import Rules
from gallery.publishing.situation import Situation

REASON_LENGTH = 500
USABLE = (AccountState.OK, AccountState.LEAVING)
USED_EVERY = timedelta(minutes=1)  # how exactly the last success of an account is known


def intend(session: Session, delivery: Delivery, step: Step, *, owner: str, now: datetime) -> bool:
    """Write down that `step` is about to be sent; False if it is not wanted any more.

    The delivery's row is locked by the caller. An aim that changed forbids it, and for a publish a
    receipt from any attempt or generation.
    """
    aim = Aim.AMEND if step.verb is Verb.AMEND else Aim.PUBLISH
    wanted = delivery.aim is aim or step.verb is Verb.RETRACT  # opened only if somebody wants it
    if not wanted or step.state is not StepState.TODO:
        return False
    if step.verb is Verb.PUBLISH and proven(session, delivery.id, step.nth):
        return False
    step.state = StepState.SENT
    step.attempt += 1
    step.sent_at = now
    step.sent_by = owner
    return True


def overtaken(delivery: Delivery, post: Post | None, step: Step) -> bool:
    """Whether the plan was made anew since this step was written down; the row is locked."""
    changed = step.verb is Verb.AMEND and step.edition != delivery.edition
    older = post is not None and step.generation != post.generation and not of_copy(step)
    return post is None or older or changed


def of_copy(step: Step) -> bool:
    """Whether a step removes a second copy."""
    return step.verb is Verb.RETRACT and step.photo != ""


def hidden_photo(session: Session, ids: list[str]) -> str | None:
    """The first of these photos that may not be shown any more: hidden, or not there."""
    shown = set(
        session.scalars(select(Photo.id).where(Photo.id.in_(ids), Photo.state != PhotoState.HIDDEN))
    )
    return next((photo for photo in ids if photo not in shown), None)


def proven(session: Session, delivery_id: str, nth: int) -> Fact | None:
    """The receipt of this post, whichever attempt or generation brought it.

    One that knows the post's id goes before a person's word.
    """
    proofs = session.scalars(
        select(Fact)
        .join(Step)
        .where(
            Step.delivery_id == delivery_id,
            Step.nth == nth,
            Step.verb == Verb.PUBLISH,
            Fact.outcome == Outcome.RECEIPT,
        )
    ).all()
    known = [fact for fact in proofs if fact.body.get("remote_id") is not None]
    return next(iter([*known, *proofs]), None)


@dataclass(frozen=True)
class Removed:
    """What a retract that raised nothing says: the post is not there any more."""


Answer = Staged | Receipt | Absent | CannotTell | Removed | DeliveryError
Came = tuple[Step, Answer]


def outcome_of(answer: Answer) -> tuple[Outcome, dict[str, Any]]:
    """An answer as it is stored."""
    match answer:
        case Staged():
            expires = answer.expires_at.isoformat() if answer.expires_at else None
            return Outcome.STAGED, {**asdict(answer), "expires_at": expires}
        case Receipt():
            return Outcome.RECEIPT, asdict(answer)
        case Absent():
            return Outcome.ABSENT, {"final": answer.final}
        case CannotTell():
            return Outcome.CANNOT_TELL, {}
        case Removed():
            return Outcome.GONE, {}
        case Refused():
            body: dict[str, Any] = {
                "photo": answer.photo,
                "media_gone": answer.media_gone,
                "disconnected": isinstance(answer, Disconnected),
                "gone": answer.gone,
            }
            return Outcome.REFUSED, {"reason": _reason(answer), **body}
        case TryLater():
            body = {"wait_s": answer.wait_s, "transport": answer.transport, "block": answer.block}
            return Outcome.LATER, {"reason": _reason(answer), **body}
        case _:
            return Outcome.UNKNOWN, {"reason": _reason(answer)}


def record(
    session: Session, source: Source, came: Sequence[Came], *, now: datetime, **more: Any
) -> None:
    """Append facts of one delivery, whoever holds it, and wake it so that they are read.

    A second receipt for one post is a stray.
    """
    delivery_id = came[0][0].delivery_id
    session.execute(
        update(Delivery).where(Delivery.id == delivery_id).values(wake_at=now)
    )  # which locks it, as everybody does first
    for step, answer in came:
        outcome, body = _outcome(session, step, answer)
        values = {"source": source, "outcome": outcome, "body": {**body, **more}, "at": now}
        session.add(Fact(step_id=step.id, attempt=step.attempt, **values))


def _outcome(session: Session, step: Step, answer: Answer) -> tuple[Outcome, dict[str, Any]]:
    outcome, body = outcome_of(answer)
    if outcome is Outcome.RECEIPT and step.verb is Verb.PUBLISH:
        known = proven(session, step.delivery_id, step.nth)
        ids = {body["remote_id"], known.body["remote_id"] if known else None} - {None}
        if known is not None and len(ids) > 1:
            return Outcome.STRAY, body
    return outcome, body


def nothing_to_mark(account: Account, answer: Answer, now: datetime) -> bool:
    """Whether an answer tells nothing of an account that is not known of it already."""
    fine = isinstance(answer, Staged | Receipt | Absent | Removed)
    known = account.used_at is not None and now - account.used_at <= USED_EVERY
    return fine and known and account.failures == 0


def mark_account(
    session: Session,
    account_id: str,
    version: int,
    answer: Answer,
    rules: Rules,
    now: datetime,
    *,
    renews: bool = False,
) -> None:
    """Keep the account's breaker and state by an answer got with its credential `version`.

    Where the credential can be renewed (`renews`), one that is not taken any more counts as over,
    so that it is renewed before the next call; only a renewal that is refused disconnects.
    """
    account = session.get_one(Account, account_id, with_for_update=True)
    match answer:
        case Disconnected():
            _not_let_in(account, version, answer, renews=renews, now=now)
        case OutcomeUnknown():
            _rest(account, answer.wait_s or 0.0, answer, now)
        case TryLater(transport=True):
            account.failures += 1
            _rest(account, rules.breaker(account.failures), answer, now)
        case TryLater(block=True):
            _rest(account, answer.wait_s or rules.block_s, answer, now)
        case TryLater():
            _rest(account, answer.wait_s or 0.0, answer, now)
        case Staged() | Receipt() | Absent() | Removed():
            _worked(account, now)


def _worked(account: Account, now: datetime) -> None:
    account.failures = 0
    if account.used_at is None or now - account.used_at > USED_EVERY:
        account.used_at = now


def _not_let_in(
    account: Account, version: int, answer: DeliveryError, *, renews: bool, now: datetime
) -> None:
    if account.version != version or account.state not in USABLE:
        return
    if renews:
        account.expires_at = now
    else:
        account.state = AccountState.DISCONNECTED
        account.why = _reason(answer)


def _rest(account: Account, seconds: float, answer: DeliveryError, now: datetime) -> None:
    until = now + timedelta(seconds=seconds)
    if seconds > 0 and (account.breaker_until is None or account.breaker_until < until):
        account.breaker_until = until
        account.why = _reason(answer)


def changes(step: Step, verdict: Verdict) -> dict[str, Any]:
    """What the row does not say yet of what the facts say."""
    new = {
        "state": verdict.state,
        "result": verdict.result,
        "expires_at": verdict.expires_at,
        "failures": verdict.failures,
        "empties": verdict.empties,
        "not_before": verdict.not_before,
        "why": verdict.why,
        "reason": verdict.reason[:REASON_LENGTH],
    }
    return {name: value for name, value in new.items() if getattr(step, name) != value}


def another_step(post: Post, verb: Verb, edition: int = 1) -> Step:
    """One more call for a post."""
    return Step(
        delivery_id=post.delivery_id,
        nth=post.nth,
        verb=verb,
        generation=post.generation,
        edition=edition,
    )


def another_generation(session: Session, s: Situation, post: Post) -> None:
    """Open a new generation of a post: all its calls again, with new media and a new key."""
    for step in s.calls(post):
        session.add(
            Step(
                delivery_id=step.delivery_id,
                nth=step.nth,
                verb=step.verb,
                photo=step.photo,
                generation=post.generation + 1,
                edition=step.edition,
            )
        )
    post.generation += 1


def _reason(error: DeliveryError) -> str:
    return str(error)[:REASON_LENGTH]
