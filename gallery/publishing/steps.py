"""The calls that a post needs, written down as steps."""

from __future__ import annotations

from sqlalchemy.orm import Session

from gallery.models import Delivery, Post, PostState, Step, Verb
from gallery.networks.contract import Limits, PlannedPost
from gallery.publishing import compare
from gallery.publishing.plan import Plan
from gallery.publishing.situation import Situation


def to_publish(post: Post, planned: PlannedPost, limits: Limits) -> list[Step]:
    """All calls of this generation: its uploads, compose where there is one, publish."""
    photos = [photo.id for photo in planned.photos] if limits.stages else []
    composing = [(Verb.COMPOSE, "")] if limits.composes else []
    return [
        Step(
            delivery_id=post.delivery_id,
            nth=post.nth,
            verb=verb,
            photo=photo,
            generation=post.generation,
        )
        for verb, photo in [*((Verb.STAGE, id_) for id_ in photos), *composing, (Verb.PUBLISH, "")]
    ]


def replan(session: Session, s: Situation, made: Plan, limits: Limits) -> bool:
    """Give a delivery another plan of as many posts; whether a live post has to be amended for it.

    What is not out yet gets a new generation, what is live a step of the new edition. Nothing of
    it may be on the wire or unknown, but for amends: their step of the new edition waits for them.
    """
    before, delivery = s.plan, s.delivery
    unfinished = {post.nth for post in s.posts if s.open_amend(post) is not None}
    delivery.edition += 1
    delivery.plan, delivery.plan_hash = made.to_json(), made.hash
    amended = False
    for post, old, new in zip(s.posts, before.posts, made.posts, strict=True):
        differs = bool(compare.posts(old, new)) or post.nth in unfinished
        if differs and post.state is PostState.PENDING:
            post.generation += 1
            session.add_all(to_publish(post, new, limits))
        elif differs and post.state is PostState.LIVE:
            amended = True
            session.add(amending(delivery, post))
    return amended


def plan_anew(session: Session, s: Situation, made: Plan, limits: Limits) -> None:
    """Give a delivery of which nothing was sent yet another plan, of however many posts.

    Only its first post can have media staged, so posts that fall away leave nothing behind.
    """
    delivery = s.delivery
    delivery.plan, delivery.plan_hash = made.to_json(), made.hash
    for surplus in s.posts[len(made.posts) :]:
        session.delete(surplus)
    posts = list(s.posts[: len(made.posts)])
    for post in posts:
        post.generation += 1
    for planned in made.posts[len(posts) :]:
        posts.append(Post(delivery_id=delivery.id, nth=planned.nth, opened_at=s.posts[0].opened_at))
    session.add_all(posts)
    session.flush()
    for post, planned in zip(posts, made.posts, strict=True):
        session.add_all(to_publish(post, planned, limits))


def amending(delivery: Delivery, post: Post) -> Step:
    """The step that makes a live post what this edition of its delivery says."""
    return Step(
        delivery_id=post.delivery_id,
        nth=post.nth,
        verb=Verb.AMEND,
        generation=post.generation,
        edition=delivery.edition,
    )
