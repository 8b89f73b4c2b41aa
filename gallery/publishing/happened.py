"""Words for facts and for what was decided upon them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from gallery.models import Fact, Outcome, Source, Step, StepState, Verb
from gallery.publishing.decide import Verdict, decide
from gallery.publishing.rules import Rules

STAGED = {
    Verb.STAGE: "{what} is on the network, not shown yet.",
    Verb.COMPOSE: "{what} is put together there, not shown yet.",
}
FOUND = {
    Source.ANSWER: "{what} is out: the network says so.",
    Source.READ: "{what} was found on the network.",
    Source.PERSON: "A person says that {what} is there.",
}
CHANGED = {
    Source.ANSWER: "{what} was changed where it stands.",
    Source.READ: "{what} was found changed.",
    Source.PERSON: "A person says that {what} was changed.",
}
DOING = {
    Verb.STAGE: "Uploading {what}",
    Verb.COMPOSE: "Putting {what} together",
    Verb.PUBLISH: "Sending {what}",
    Verb.AMEND: "Changing {what}",
    Verb.RETRACT: "Removing {what}",
}
ANSWERED = {
    Outcome.STRAY: "A second copy of {what} appeared.",
    Outcome.CANNOT_TELL: "The network can't tell whether {what} is there.",
    Outcome.SEEN: "A person says that {what} is there.",
    Outcome.NOT_SEEN: "A person says that {what} is not there.",
}
ENDED = {
    Outcome.REFUSED: "was refused",
    Outcome.LATER: "has to wait",
    Outcome.UNKNOWN: "got no clear answer",
}


def intent(step: Step, what: str) -> str:
    """What was about to be sent."""
    doing = DOING[step.verb].format(what=what)
    return f"{doing}, try {step.attempt}." if step.attempt > 1 else f"{doing}."


def fact(step: Step, fact: Fact, what: str) -> str:
    """What a fact says, in a sentence or two."""
    known = _proof(step, fact) or ANSWERED.get(fact.outcome) or _absent(fact)
    if known is not None:
        return _capital(known.format(what=what))
    if fact.outcome is Outcome.UNKNOWN and fact.source is Source.READ:
        return f"{intent(step, what)[:-1]}: its process ended before the answer came."
    reason = str(fact.body.get("reason", "")).strip()
    return f"{DOING[step.verb].format(what=what)} {ENDED[fact.outcome]}. {reason}".strip()


def decision(step: Step, facts: Sequence[Fact], rules: Rules, zone: str) -> str:
    """What was decided upon the newest of these facts about a step, oldest first."""
    last = facts[-1]
    then = Step(verb=step.verb, attempt=last.attempt, state=StepState.SENT)
    verdict = decide(then, [fact for fact in facts if fact.outcome is not Outcome.STRAY], rules)
    if verdict is None or last.outcome is Outcome.STRAY:
        return ""
    if verdict.question:
        return "A person is asked."
    return _next(verdict, last, zone)


def clock(at: datetime, zone: str) -> str:
    """The time as clocks in `zone` show it, to the second."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M:%S}"


def _next(verdict: Verdict, last: Fact, zone: str) -> str:
    match verdict.state:
        case StepState.REFUSED:
            return "It is not tried again by itself."
        case StepState.UNKNOWN:
            lost = "Nobody can tell yet, so it is looked for before anything is repeated."
            seen = "It is looked up, and its address asked for if that finds nothing."
            return {Outcome.UNKNOWN: lost, Outcome.SEEN: seen}.get(last.outcome, "")
        case StepState.TODO if verdict.why == "token":
            return "It goes on when the account is connected again."
        case StepState.TODO if verdict.not_before:
            return f"Next at {clock(verdict.not_before, zone)}."
        case StepState.TODO:
            return "It is sent once more."
    return ""


def _proof(step: Step, fact: Fact) -> str | None:
    match fact.outcome:
        case Outcome.STAGED:
            return STAGED[step.verb]
        case Outcome.RECEIPT:
            return (CHANGED if step.verb is Verb.AMEND else FOUND)[fact.source]
        case Outcome.GONE if fact.source is Source.PERSON:
            return "A person says that {what} is gone."
        case Outcome.GONE:
            return "{what} is gone from the network."
    return None


def _absent(fact: Fact) -> str | None:
    if fact.outcome is not Outcome.ABSENT:
        return None
    if fact.body.get("final"):
        return "Looked for {what}: it is not there, and it can't appear any more."
    if fact.body.get("counted"):
        return "Looked for {what}: it is not there, and by now it would be."
    return "Looked for {what}: nothing yet."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
