"""Which move is next for a delivery. Pure: rows in, one move out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from gallery.models import AccountState, Aim, Post, PostState, State, Step, StepState, Verb
from gallery.publishing import (
    budgets,
    correct,
    leftovers,
    reconcile,
    renewal,
    sending,
    strays,
    taking_back,
)
from gallery.publishing.moves import (
    Ask,
    Call,
    End,
    Live,
    Look,
    Move,
    Renew,
    View,
    Wait,
)
from gallery.publishing.situation import Situation

_AWAY = (State.RETRACTED, State.CANCELLED, State.FAILED)  # nothing of these is live


def next_move(s: Situation, view: View) -> Move:
    """The next thing to do."""
    move = _next(s, view)
    return (leftovers.to_discard(s, move.state, view) if isinstance(move, End) else None) or move


def proven(s: Situation) -> Live | None:
    """A post of which it is proved, and not written down yet, that it is live."""
    for post in s.posts:
        proof = s.receipt(post)
        if proof is not None and post.state is PostState.PENDING:
            return Live(post, proof)
    return None


def _next(s: Situation, view: View) -> Move:
    settled = s.delivery.state not in (State.GOING, State.NEEDS_HUMAN)
    if settled or s.delivery.aim is not Aim.RETRACT:
        beside = _second_copy(s, view, settled=settled) or _withdrawal(s, view, settled=settled)
        if beside is not None:
            return beside
    if settled:
        return reconcile.second_look(s, view)
    if s.delivery.aim is Aim.PUBLISH and s.pending() is None:
        return _end(s, view)
    waits = _account_waits(s, view)
    asked = reconcile.address(s) if isinstance(waits, Wait) else None
    return asked or waits or _towards(s, view)


def _second_copy(s: Situation, view: View, *, settled: bool) -> Move | None:
    """Remove a second copy."""
    move = strays.next_move(s, view)
    return None if move is None else _beside(s, view, move, settled=settled)


def _withdrawal(s: Situation, view: View, *, settled: bool) -> Move | None:
    """Remove a post that is wanted gone while the others stay; what is amended first comes first."""
    posts = s.withdrawing() if s.delivery.aim is Aim.PUBLISH else []
    move = taking_back.next_move(s, posts, view)
    if isinstance(move, Ask):
        look = reconcile.second_look(s, view)
        return Ask(move.question, look.look_at) if isinstance(look, End) else look
    return None if move is None else _beside(s, view, move, settled=settled)


def _beside(s: Situation, view: View, move: Move, *, settled: bool) -> Move:
    """When the account lets it, and a delivery that is over stays as it is meanwhile."""
    if isinstance(move, Call | Look):
        move = _account_waits(s, view) or move
    if not (settled and isinstance(move, Wait)):
        return move
    again = move.until or view.now + timedelta(hours=1)
    look_at = min(again, reconcile.look_at(s, view) or again)
    return End(s.delivery.state, s.delivery.reason, look_at)


def _towards(s: Situation, view: View) -> Move:
    """A step towards the delivery's aim."""
    if s.delivery.aim is Aim.RETRACT:
        return _retract(s, view)
    if s.delivery.aim is Aim.AMEND:
        return correct.next_move(s, view)
    if s.replaced is not None and s.replaced not in _AWAY:
        return Wait(None, "replace", "It waits until the post that it replaces is gone for sure.")
    return _with_post(s, next(post for post in s.posts if post.state is PostState.PENDING), view)


def _end(s: Situation, view: View) -> End:
    """Everything is out, but for what somebody removed there."""
    gone = [post for post in s.posts if post.state is PostState.GONE]
    theirs = ", ".join(str(post.nth) for post in gone if s.retracting(post) is None)
    reason = f"Removed on the network, not by us: post {theirs}." if theirs else ""
    return End(s.standing(), reason, reconcile.look_at(s, view))


def _retract(s: Situation, view: View) -> Move:
    """Settle what is unknown first; then remove what is live, the last post first."""
    pending = s.pending()
    if pending is not None:
        publish = s.step(pending, Verb.PUBLISH)
        if publish.state in (StepState.SENT, StepState.UNKNOWN):
            return reconcile.unresolved(s, pending, publish, view)
    return (
        taking_back.next_move(s, s.live(), view)
        or strays.next_move(s, view)
        or End(State.RETRACTED, look_at=reconcile.look_at(s, view))
    )


def _account_waits(s: Situation, view: View) -> Move | None:
    state = s.account.state
    if state is not AccountState.OK and not (state is AccountState.LEAVING and _may_be_out(s)):
        reason = s.account.why or "This account must be connected again."
        return Wait(None, "token", reason)
    until = s.account.breaker_until
    if until and until > view.now:
        return Wait(until, "breaker", s.account.why)
    return renewal.first(s, view)


def _may_be_out(s: Situation) -> bool:
    """Whether something of it is being taken back, or may have been posted without our knowing."""
    unclear = (StepState.SENT, StepState.UNKNOWN)
    ended = (StepState.DONE, StepState.REFUSED)
    return s.delivery.aim is Aim.RETRACT or any(
        (step.verb is Verb.PUBLISH and step.state in unclear)
        or (step.verb is Verb.RETRACT and step.state not in ended)
        for step in s.steps
    )


def _with_post(s: Situation, post: Post, view: View) -> Move:
    publish = s.step(post, Verb.PUBLISH)
    if publish.state in (StepState.SENT, StepState.UNKNOWN):
        return reconcile.unresolved(s, post, publish, view)
    refused = next((step for step in s.calls(post) if step.state is StepState.REFUSED), None)
    if refused is not None:
        return _refused(s, post, refused, view)
    if view.now > s.delivery.patient_from + timedelta(seconds=view.rules.age_s):
        return Ask("For a day this could not be sent, and nothing of it is live. Post it now?")
    return _stage(s, post, view) or budgets.wait(s, view) or sending.visible(publish, post, view)


def _stage(s: Situation, post: Post, view: View) -> Move | None:
    before = s.calls(post)[:-1]
    stages = [step for step in before if step.verb is Verb.STAGE]
    return (
        _send(_not_done(stages), post, view)
        or (Renew(post) if any(_stale(step, view) for step in stages) else None)
        or _send(_not_done(before), post, view)
    )


def _not_done(steps: Sequence[Step]) -> list[Step]:
    return [step for step in steps if step.state is not StepState.DONE]


def _stale(step: Step, view: View) -> bool:
    return step.expires_at is not None and step.expires_at <= view.now


def _send(steps: Sequence[Step], post: Post, view: View) -> Move | None:
    """Send what is due of `steps`, or wait; None if there are no steps."""
    return sending.now(steps, post, view) if steps else None


def _refused(s: Situation, post: Post, step: Step, view: View) -> Move:
    result = step.result or {}
    if result.get("media_gone") and post.generation < view.rules.generations:
        return Renew(post)
    live = any(p.state is PostState.LIVE for p in s.posts)
    state = State.PARTIAL if live else State.FAILED
    return End(state, str(result.get("reason", "")), reconcile.look_at(s, view))
