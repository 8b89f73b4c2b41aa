"""What a connector is given, what it gives back, and what every network can and can't do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from gallery.settings import Settings

Json = dict[str, Any]
Credential = Mapping[str, str]  # what a network needs to know us by; sealed where it is stored
EXPIRES = "expires_at"  # in a credential: when it dies, ISO 8601 with its zone
CountedIn = Literal["characters", "bytes", "graphemes", "utf16", "weighted", "emoji_bytes"]


@dataclass(frozen=True)
class TextLimit:
    """How long a text may be, counted as the network counts. `most` 0: no such text there.

    Counted in code points, UTF-8 bytes, what people take for one character (UAX #29), UTF-16
    units (Telegram), X's weights (Latin 1, most others 2, an emoji 2), or code points where an
    emoji is its UTF-8 bytes (Threads). Where `link_counts` is set, each link counts just that.
    `most_bytes` of UTF-8 holds besides.
    """

    most: int
    counted_in: CountedIn = "characters"
    link_counts: int | None = None
    most_bytes: int | None = None


@dataclass(frozen=True)
class PictureLimit:
    """What a picture may be. Edges in px, sizes in bytes, ratios width / height (None: any).

    We send JPEG, so it must be among the `formats`. `same_ratio`: the network crops all pictures
    of a post to the shape of the first one.
    """

    edge: int = 2048  # of the longer side
    most_bytes: int = 4_000_000
    formats: tuple[str, ...] = ("jpeg",)
    edge_min: int = 1  # of the shorter side
    ratio_min: float | None = None
    ratio_max: float | None = None
    same_ratio: bool = False


@dataclass(frozen=True)
class Budget:
    """A network takes so many posts of an account in any `window_s` seconds, and no more."""

    posts: int
    window_s: float


@dataclass(frozen=True)
class Pace:
    """What a network's answers say of the pace that it still allows.

    So many posts until then; and no call at all for the next `rest_s` seconds.
    """

    left: int | None = None
    until: datetime | None = None
    rest_s: float = 0.0


@dataclass(frozen=True)
class Limits:
    """What this account's network takes and what it can do afterwards.

    `amend` names what can be changed in place: text, caption, alt, order, drop (a photo leaves the
    post, and its file the network), replace (a photo comes in, or is another picture). `find` says
    whether a read can prove that a post is there (exact), make it likely, or not at all (no);
    `settle_s` is how long after a call's end such a read may still miss it. Staged media die
    after `media_ttl_s`. `source` names where the numbers come from, with their date.
    """

    photos_per_post: int
    text: TextLimit
    caption: TextLimit
    alt_text: TextLimit
    picture: PictureLimit
    settle_s: float
    source: str
    find: Literal["exact", "likely", "no"] = "exact"
    retract: Literal["yes", "by_hand"] = "yes"
    amend: frozenset[str] = frozenset()
    media_ttl_s: float | None = None
    needs_public_url: bool = False
    stages: bool = True  # photos go up one by one before the post; else `Part.files` go with it
    composes: bool = True  # something invisible is made of them before the post is published
    budget: Budget | None = None  # corrected by what answers say: see Paced


@dataclass(frozen=True)
class Profile:
    """Who we are on a network."""

    remote_id: str
    name: str
    handle: str = ""
    url: str = ""
    expires_at: datetime | None = None  # when the credential dies; None: not known to


@dataclass(frozen=True)
class PlannedPhoto:
    """One photo of a planned post. `edit` and `recipe` name the exact rendition that goes out.

    `width` and `height` are that rendition's, in px; it is smaller only, in the same shape, if it
    would have too many bytes else.
    """

    id: str
    edit: str
    recipe: str
    width: int
    height: int
    caption: str
    alt_text: str
    file: str = ""  # the name it came with: only a label
    alone: bool = False  # the post's only photo
    url: str | None = None  # signed and public, where the network fetches pictures itself
    drawn: str = ""  # the text that is drawn into the picture
    language: str = ""  # of what is drawn, BCP 47: it chooses among shapes of letters
    focal_x: float = 0.5  # 0 left … 1 right of the original: the crop keeps this point in
    focal_y: float = 0.5  # 0 top … 1 bottom


@dataclass(frozen=True)
class PlannedPost:
    """One remote post: its text, with the link already in it, and its photos in order."""

    nth: int  # from 1
    of: int
    text: str
    link: str
    photos: tuple[PlannedPhoto, ...]


@dataclass(frozen=True)
class Staged:
    """What staging (or composing) gave: `data` is stored before the next call."""

    data: Json  # read only by this connector
    wait_s: float | None = None  # not finished: call again with this, after so long
    expires_at: datetime | None = None


Composed = Staged


@dataclass(frozen=True)
class Receipt:
    """Proof that a post is live. `remote_id` None: live for sure, id not to be had."""

    remote_id: str | None
    url: str | None  # None: ask find() later
    data: Json = field(default_factory=dict)  # item ids photo by photo, media to delete


@dataclass(frozen=True)
class Absent:
    """A read found nothing. `final`: it can never appear any more."""

    final: bool = False


@dataclass(frozen=True)
class CannotTell:
    """This network gives no way to know; a person must look."""


@dataclass(frozen=True)
class Part:
    """One planned post and all that is known of it; carry fills it from rows."""

    post: PlannedPost
    key: str  # hash(delivery, nth, generation)
    opened_at: datetime  # fixed: record key, createdAt
    sent_at: datetime | None = None  # last publish intent: reads look from here
    files: Sequence[Path] = ()  # for networks that take bytes with the post
    staged: Sequence[Staged] = ()  # one per photo, in order
    composed: Composed | None = None
    before: Sequence[Receipt] = ()  # earlier parts: [0] root, [-1] parent
    receipt: Receipt | None = None  # once live


class Connector(Protocol):
    """One network, spoken to as one account.

    Translates, and nothing else: no database, no Flask, no retry loop. Expected failures are the
    DeliveryError family. `stage` and `compose` are invisible and may be repeated; `publish` is
    the one call that strangers can see.
    """

    def verify(self) -> Profile:
        """Who this credential is. Raises Disconnected or Refused with one sentence."""

    def limits(self) -> Limits:
        """What goes and what does not."""

    def renew(self) -> Credential:
        """Fresh credential; stored before anything uses it. Disconnected only if confirmed.

        Asked for only where `Network.renew_before` is set. Under EXPIRES it may say when it dies.
        """

    def stage(self, photo: PlannedPhoto, file: Path, sofar: Staged | None) -> Staged:
        """Go one creating request further (upload, then alt text, then poll)."""

    def compose(self, part: Part) -> Composed:
        """Likewise from part.composed; with None, look by key first if a second would stay."""

    def publish(self, part: Part) -> Receipt:
        """The one request strangers see. Nothing after its success raises."""

    def find(self, part: Part) -> Receipt | Absent | CannotTell:
        """Read only. Absent(final=True): it can never appear."""

    def amend(self, part: Part) -> Receipt:
        """Make part.receipt equal part.post. Sets, never adds: twice is once; "not modified" is
        success. Raises Refused(gone=True) if the post is not there any more.
        """

    def retract(self, receipt: Receipt) -> None:
        """Remove post and media. Already gone is success."""

    def discard(self, staged: Sequence[Staged], composed: Composed | None) -> None:
        """Remove what never went out, where the network would keep it."""


@runtime_checkable
class Paced(Protocol):
    """A connector whose network tells in its answers how much more it takes."""

    def pace(self) -> Pace | None:
        """What answers said since this was last asked; None if it changes nothing."""


@dataclass(frozen=True)
class TokenForm:
    """Connecting by pasting a secret: the fields to ask for, name to label.

    The one called `secret`, where there is one, is typed blind and never shown. What was typed,
    by field name, is the credential.
    """

    fields: Mapping[str, str]
    help: str


@dataclass(frozen=True)
class OAuth:
    """Connecting by the network's own page.

    `start` gives the address to send the person to. `finish` trades the code that came back for
    the accounts to choose from, each with its credential. Raises Refused with one sentence.
    """

    ready: Callable[[Settings], bool]  # whether the operator has set an app id and secret
    start: Callable[[Settings, str, str], str]  # settings, redirect address, state
    finish: Callable[[Settings, str, str], Sequence[tuple[Profile, Credential]]]  # …, address, code


@dataclass(frozen=True)
class Network:
    """A service we can post to: how to connect to it and how to build its connector."""

    name: str
    label: str
    build: Callable[[Credential, Settings], Connector]
    token_form: TokenForm | None = None
    oauth: OAuth | None = None
    renew_before: timedelta | None = None  # so long before its end a credential is renewed
