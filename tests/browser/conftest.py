"""One Chromium and one site for all tests of a process; windows that must end without trouble."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from gallery.models import Role
from gallery.settings import Secret
from tests.browser.windows import OpenWindow, Window, chromium
from tests.fakes.facebook import FacebookFake
from tests.samples import make_photos
from tests.server.running import Site
from tests.server.stock import Stock


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def far_side() -> Iterator[FacebookFake]:
    """The pretended Facebook that the site talks to."""
    fake = FacebookFake()
    yield fake
    fake.close()


@pytest.fixture
def fake(far_side: FacebookFake) -> Iterator[FacebookFake]:
    """The same, without faults before and after."""
    yield far_side
    far_side.control.faults.clear()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, far_side: FacebookFake) -> Iterator[Site]:
    """A running site that can connect to the pretended Facebook."""
    made = Site(
        tmp_path_factory.mktemp("site"),
        facebook_graph_url=far_side.url,
        facebook_dialog_url=far_side.url,
        facebook_app_id=far_side.app_id,
        facebook_app_secret=Secret(far_side.app_secret),
    )
    made.start()
    yield made
    code = made.stop()
    made.close()
    assert code == 0
    assert "Traceback" not in made.complaints()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    """A site that nobody has set up."""
    made = Site(tmp_path).start()
    yield made
    made.close()


@pytest.fixture(scope="session")
def stock(site: Site) -> Stock:
    """What stands on that site's shelves."""
    return Stock(site)


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Twenty-four photos of two megapixels."""
    return make_photos(tmp_path_factory.mktemp("photos"), 24, megapixels=2.0)


@pytest.fixture
def open_window(browser: Browser, site: Site) -> Iterator[OpenWindow]:
    """Opens windows on the site, or on another one (`at`); fails if any of them had trouble."""
    opened: list[Window] = []

    def open_(at: str = site.url, **options: object) -> Window:
        opened.append(Window.open(browser, at, **options))
        return opened[-1]

    yield open_
    assert [trouble for window in opened for trouble in window.close()] == []


@pytest.fixture
def window(open_window: OpenWindow) -> Window:
    """A visitor's window."""
    return open_window()


@pytest.fixture
def owner(open_window: OpenWindow, stock: Stock) -> Window:
    """A window of an owner who signed in just now."""
    made = open_window()
    made.sign_in(stock.session_of(stock.person(Role.OWNER)))
    return made
