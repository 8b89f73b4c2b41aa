"""Every test of this folder runs once for each network."""

from __future__ import annotations

from pathlib import Path

import pytest

from gallery.networks import NETWORKS
from gallery.settings import Settings
from tests.contract.rigs import FacebookRig, PracticeRig, Rig
from tests.fakes.facebook import FacebookFake


@pytest.fixture(params=sorted(NETWORKS))
def rig(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings, facebook_fake: FacebookFake
) -> Rig:
    """The network under test. One without a rig here fails every test."""
    rigs: dict[str, Rig] = {
        "facebook": FacebookRig(tmp_path, settings, facebook_fake),
        "practice": PracticeRig(tmp_path, settings),
    }
    return rigs[request.param]
