"""Counting as networks count, and cutting where people would."""

from __future__ import annotations

import pytest

from gallery.networks.contract import CountedIn, TextLimit
from gallery.publishing.text import allows, fit, length

LINK = "https://photos.example.org/a/open-house"
FAMILY = "👨‍👩‍👧‍👦"  # seven code points, 25 bytes
PARTS = ("(1/2)", "1/2", "1")


@pytest.mark.parametrize(
    ("counted_in", "text", "count"),
    [
        ("characters", "né" + FAMILY, 9),
        ("bytes", "né" + FAMILY, 28),
        ("graphemes", "ne\u0301" + FAMILY + "🇧🇳🇸🇬", 5),
        ("utf16", "né中🎉", 5),
        ("weighted", "né中🎉" + FAMILY + "🇧🇳", 10),
        ("weighted", "e\u0301", 1),
        ("weighted", "“—” …", 6),
        ("emoji_bytes", "né中🎉", 7),
        ("emoji_bytes", FAMILY, 25),
    ],
)
def test_each_network_counts_in_its_own_way(counted_in: CountedIn, text: str, count: int) -> None:
    assert length(text, TextLimit(500, counted_in)) == count


@pytest.mark.parametrize(
    ("text", "counted_in", "count"),
    [
        (f"See {LINK}.", "graphemes", 4 + 23 + 1),
        ("See https://a.co and http://b.org/x", "graphemes", 4 + 23 + 5 + 23),
        ("http://localhost:8000/a/x", "graphemes", 25),  # nobody shortens what leads nowhere
        ("https://例子.org/a", "graphemes", 16),
        ("a.co", "graphemes", 4),
        ("a.co", "weighted", 23),  # X links it all the same
        ("me@a.co", "weighted", 7),
        (f"{LINK} {LINK}", "weighted", 47),
    ],
)
def test_a_link_counts_what_the_network_says(text: str, counted_in: CountedIn, count: int) -> None:
    assert length(text, TextLimit(500, counted_in, link_counts=23)) == count


def test_bytes_hold_besides_what_is_counted() -> None:
    limit = TextLimit(300, "graphemes", most_bytes=3_000)

    assert allows(limit, FAMILY * 120)
    assert not allows(limit, FAMILY * 121)
    assert not allows(limit, "a" * 301)


def test_a_cut_never_goes_through_what_people_take_for_one_character() -> None:
    for most in range(3, 60):
        kept = fit(FAMILY * 9, TextLimit(most, "bytes")).text.removesuffix("…")
        assert len(kept) % len(FAMILY) == 0


def test_a_cut_is_made_at_the_end_of_a_word_where_one_is_near() -> None:
    assert fit("Selamat datang, semua", TextLimit(17)).text == "Selamat datang…"
    assert fit("Selamat " + "x" * 99, TextLimit(90)).text == "Selamat " + "x" * 81 + "…"


def test_a_link_in_the_text_is_kept_whole_or_not_at_all() -> None:
    text = f"Photos at {LINK} and more of them elsewhere"

    assert fit(text, TextLimit(len(text) - 1)).text == f"Photos at {LINK} and more of them…"
    assert fit(text, TextLimit(53)).text == f"Photos at {LINK} …"
    assert fit(text, TextLimit(48)).text == "Photos at…"


def test_a_link_that_only_begins_like_ours_is_another() -> None:
    fitted = fit(f"Last year: {LINK}-2025", TextLimit(500), (), LINK)

    assert fitted.text == f"Last year: {LINK}-2025\n\n{LINK}"


def test_the_link_that_a_text_loses_is_added_again() -> None:
    fitted = fit(f"{'word ' * 20}{LINK}", TextLimit(100), PARTS, LINK)

    assert fitted.text.endswith(f"word…\n\n(1/2)\n{LINK}")
    assert fitted.cut.endswith(LINK)
    assert fitted.has_link


def test_the_link_that_a_text_keeps_is_not_added_again() -> None:
    fitted = fit(f"{LINK} {'word ' * 20}", TextLimit(100), PARTS, LINK)

    assert fitted.text.count(LINK) == 1
    assert fitted.text.endswith("word…\n\n(1/2)")
    assert fitted.has_link


@pytest.mark.parametrize(
    ("most", "text", "has_link"),
    [
        (len(LINK) + 6, f"(1/2)\n{LINK}", True),
        (len(LINK) + 4, f"1/2\n{LINK}", True),
        (len(LINK) + 2, f"1\n{LINK}", True),
        (len(LINK) + 1, "Hello there\n\n(1/2)", False),
        (5, "(1/2)", False),
        (3, "1/2", False),
        (2, "1", False),
        (0, "", False),
    ],
)
def test_where_there_is_no_room_the_number_stays_longest(
    most: int, text: str, has_link: bool
) -> None:
    fitted = fit("Hello there", TextLimit(most), PARTS, LINK)

    assert (fitted.text, fitted.has_link) == (text, has_link)
    assert fitted.cut == ("" if text.startswith("Hello") else "Hello there")


def test_what_shortens_a_text_by_making_it_longer_does_not_break_the_limit() -> None:
    limit = TextLimit(30, "weighted", link_counts=23)

    for end in range(len("x y example.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")):
        text = "x y example.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"[:end] + " " + "y" * 30
        assert length(fit(text, limit).text, limit) <= 30
