"""Whether a step may be sent now, or when. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from gallery.models import Post, Step, StepState
from gallery.publishing.moves import Call, Lost, Move, View, Wait


def now(steps: Sequence[Step], post: Post, view: View) -> Move:
    """Send what is due of these steps, or wait for the first that will be."""
    lost = next((step for step in steps if step.state is StepState.SENT), None)
    if lost is not None:
        return Lost(lost)
    due = [step for step in steps if step.not_before is None or step.not_before <= view.now]
    if due:
        return Call(post, due)
    first = min(steps, key=lambda step: step.not_before or view.now)
    return Wait(first.not_before, first.why or "retry", first.reason)


def visible(step: Step, post: Post, view: View) -> Move:
    """Send a step that strangers see, unless its answer could not be written down."""
    if view.disk_full:
        until = view.now + timedelta(seconds=60)
        return Wait(until, "disk", "The disk is nearly full; nothing is sent until there is room.")
    return now([step], post, view)
