"""Looking for a post on a Facebook Page whose answer was lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gallery.errors import OutcomeUnknown
from gallery.networks.contract import Absent, CannotTell, Receipt, Staged
from tests.contract.rigs import FacebookRig
from tests.networks.conftest import Serve
from tests.networks.pages import PAGE, V, told


def test_a_post_missing_from_the_list_is_found_by_its_photos(page: FacebookRig) -> None:
    page.fake.world.lag_s = 3600
    part, receipt = page.published(page.part())

    assert page.connector.find(part) == receipt


def test_a_post_missing_from_its_photos_is_found_in_the_list(page: FacebookRig) -> None:
    page.fake.world.story_lag_s = 3600
    part, receipt = page.published(page.part())
    page.published(page.part(text="Another"))

    assert page.connector.find(part) == receipt


def test_a_post_that_shows_nowhere_yet_is_absent_but_not_for_ever(page: FacebookRig) -> None:
    page.fake.world.lag_s = page.fake.world.story_lag_s = 60
    part, receipt = page.published(page.part())

    assert page.connector.find(part) == Absent(final=False)
    page.fake.advance(61)
    assert page.connector.find(part) == receipt


def test_a_photo_that_was_deleted_by_hand_hides_nothing(page: FacebookRig) -> None:
    part, receipt = page.published(page.part(photos=3))
    page.connector.discard(part.staged[:1], None)

    assert page.connector.find(part) == receipt


def test_a_post_that_can_not_be_read_is_there_without_address(page: FacebookRig) -> None:
    page.fake.world.lag_s = 3600
    part, receipt = page.published(page.part())
    page.fake.fault("GET", r"/\d+_\d+$", "e500_before")

    assert page.connector.find(part) == replace(receipt, url=None)


def test_a_photos_own_story_yields_to_the_post_that_holds_all(
    page: FacebookRig, serve: Serve
) -> None:
    part = replace(page.part(photos=1), staged=[Staged({"photo": "7"})])
    table: dict[str, Any] = {
        f"GET {V}/7": {"id": "7", "page_story_id": "1_7"},
        f"GET {V}/1_7": {"id": "1_7", "permalink_url": "https://f/7"},
        f"GET {V}/{PAGE}/published_posts": {"data": [held("1_9", "7")]},
    }

    assert told(page, serve, table).find(part) == Receipt("1_9", None, {"photos": ["7"]})

    table[f"GET {V}/{PAGE}/published_posts"] = {"data": []}
    assert told(page, serve, table).find(part) == Receipt("1_7", "https://f/7", {"photos": ["7"]})


def held(post: str, *photos: str, made: str = "2026-11-24T02:00:00+0000") -> dict[str, Any]:
    """A post as the list shows it."""
    parts = {"data": [{"target": {"id": photo}} for photo in photos]}
    attachments = {"data": [{"target": {"id": "1"}, "subattachments": parts}]}
    return {"id": post, "created_time": made, "attachments": attachments}


def test_the_same_text_without_photos_to_be_seen_forbids_absence(
    page: FacebookRig, serve: Serve
) -> None:
    part = replace(page.part(photos=1), staged=[Staged({"photo": "7"})])
    post = {"id": "1_2", "message": part.post.text, "created_time": "nonsense"}
    table = {f"GET {V}/{PAGE}/published_posts": {"data": [post, held("1_3", "8")]}}

    assert told(page, serve, {**table, f"GET {V}/7": {"id": "7"}}).find(part) == CannotTell()


@pytest.mark.parametrize(
    "answer",
    [
        {"data": None, "x": 1},
        {"data": "words", "paging": "words"},
        {"data": [7, None], "paging": {"next": 7}},
        {"data": [{"attachments": {"data": {"subattachments": []}}}]},
        {"data": [{"attachments": {"data": [{"subattachments": {"data": [{}]}}]}}]},
        {"data": [{"attachments": {"data": [{"target": "7"}]}}]},
    ],
)
def test_answers_of_any_shape_are_borne(page: FacebookRig, serve: Serve, answer: Any) -> None:
    part = replace(page.part(photos=1), staged=[Staged({"photo": "7"})])
    table = {f"GET {V}/7": {"id": "7"}, f"GET {V}/{PAGE}/published_posts": answer}

    assert told(page, serve, table).find(part) == Absent()


def test_the_list_is_read_back_to_a_day_before_the_call(page: FacebookRig) -> None:
    page.fake.world.story_lag_s = 1e9
    part, receipt = page.published(page.part())
    for nth in range(60):
        page.fake.world.add_post(PAGE, f"Later post {nth}", [])
    asked_from = len(page.fake.requests)

    assert page.connector.find(part) == receipt
    assert len(page.fake.requests) - asked_from == 1 + 3

    younger = page.staged(page.part())
    asked_from = len(page.fake.requests)
    sent_at = younger.opened_at + timedelta(days=3)
    assert page.connector.find(replace(younger, sent_at=sent_at)) == Absent()
    assert len(page.fake.requests) - asked_from == 1 + 1


def test_without_a_call_on_record_the_list_is_read_from_the_beginning_of_the_post(
    page: FacebookRig,
) -> None:
    page.fake.world.story_lag_s = 1e9
    part, receipt = page.published(page.part())

    assert page.connector.find(replace(part, sent_at=None)) == receipt


def test_more_posts_than_we_read_forbid_absence(page: FacebookRig) -> None:
    for nth in range(101):
        page.fake.world.add_post(PAGE, f"Post {nth}", [])

    assert page.connector.find(page.staged(page.part())) == CannotTell()


def test_a_look_that_fails_is_a_failure(page: FacebookRig) -> None:
    part, _ = page.published(page.part())
    page.fake.fault("GET", ".", "e500_before", times=None)

    with pytest.raises(OutcomeUnknown):
        page.connector.find(part)
