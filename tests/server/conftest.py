"""A real site for each test, and what to ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gallery.models import Role
from tests.fakes.facebook import FacebookFake
from tests.server.client import Client
from tests.server.running import Site
from tests.server.stock import Stock


@pytest.fixture
def site(tmp_path: Path, facebook_fake: FacebookFake) -> Iterator[Site]:
    """A site that is not started yet; ended with the test."""
    made = Site(
        tmp_path, facebook_graph_url=facebook_fake.url, facebook_dialog_url=facebook_fake.url
    )
    yield made
    made.close()


@pytest.fixture
def stock(site: Site) -> Stock:
    """What stands on its shelves."""
    return Stock(site)


@pytest.fixture
def owner(site: Site, stock: Stock) -> Iterator[Client]:
    """An owner's client of the started site."""
    site.start()
    with Client.of(stock, stock.person(Role.OWNER)) as client:
        yield client
