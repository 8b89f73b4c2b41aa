"""The watch itself: what must never happen is seen when it happens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.windows import Window
from tests.server.running import Site

pytestmark = pytest.mark.browser

INLINE = """() => {
  const style = document.createElement("style");
  style.textContent = "body { color: red }";
  document.head.append(style);
}"""
PROVOKED = {
    "an inline style": (INLINE, "style-src-elem refused inline"),
    "a script's request to another host": (
        "() => { void fetch('http://127.0.0.2:4/x').catch(() => {}); }",
        "connect-src refused http://127.0.0.2:4/x",
    ),
    "a way to another host": (
        "() => { location.href = 'http://127.0.0.2:4/x'; }",
        "asked another host: http://127.0.0.2:4/x",
    ),
    "an error in the console": ("() => console.error('it went wrong')", "it went wrong"),
    "an error of a script": (
        "() => { setTimeout(() => { throw new Error('thrown'); }); }",
        "thrown",
    ),
}


@pytest.mark.parametrize("what", PROVOKED)
def test_trouble_that_is_provoked_is_seen(browser: Browser, site: Site, what: str) -> None:
    script, told = PROVOKED[what]
    window = Window.open(browser, site.url)

    window.go("/").evaluate(script)
    window.wait(lambda: any(told in trouble for trouble in window.trouble))

    assert any(told in trouble for trouble in window.close())


def test_a_quiet_page_makes_none(browser: Browser, site: Site) -> None:
    window = Window.open(browser, site.url)

    window.go("/")

    assert window.close() == []
