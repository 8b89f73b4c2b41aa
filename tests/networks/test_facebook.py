"""The connector for a Facebook Page: who we are, photos going up, what can be done afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gallery.errors import Disconnected, OutcomeUnknown, Refused
from gallery.networks.contract import Receipt
from tests.contract.rigs import FacebookRig
from tests.networks.conftest import Serve
from tests.networks.lines import tells
from tests.networks.pages import PAGE, V, ids, other_credential, told, with_app


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
