"""The doorbell: heard once, by whoever listens."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from gallery.bell import Bell
from gallery.services import Services


@pytest.fixture
def other(services: Services) -> Iterator[Bell]:
    """The same bell in another process."""
    made = Bell(services.settings)
    yield made
    made.close()


def test_what_is_rung_for_is_heard_once_and_in_order(services: Services, other: Bell) -> None:
    assert not services.bell.rung()
    for id_ in ("first", "second"):
        other.carry(id_)
    other.render("photo")
    assert services.bell.rung()

    heard = [services.bell.next_delivery(), other.next_delivery(), services.bell.next_photo()]

    assert heard == ["first", "second", "photo"]
    assert not services.bell.rung()


@pytest.mark.sqlite
def test_when_nobody_rang_nothing_is_heard(services: Services) -> None:
    assert services.bell.next_delivery() is None


@pytest.mark.postgres
def test_who_waits_is_told_at_once_and_who_waits_in_vain_goes_on(
    services: Services, other: Bell
) -> None:
    heard: list[str] = []

    def listen() -> None:
        for _ in range(20):  # each waits for a second; a busy machine may need several to ring
            found = services.bell.next_delivery()
            if found is not None:
                heard.append(found)
                break
        services.bell.close()

    assert services.bell.next_delivery() is None  # waited for in vain
    waiting = threading.Thread(target=listen)
    waiting.start()
    other.carry("somebody")
    waiting.join(30)

    assert heard == ["somebody"]
