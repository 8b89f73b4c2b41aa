"""The moves that carry can make with a delivery, and what is known when one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gallery.models import (
    Fact,
    Post,
    State,
    Step,
)
from gallery.networks.contract import Limits
from gallery.publishing.rules import Rules


@dataclass(frozen=True)
class Call:
    """Send these steps: several only when they are uploads."""

    post: Post
    steps: Sequence[Step]


@dataclass(frozen=True)
class Look:
    """Ask the network whether a publish happened. `counted`: finding nothing now means absence."""

    post: Post
    step: Step
    counted: bool
    again: bool = False  # a second look, at a post whose absence was already acted on


@dataclass(frozen=True)
class Lost:
    """Nobody is on the wire any more for this step, and its answer never came."""

    step: Step


@dataclass(frozen=True)
class Renew:
    """Stage everything of this post anew: what was staged is dead or too old."""

    post: Post


@dataclass(frozen=True)
class Refresh:
    """Renew the account's credential before it dies."""


@dataclass(frozen=True)
class Withdraw:
    """Open the step that removes this post, or a second copy of it."""

    post: Post
    copy: str = ""  # as strays.mark has it


@dataclass(frozen=True)
class Gone:
    """This post was removed."""

    post: Post


@dataclass(frozen=True)
class Live:
    """There is proof that this post is live."""

    post: Post
    proof: Fact


@dataclass(frozen=True)
class Changed:
    """This live post is as its plan says now; the network's new receipt is in `step`."""

    post: Post
    step: Step


@dataclass(frozen=True)
class Finished:
    """Every live post is as this edition says."""

    edition: int


@dataclass(frozen=True)
class Discard:
    """Throw away what these invisible steps left on the network: it never went out."""

    post: Post
    steps: Sequence[Step]


@dataclass(frozen=True)
class Wait:
    """Nothing to do until then. `until` None: until somebody wakes the delivery."""

    until: datetime | None
    why: str
    reason: str


@dataclass(frozen=True)
class Ask:
    """A person must decide; `look_at` is when to take a second look at another post meanwhile."""

    question: str
    look_at: datetime | None = None


@dataclass(frozen=True)
class End:
    """It stands where it stands; `look_at` is when to take a second look."""

    state: State
    reason: str = ""
    look_at: datetime | None = None


@dataclass(frozen=True)
class Begin:
    """What was scheduled is due: from now on it goes out like any other, in its turn."""


Standstill = Wait | Ask | End
Move = (
    Call
    | Look
    | Lost
    | Renew
    | Refresh
    | Withdraw
    | Gone
    | Live
    | Changed
    | Finished
    | Discard
    | Standstill
)


@dataclass(frozen=True)
class View:
    """What is known beside the rows: the time, the numbers, who we are and who still lives."""

    now: datetime
    rules: Rules
    limits: Limits
    me: str
    gone: Callable[[str], bool]  # whether the process with this name is surely gone
    disk_full: bool = False
    settle_from: datetime | None = None  # a clock jumped then: windows begin no earlier
    room_at: datetime | None = None  # when the network's own budget has room for one more post
    renew_before: timedelta | None = None  # how long before its end a credential is renewed
