"""Windows of a real Chromium, each watched for anything that must never happen."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *(["--no-sandbox"] if os.geteuid() == 0 else []), "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--force-color-profile=srgb",
)  # fmt: skip
PATIENCE_MS = 20_000  # for whatever a page must come to by itself
expect.set_options(timeout=PATIENCE_MS)
WATCH = """
addEventListener("securitypolicyviolation", (event) => {
  reportToTest(`${event.violatedDirective} refused ${event.blockedURI || event.sourceFile}`);
});
window.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push(one.value);
}).observe({ type: "layout-shift", buffered: true });
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window of its own and with a profile that is thrown away."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, f"These tests need a browser: install one of {', '.join(NAMES)}."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Window:
    """One window with cookies and storage of its own.

    `trouble` collects violations of the content policy, errors of scripts and in the console, and
    requests to other hosts. What a test brings about on purpose it names with `expect`.
    """

    context: BrowserContext
    page: Page
    base: str
    hosts: set[str]
    trouble: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, browser: Browser, base: str, **options: Any) -> Window:
        """A window on the site at `base`; `options` are Playwright's."""
        context = browser.new_context(base_url=base, locale="en-GB", **options)
        context.set_default_timeout(PATIENCE_MS)
        window = cls(context, context.new_page(), base, {urlsplit(base).netloc})
        window._watch()
        return window

    def _watch(self) -> None:
        self.context.expose_binding("reportToTest", lambda _source, said: self.trouble.append(said))
        self.context.add_init_script(WATCH)
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.trouble.append(str(error.error)))
        self.context.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.trouble.append(f"{message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws") and address.netloc not in self.hosts:
            self.trouble.append(f"asked another host: {request.url}")

    def expect(self, words: str) -> None:
        """Trouble that holds these words is meant to happen."""
        self.expected.append(words)

    def sign_in(self, token: str) -> None:
        """Give this window somebody's session."""
        self.context.add_cookies([{"name": "session", "value": token, "url": self.base}])

    def go(self, path: str) -> Page:
        """Open a page of the site and wait for all of it."""
        self.page.goto(path)
        return self.page

    def wait(self, true: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait for something outside of the page to become true, while the page goes on."""
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, "it did not happen in time"
            self.page.wait_for_timeout(20)

    def close(self) -> list[str]:
        """Close it; the trouble that nobody expected."""
        self.context.close()
        return [one for one in self.trouble if not any(words in one for words in self.expected)]


OpenWindow = Callable[..., Window]
