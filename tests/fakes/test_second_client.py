"""The fake against Meta's own SDK, so that fake and connector can't share a misreading."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost
from facebook_business.adobjects.photo import Photo
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from tests.contract.rigs import jpeg
from tests.fakes.facebook import FacebookFake


def api_for(fake: FacebookFake, token: str) -> Any:
    """The SDK, signed in with this token and led to the fake."""
    session = FacebookSession(fake.app_id, fake.app_secret, token)
    session.GRAPH = fake.url
    return FacebookAdsApi(session)


@pytest.fixture
def sdk(facebook_fake: FacebookFake) -> Iterator[Any]:
    """The SDK as the Page; every call proved."""
    facebook_fake.world.require_proof = True
    api = api_for(facebook_fake, facebook_fake.page_token)
    yield api
    api._session.requests.close()


def upload(sdk: Any, folder: Path, nth: int) -> str:
    """One unpublished photo through the SDK."""
    path = folder / f"{nth}.jpg"
    path.write_bytes(jpeg(str(nth)))
    params = {"published": False, "caption": f"Caption {nth}", "alt_text_custom": f"Alt {nth}"}
    with path.open("rb") as file:
        made = sdk.call("POST", (FacebookFake.page_id, "photos"), params, files={"source": file})
    return str(made.json()["id"])


def test_the_sdk_posts_two_photos_reads_them_changes_the_post_and_deletes_it(
    sdk: Any, tmp_path: Path, facebook_fake: FacebookFake
) -> None:
    photos = [upload(sdk, tmp_path, nth) for nth in (1, 2)]
    media = [{"media_fbid": photo} for photo in photos]
    page = Page(FacebookFake.page_id, api=sdk)

    params = {"message": "Two photos", "attached_media": media, "fields": "id,permalink_url"}
    made = page.create_feed(params=params)

    seen = facebook_fake.visible_posts[0]
    assert (made["id"], made["permalink_url"]) == (seen.id, seen.permalink_url)
    assert [photo.id for photo in seen.photos] == photos
    assert [photo.caption for photo in seen.photos] == ["Caption 1", "Caption 2"]
    assert [photo.alt_text for photo in seen.photos] == ["Alt 1", "Alt 2"]
    assert seen.photos[0].sha256 == hashlib.sha256(jpeg("1")).hexdigest()

    fields = "message,permalink_url,attachments{target{id},subattachments{target{id}}}"
    listed = page.get_published_posts(params={"limit": 5, "fields": fields})
    attachment = listed[0]["attachments"]["data"][0]
    assert [part["target"]["id"] for part in attachment["subattachments"]["data"]] == photos
    story = Photo(photos[0], api=sdk).api_get(fields=["page_story_id"])
    assert story["page_story_id"] == seen.id

    post = PagePost(seen.id, api=sdk)
    post.api_update(params={"message": "Two photos, corrected"})
    assert post.api_get(fields=["message"])["message"] == "Two photos, corrected"
    post.api_delete()
    for photo in photos:
        Photo(photo, api=sdk).api_delete()
    assert facebook_fake.visible_posts == []
    assert facebook_fake.world.photos == {}


def test_the_sdk_takes_media_one_by_one_as_well(
    sdk: Any, tmp_path: Path, facebook_fake: FacebookFake
) -> None:
    photos = [upload(sdk, tmp_path, nth) for nth in (1, 2)]
    params = {f"attached_media[{n}]": {"media_fbid": photo} for n, photo in enumerate(photos)}

    Page(FacebookFake.page_id, api=sdk).create_feed(params=params)

    assert [photo.id for photo in facebook_fake.visible_posts[0].photos] == photos


def test_the_sdk_reads_our_errors(sdk: Any, facebook_fake: FacebookFake) -> None:
    page = Page(FacebookFake.page_id, api=sdk)
    with pytest.raises(FacebookRequestError) as unknown:
        page.create_feed(params={"attached_media": [{"media_fbid": "1"}]})
    facebook_fake.fault("POST", "/feed$", "rate_limited", code=32)
    with pytest.raises(FacebookRequestError) as limited:
        page.create_feed(params={"message": "a"})
    facebook_fake.revoke(subcode=463)
    with pytest.raises(FacebookRequestError) as revoked:
        page.api_get(fields=["name"])

    assert unknown.value.api_error_code() == 100
    assert (limited.value.api_error_code(), limited.value.http_status()) == (32, 429)
    assert revoked.value.api_error_code() == 190
    assert revoked.value.api_error_subcode() == 463
    assert revoked.value.body()["error"]["fbtrace_id"]


def test_the_sdk_lists_a_persons_pages(facebook_fake: FacebookFake) -> None:
    api = api_for(facebook_fake, facebook_fake.user_token)
    me = User("me", api=api)

    pages = list(me.get_accounts(fields=["id", "name", "access_token"], params={"limit": 1}))
    granted = [one["permission"] for one in me.get_permissions() if one["status"] == "granted"]
    api._session.requests.close()

    assert [page["name"] for page in pages] == ["Brunei SME Network", "Only to look at"]
    assert pages[0]["access_token"].startswith("EAA")
    assert "pages_manage_posts" in granted
