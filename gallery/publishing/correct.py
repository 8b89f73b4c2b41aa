"""Which move makes the posts that are live what their plan says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from gallery.models import Outcome, Post, PostState, Source, Step, StepState
from gallery.publishing import identify, reconcile, sending
from gallery.publishing.moves import Ask, Changed, Finished, Gone, Move, View, Wait
from gallery.publishing.situation import Situation


def next_move(s: Situation, view: View) -> Move:
    """Change one post after the other; Finished when all are as they should be."""
    for post in s.posts:
        stays = post.state is PostState.LIVE and s.retracting(post) is None
        move = _first_known(s, post, view) if stays else None
        if move is not None:
            return move
    return Finished(s.delivery.edition)


def _first_known(s: Situation, post: Post, view: View) -> Move | None:
    known = identify.first(s, post, view) if s.open_amend(post) is not None else None
    return known or _change(s, post, view)


def _change(s: Situation, post: Post, view: View) -> Move | None:
    amends = s.amends(post)
    sent = next((step for step in amends if step.state is StepState.SENT), None)
    if sent is not None:
        return reconcile.on_the_wire(sent, view)
    step = s.open_amend(post)
    if step is None:
        return _received(post, amends)
    if step.state is StepState.REFUSED:
        return _refused(post, step)
    quiet = _quiet_at(s, amends, view)
    if quiet > view.now:
        return Wait(quiet, "settle", step.reason)
    return sending.visible(step, post, view)


def _received(post: Post, amends: Sequence[Step]) -> Move | None:
    """The network's new receipt, where it gave another; a person's word brings none."""
    result = amends[0].result if amends else None
    if result is None or result.get("remote_id") is None or result == post.receipt:
        return None
    return Changed(post, amends[0])


def _refused(post: Post, step: Step) -> Move:
    if (step.result or {}).get("gone"):
        return Gone(post)
    at = (post.receipt or {}).get("url")
    return Ask(
        f"Was this post changed? {step.reason} Change it by hand at {at}, or let it be tried again; "
        "it can also be replaced."
    )


def _quiet_at(s: Situation, amends: Sequence[Step], view: View) -> datetime:
    """When no earlier change of this post, of which nobody heard, can still happen."""
    settle = timedelta(seconds=view.limits.settle_s)
    ends = [
        reconcile.believed(
            fact.at if fact.source is Source.ANSWER else step.sent_at or fact.at, view
        )
        for step in amends
        for fact in s.facts.get(step.id, ())
        if fact.outcome is Outcome.UNKNOWN
    ]
    return max((at + settle for at in ends), default=view.now)
