"""No secret is left in what is shown or handed out, and what is none is left alone."""

from __future__ import annotations

import pytest

from gallery.publishing.scrub import Scrubber

KNOWN = Scrubber.of(["canary-secret", "canary-secret-longer", "x"])
RANDOM = "EAABsbCS1iHgBO7ZC3ZCq1d0ZBkZD9x2"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("It was canary-secret.", "It was ***."),
        ("It was canary-secret-longer.", "It was ***."),
        ("GET /me?access_token=abc&fields=id", "GET /me?access_token=***&fields=id"),
        ('{"appsecret_proof": "0a1b"}', '{"appsecret_proof": "***"}'),
        ("Authorization: Bearer abcdefgh.ijk", "Authorization: Bearer ***"),
        ("https://api.telegram.org/bot12345:AAHdqTcvCH1vGW/send", None),
        (f"The answer was {RANDOM}!", "The answer was ***!"),
        ("https://photos.example.org/l/abcdefghijklmnopqrstu", "https://photos.example.org/l/***"),
        ("https://photos.example.org/add/abcdefghijklmnopqrstu-_x", None),
    ],
)
def test_secrets_go(said: str, left: str | None) -> None:
    told = KNOWN.text(said)

    assert "***" in told
    assert left is None or told == left
    for secret in ("canary", RANDOM, "AAHdqTcvCH1vGW", "abcdefgh"):
        assert secret not in told


@pytest.mark.parametrize(
    "said",
    [
        "Facebook did not take this photo; nothing was posted.",
        "https://example.org/2026/open-house-at-the-design-and-technology-building-2026",
        "Donaudampfschifffahrtsgesellschaftskapitän",
        "Photo 4 of 12 is too large: 8,500 kB.",
        "",
    ],
)
def test_words_stay(said: str) -> None:
    assert KNOWN.text(said) == said


def test_addresses_of_posts_keep_their_long_ids_and_lose_their_secrets() -> None:
    url = f"https://www.facebook.com/permalink.php?story_fbid=pfbid0{RANDOM}&id=1"

    kept = KNOWN.value({"url": url, "remote_id": f"1_{RANDOM}", "data": {"note": RANDOM}})

    assert kept == {"url": url, "remote_id": f"1_{RANDOM}", "data": {"note": "***"}}
    assert KNOWN.value({"url": f"{url}&access_token=abc"}) == {"url": f"{url}&access_token=***"}


def test_what_is_named_as_a_secret_goes_at_any_depth() -> None:
    stored = {
        "data": [{"upload_token": "short", "ids": ["1", "canary-secret"]}],
        "page": {"Authorization": {"scheme": "Bearer", "password": "p"}},
        "disconnected": False,
        "token": None,
        "wait_s": 1.5,
    }

    assert KNOWN.value(stored) == {
        "data": [{"upload_token": "***", "ids": ["1", "***"]}],
        "page": {"Authorization": "***"},
        "disconnected": False,
        "token": None,
        "wait_s": 1.5,
    }
