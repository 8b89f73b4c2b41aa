"""The fakes, as fixtures for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.facebook import FacebookFake
from tests.fakes.smtp import SmtpFake


@pytest.fixture
def facebook_fake() -> Iterator[FacebookFake]:
    """A pretended Facebook of this test's own."""
    fake = FacebookFake()
    yield fake
    fake.close()


@pytest.fixture
def smtp_fake() -> Iterator[SmtpFake]:
    """A mail server of this test's own."""
    fake = SmtpFake()
    yield fake
    fake.close()
