"""Looking for what nobody can tell: reads after an unknown publish, and second looks.

Pure: it says which move is next and when; calls.look makes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from gallery.models import Fact, Outcome, Post, Source, Step, StepState, Verb
from gallery.publishing import facts
from gallery.publishing.decide import closes, decide
from gallery.publishing.lock import process_of
from gallery.publishing.moves import Ask, End, Look, Lost, Move, View, Wait
from gallery.publishing.situation import Situation

THERE = "Did this appear? You said that it is there."
PASTE = "Paste the address of the post."
LOOK_LATER = timedelta(hours=1)  # at an account that is not connected


def unresolved(s: Situation, post: Post, publish: Step, view: View) -> Move:
    known = s.facts.get(publish.id, [])
    said = _said_there(publish, known)
    if said is not None:
        return _look_it_up(post, publish, said, known, view)
    verdict = decide(publish, known, view.rules)
    if verdict is None:
        return on_the_wire(publish, view)
    if verdict.question:
        return Ask(verdict.question)
    closing = [f for f in known if f.attempt == publish.attempt and closes(f)][-1]
    since = closing.at if closing.source is Source.ANSWER else publish.sent_at or closing.at
    since = believed(since, view)
    reads = [f for f in known if f.attempt == publish.attempt and not closes(f)]
    failed = sum(1 for f in reads if f.outcome is Outcome.LATER)
    settled = view.now >= since + timedelta(seconds=view.limits.settle_s)
    if settled and failed >= view.rules.failed_reads:
        return Ask("Did this appear? The network does not say. Look at the account, then answer.")
    due = _next_read(since, [f.at for f in reads], view)
    if due > view.now:
        return Wait(due, "settle", verdict.reason)
    return Look(post, publish, counted=settled)


def address(s: Situation) -> Ask | None:
    """Ask for the address of a post of which a person said that it is there; None if nobody did."""
    post = s.pending()
    publish = s.step(post, Verb.PUBLISH) if post else None
    if publish is None or _said_there(publish, s.facts.get(publish.id, [])) is None:
        return None
    return Ask(f"{THERE} The network can't be asked for it now. {PASTE}")


def _said_there(publish: Step, known: Sequence[Fact]) -> Fact | None:
    """A person's word that it is there, if that is the last one and no proof came since."""
    words = [f for f in known if f.attempt == publish.attempt and f.source is Source.PERSON]
    said = words[-1] if words and words[-1].outcome is Outcome.SEEN else None
    return said if publish.state in (StepState.SENT, StepState.UNKNOWN) else None


def _look_it_up(post: Post, publish: Step, said: Fact, known: Sequence[Fact], view: View) -> Move:
    """One read for what a person saw; only a receipt or an address makes it published."""
    if view.limits.find == "no":
        return Ask(f"{THERE} This network has no way to ask for it. {PASTE}")
    if any(f.source is Source.READ and f.at >= said.at for f in known):
        return Ask(f"{THERE} It was looked for and not found. {PASTE}")
    return Look(post, publish, counted=False)


def believed(since: datetime, view: View) -> datetime:
    """When a window began; if a clock jumped after that, or `since` is yet to come, then."""
    begun = view.settle_from
    return since if begun is None or begun < since <= view.now else begun


def _next_read(since: datetime, reads: Sequence[datetime], view: View) -> datetime:
    times = view.rules.read_times(view.limits.settle_s)
    if not reads:
        return since + timedelta(seconds=times[0])
    last = max(reads)
    later = [since + timedelta(seconds=t) for t in times if since + timedelta(seconds=t) > last]
    return later[0] if later else last + timedelta(seconds=times[-1] - times[-2])


def on_the_wire(publish: Step, view: View) -> Move:
    """It was sent, and no answer is written down yet. Only its owner knows its calls."""
    owner = publish.sent_by or ""
    if owner == view.me or view.gone(owner):
        return Lost(publish)
    sent_at = publish.sent_at or view.now
    if view.now > sent_at + timedelta(seconds=view.rules.live_owner_s):
        return Ask(
            f"Process {process_of(owner)} began to post this and neither ended nor answered. "
            "End that process, then look whether the post is there."
        )
    until = view.now + timedelta(seconds=min(view.rules.beat_s, 5.0))
    return Wait(until, "settle", "Another process is still sending this.")


def _looks(s: Situation, view: View) -> list[tuple[datetime, Post, Step]]:
    """The second looks that are still to be taken, soonest first."""
    looks = []
    for post in s.posts:
        for step, at in sorted(s.absences(post), key=lambda absence: absence[1])[-1:]:
            done = [f.at for f in s.facts.get(step.id, ()) if f.body.get("again")]
            for after in view.rules.looks_s:
                due = at + timedelta(seconds=after)
                if not any(taken >= due for taken in done):
                    looks.append((due, post, step))
    return sorted(looks, key=lambda look: look[0])


def look_at(s: Situation, view: View) -> datetime | None:
    looks = _looks(s, view)
    return looks[0][0] if looks else None


def second_look(s: Situation, view: View) -> Move:
    looks = _looks(s, view)
    if not looks or looks[0][0] > view.now:
        return End(s.delivery.state, s.delivery.reason, look_at(s, view))
    rest = s.account.breaker_until
    if rest is not None and rest > view.now:
        return End(s.delivery.state, s.delivery.reason, rest)
    if s.account.state not in facts.USABLE:
        return End(s.delivery.state, s.delivery.reason, view.now + LOOK_LATER)
    _due, post, step = looks[0]
    return Look(post, step, counted=False, again=True)
