"""The connector for a Facebook Page: what it sends, and what it makes of the answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gallery.errors import Disconnected, OutcomeUnknown, Refused, TryLater
from gallery.networks import NETWORKS
from gallery.networks.contract import Absent, CannotTell, Connector, Part, Receipt, Staged
from tests.contract.rigs import FacebookRig
from tests.fakes.facebook import FacebookFake
from tests.networks.conftest import Serve
from tests.networks.lines import tells

PAGE = FacebookFake.page_id
V = "/v26.0"


def with_app(page: FacebookRig, **more: Any) -> Connector:
    """The connector on a site with a Meta app of its own."""
    settings = page.fake.settings(page.settings, app=True, **more)
    return NETWORKS["facebook"].build(page.credential, settings)


def other_credential(page: FacebookRig, **more: str) -> Connector:
    """The connector with something else pasted."""
    return NETWORKS["facebook"].build({**page.credential, **more}, page.settings)


def ids(part: Part) -> list[str]:
    """The staged photos."""
    return [staged.data["photo"] for staged in part.staged]


def told(page: FacebookRig, serve: Serve, table: dict[str, Any]) -> Connector:
    """The connector, speaking to a server that says just this."""
    settings = replace(page.settings, facebook_graph_url=serve(tells(table)).url)
    return NETWORKS["facebook"].build(page.credential, settings)


# Who we are


def test_verify_gives_name_and_address_of_the_page(page: FacebookRig) -> None:
    profile = page.connector.verify()

    assert (profile.remote_id, profile.name) == (PAGE, "Brunei SME Network")
    assert profile.url == "https://www.facebook.com/bruneisme"
    assert profile.expires_at is None


def test_a_page_without_a_readable_address_gets_its_plain_one(
    page: FacebookRig, serve: Serve
) -> None:
    connector = told(page, serve, {f"GET {V}/me": {"id": PAGE, "name": "N"}})

    assert connector.verify().url == f"https://www.facebook.com/{PAGE}"


@pytest.mark.parametrize("page_id", ["", "bruneisme", "12 34", "٣٤", "../me"])
def test_a_page_id_is_a_number(page: FacebookRig, page_id: str) -> None:
    with pytest.raises(Refused, match="long number"):
        other_credential(page, page_id=page_id).verify()

    assert page.fake.requests == []


def test_a_persons_token_is_not_taken_for_a_pages(page: FacebookRig) -> None:
    with pytest.raises(Refused, match="belongs to “Siti Aminah”"):
        other_credential(page, secret=page.fake.user_token).verify()


def test_another_pages_token_is_refused(page: FacebookRig) -> None:
    with pytest.raises(Refused, match="belongs to “Brunei SME Network” and not to the Page 123"):
        other_credential(page, page_id="123").verify()


def test_a_dead_token_disconnects(page: FacebookRig) -> None:
    page.fake.revoke()

    with pytest.raises(Disconnected, match="password was changed"):
        page.connector.verify()


def test_blanks_around_what_was_pasted_do_not_matter(page: FacebookRig) -> None:
    pasted = other_credential(
        page, page_id=f" {PAGE}\n", secret=f"\t{page.fake.page_token}\u200b\n"
    )

    assert pasted.verify().remote_id == PAGE


def test_with_an_app_the_token_is_looked_into(page: FacebookRig) -> None:
    page.fake.world.tokens[page.fake.page_token].ends_at = 1_800_000_000.0

    profile = with_app(page).verify()

    assert profile.expires_at is not None
    assert profile.expires_at.timestamp() == 1_800_000_000
    assert [request.path for request in page.fake.requests] == ["/debug_token", "/me"]


def test_with_an_app_a_persons_token_is_named_as_such(page: FacebookRig) -> None:
    page.credential = {**page.credential, "secret": page.fake.user_token}

    with pytest.raises(Refused, match="not a Page's token but a person's"):
        with_app(page).verify()


def test_with_an_app_a_missing_permission_is_named(page: FacebookRig) -> None:
    page.fake.world.tokens[page.fake.page_token].scopes.remove("pages_manage_posts")

    with pytest.raises(Refused, match="lacks the permission pages_manage_posts;"):
        with_app(page).verify()


def test_with_an_app_an_unknown_token_is_refused(page: FacebookRig) -> None:
    page.credential = {**page.credential, "secret": "EAAnobodys"}

    with pytest.raises(Refused, match="not valid for the Meta app"):
        with_app(page).verify()


def test_with_an_app_every_call_is_proved(page: FacebookRig) -> None:
    page.fake.world.require_proof = True
    connector = with_app(page)
    part = page.staged(page.part(), connector)

    receipt = connector.publish(part)
    assert isinstance(connector.find(part), Receipt)
    connector.retract(receipt)

    with pytest.raises(Refused):
        page.connector.verify()


def test_tokens_are_never_in_an_address(page: FacebookRig) -> None:
    part, receipt = page.published(page.part())
    page.connector.find(part)
    page.connector.retract(receipt)

    assert {request.token_in for request in page.fake.requests} == {"header"}


def test_a_delete_has_no_body(page: FacebookRig, serve: Serve) -> None:
    server = serve(tells({f"DELETE {V}/1_2": {"success": True}}))

    with_app(page, facebook_graph_url=server.url).retract(Receipt("1_2", None))

    assert server.requests[0].startswith(b"DELETE /v26.0/1_2?appsecret_proof=")
    assert b"Content-Length: 0\r\n" in server.requests[0]


# Photos going up


def test_photos_go_up_unpublished_with_caption_and_alt_text(page: FacebookRig) -> None:
    page.staged(page.part(photos=1))

    request = page.fake.requests[0]
    photo = page.photo(1)
    assert (request.method, request.path, request.files) == ("POST", f"/{PAGE}/photos", 1)
    assert request.params == {
        "published": "false",
        "caption": photo.caption,
        "alt_text_custom": photo.alt_text,
    }


def test_empty_texts_are_left_out(page: FacebookRig) -> None:
    photo = replace(page.photo(1), caption="", alt_text="")

    page.connector.stage(photo, page.picture("x"), None)

    assert page.fake.requests[0].params == {"published": "false"}


def test_a_photo_over_4_mb_is_refused_before_it_is_sent(page: FacebookRig) -> None:
    path = page.picture("x")
    path.write_bytes(path.read_bytes() + bytes(4_000_000))

    with pytest.raises(Refused, match="4 MB") as refused:
        page.connector.stage(page.photo(7), path, None)

    assert refused.value.photo == "p7"
    assert page.fake.requests == []


def test_a_picture_that_facebook_does_not_take_is_named(page: FacebookRig) -> None:
    path = page.picture("x")
    path.write_bytes(b"<html>")

    with pytest.raises(Refused, match="did not take this photo") as refused:
        page.connector.stage(page.photo(7), path, None)

    assert refused.value.photo == "p7"


def test_a_missing_permission_is_a_no_that_names_it(page: FacebookRig) -> None:
    page.fake.world.tokens[page.fake.page_token].scopes.remove("pages_manage_posts")

    with pytest.raises(Refused, match="pages_manage_posts") as refused:
        page.staged(page.part(photos=1))

    assert refused.value.photo is None


def test_a_persons_token_can_not_post(page: FacebookRig) -> None:
    with pytest.raises(Disconnected):
        page.staged(page.part(photos=1), other_credential(page, secret=page.fake.user_token))


def test_a_yes_without_an_id_is_unknown(page: FacebookRig, serve: Serve) -> None:
    for answer in ({"success": True}, {"id": ""}, {"id": 17}):
        connector = told(
            page, serve, {f"POST {V}/{PAGE}/photos": answer, f"POST {V}/{PAGE}/feed": answer}
        )

        with pytest.raises(OutcomeUnknown):
            connector.stage(page.photo(1), page.picture("x"), None)
        with pytest.raises(OutcomeUnknown):
            connector.publish(page.part(photos=0))


# Posts going out


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


def test_composing_gives_what_will_be_sent(page: FacebookRig) -> None:
    part = page.staged(page.part(photos=1))

    assert page.connector.compose(part).data == {
        "message": part.post.text,
        "attached_media": f'[{{"media_fbid": "{ids(part)[0]}"}}]',
    }


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


# Looking


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


# Afterwards


def test_limits_follow_the_settings(page: FacebookRig) -> None:
    page.settings = replace(page.settings, facebook_photos_per_post=4)
    limits = page.connector.limits()

    assert (limits.photos_per_post, limits.settle_s) == (4, 90)
    assert limits.find == "exact"
    assert limits.retract == "yes"
    assert limits.amend == {"text"}
    assert (limits.text.most, limits.picture.edge) == (63_206, 2048)
    assert limits.picture.most_bytes == 4_000_000
    assert limits.media_ttl_s == 24 * 3600


def test_retracting_deletes_the_post_first_and_then_its_photos(page: FacebookRig) -> None:
    part, receipt = page.published(page.part(photos=2))
    before = len(page.fake.requests)

    page.connector.retract(receipt)

    deleted = [request.path for request in page.fake.requests[before:]]
    assert deleted == [f"/{receipt.remote_id}", *(f"/{photo}" for photo in ids(part))]


def test_a_retract_that_fails_half_way_is_finished_the_next_time(page: FacebookRig) -> None:
    _, receipt = page.published(page.part(photos=2))
    page.fake.fault("DELETE", r"/\d+$", "e500_before", nth=2)

    with pytest.raises(OutcomeUnknown):
        page.connector.retract(receipt)
    page.connector.retract(receipt)

    assert page.media() == 0


def test_a_discard_that_fails_disturbs_nobody(page: FacebookRig) -> None:
    part = page.staged(page.part(photos=3))
    page.fake.fault("DELETE", ".", "e500_before", nth=2)

    page.connector.discard(part.staged, None)

    assert page.media() == 1


def test_an_amend_that_facebook_denies_is_refused(page: FacebookRig) -> None:
    part, _ = page.published(page.part())
    page.fake.fault("POST", r"/\d+_\d+$", "error", code=200)

    with pytest.raises(Refused, match="permission"):
        page.connector.amend(part)


def test_an_amend_without_a_known_post_is_refused(page: FacebookRig) -> None:
    with pytest.raises(Refused, match="not known"):
        page.connector.amend(replace(page.part(), receipt=Receipt(None, None)))
