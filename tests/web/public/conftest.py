"""What the tests of public pages share."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.public.scene import Scene


@pytest.fixture
def scene(app: Flask) -> Scene:
    """An app to put albums and photos into."""
    return Scene(app)
