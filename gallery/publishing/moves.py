"""What to do next with a delivery. Pure: rows in, one move out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gallery.models import (
    AccountState,
    Aim,
    Fact,
    Outcome,
    Post,
    PostState,
    Source,
    State,
    Step,
    StepState,
    Verb,
)
from gallery.networks.contract import Limits
from gallery.publishing.decide import closes, decide
from gallery.publishing.lock import process_of
from gallery.publishing.rules import Rules
from gallery.publishing.situation import Situation


@dataclass(frozen=True)
class Call:
    """Send these steps: several only when they are uploads."""

    post: Post
    steps: Sequence[Step]


@dataclass(frozen=True)
class Look:
    """Ask the network whether a publish happened. `counted`: finding nothing now means absence."""

    post: Post
    step: Step
    counted: bool
    again: bool = False  # a second look, at a post whose absence was already acted on


@dataclass(frozen=True)
class Lost:
    """Nobody is on the wire any more for this step, and its answer never came."""

    step: Step


@dataclass(frozen=True)
class Renew:
    """Stage everything of this post anew: what was staged is dead or too old."""

    post: Post


@dataclass(frozen=True)
class Withdraw:
    """Open the step that removes this post."""

    post: Post


@dataclass(frozen=True)
class Gone:
    """This post was removed."""

    post: Post


@dataclass(frozen=True)
class Live:
    """There is proof that this post is live."""

    post: Post
    proof: Fact


@dataclass(frozen=True)
class Wait:
    """Nothing to do until then. `until` None: until somebody wakes the delivery."""

    until: datetime | None
    why: str
    reason: str


@dataclass(frozen=True)
class Ask:
    """A person must decide."""

    question: str


@dataclass(frozen=True)
class End:
    """It stands where it stands; `look_at` is when to take a second look."""

    state: State
    reason: str = ""
    look_at: datetime | None = None


Standstill = Wait | Ask | End
Move = Call | Look | Lost | Renew | Withdraw | Gone | Live | Standstill


@dataclass(frozen=True)
class View:
    """What is known beside the rows: the time, the numbers, who we are and who still lives."""

    now: datetime
    rules: Rules
    limits: Limits
    me: str
    gone: Callable[[str], bool]  # whether the process with this name is surely gone
    disk_full: bool = False


def next_move(s: Situation, view: View) -> Move:
    """The next thing to do."""
    for unproven in s.posts:
        proof = s.receipt(unproven)
        if proof is not None and unproven.state is PostState.PENDING:
            return Live(unproven, proof)
    if s.delivery.state not in (State.GOING, State.NEEDS_HUMAN):
        return _second_look(s, view)
    if s.delivery.aim is Aim.RETRACT:
        return _account_waits(s, view) or _retract(s, view)
    post = s.pending()
    if post is None:
        return End(State.PUBLISHED, look_at=_look_at(s, view))
    return _account_waits(s, view) or _with_post(s, post, view)


def _retract(s: Situation, view: View) -> Move:
    """Settle what is unknown first; then remove what is live, the last post first."""
    pending = s.pending()
    if pending is not None:
        publish = s.step(pending, Verb.PUBLISH)
        if publish.state in (StepState.SENT, StepState.UNKNOWN):
            return _unresolved(s, pending, publish, view)
    for post in s.live():
        step = s.retracting(post)
        if step is None:
            return Withdraw(post)
        if step.state is StepState.DONE:
            return Gone(post)
        return _remove(post, step, view)
    return End(State.RETRACTED, look_at=_look_at(s, view))


def _remove(post: Post, step: Step, view: View) -> Move:
    receipt = post.receipt or {}
    if step.state is StepState.REFUSED or view.limits.retract == "by_hand":
        because = step.reason or "This network lets no program remove a post."
    elif receipt.get("remote_id") is None:
        because = "A person said that it is there, so its id is not known."
    else:
        return _send_now([step], post, view)
    return Ask(f"Is this post still there? {because} Remove it by hand at {receipt.get('url')}.")


def _account_waits(s: Situation, view: View) -> Move | None:
    if s.account.state is not AccountState.OK:
        reason = s.account.why or "This account must be connected again."
        return Wait(None, "token", reason)
    until = s.account.breaker_until
    if until and until > view.now:
        return Wait(until, "breaker", s.account.why)
    return None


def _with_post(s: Situation, post: Post, view: View) -> Move:
    publish = s.step(post, Verb.PUBLISH)
    if publish.state in (StepState.SENT, StepState.UNKNOWN):
        return _unresolved(s, post, publish, view)
    steps = [*s.stages(post), s.step(post, Verb.COMPOSE), publish]
    refused = next((step for step in steps if step.state is StepState.REFUSED), None)
    if refused is not None:
        return _refused(s, post, refused, view)
    if view.now > s.delivery.patient_from + timedelta(seconds=view.rules.age_s):
        return Ask("For a day this could not be sent, and nothing of it is live. Post it now?")
    return _stage(s, post, view) or _visible(s, post, view)


def _stage(s: Situation, post: Post, view: View) -> Move | None:
    stages = s.stages(post)
    return (
        _send([step for step in stages if step.state is not StepState.DONE], post, view)
        or (Renew(post) if any(_stale(step, view) for step in stages) else None)
        or _send(_unless_done(s.step(post, Verb.COMPOSE)), post, view)
    )


def _visible(s: Situation, post: Post, view: View) -> Move:
    if view.disk_full:
        until = view.now + timedelta(seconds=60)
        return Wait(until, "disk", "The disk is nearly full; nothing is sent until there is room.")
    return _send_now([s.step(post, Verb.PUBLISH)], post, view)


def _unless_done(step: Step) -> list[Step]:
    return [] if step.state is StepState.DONE else [step]


def _stale(step: Step, view: View) -> bool:
    return step.expires_at is not None and step.expires_at <= view.now


def _send(steps: Sequence[Step], post: Post, view: View) -> Move | None:
    """Send what is due of `steps`, or wait; None if there are no steps."""
    return _send_now(steps, post, view) if steps else None


def _send_now(steps: Sequence[Step], post: Post, view: View) -> Move:
    lost = next((step for step in steps if step.state is StepState.SENT), None)
    if lost is not None:
        return Lost(lost)
    due = [step for step in steps if step.not_before is None or step.not_before <= view.now]
    if due:
        return Call(post, due)
    first = min(steps, key=lambda step: step.not_before or view.now)
    return Wait(first.not_before, first.why or "retry", first.reason)


def _refused(s: Situation, post: Post, step: Step, view: View) -> Move:
    result = step.result or {}
    if result.get("media_gone") and post.generation < view.rules.generations:
        return Renew(post)
    live = any(p.state is PostState.LIVE for p in s.posts)
    state = State.PARTIAL if live else State.FAILED
    return End(state, str(result.get("reason", "")), _look_at(s, view))


def _unresolved(s: Situation, post: Post, publish: Step, view: View) -> Move:
    facts = s.facts.get(publish.id, [])
    verdict = decide(publish, facts, view.rules)
    if verdict is None:
        return _on_the_wire(publish, view)
    if verdict.question:
        return Ask(verdict.question)
    closing = [f for f in facts if f.attempt == publish.attempt and closes(f)][-1]
    since = closing.at if closing.source is Source.ANSWER else publish.sent_at or closing.at
    reads = [f for f in facts if f.attempt == publish.attempt and not closes(f)]
    failed = sum(1 for f in reads if f.outcome is Outcome.LATER)
    settled = view.now >= since + timedelta(seconds=view.limits.settle_s)
    if settled and failed >= view.rules.failed_reads:
        return Ask("Did this appear? The network does not say. Look at the account, then answer.")
    due = _next_read(since, [f.at for f in reads], view)
    if due > view.now:
        return Wait(due, "settle", verdict.reason)
    return Look(post, publish, counted=settled)


def _next_read(since: datetime, reads: Sequence[datetime], view: View) -> datetime:
    times = view.rules.read_times(view.limits.settle_s)
    if not reads:
        return since + timedelta(seconds=times[0])
    last = max(reads)
    later = [since + timedelta(seconds=t) for t in times if since + timedelta(seconds=t) > last]
    return later[0] if later else last + timedelta(seconds=times[-1] - times[-2])


def _on_the_wire(publish: Step, view: View) -> Move:
    """It was sent, and no answer is written down yet. Only its owner knows its calls."""
    owner = publish.sent_by or ""
    if owner == view.me or view.gone(owner):
        return Lost(publish)
    sent_at = publish.sent_at or view.now
    if view.now > sent_at + timedelta(seconds=view.rules.live_owner_s):
        return Ask(
            f"Process {process_of(owner)} began to post this and neither ended nor answered. "
            "End that process, then look whether the post is there."
        )
    until = view.now + timedelta(seconds=min(view.rules.beat_s, 5.0))
    return Wait(until, "settle", "Another process is still sending this.")


def _looks(s: Situation, view: View) -> list[tuple[datetime, Post, Step]]:
    """The second looks that are still to be taken, soonest first."""
    looks = []
    for post in s.posts:
        for step, at in sorted(s.absences(post), key=lambda absence: absence[1])[-1:]:
            done = [f.at for f in s.facts.get(step.id, ()) if f.body.get("again")]
            for after in view.rules.looks_s:
                due = at + timedelta(seconds=after)
                if not any(taken >= due for taken in done):
                    looks.append((due, post, step))
    return sorted(looks, key=lambda look: look[0])


def _look_at(s: Situation, view: View) -> datetime | None:
    looks = _looks(s, view)
    return looks[0][0] if looks else None


def _second_look(s: Situation, view: View) -> Move:
    for due, post, step in _looks(s, view):
        if due <= view.now and s.account.state is AccountState.OK:
            return Look(post, step, counted=False, again=True)
    return End(s.delivery.state, s.delivery.reason, _look_at(s, view))
