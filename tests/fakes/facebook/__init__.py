"""A pretended Facebook: strict, on a loopback socket, with faults to switch on.

In a test, use the fixture `facebook_fake` (tests/fakes/fixtures.py). In another process,
`python -m tests.fakes.facebook --port N`, steered by JSON at /_control/fault, /_control/state ….
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.fakes.facebook.control import Control, Logged, SeenPhoto, SeenPost
from tests.fakes.facebook.faults import Fault, Kind
from tests.fakes.facebook.server import serve
from tests.fakes.facebook.world import APP_ID, APP_SECRET, PAGE_ID, PAGE_TOKEN, USER_TOKEN, World

if TYPE_CHECKING:
    from gallery.settings import Settings  # the fake itself runs without the program

__all__ = ["FacebookFake", "Fault", "Logged", "SeenPhoto", "SeenPost"]


class FacebookFake:
    """The running fake. `world` holds its state, `fault` makes it fail."""

    app_id = APP_ID
    app_secret = APP_SECRET
    page_id = PAGE_ID
    page_token = PAGE_TOKEN
    user_token = USER_TOKEN

    def __init__(self, port: int = 0) -> None:
        self.control = Control()
        self._server, self._thread = serve(self.control, port)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def world(self) -> World:
        """Pages, tokens, photos, posts, clock, lags."""
        return self.control.world

    @property
    def visible_posts(self) -> list[SeenPost]:
        """All posts that strangers can see, oldest first."""
        return self.control.visible_posts()

    @property
    def uploads(self) -> int:
        """How many photos were ever uploaded."""
        return self.world.uploads

    @property
    def requests(self) -> list[Logged]:
        """Everything that arrived, in order."""
        return list(self.control.requests)

    @property
    def credential(self) -> dict[str, str]:
        """What a person pastes to connect the Page."""
        return {"page_id": self.page_id, "secret": self.page_token}

    def settings(self, settings: Settings, *, app: bool = False, **more: Any) -> Settings:
        """These settings, led to the fake; with `app`, the Meta app's id and secret as well."""
        secret = type(settings.facebook_app_secret)
        known = {"facebook_app_id": APP_ID, "facebook_app_secret": secret(APP_SECRET)}
        here = {"facebook_graph_url": self.url, "facebook_dialog_url": self.url}
        return replace(settings, **{**here, **(known if app else {}), **more})

    def fault(self, method: str, path: str, kind: Kind, **more: Any) -> Fault:
        """Go wrong at requests whose path matches; see Fault for the numbers."""
        return self.control.faults.add(Fault(method, path, kind, **more))

    def release(self) -> None:
        """Let go what hangs."""
        self.control.faults.released.set()

    def settle(self) -> None:
        """Wait until everything that was to be committed late is."""
        self.control.settle()

    def revoke(self, token: str = PAGE_TOKEN, subcode: int = 460) -> None:
        """Make a token invalid for good."""
        self.world.tokens[token].dead = subcode

    def advance(self, seconds: float) -> None:
        """Move Facebook's clock."""
        self.world.offset_s += seconds

    def close(self) -> None:
        """Stop serving and end every connection."""
        self.control.reset()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server.cut_all()
