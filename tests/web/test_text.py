"""Dates, counts and classes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from gallery.web import text


@pytest.mark.parametrize(
    ("language", "direction"),
    [("en", "ltr"), ("ms", "ltr"), ("ms-Arab", "rtl"), ("ms-arab-BN", "rtl"), ("ar", "rtl"),
     ("ar-Latn", "ltr"), ("zh-Hans", "ltr"), ("ur", "rtl"), ("", "ltr")],
)  # fmt: skip
def test_the_direction_follows_the_language(language: str, direction: str) -> None:
    assert text.direction(language) == direction


def test_days_and_times_in_words() -> None:
    assert text.day(date(2026, 11, 24)) == "24 November 2026"
    assert text.day(date(2026, 11, 24), weekday=True) == "Tuesday 24 November 2026"
    assert text.times(time(9), time(17, 30)) == "09:00–17:30"
    assert text.times(time(9), None) == "from 09:00"
    assert text.times(None, time(9)) == ""
    assert (
        text.moment(datetime(2026, 11, 23, 17, 5, tzinfo=UTC), "Asia/Brunei")
        == "24 November 2026, 01:05"
    )


def test_counts_in_words() -> None:
    assert [text.count(n, "photo") for n in (0, 1, 1204)] == ["0 photos", "1 photo", "1,204 photos"]
    assert text.count(2, "delivery", "deliveries") == "2 deliveries"


@pytest.mark.parametrize(
    ("size", "looks"),
    [((4000, 3000), "r135"), ((3, 2), "r150"), ((2, 3), "r65"), ((9, 1), "r300"), ((1, 9), "r40"),
     ((0, 0), "r135")],
)  # fmt: skip
def test_ratios_become_the_nearest_class(size: tuple[int, int], looks: str) -> None:
    assert text.ratio_class(*size) == looks


@pytest.mark.parametrize(
    ("size", "edge", "smaller"),
    [((3000, 2000), 640, (640, 427)), ((2000, 3000), 640, (427, 640)), ((300, 200), 640, (300, 200)),
     ((10000, 1), 320, (320, 1)), ((0, 0), 320, (1, 1))],
)  # fmt: skip
def test_renditions_are_never_larger_than_the_original(
    size: tuple[int, int], edge: int, smaller: tuple[int, int]
) -> None:
    assert text.size_at(*size, edge) == smaller
