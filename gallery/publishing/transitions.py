"""What a move that calls nobody changes in the rows; the caller has locked them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from gallery.models import Aim, PostState, State, Verb
from gallery.publishing import facts, moves, strays
from gallery.publishing.situation import Situation

Transition = moves.Renew | moves.Withdraw | moves.Gone | moves.Live | moves.Changed | moves.Finished


def apply(session: Session, s: Situation, move: Transition) -> None:
    """Make it so. `s` is as it is now, which may be later than what `move` was chosen by."""
    if isinstance(move, moves.Finished):
        _finished(s, move)
        return
    post = s.posts[move.post.nth - 1]
    match move:
        case moves.Renew():
            facts.another_generation(session, s, post)
        case moves.Withdraw():
            _withdraw(session, s, move)
        case moves.Gone():
            post.state = PostState.GONE
            _gone(s)
        case moves.Changed():
            post.receipt = move.step.result
        case _:
            post.state, post.receipt = PostState.LIVE, move.proof.body
            _live(s)


def _withdraw(session: Session, s: Situation, move: moves.Withdraw) -> None:
    copies = {strays.mark(stray.fact): stray for stray in strays.of(s)}
    if move.copy:
        session.add(copies[move.copy].another_step())
    else:
        session.add(facts.another_step(s.posts[move.post.nth - 1], Verb.RETRACT))


def _finished(s: Situation, move: moves.Finished) -> None:
    """Back to publishing, unless another change was ordered or it is to be taken back."""
    delivery = s.delivery
    if (delivery.aim, delivery.edition) == (Aim.AMEND, move.edition):
        delivery.aim, delivery.state, delivery.question = Aim.PUBLISH, State.GOING, None


def _gone(s: Situation) -> None:
    """What stood, and had a post of it withdrawn, stands again as it is without it."""
    delivery = s.delivery
    if delivery.aim is Aim.PUBLISH and delivery.state is not State.GOING:
        delivery.state, delivery.question = s.standing(), None


def _live(s: Situation) -> None:
    delivery = s.delivery
    asked = delivery.state is State.NEEDS_HUMAN and not _of_withdrawal(s)
    on_its_way = asked or delivery.state is State.GOING
    delivery.question = None
    delivery.state = State.GOING if on_its_way or delivery.aim is Aim.RETRACT else s.standing()


def _of_withdrawal(s: Situation) -> bool:
    """Whether the open question is about a post that is withdrawn alone."""
    return s.delivery.aim is Aim.PUBLISH and bool(s.withdrawing())
