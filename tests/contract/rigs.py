"""A connector with what a test must see of its network: one rig for each network."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from gallery.networks import NETWORKS, practice
from gallery.networks.contract import (
    Connector,
    Credential,
    Part,
    PlannedPhoto,
    PlannedPost,
    Receipt,
)
from gallery.settings import Settings
from tests.fakes.facebook import FacebookFake

CANARY = "canary-secret-5b1e9c77"


@dataclass(frozen=True)
class Live:
    """A post as strangers see it."""

    text: str
    photos: tuple[tuple[str, str, str], ...]  # SHA-256, caption, alt text


class Rig(ABC):
    """One network under test. `connector` speaks with a right credential."""

    network: str
    credential: Credential
    settings: Settings

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys = count(1)

    @property
    def connector(self) -> Connector:
        """A new connector with the right credential."""
        return NETWORKS[self.network].build(self.credential, self.settings)

    @abstractmethod
    def live(self) -> list[Live]:
        """What strangers see, oldest first."""

    @abstractmethod
    def media(self) -> int:
        """How many pictures the network keeps, seen or not."""

    @abstractmethod
    def lose_next_answer(self) -> Connector:
        """A connector whose next publish happens, but whose answer is lost."""

    def picture(self, text: str) -> Path:
        """A picture file with its own bytes."""
        path = self._folder / f"{hashlib.sha256(text.encode()).hexdigest()[:12]}.jpg"
        path.write_bytes(jpeg(text))
        return path

    def photo(self, nth: int) -> PlannedPhoto:
        """A planned photo."""
        return PlannedPhoto(
            id=f"p{nth}",
            edit="0123456789ab",
            recipe="network",
            width=24,
            height=16,
            caption=f"Caption {nth}: kampung di tepi sungai",
            alt_text=f"Alt text {nth}: 人们在跳舞",
        )

    def part(self, photos: int = 2, text: str = "An evening together", link: str = "") -> Part:
        """A post about to be staged, with a key of its own."""
        opened_at = datetime.now(UTC)
        planned = tuple(self.photo(nth) for nth in range(1, photos + 1))
        post = PlannedPost(nth=1, of=1, text=text, link=link, photos=planned)
        return Part(post, key=f"key-{next(self._keys)}", opened_at=opened_at, sent_at=opened_at)

    def expected(self, part: Part) -> Live:
        """What strangers should see of it."""
        return Live(
            part.post.text,
            tuple(
                (hashlib.sha256(jpeg(photo.id)).hexdigest(), photo.caption, photo.alt_text)
                for photo in part.post.photos
            ),
        )

    def staged(self, part: Part, connector: Connector | None = None) -> Part:
        """The part with its photos staged and composed."""
        at = connector or self.connector
        staged = [at.stage(photo, self.picture(photo.id), None) for photo in part.post.photos]
        part = replace(part, staged=staged)
        return replace(part, composed=at.compose(part))

    def published(self, part: Part) -> tuple[Part, Receipt]:
        """The part, live, and its receipt."""
        part = self.staged(part)
        receipt = self.connector.publish(part)
        return replace(part, receipt=receipt), receipt


class FacebookRig(Rig):
    """The connector for a Page, against the pretended Facebook."""

    network = "facebook"

    def __init__(self, folder: Path, settings: Settings, fake: FacebookFake) -> None:
        super().__init__(folder)
        self.fake = fake
        self.credential = fake.credential
        self.settings = fake.settings(settings)

    def live(self) -> list[Live]:
        return [
            Live(post.message, tuple((p.sha256, p.caption, p.alt_text) for p in post.photos))
            for post in self.fake.visible_posts
        ]

    def media(self) -> int:
        return len(self.fake.world.photos)

    def lose_next_answer(self) -> Connector:
        self.fake.fault("POST", "/feed$", "cut_after_commit")
        return self.connector


class PracticeRig(Rig):
    """The practice network."""

    network = "practice"
    credential = {"name": "Rehearsal"}  # noqa: RUF012

    def __init__(self, folder: Path, settings: Settings) -> None:
        super().__init__(folder)
        self.settings = settings
        self.folder = practice.folder_of(settings)

    def live(self) -> list[Live]:
        return [
            Live(
                post["text"],
                tuple(
                    (self._sha256(post, p["file"]), p["caption"], p["alt_text"])
                    for p in post["photos"]
                ),
            )
            for post in reversed(practice.recent(self.folder))
        ]

    def media(self) -> int:
        return len(list(self.folder.rglob("*.jpg")))

    def lose_next_answer(self) -> Connector:
        return NETWORKS["practice"].build({**self.credential, "lost_answers": "yes"}, self.settings)

    def _sha256(self, post: dict[str, str], name: str) -> str:
        path = practice.picture(self.folder, post["id"], name)
        assert path is not None
        return hashlib.sha256(path.read_bytes()).hexdigest()


def jpeg(comment: str, width: int = 24, height: int = 16) -> bytes:
    """Bytes that begin as a JPEG of this size does, with a comment that makes them its own."""
    text = comment.encode()
    frame = b"\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x03" + bytes(9)
    segments = [(0xFE, text), (0xC0, frame)]
    body = b"".join(
        bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2) + data for marker, data in segments
    )
    return b"\xff\xd8" + body + b"\xff\xd9"


def chain(error: BaseException | None) -> str:
    """All that an exception and those behind it would show."""
    shown: Sequence[str] = []
    while error is not None:
        shown = [*shown, repr(error), str(error), repr(vars(error))]
        error = error.__cause__ or error.__context__
    return "\n".join(shown)
