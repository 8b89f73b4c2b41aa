"""All rows of one delivery, read together."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.errors import NotFound
from gallery.models import (
    Account,
    Delivery,
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
from gallery.networks.contract import Part, PlannedPost, Receipt, Staged
from gallery.publishing.plan import Plan

Mark = tuple[object, ...]


@dataclass(frozen=True)
class Situation:
    """A delivery with its account, posts, steps and facts, as they are at one moment."""

    delivery: Delivery
    account: Account
    posts: Sequence[Post]
    steps: Sequence[Step]
    facts: dict[str, list[Fact]]  # by step id, oldest first
    plan: Plan
    replaced: State | None = None  # where the delivery stands that this one replaces

    @classmethod
    def load(cls, session: Session, delivery_id: str) -> Situation:
        """Read it. Raises NotFound."""
        delivery = session.get(Delivery, delivery_id)
        if delivery is None:
            raise NotFound("There is no such delivery.")
        account = session.get_one(Account, delivery.account_id)
        posts = session.scalars(
            select(Post).where(Post.delivery_id == delivery_id).order_by(Post.nth)
        ).all()
        steps = session.scalars(select(Step).where(Step.delivery_id == delivery_id)).all()
        rows = session.scalars(
            select(Fact)
            .join(Step)
            .where(Step.delivery_id == delivery_id)
            .order_by(Fact.at, Fact.id)
        )
        facts: dict[str, list[Fact]] = defaultdict(list)
        for fact in rows:
            facts[fact.step_id].append(fact)
        replaced, plan = _replaced(session, delivery), Plan.from_json(delivery.plan)
        return cls(delivery, account, posts, steps, facts, plan, replaced)

    @property
    def mark(self) -> Mark:
        """Differs as soon as anybody else added a fact or decided something; see `mark_of`."""
        facts = sum(len(facts) for facts in self.facts.values())
        account = (self.account.version, self.account.state, self.account.breaker_until)
        return (facts, len(self.steps), *account, *_own_mark(self.delivery), self.replaced)

    def visible(self) -> bool:
        """Whether strangers see anything of it, or may: a post was sent and not clearly refused."""
        nothing = (Outcome.REFUSED, Outcome.LATER)
        return any(post.state is not PostState.PENDING for post in self.posts) or any(
            step.state in (StepState.SENT, StepState.UNKNOWN)
            or any(fact.outcome not in nothing for fact in self.facts.get(step.id, ()))
            for step in self.steps
            if step.verb is Verb.PUBLISH
        )

    def pending(self) -> Post | None:
        """The post that is to go out next; the ones before it are live."""
        return next((post for post in self.posts if post.state is PostState.PENDING), None)

    def unknown(self) -> bool:
        """Whether a publish may be on the wire, or may have happened for all that is known."""
        pending = (
            s
            for post in self.posts
            if post.state is PostState.PENDING
            for s in self.publishes(post)
        )
        return any(
            step.state in (StepState.SENT, StepState.UNKNOWN, StepState.DONE) for step in pending
        )

    def planned(self, post: Post) -> PlannedPost:
        """What `post` is to show."""
        return self.plan.posts[post.nth - 1]

    def calls(self, post: Post) -> list[Step]:
        """All that this generation needs, in order: stages, compose where there is one, publish."""
        composing = [s for s in self._now(post) if s.verb is Verb.COMPOSE]
        return [*self.stages(post), *composing, self.step(post, Verb.PUBLISH)]

    def stages(self, post: Post) -> list[Step]:
        """Its staging steps of this generation, in the order of its photos; none of a dropped one."""
        at = {photo.id: index for index, photo in enumerate(self.planned(post).photos)}
        stages = [s for s in self._now(post) if s.verb is Verb.STAGE and s.photo in at]
        return sorted(stages, key=lambda step: at[step.photo])

    def retracting(self, post: Post) -> Step | None:
        """Its newest retract step, once there is one."""
        steps = [s for s in self._now(post) if s.verb is Verb.RETRACT and not s.photo]
        return max(steps, key=lambda step: step.edition, default=None)

    def withdrawing(self) -> list[Post]:
        """The live posts that somebody wants gone while the others stay, last first."""
        return [post for post in self.live() if self.retracting(post) is not None]

    def standing(self) -> State:
        """Where the delivery stands by its posts, when nothing of it is on its way."""
        states = {post.state for post in self.posts}
        if PostState.LIVE not in states:
            return State.RETRACTED
        return State.PUBLISHED if states == {PostState.LIVE} else State.PARTIAL

    def amends(self, post: Post) -> list[Step]:
        """Its amend steps of every edition, newest first."""
        steps = [s for s in self.steps if s.nth == post.nth and s.verb is Verb.AMEND]
        return sorted(steps, key=lambda step: -step.edition)

    def amending(self, post: Post) -> Step | None:
        """Its newest amend step, once there is one."""
        return next(iter(self.amends(post)), None)

    def open_amend(self, post: Post) -> Step | None:
        """The amend of this live post that is not known to have happened, if one is wanted."""
        step = self.amending(post)
        leaving = self.retracting(post) is not None
        wanted = step is not None and step.state is not StepState.DONE and not leaving
        return step if wanted and post.state is PostState.LIVE else None

    def live(self) -> list[Post]:
        """The posts that are live, last first: the order in which they are retracted."""
        return [post for post in reversed(self.posts) if post.state is PostState.LIVE]

    def step(self, post: Post, verb: Verb) -> Step:
        """Its step of this generation with this verb; of several, any."""
        return next(s for s in self._now(post) if s.verb is verb)

    def publishes(self, post: Post) -> list[Step]:
        """Its publish steps of every generation, newest first."""
        steps = [s for s in self.steps if s.nth == post.nth and s.verb is Verb.PUBLISH]
        return sorted(steps, key=lambda step: -step.generation)

    def receipt(self, post: Post) -> Fact | None:
        """The proof that `post` is live, from whichever attempt or generation it came.

        One that knows the post's id goes before a person's word.
        """
        proofs = [
            fact
            for step in self.publishes(post)
            for fact in self.facts.get(step.id, ())
            if fact.outcome is Outcome.RECEIPT
        ]
        known = [fact for fact in proofs if fact.body.get("remote_id") is not None]
        return next(iter([*known, *proofs]), None)

    def part(self, post: Post, generation: int | None = None) -> Part:
        """All that a connector may know of `post`, as this generation of it was (None: it is)."""
        number = generation or post.generation
        calls = [s for s in self.steps if s.nth == post.nth and s.generation == number]
        publish = next(step for step in calls if step.verb is Verb.PUBLISH)
        composing = [s for s in calls if s.verb is Verb.COMPOSE and s.result is not None]
        media = self.stages(post) if number == post.generation else calls
        staged = [
            Staged(step.result or {}, expires_at=step.expires_at)
            for step in media
            if step.verb is Verb.STAGE and step.state is StepState.DONE
        ]
        return Part(
            post=self.planned(post),
            key=key_of(self.delivery.id, post.nth, number),
            opened_at=post.opened_at,
            sent_at=publish.sent_at if publish.attempt == 1 else post.opened_at,
            staged=staged,
            composed=Staged(composing[0].result or {}) if composing else None,
            before=[
                receipt_of(p.receipt)
                for p in self.posts
                if p.nth < post.nth and p.receipt and p.state is PostState.LIVE
            ],
            receipt=receipt_of(post.receipt) if post.receipt else None,
        )

    def absences(self, post: Post) -> list[tuple[Step, datetime]]:
        """When this post was taken to be absent, by a read that counted or a person."""
        return [
            (step, fact.at)
            for step in self.publishes(post)
            for fact in self.facts.get(step.id, ())
            if (fact.outcome is Outcome.ABSENT and fact.body.get("counted"))
            or (fact.outcome is Outcome.NOT_SEEN and fact.source is Source.PERSON)
        ]

    def _now(self, post: Post) -> list[Step]:
        return [s for s in self.steps if s.nth == post.nth and s.generation == post.generation]


def mark_of(session: Session, delivery: Delivery) -> Mark:
    """The mark of a delivery as it is now, without loading all of it."""
    steps = select(func.count()).where(Step.delivery_id == delivery.id)
    facts = select(func.count()).select_from(Fact).join(Step).where(Step.delivery_id == delivery.id)
    rows = session.execute(
        select(
            *(facts.scalar_subquery(), steps.scalar_subquery()),
            *(Account.version, Account.state, Account.breaker_until),
        ).where(Account.id == delivery.account_id)
    ).one()
    return (*rows, *_own_mark(delivery), _replaced(session, delivery))


def _own_mark(delivery: Delivery) -> Mark:
    return (
        *(delivery.state, delivery.aim, delivery.patient_from, delivery.due_at),
        *(delivery.plan_hash, delivery.edition),
    )


def _replaced(session: Session, delivery: Delivery) -> State | None:
    if delivery.replaces is None:
        return None
    return session.scalar(select(Delivery.state).where(Delivery.id == delivery.replaces))


def key_of(delivery_id: str, nth: int, generation: int) -> str:
    """The key that names one post to networks that take one: 32 hex digits."""
    return hashlib.sha256(f"{delivery_id}/{nth}/{generation}".encode()).hexdigest()[:32]


def receipt_of(row: dict[str, object] | None) -> Receipt:
    """A stored receipt again."""
    row = row or {}
    data = row.get("data")
    return Receipt(
        remote_id=None if row.get("remote_id") is None else str(row["remote_id"]),
        url=None if row.get("url") is None else str(row["url"]),
        data=data if isinstance(data, dict) else {},
    )
