"""Which move removes posts from their network: all that are live, or single ones. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from gallery.models import Post, Step, StepState
from gallery.publishing import identify, sending
from gallery.publishing.moves import Ask, Gone, Move, View, Withdraw
from gallery.publishing.situation import Situation


def next_move(s: Situation, posts: Sequence[Post], view: View) -> Move | None:
    """Remove these live posts, one after the other; None when there are none."""
    for post in posts:
        step = s.retracting(post)
        if step is None:
            return Withdraw(post)
        if step.state is StepState.DONE:
            return Gone(post)
        return identify.first(s, post, view) or _remove(post, step, view)
    return None


def _remove(post: Post, step: Step, view: View) -> Move:
    receipt = post.receipt or {}
    if step.state is StepState.REFUSED or view.limits.retract == "by_hand":
        because = step.reason or "This network lets no program remove a post."
    elif receipt.get("remote_id") is None:
        because = "A person said that it is there, so its id is not known."
    else:
        return sending.now([step], post, view)
    return Ask(f"Is this post still there? {because} Remove it by hand at {receipt.get('url')}.")
