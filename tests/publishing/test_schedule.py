"""Wall times: what is typed, which instant it is, and what clocks skip or show twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.errors import InvalidInput
from gallery.publishing.schedule import When, instant, parse, staggered, words, zone_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = ["Asia/Brunei", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]


@pytest.mark.parametrize(
    ("typed", "zone", "at"),
    [
        ("2026-11-25 09:00", "Asia/Brunei", "2026-11-25T01:00"),
        (" 2026-11-25T09:00 ", "Asia/Brunei", "2026-11-25T01:00"),
        ("2026-11-25T09:00:00", "Asia/Brunei", "2026-11-25T01:00"),
        ("2026-11-25 09:00+08:00", "Europe/Berlin", "2026-11-25T01:00"),
        ("2026-11-25 09:00 +0800", "Europe/Berlin", "2026-11-25T01:00"),
        ("2026-11-25T01:00Z", "Asia/Brunei", "2026-11-25T01:00"),
        ("2026-11-25 02:00 Europe/Berlin", "Asia/Brunei", "2026-11-25T01:00"),
    ],
)
def test_a_time_is_read_in_its_zone(typed: str, zone: str, at: str) -> None:
    assert parse(typed, zone, NOW).at == datetime.fromisoformat(at).replace(tzinfo=UTC)


def test_what_is_stored_gives_the_same_instant_again() -> None:
    for typed in ("2026-10-25 02:30+01:00", "2026-10-25 02:30+02:00", "2026-06-01 09:00"):
        when = parse(typed, "Europe/Berlin", NOW)

        assert When.of(when.wall, when.zone) == when


def test_the_second_of_two_equal_wall_times_is_kept_in_utc() -> None:
    when = parse("2026-10-25 02:30+01:00", "Europe/Berlin", NOW)

    assert (when.wall, when.zone) == ("2026-10-25T01:30", "UTC")


@pytest.mark.parametrize(
    ("wall", "zone", "at"),
    [
        ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:00"),  # skipped: the first after it
        ("2026-03-29T02:00", "Europe/Berlin", "2026-03-29T01:00"),
        ("2026-03-29T01:59", "Europe/Berlin", "2026-03-29T00:59"),
        ("2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00"),
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30"),  # twice: the first
        ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:30"),  # half an hour is skipped
        ("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00"),  # a whole day is skipped
    ],
)
def test_what_clocks_skip_or_show_twice_is_one_instant(wall: str, zone: str, at: str) -> None:
    found = instant(datetime.fromisoformat(wall), ZoneInfo(zone))

    assert found == datetime.fromisoformat(at).replace(tzinfo=UTC)


@given(
    st.integers(0, 3 * 365 * 24 * 60).map(
        lambda minutes: (NOW - timedelta(days=365, minutes=-minutes)).replace(tzinfo=None)
    ),
    st.sampled_from(ZONES),
)
def test_no_wall_time_is_lost_and_none_comes_before_an_earlier_one(
    wall: datetime, zone: str
) -> None:
    at = instant(wall, ZoneInfo(zone))

    shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert wall <= shown <= wall + timedelta(hours=1)
    assert at <= instant(wall + timedelta(minutes=1), ZoneInfo(zone))
    before = at - timedelta(seconds=1)
    assert before.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall


@pytest.mark.parametrize(
    ("typed", "zone", "says"),
    [
        ("tomorrow", "UTC", "“tomorrow” is no date and time; write it like 2026-11-25 09:00."),
        ("2026-13-01 09:00", "UTC", "“2026-13-01 09:00” is no date and time"),
        ("9999-12-31 23:59", "America/New_York", "“9999-12-31 23:59” is no date and time"),
        ("2026-11-25 09:00+99:00", "UTC", "is no date and time"),
        ("2026-11-25 09:00 Mars/Base", "UTC", "There is no time zone “Mars/Base”"),
        ("2026-11-25 09:00", "Asia", "There is no time zone “Asia”"),
        ("2025-12-31 23:58", "UTC", "Wed 31 December 2025, 23:58 (UTC) is past already"),
        ("2031-12-31 09:00", "UTC", "is more than 5 years ahead"),
    ],
)
def test_what_can_not_be_a_schedule_is_refused(typed: str, zone: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says.replace("(", r"\(").replace(")", r"\)")):
        parse(typed, zone, NOW)


def test_a_time_within_the_last_minute_is_now() -> None:
    assert parse("2025-12-31 23:59", "UTC", NOW).at < NOW


def test_several_accounts_come_one_after_the_other() -> None:
    first = parse("2026-11-25 09:00", "Asia/Brunei", NOW)

    times = staggered(first, 3, 15)

    assert [when.wall[11:] for when in times] == ["09:00", "09:15", "09:30"]
    assert staggered(first, 2, 0) == [first, first]
    for minutes in (-1, 24 * 60 + 1):
        with pytest.raises(InvalidInput, match="0 to 1440 minutes"):
            staggered(first, 2, minutes)


@pytest.mark.parametrize("wall", ["2026-03-29T01:50", "2026-10-25T02:50", "2026-10-25T01:50"])
def test_a_stagger_across_a_change_of_clocks_keeps_its_distance(wall: str) -> None:
    times = staggered(When.of(wall, "Europe/Berlin"), 5, 20)

    for a, b in pairwise(times):
        assert b.at - a.at >= timedelta(minutes=20)
    assert all(When.of(when.wall, when.zone) == when for when in times)


def test_a_time_is_told_with_its_place() -> None:
    when = When.of("2026-11-25T09:00", "America/New_York")

    assert words(when) == "Wed 25 November 2026, 09:00 (New York)"
    assert words(when, when.at - timedelta(days=2)) == "Wed 09:00 (New York)"
    assert words(when, when.at - timedelta(days=7)) == "Wed 25 November 2026, 09:00 (New York)"
    assert words(when, when.at + timedelta(days=1)) == "Wed 25 November 2026, 09:00 (New York)"
    assert zone_of("UTC") == ZoneInfo("UTC")
