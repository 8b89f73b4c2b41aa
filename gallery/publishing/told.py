"""What people are told of a delivery: the values that pages and commands show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gallery.networks.contract import PlannedPhoto
from gallery.publishing.accounts import AccountView


@dataclass(frozen=True)
class PhotoView:
    """One photo of a post. `state` is waiting, up, live, failed or gone."""

    photo: PlannedPhoto
    state: str

    @property
    def id(self) -> str:
        """The photo's id."""
        return self.photo.id


@dataclass(frozen=True)
class PostView:
    """One remote post. `state` is pending, live, failed, gone, withdrawing or withdrawn.

    The last two are of a post that is withdrawn on purpose while the others stay.
    """

    nth: int
    of: int
    state: str
    text: str
    remote_id: str | None
    url: str | None
    photos: tuple[PhotoView, ...]
    reason: str = ""  # why it is not withdrawn yet
    may_be_withdrawn: bool = False  # alone, now


@dataclass(frozen=True)
class CopyView:
    """A second copy of a post. `state` is open, removing, refused, gone or kept."""

    id: str
    nth: int
    url: str | None
    remote_id: str | None
    state: str
    reason: str = ""  # why it could not be removed

    @property
    def says(self) -> str:
        """That it is there."""
        return f"A second copy appeared: {self.url or self.remote_id}."


@dataclass(frozen=True)
class DeliveryView:
    """A delivery as it is told. `state` is the word, `sentence` says it in full."""

    id: str
    album_id: str
    album_slug: str
    album_title: str
    account: AccountView
    state: str
    sentence: str
    question: str | None
    posts: tuple[PostView, ...]
    warnings: tuple[str, ...]  # second copies among them, as long as nobody decided
    copies: tuple[CopyView, ...]
    offers: tuple[str, ...]  # cancel, reconnect, seen, not_seen, go_on, again, approve, change, …
    address_wanted: bool  # the post was said to be there, and is not found without its address
    aim: str  # publish, amend or retract
    replaces: str | None  # the delivery in whose stead it goes out
    ordered_at: datetime
    due_at: datetime
    wall: str | None  # the time that it is scheduled for, as clocks in `zone` show it; None: now
    zone: str
    over: bool  # nothing will change any more by itself

    @property
    def asked(self) -> PostView | None:
        """The post that the question is about, if one is asked."""
        if self.question is None:
            return None
        if self.state == "retract_unknown":
            left = "live" if self.aim == "retract" else "withdrawing"
            return next((post for post in reversed(self.posts) if post.state == left), None)
        wanted = "live" if self.aim == "amend" else "pending"
        return next((post for post in self.posts if post.state == wanted), None)

    @property
    def up(self) -> int:
        """How many photos are on the network already, seen or not."""
        return sum(1 for post in self.posts for p in post.photos if p.state in ("up", "live"))

    @property
    def photos(self) -> int:
        """How many photos it has in all."""
        return sum(len(post.photos) for post in self.posts)

    def to_json(self) -> dict[str, Any]:
        """As commands answer it."""
        return {
            "id": self.id,
            "account": self.account.name,
            "network": self.account.network,
            "state": self.state,
            "posts": [
                {
                    "nth": post.nth,
                    "state": post.state,
                    "remote_id": post.remote_id,
                    "url": post.url,
                    "photos": [photo.id for photo in post.photos],
                }
                for post in self.posts
            ],
            "warnings": list(self.warnings),
            "question": self.question,
        }


def about_withdrawn(posts: Sequence[PostView], *, connected: bool) -> list[str]:
    """What became of the posts that were to be withdrawn while the others stay, in sentences."""
    said = []
    leaving = [post for post in posts if post.state == "withdrawing"]
    if leaving:
        waits = "" if connected else "It waits until the account is connected again."
        why = " ".join(dict.fromkeys(filter(None, (waits, *(post.reason for post in leaving)))))
        said.append(f"Being withdrawn: {_named(leaving)}. {why}".strip())
    gone = [post for post in posts if post.state == "withdrawn"]
    if gone:
        said.append(f"Withdrawn by us: {_named(gone)}.")
    return said


def _named(posts: Sequence[PostView]) -> str:
    """`post 2`, `posts 2 and 3`."""
    *first, last = [str(post.nth) for post in posts]
    return f"posts {', '.join(first)} and {last}" if first else f"post {last}"


def about_copies(copies: Sequence[CopyView]) -> list[str]:
    """That there are second copies, as long as nobody decided about them."""
    return [copy.says for copy in copies if copy.state not in ("gone", "kept")]


def is_removing(copies: Sequence[CopyView]) -> bool:
    """Whether a second copy is on its way out."""
    return any(copy.state == "removing" for copy in copies)


def is_leaving(posts: Sequence[PostView]) -> bool:
    """Whether one of these posts is being withdrawn while the others stay."""
    return any(post.state == "withdrawing" for post in posts)
