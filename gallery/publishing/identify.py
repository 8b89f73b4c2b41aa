"""Learning the id of a post of which a person told only the address. Pure."""

from __future__ import annotations

from gallery.models import Fact, Outcome, Post, Source
from gallery.publishing.moves import Live, Look, View
from gallery.publishing.situation import Situation


def first(s: Situation, post: Post, view: View) -> Live | Look | None:
    """Before a live post is changed or removed, ask its network once which one it is.

    Without an id a program can do neither. None if it is known, or not to be had.
    """
    if (post.receipt or {}).get("remote_id") is not None or view.limits.find == "no":
        return None
    proof = s.receipt(post)
    if proof is not None and proof.body.get("remote_id") is not None:
        return Live(post, proof)
    told = _told(s, post)
    if told is None or any(f.source is Source.READ and f.at >= told.at for f in _facts(s, post)):
        return None
    step = next(step for step in s.steps if step.id == told.step_id)
    return Look(post, step, counted=False)


def _told(s: Situation, post: Post) -> Fact | None:
    """The last word of a person that it is there."""
    said = [
        fact
        for fact in _facts(s, post)
        if fact.source is Source.PERSON and fact.outcome is Outcome.RECEIPT
    ]
    return said[-1] if said else None


def _facts(s: Situation, post: Post) -> list[Fact]:
    return [fact for step in s.publishes(post) for fact in s.facts.get(step.id, ())]
