"""All that a test may ask of the pretended Facebook: faults, state, clock."""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

from tests.fakes.facebook.envelope import Call
from tests.fakes.facebook.faults import Fault, Faults
from tests.fakes.facebook.routes import answer
from tests.fakes.facebook.world import Post, World


@dataclass(frozen=True)
class Logged:
    """One request that arrived. Tokens and bytes are left out."""

    method: str
    path: str
    params: dict[str, str]
    files: int
    token_in: str  # header, address, body; empty without a token
    at: float  # boot clock, s


@dataclass(frozen=True)
class SeenPhoto:
    """One photo of a post, as visitors of the Page have it."""

    id: str
    sha256: str
    caption: str
    alt_text: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True)
class SeenPost:
    """One post that strangers can see."""

    id: str
    message: str
    permalink_url: str
    photos: tuple[SeenPhoto, ...]

    @property
    def photo_count(self) -> int:
        """How many photos it holds."""
        return len(self.photos)


class Control:
    """The state and the switches, shared by the server and the tests."""

    def __init__(self) -> None:
        self.idle = threading.Event()  # never set: waits that end by themselves
        self.world = World()
        self.faults = Faults()
        self.latency_s = 0.0
        self.requests: list[Logged] = []
        self._late: list[threading.Timer] = []

    def reset(self) -> None:
        """A new world, without faults; what was to be committed late never is."""
        for timer in self._late:
            timer.cancel()
        self._late.clear()
        self.faults.clear()
        self.world = World()
        self.latency_s = 0.0
        self.requests.clear()

    def log(self, call: Call) -> None:
        """Remember a request."""
        path = "/" + "/".join(call.path)
        hidden = ("client_secret", "appsecret_proof", "fb_exchange_token", "input_token")
        params = {name: value for name, value in call.params.items() if name not in hidden}
        self.requests.append(
            Logged(call.method, path, params, len(call.files), call.token_in, at=time.monotonic())
        )

    def commit_late(self, seconds: float, call: Call) -> None:
        """Do what was asked, so many seconds from now."""
        timer = threading.Timer(seconds, answer, (self.world, call))
        timer.daemon = True
        self._late.append(timer)
        timer.start()

    def settle(self) -> None:
        """Wait until everything that was to be committed late is."""
        for timer in self._late:
            timer.join()

    def visible_posts(self) -> list[SeenPost]:
        """All posts that strangers can see, oldest first."""
        with self.world.lock:
            return [self._seen(post) for post in self.world.posts.values() if post.published]

    def _seen(self, post: Post) -> SeenPost:
        photos = [self.world.photos[photo] for photo in post.photos]
        return SeenPost(
            id=post.id,
            message=post.message,
            permalink_url=self.world.permalink(post),
            photos=tuple(
                SeenPhoto(
                    id=photo.id,
                    sha256=photo.sha256,
                    caption=photo.caption,
                    alt_text=photo.alt_text,
                    width=photo.picture.width,
                    height=photo.picture.height,
                    bytes=len(photo.data),
                )
                for photo in photos
            ),
        )

    def state(self) -> dict[str, Any]:
        """Everything a test in another process may want to see."""
        with self.world.lock:
            return {
                "posts": [asdict(post) for post in self.visible_posts()],
                "ever_posted": list(self.world.ever_posted),
                "uploads": self.world.uploads,
                "photos": sorted(self.world.photos),
                "requests": [asdict(request) for request in self.requests],
            }

    def command(self, method: str, name: str, given: dict[str, Any]) -> tuple[int, Any]:
        """One request to /_control/<name>."""
        if (method, name) == ("GET", "state"):
            return 200, self.state()
        if method != "POST":
            return 405, {
                "error": "GET state; POST fault, clear, release, reset, set, advance, revoke"
            }
        if name == "fault":
            return self._add(given)
        return self._simple(name, given)

    def _add(self, given: dict[str, Any]) -> tuple[int, Any]:
        try:
            self.faults.add(Fault(**given))
        except (TypeError, ValueError) as error:
            return 400, {"error": str(error)}
        return 200, {}

    def _simple(self, name: str, given: dict[str, Any]) -> tuple[int, Any]:
        if name == "clear":
            self.faults.clear()
        elif name == "release":
            self.faults.released.set()
        elif name == "reset":
            self.reset()
        elif name == "advance":
            self.world.offset_s += float(given["seconds"])
        elif name == "revoke":
            self.world.tokens[given["token"]].dead = int(given.get("subcode", 460))
        elif name == "set":
            for key, value in given.items():
                setattr(self if key == "latency_s" else self.world, key, value)
        else:
            return 404, {"error": f"There is no {name}."}
        return 200, {}
