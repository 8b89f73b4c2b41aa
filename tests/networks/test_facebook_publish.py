"""Posts going out to a Facebook Page, and every way in which that can end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gallery.errors import Disconnected, OutcomeUnknown, Refused, TryLater
from gallery.networks.contract import Absent, Receipt
from tests.contract.rigs import FacebookRig
from tests.networks.conftest import Serve
from tests.networks.pages import PAGE, V, ids, told


def test_the_array_decides_the_order(page: FacebookRig) -> None:
    part = page.staged(page.part(photos=4))
    mixed = replace(
        part,
        post=replace(part.post, photos=part.post.photos[::-1]),
        staged=list(part.staged)[::-1],
    )

    page.connector.publish(mixed)

    assert [photo.id for photo in page.fake.visible_posts[0].photos] == ids(part)[::-1]


def test_the_permalink_comes_in_the_same_answer(page: FacebookRig) -> None:
    part = page.staged(page.part())
    before = len(page.fake.requests)

    receipt = page.connector.publish(part)

    assert receipt.url == page.fake.visible_posts[0].permalink_url
    assert receipt.data == {"photos": ids(part)}
    assert [request.path for request in page.fake.requests[before:]] == [f"/{PAGE}/feed"]


def test_an_answer_without_a_permalink_is_a_receipt_all_the_same(
    page: FacebookRig, serve: Serve
) -> None:
    connector = told(page, serve, {f"POST {V}/{PAGE}/feed": {"id": "1_2"}})

    assert connector.publish(page.part(photos=0)) == Receipt("1_2", None, {"photos": []})


def test_nothing_is_composed_before_the_post(page: FacebookRig) -> None:
    part = page.staged(page.part(photos=1))
    requests = len(page.fake.requests)

    assert not page.connector.limits().composes
    assert page.connector.compose(part).data == {}
    assert len(page.fake.requests) == requests


def test_more_photos_than_facebook_takes_are_a_clean_no(page: FacebookRig) -> None:
    part = page.staged(page.part(photos=11))

    with pytest.raises(Refused) as refused:
        page.connector.publish(part)

    assert not refused.value.media_gone
    assert page.fake.visible_posts == []


def test_expired_photos_are_told_as_gone(page: FacebookRig) -> None:
    part = page.staged(page.part())
    page.fake.advance(25 * 3600)

    with pytest.raises(Refused) as refused:
        page.connector.publish(part)

    assert refused.value.media_gone
    page.connector.publish(page.staged(part))
    assert page.live() == [page.expected(part)]


def test_photos_that_were_posted_before_may_mean_that_it_is_there(page: FacebookRig) -> None:
    part, receipt = page.published(page.part())

    with pytest.raises(OutcomeUnknown, match="posted before"):
        page.connector.publish(part)

    assert page.connector.find(part) == receipt
    assert len(page.live()) == 1


def test_a_text_that_was_just_posted_may_mean_that_it_is_there(page: FacebookRig) -> None:
    part, _ = page.published(page.part(photos=0))

    with pytest.raises(OutcomeUnknown):
        page.connector.publish(part)


def test_a_no_to_what_went_out_all_the_same_is_a_receipt(page: FacebookRig) -> None:
    part = page.staged(page.part())
    page.fake.fault("POST", "/feed$", "error_after", code=10)

    receipt = page.connector.publish(part)

    assert receipt.remote_id == page.fake.visible_posts[0].id
    assert receipt.url == page.fake.visible_posts[0].permalink_url


def test_a_no_stands_when_the_photos_can_not_be_read(page: FacebookRig) -> None:
    part = page.staged(page.part())
    page.fake.fault("POST", "/feed$", "error", code=200)
    page.fake.fault("GET", r"/\d+$", "e500_before")

    with pytest.raises(Refused, match="pages_manage_posts") as refused:
        page.connector.publish(part)

    assert not refused.value.media_gone


def test_a_revoked_token_disconnects_without_another_call(page: FacebookRig) -> None:
    part = page.staged(page.part())
    page.fake.fault("POST", "/feed$", "revoked_token")

    with pytest.raises(Disconnected):
        page.connector.publish(part)

    assert page.fake.requests[-1].path == f"/{PAGE}/feed"


@pytest.mark.parametrize(
    ("kind", "more", "happened"),
    [
        ("cut_before", {}, False),
        ("cut_before", {"how": "rst"}, False),
        ("cut_after_commit", {}, True),
        ("cut_after_commit", {"how": "rst"}, True),
        ("e500_before", {}, False),
        ("e500_after", {}, True),
        ("truncated_answer", {}, True),
        ("hang", {"seconds": 0.2}, False),
        ("hang_after_commit", {"seconds": 0.2}, True),
        ("code_1", {}, False),
        ("late_commit", {"seconds": 0.0}, True),
    ],
)
def test_every_unclear_end_is_unknown_and_the_truth_is_found(
    page: FacebookRig, kind: Any, more: dict[str, Any], happened: bool
) -> None:
    part = page.staged(page.part())
    page.fake.fault("POST", "/feed$", kind, **more)

    with pytest.raises(OutcomeUnknown):
        page.connector.publish(part)
    page.fake.settle()

    assert isinstance(page.connector.find(part), Receipt if happened else Absent)
    assert len(page.live()) == happened


def test_rate_limits_say_how_long(page: FacebookRig) -> None:
    part = page.staged(page.part())
    page.fake.fault("POST", "/feed$", "rate_limited", code=32, retry_after=40)
    page.fake.fault("POST", "/feed$", "rate_limited", code=613, status=403, minutes=5, nth=2)

    for seconds in (40, 300):
        with pytest.raises(TryLater) as later:
            page.connector.publish(part)
        assert later.value.wait_s == seconds
        assert not later.value.transport
