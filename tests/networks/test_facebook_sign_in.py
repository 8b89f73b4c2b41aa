"""Connecting a Page by Facebook's own dialog."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from gallery.errors import Refused, TryLater
from gallery.networks import NETWORKS
from gallery.networks.contract import Credential, Profile
from gallery.networks.facebook_sign_in import inspect_token
from gallery.settings import Settings
from tests.fakes.facebook import FacebookFake
from tests.networks.conftest import Serve
from tests.networks.lines import tells

BACK = "http://photos.example.org/studio/accounts/facebook"
STATE = "Z3Vlc3NpbmctdGhpcy1pcy1oYXJk"
OAUTH = NETWORKS["facebook"].oauth
assert OAUTH is not None
NEEDED = ["pages_show_list", "pages_manage_posts", "pages_read_engagement"]


@pytest.fixture
def site(settings: Settings, facebook_fake: FacebookFake) -> Settings:
    """A site with a Meta app of its own."""
    return facebook_fake.settings(settings, app=True)


def press_allow(site: Settings, *, without: str = "") -> str:
    """Open the dialog, untick a box perhaps, press Allow; the code that comes back."""
    assert OAUTH is not None
    shown = requests.get(OAUTH.start(site, BACK, STATE), timeout=5)
    assert shown.status_code == 200
    fields = re.findall(r'type="(?:hidden|checkbox)" name="(\w+)" value="([^"]*)"', shown.text)
    ticked = [(name, html.unescape(value)) for name, value in fields if value != without]
    base = f"{site.facebook_dialog_url}/{site.facebook_graph_version}/dialog/allow"
    sent = requests.get(f"{base}?{urlencode(ticked)}", timeout=5, allow_redirects=False)
    back = urlsplit(sent.headers["Location"])
    query = parse_qs(back.query)
    assert f"{back.scheme}://{back.netloc}{back.path}" == BACK
    assert query["state"] == [STATE]
    return query["code"][0]


def finish(site: Settings, code: str) -> list[tuple[Profile, Credential]]:
    """The Pages to choose from."""
    assert OAUTH is not None
    return list(OAUTH.finish(site, BACK, code))


def test_the_dialog_is_offered_only_with_an_app(settings: Settings, site: Settings) -> None:
    assert OAUTH is not None
    assert OAUTH.ready(site)
    assert not OAUTH.ready(settings)
    assert not OAUTH.ready(replace(site, facebook_app_secret=settings.facebook_app_secret))


def test_the_dialog_asks_for_what_posting_needs(site: Settings) -> None:
    assert OAUTH is not None
    address = urlsplit(OAUTH.start(site, BACK, STATE))
    query = {name: values[0] for name, values in parse_qs(address.query).items()}

    assert address.path == "/v26.0/dialog/oauth"
    assert query == {
        "client_id": FacebookFake.app_id,
        "redirect_uri": BACK,
        "state": STATE,
        "response_type": "code",
        "scope": "pages_show_list,pages_manage_posts,pages_read_engagement,business_management",
    }


def test_pages_to_post_to_come_back_each_with_its_own_token(
    site: Settings, facebook_fake: FacebookFake
) -> None:
    found = finish(site, press_allow(site))

    assert [(profile.name, profile.handle) for profile, _ in found] == [
        ("Brunei SME Network", "bruneisme"),
        ("Portfolio Page", "portfolio"),
    ]
    for profile, credential in found:
        assert credential["page_id"] == profile.remote_id
        assert NETWORKS["facebook"].build(credential, site).verify().name == profile.name
    assert facebook_fake.world.tokens[found[0][1]["secret"]].kind == "page"


@pytest.mark.parametrize("scope", NEEDED)
def test_an_unticked_permission_is_named(site: Settings, scope: str) -> None:
    with pytest.raises(Refused, match=scope):
        finish(site, press_allow(site, without=scope))


def test_without_the_portfolio_permission_its_pages_are_missing_and_no_more(site: Settings) -> None:
    found = finish(site, press_allow(site, without="business_management"))

    assert [profile.name for profile, _ in found] == ["Brunei SME Network"]


def test_no_page_to_post_to_is_told(site: Settings, facebook_fake: FacebookFake) -> None:
    for page in facebook_fake.world.pages.values():
        page.tasks = ("ANALYZE",)

    with pytest.raises(Refused, match="no Page on which you may create posts"):
        finish(site, press_allow(site))


def test_a_code_works_once(site: Settings) -> None:
    code = press_allow(site)
    finish(site, code)

    with pytest.raises(Refused, match="did not accept this sign-in"):
        finish(site, code)


def test_a_code_belongs_to_its_redirect_address(site: Settings) -> None:
    assert OAUTH is not None
    code = press_allow(site)

    with pytest.raises(Refused):
        OAUTH.finish(site, f"{BACK}/other", code)


def test_a_wrong_app_secret_is_told(site: Settings) -> None:
    code = press_allow(site)
    wrong = replace(site, facebook_app_secret=type(site.secret_key)("wrong"))

    with pytest.raises(Refused, match="app id and secret"):
        finish(wrong, code)


def test_facebook_out_of_reach_is_told(site: Settings) -> None:
    with pytest.raises(TryLater):
        finish(replace(site, facebook_graph_url="http://127.0.0.1:9"), "code")


def test_long_lists_are_read_page_by_page(site: Settings, facebook_fake: FacebookFake) -> None:
    page = facebook_fake.world.pages[FacebookFake.page_id]
    for nth in range(250):
        more = replace(page, id=f"7000{nth}", name=f"Page {nth}")
        facebook_fake.world.pages[more.id] = more

    assert len(finish(site, press_allow(site))) == 252
    asked = [request.params for request in facebook_fake.requests if request.path == "/me/accounts"]
    assert [params.get("after") for params in asked] == [None, "100", "200"]
    assert "address" not in {request.token_in for request in facebook_fake.requests}


def test_a_page_that_hides_its_tasks_and_address_is_offered_all_the_same(
    site: Settings, serve: Serve
) -> None:
    graph = "GET /v26.0"
    granted = [{"permission": scope, "status": "granted"} for scope in NEEDED]
    table: dict[str, Any] = {
        f"{graph}/oauth/access_token": {"access_token": "EAAx"},
        f"{graph}/me/permissions": {"data": granted},
        f"{graph}/me/accounts": {
            "data": [
                {"id": "5", "name": "Five", "access_token": "EAA5"},
                {"id": "6", "name": "Without a token", "tasks": ["CREATE_CONTENT"]},
                {"id": "7", "name": "Odd", "access_token": "EAA7", "tasks": None},
            ]
        },
    }
    here = replace(site, facebook_graph_url=serve(tells(table)).url)

    five = Profile("5", "Five", "", "https://www.facebook.com/5")
    assert finish(here, "code") == [(five, {"page_id": "5", "secret": "EAA5"})]


GOOD = {
    "is_valid": True,
    "app_id": FacebookFake.app_id,
    "type": "PAGE",
    "scopes": ["pages_manage_posts", "pages_read_engagement"],
}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {**GOOD, "is_valid": False},
        {**GOOD, "app_id": "another"},
        {**GOOD, "type": "USER"},
        {**GOOD, "scopes": "pages_manage_posts,pages_read_engagement"},
    ],
)
def test_a_token_that_is_not_this_apps_for_a_page_is_refused(
    site: Settings, serve: Serve, data: Any
) -> None:
    table = {"GET /v26.0/debug_token": {"data": data, "x": 1}}
    here = replace(site, facebook_graph_url=serve(tells(table)).url)

    with pytest.raises(Refused):
        inspect_token(here, "EAAx")


@pytest.mark.parametrize("ends", [0, None, "soon", -1])
def test_a_token_without_an_end_has_none(site: Settings, serve: Serve, ends: Any) -> None:
    table = {"GET /v26.0/debug_token": {"data": {**GOOD, "expires_at": ends}}}
    here = replace(site, facebook_graph_url=serve(tells(table)).url)

    assert inspect_token(here, "EAAx") is None
