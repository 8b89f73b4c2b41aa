"""What was uploaded for posts that never went out. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from gallery.models import Outcome, Post, State, Step, Verb
from gallery.publishing import facts
from gallery.publishing.moves import Discard, View
from gallery.publishing.situation import Situation

_OVER = (State.PUBLISHED, State.PARTIAL, State.FAILED, State.CANCELLED, State.RETRACTED)


def to_discard(s: Situation, state: State, view: View) -> Discard | None:
    """What may be thrown away there once the delivery stands at `state`, one post at a time.

    Never of a post that was once taken to be absent: its media prove it, should it still appear.
    """
    resting = s.account.breaker_until is not None and s.account.breaker_until > view.now
    if state not in _OVER or s.account.state not in facts.USABLE or resting:
        return None
    for post in s.posts:
        steps = [] if s.absences(post) else _left(s, post)
        if steps:
            newest = max(step.generation for step in steps)
            return Discard(post, [step for step in steps if step.generation == newest])
    return None


def _left(s: Situation, post: Post) -> Sequence[Step]:
    """Its invisible steps that left something there, but for those of what is or was live."""
    proof = s.receipt(post)
    used = next((step.generation for step in s.steps if proof and step.id == proof.step_id), None)
    return [
        step
        for step in s.steps
        if step.nth == post.nth and step.generation != used and _left_something(s, step)
    ]


def _left_something(s: Situation, step: Step) -> bool:
    outcomes = {fact.outcome for fact in s.facts.get(step.id, ())}
    invisible = step.verb in (Verb.STAGE, Verb.COMPOSE)
    return invisible and Outcome.STAGED in outcomes and Outcome.GONE not in outcomes
