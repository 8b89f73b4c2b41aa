"""The fakes, as fixtures for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.facebook import FacebookFake


@pytest.fixture
def facebook_fake() -> Iterator[FacebookFake]:
    """A pretended Facebook of this test's own."""
    fake = FacebookFake()
    yield fake
    fake.close()
