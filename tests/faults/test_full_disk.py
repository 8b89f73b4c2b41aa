"""The disk gets full at every commit and call: what happened is written, and it goes on later."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gallery.models import Delivery
from tests.faults.ground import Ground, Zygote
from tests.faults.matrix import POINTS
from tests.faults.points import Disk

pytestmark = pytest.mark.faults

SMALL_BYTES, TOO_LITTLE_BYTES = 16 << 20, 3 << 20
FULL = [
    (kind, nth)
    for (kind, lost), last in POINTS.items()
    if lost == "no"
    for nth in range(1, last + 1)
]


@pytest.fixture
def ground(zygote: Zygote, tmp_path: Path) -> Iterator[Ground]:
    """A site on a small disk of its own, where the system lets us have one."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_BYTES}", "tmpfs", str(tmp_path)]
    mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    made = Ground.make(zygote, tmp_path, "practice", {"name": "Rehearsal"})
    yield made
    made.close()
    if mounted:
        subprocess.run(["umount", str(tmp_path)], check=True)


def make_room(ground: Ground) -> None:
    """A person deletes something; what waits for room is looked at a minute later."""
    Disk(Path(ground.run.folder)).filler.unlink(missing_ok=True)
    with ground.db.write() as session:
        delivery = session.get_one(Delivery, ground.run.delivery)
        if delivery.wake_at is not None:
            delivery.wake_at = datetime.now(UTC)


@pytest.mark.fault("full disk")
@pytest.mark.parametrize(("kind", "nth"), FULL)
def test_a_disk_that_gets_full_anywhere_loses_nothing_and_doubles_nothing(
    kind: str, nth: int, ground: Ground
) -> None:
    ground.carry(
        kind=kind, nth=nth, when="after", fill=True, disk_bytes=TOO_LITTLE_BYTES, seconds=0.6
    )

    make_room(ground)
    assert ground.carry() == "exit 0"

    assert ground.view().state == "published"
    assert ground.practised() == [ground.order_of()]


@pytest.mark.fault("full disk, after the post")
def test_an_answer_that_comes_on_a_full_disk_is_written_in_the_place_of_the_reserve(
    ground: Ground,
) -> None:
    ground.carry(kind="call", verb="publish", nth=1, when="after", fill=True)

    assert ground.view().state == "published"
    assert ground.practised() == [ground.order_of()]
