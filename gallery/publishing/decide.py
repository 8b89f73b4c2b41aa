"""What a step's facts mean. Pure: the same facts always give the same verdict."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gallery.models import Fact, Outcome, Source, Step, StepState, Verb
from gallery.publishing.rules import Rules

_VISIBLE = (Verb.AMEND, Verb.RETRACT)


@dataclass(frozen=True)
class Verdict:
    """Where a step stands now."""

    state: StepState
    result: dict[str, Any] | None = None
    expires_at: datetime | None = None
    failures: int = 0
    empties: int = 0
    not_before: datetime | None = None
    why: str = ""  # retry, rate, token: why it has to wait
    reason: str = ""  # one sentence for a person
    question: str | None = None


def decide(step: Step, facts: Sequence[Fact], rules: Rules) -> Verdict | None:
    """Judge `step` by its facts, oldest first; None while its call may still be under way.

    A proof wins whenever it came and whoever brought it. What was refused stays refused. A
    publish without a clear answer is unknown until it was looked for; any other step is to be
    done again.
    """
    proof = next((f for f in facts if f.outcome in (Outcome.RECEIPT, Outcome.GONE)), None)
    if proof is not None:
        return Verdict(StepState.DONE, result=proof.body)
    answers = [f for f in facts if f.attempt == step.attempt and closes(f)]
    if not answers:
        return None
    answer = answers[-1]
    match answer.outcome:
        case Outcome.STAGED:
            return _staged(facts, answer, rules)
        case Outcome.REFUSED:
            return _refused(step, facts, answer)
        case Outcome.LATER:
            return _later(step, facts, answer, rules)
        case _:
            return _unknown(step, facts, answer, rules)


def closes(fact: Fact) -> bool:
    """Whether this fact ends its attempt: an answer, or word that no answer can come any more."""
    return fact.source is Source.ANSWER or (
        fact.source is Source.READ and fact.outcome is Outcome.UNKNOWN
    )


def failures_of(facts: Sequence[Fact]) -> int:
    """How many attempts ended without a clear answer since a person last spoke."""
    attempts: set[int] = set()
    for fact in facts:
        if fact.source is Source.PERSON:
            attempts.clear()
        elif fact.outcome is Outcome.UNKNOWN:
            attempts.add(fact.attempt)
    return len(attempts)


def jitter(fact: Fact) -> float:
    """A number from 0 to 1 that belongs to this fact, so that a verdict never wavers."""
    return int(hashlib.sha256(fact.id.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF


def _staged(facts: Sequence[Fact], answer: Fact, rules: Rules) -> Verdict:
    expires = answer.body.get("expires_at")
    life = datetime.fromisoformat(expires) - answer.at if expires else None
    wait_s = answer.body.get("wait_s")
    return Verdict(
        StepState.DONE if wait_s is None else StepState.TODO,
        result=answer.body["data"],
        expires_at=None if life is None else answer.at + life * rules.fresh,
        failures=failures_of(facts),
        not_before=None if wait_s is None else answer.at + timedelta(seconds=wait_s),
        why="" if wait_s is None else "media",
    )


def _refused(step: Step, facts: Sequence[Fact], answer: Fact) -> Verdict:
    if answer.body.get("disconnected"):
        return Verdict(
            StepState.TODO,
            result=step.result,
            failures=failures_of(facts),
            why="token",
            reason=answer.body["reason"],
        )
    return Verdict(StepState.REFUSED, result=answer.body, reason=answer.body["reason"])


def _later(step: Step, facts: Sequence[Fact], answer: Fact, rules: Rules) -> Verdict:
    wait_s = answer.body.get("wait_s")
    if wait_s is None:
        in_a_row = sum(1 for f in facts if f.outcome is Outcome.LATER)
        wait_s = rules.backoff(in_a_row, jitter(answer))
    return Verdict(
        StepState.TODO,
        result=step.result,
        failures=failures_of(facts),
        not_before=answer.at + timedelta(seconds=wait_s),
        why="retry" if answer.body.get("transport") else "rate",
        reason=answer.body["reason"],
    )


def _unknown(step: Step, facts: Sequence[Fact], answer: Fact, rules: Rules) -> Verdict:
    if step.verb is Verb.PUBLISH:
        return _looked_for(step, facts, answer, rules)
    failures = failures_of(facts)
    if failures >= (rules.visible_tries if step.verb in _VISIBLE else rules.stage_tries):
        reason = f"The network gave no clear answer in {failures} tries."
        return Verdict(StepState.REFUSED, result={"reason": reason}, reason=reason)
    return Verdict(
        StepState.TODO,
        result=step.result,
        failures=failures,
        not_before=answer.at + timedelta(seconds=rules.backoff(failures, jitter(answer))),
        why="retry",
        reason=answer.body["reason"],
    )


def _looked_for(step: Step, facts: Sequence[Fact], answer: Fact, rules: Rules) -> Verdict:
    reads = [f for f in facts if f.attempt == step.attempt and not closes(f)]
    counted = [f for f in reads if f.outcome is Outcome.ABSENT and f.body.get("counted")]
    final = any(f.outcome is Outcome.ABSENT and f.body.get("final") for f in reads)
    person = next((f.outcome for f in reversed(reads) if f.source is Source.PERSON), None)
    failures = failures_of(facts)
    unknown = Verdict(
        StepState.UNKNOWN,
        failures=failures,
        empties=len(counted),
        why="settle",
        reason=answer.body["reason"],
    )
    if person is Outcome.SEEN:
        return unknown  # never sent again because a read does not find it: see reconcile
    if person is Outcome.NOT_SEEN:
        return Verdict(StepState.TODO, failures=failures, empties=len(counted))
    if final or len(counted) >= 2:
        if failures < rules.visible_tries:
            return Verdict(StepState.TODO, failures=failures, empties=len(counted))
        return _ask(unknown, f"It was tried {failures} times without a clear answer.")
    if any(f.outcome is Outcome.CANNOT_TELL for f in reads):
        return _ask(unknown, "The network's answer was lost, and it has no way to ask again.")
    return unknown


def _ask(unknown: Verdict, because: str) -> Verdict:
    return Verdict(
        unknown.state,
        failures=unknown.failures,
        empties=unknown.empties,
        why=unknown.why,
        reason=unknown.reason,
        question=f"Did this appear? {because} Look at the account, then answer.",
    )
