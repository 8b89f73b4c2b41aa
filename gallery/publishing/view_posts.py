"""The posts of a delivery, their photos and their second copies, as people see them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from gallery.models import Aim, Delivery, Fact, Post, PostState, State, Step, StepState, Verb
from gallery.publishing import strays
from gallery.publishing.ledger import OUT
from gallery.publishing.plan import Plan
from gallery.publishing.told import CopyView, PhotoView, PostView


def posts(
    delivery: Delivery, plan: Plan, rows: Sequence[Post], steps: Sequence[Step]
) -> tuple[PostView, ...]:
    """Its posts; those that are withdrawn while the others stay are told as such."""
    alone = delivery.aim is not Aim.RETRACT
    removals = [s for s in steps if alone and s.verb is Verb.RETRACT and not s.photo]
    newest = {s.nth: s for s in sorted(removals, key=lambda step: step.edition)}
    asked = delivery.aim is Aim.PUBLISH and delivery.state is State.NEEDS_HUMAN
    leaving = any(post.state is PostState.LIVE and post.nth in newest for post in rows)
    may = len(rows) > 1 and (delivery.state in OUT or (asked and leaving))
    return tuple(_post(post, plan, delivery, steps, newest.get(post.nth), may=may) for post in rows)


def _post(
    post: Post,
    plan: Plan,
    delivery: Delivery,
    steps: Sequence[Step],
    removal: Step | None,
    *,
    may: bool,
) -> PostView:
    planned = plan.posts[post.nth - 1]
    now = [s for s in steps if s.nth == post.nth and s.generation == post.generation]
    staged = {s.photo: s.state for s in now if s.verb is Verb.STAGE}
    state = post.state.value
    if post.state is PostState.PENDING and delivery.state in (State.FAILED, State.PARTIAL):
        state = "failed"
    if removal is not None:
        state = "withdrawn" if post.state is PostState.GONE else "withdrawing"
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
        reason=removal.reason if removal else "",
        may_be_withdrawn=may and state == "live",
    )


def _photo_state(post: Post, staged: StepState | None) -> str:
    if post.state in (PostState.LIVE, PostState.GONE):
        return post.state.value
    return {StepState.DONE: "up", StepState.REFUSED: "failed"}.get(
        staged or StepState.TODO, "waiting"
    )


def copy(fact: Fact, steps: Sequence[Step]) -> CopyView:
    """A second copy of a post."""
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
