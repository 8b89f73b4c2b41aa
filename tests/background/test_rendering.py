from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import datetime

import pytest

from gallery.albums import intake, opening, renditions
from gallery.background import rendering
from gallery.models import Photo, PhotoState, Visibility
from gallery.services import Services
from tests.albums.pictures import PretendedRenderer, jpeg


@pytest.fixture
def parts(services: Services) -> Services:
    """The running parts, with a renderer that only pretends."""
    return replace(services, renderer=PretendedRenderer())


def asked(parts: Services) -> list[str]:
    """What the renderer had to do."""
    assert isinstance(parts.renderer, PretendedRenderer)
    return parts.renderer.asked


def come_in(parts: Services, count: int, now: datetime) -> list[str]:
    """An album with so many photos that wait."""
    arrivals = [
        intake.receive(parts.storage, io.BytesIO(jpeg(n)), f"{n}.jpg") for n in range(count)
    ]
    with parts.db.write() as session:
        album = opening.create(session, "Album", now=now)
        return [
            intake.admit(session, parts.storage, album, each, now=now, by=None).photo.id
            for each in arrivals
        ]


def test_a_ring_makes_a_photo_ready_and_a_second_ring_does_nothing(
    parts: Services, now: datetime
) -> None:
    (photo_id,) = come_in(parts, 1, now)

    assert rendering.render_one(parts, photo_id) is PhotoState.READY
    assert rendering.render_one(parts, photo_id) is PhotoState.READY
    assert asked(parts) == ["standard"]


def test_a_ring_for_a_photo_that_is_gone_does_no_harm(parts: Services) -> None:
    assert rendering.render_one(parts, "zzzzzz") is None


def test_the_sweep_finds_photos_whose_ring_was_lost_a_few_at_a_time(
    parts: Services, now: datetime
) -> None:
    ids = come_in(parts, 6, now)
    found: list[str] = []
    while batch := rendering.sweep_photos(parts):
        assert len(batch) <= 4
        found += batch
        for photo_id in batch:
            rendering.render_one(parts, photo_id)

    assert found == ids


def test_what_a_killed_process_had_in_hand_is_taken_up_at_the_start(
    parts: Services, now: datetime
) -> None:
    (photo_id,) = come_in(parts, 1, now)
    with parts.db.write() as session:
        renditions.claim(session, photo_id, now=parts.clock.now())
    assert rendering.sweep_photos(parts) == []

    rendering.take_up(parts)

    assert rendering.sweep_photos(parts) == [photo_id]


def test_idle_time_goes_to_cards_and_then_to_avifs_until_all_are_there(
    parts: Services, now: datetime
) -> None:
    ids = come_in(parts, 2, now)
    with parts.db.write() as session:
        album = opening.by_slug(session, "album")
        opening.set_visibility(session, album, Visibility.PUBLIC, now=now)
    for photo_id in ids:
        assert rendering.idle_one(parts) is False
        rendering.render_one(parts, photo_id)

    busy = [rendering.idle_one(parts) for _ in range(4)]

    assert busy == [True, True, True, False]
    assert asked(parts) == ["standard", "standard", "card", "avif", "avif"]
    with parts.db.read() as session:
        assert all(session.get_one(Photo, photo_id).has_avif for photo_id in ids)


def test_bytes_that_nobody_uses_are_tidied_away_after_a_day(parts: Services) -> None:
    left = parts.storage.root / "tmp/left"
    left.touch()
    assert rendering.tidy(parts) == 0

    two_days_ago = parts.clock.now().timestamp() - 48 * 3600
    os.utime(left, (two_days_ago, two_days_ago))

    assert rendering.tidy(parts) == 1
    assert not left.exists()


def test_what_was_taken_down_is_tidied_away_even_if_a_restore_forgot_it(
    parts: Services, now: datetime
) -> None:
    (photo_id,) = come_in(parts, 1, now)
    with parts.db.read() as session:
        sha256 = session.get_one(Photo, photo_id).sha256
    parts.storage.bury(sha256)

    assert rendering.tidy(parts) == 1

    with parts.db.read() as session:
        assert session.get_one(Photo, photo_id).state is PhotoState.HIDDEN
    assert not parts.storage.original(sha256).exists()
    assert rendering.tidy(parts) == 0
