"""A network in memory whose every answer can be scripted: for what carry does, not for wire formats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Lock

from gallery.errors import OutcomeUnknown, Refused
from gallery.networks.contract import (
    Absent,
    CannotTell,
    Composed,
    Credential,
    Limits,
    Network,
    Pace,
    Part,
    PictureLimit,
    PlannedPhoto,
    Profile,
    Receipt,
    Staged,
    TextLimit,
)
from gallery.settings import Settings

LIMITS = Limits(
    photos_per_post=10,
    text=TextLimit(500),
    caption=TextLimit(200),
    alt_text=TextLimit(200),
    picture=PictureLimit(),
    settle_s=90.0,
    source="made up",
    amend=frozenset({"text", "caption", "alt", "order", "drop"}),
    media_ttl_s=86_400.0,
)


@dataclass(frozen=True)
class Shown:
    """One post that strangers see."""

    id: str
    key: str
    text: str
    photos: tuple[str, ...]
    captions: tuple[str, ...]
    alt_texts: tuple[str, ...] = ()


Act = Callable[[], object]


@dataclass
class Pretend:
    """The far side. `script` holds, by verb, what the next calls do instead of answering."""

    limits: Limits = LIMITS
    shown: list[Shown] = field(default_factory=list)
    posted: int = 0  # ever
    uploads: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    script: dict[str, list[Exception | str | Staged | Receipt | Credential | Act]] = field(
        default_factory=lambda: defaultdict(list)
    )
    files: list[Path] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    paces: list[Pace] = field(default_factory=list)  # what the next answers say of our pace
    befores: list[list[str | None]] = field(default_factory=list)  # of each publish: parts before
    renew_before: timedelta | None = None
    secrets: list[str] = field(default_factory=list)  # the credential of each call, in order

    def network(self) -> Mapping[str, Network]:
        """What a Carrier takes instead of the real ones."""
        network = Network("pretend", "Pretend", self._build, renew_before=self.renew_before)
        return {"pretend": network}

    def _build(self, credential: Credential, _settings: Settings) -> PretendConnector:
        return PretendConnector(self, credential)


class PretendConnector:
    """See contract.Connector."""

    def __init__(self, far: Pretend, credential: Credential) -> None:
        self._far = far
        self._secret = credential.get("secret", "")

    def _play(self, verb: str, about: str = "") -> object:
        """Count the call; give what is scripted: an error to raise now, or a word for later."""
        with self._far.lock:
            self._far.calls.append(f"{verb} {about}".strip())
            self._far.secrets.append(self._secret)
            plays = self._far.script[verb]
            play = plays.pop(0) if plays else "ok"
        if isinstance(play, Exception):
            raise play
        return play() if callable(play) else play

    def verify(self) -> Profile:
        return Profile("1", "Pretend")

    def limits(self) -> Limits:
        return self._far.limits

    def renew(self) -> Credential:
        play = self._play("renew")
        return play if isinstance(play, dict) else {"secret": f"{self._secret}+"}

    def pace(self) -> Pace | None:
        return self._far.paces.pop(0) if self._far.paces else None

    def stage(self, photo: PlannedPhoto, file: Path, sofar: Staged | None) -> Staged:
        play = self._play("stage", photo.id)
        if isinstance(play, Staged):
            return play
        with self._far.lock:
            upload = f"u{len(self._far.uploads) + 1}"
            self._far.uploads.append(upload)
        if play == "commit and lose":
            raise OutcomeUnknown("The answer was lost.")
        return Staged({"upload": upload, "photo": photo.id, "bytes": file.stat().st_size})

    def compose(self, part: Part) -> Composed:
        self._play("compose", str(part.post.nth))
        return Staged({"composed": True})

    def publish(self, part: Part) -> Receipt:
        play = self._play("publish", str(part.post.nth))
        self._far.befores.append([receipt.remote_id for receipt in part.before])
        if isinstance(play, Receipt):
            return play
        post = Shown(
            id=f"post{self._far.posted + 1}",
            key=part.key,
            text=part.post.text,
            photos=tuple(str(staged.data["photo"]) for staged in part.staged),
            captions=tuple(photo.caption for photo in part.post.photos),
            alt_texts=tuple(photo.alt_text for photo in part.post.photos),
        )
        self._far.shown.append(post)
        self._far.posted += 1
        self._far.files.extend(part.files)
        if play == "commit and lose":
            raise OutcomeUnknown("The answer was lost.")
        return Receipt(post.id, f"https://pretend.example/{post.id}")

    def find(self, part: Part) -> Receipt | Absent | CannotTell:
        play = self._play("find", str(part.post.nth))
        if play == "cannot tell":
            return CannotTell()
        if play == "final":
            return Absent(final=True)
        found = next((post for post in self._far.shown if post.key == part.key), None)
        if found is None or play == "nothing":
            return Absent()
        return Receipt(found.id, f"https://pretend.example/{found.id}")

    def amend(self, part: Part) -> Receipt:
        assert part.receipt is not None
        play = self._play("amend", str(part.receipt.remote_id))
        shown = next((post for post in self._far.shown if post.id == part.receipt.remote_id), None)
        if shown is None:
            raise Refused("This post is not there any more.", gone=True)
        photos = part.post.photos
        changed = replace(
            shown,
            text=part.post.text,
            photos=tuple(photo.id for photo in photos),
            captions=tuple(photo.caption for photo in photos),
            alt_texts=tuple(photo.alt_text for photo in photos),
        )
        self._far.shown[self._far.shown.index(shown)] = changed
        if play == "commit and lose":
            raise OutcomeUnknown("The answer was lost.")
        return play if isinstance(play, Receipt) else part.receipt

    def retract(self, receipt: Receipt) -> None:
        play = self._play("retract", str(receipt.remote_id))
        self._far.shown = [post for post in self._far.shown if post.id != receipt.remote_id]
        if play == "commit and lose":
            raise OutcomeUnknown("The answer was lost.")

    def discard(self, staged: Sequence[Staged], composed: Composed | None) -> None:
        about = sorted(str(one.data["upload"]) for one in staged) + ["composed"] * bool(composed)
        self._play("discard", " ".join(about))
