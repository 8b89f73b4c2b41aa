"""Who may open what: every studio route, every role, every unsafe method."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import Rule

from gallery.models import Role
from gallery.web.guards import MAY_OPEN, NEEDS_PASSWORD_LATELY
from tests.web.browser import Browser, counted
from tests.web.studio.conftest import AddPhotos

EVERYBODY = "owner editor uploader"
EDITORS = "owner editor"
TABLE = {
    "nowhere": EVERYBODY, "albums": EVERYBODY, "add": EVERYBODY, "receive": EVERYBODY,
    "arriving": EVERYBODY, "you": EVERYBODY, "save_you": EVERYBODY,
    "new_album": EDITORS, "album": EDITORS, "save_album": EDITORS, "set_visibility": EDITORS,
    "new_link": EDITORS, "revoke_link": EDITORS, "add_samples": EDITORS, "captions": EDITORS,
    "save_captions": EDITORS, "order": EDITORS, "save_order": EDITORS, "cover": EDITORS,
    "save_cover": EDITORS, "card": EDITORS, "left_out": EDITORS, "post": EDITORS,
    "preview": EDITORS, "send": EDITORS, "posts": EDITORS, "delivery": EDITORS,
    "following": EDITORS, "settle": EDITORS, "cancel": EDITORS, "go_on": EDITORS, "retract": EDITORS,
    "requests": EDITORS, "decide": EDITORS, "take_down": EDITORS, "taken_down": EDITORS,
    "fitted": EDITORS, "second_copy": EDITORS, "withdraw_post": EDITORS, "post_withdrawn": EDITORS,
    "changes": EDITORS, "change": EDITORS, "withdraw": EDITORS, "withdrawn": EDITORS,
    "posts_following": EDITORS, "history_page": EDITORS, "history_json": EDITORS,
    "calendar": EDITORS, "approve": EDITORS, "change_time": EDITORS, "discard": EDITORS,
    "accounts": "owner", "connect": "owner", "oauth_start": "owner", "oauth_back": "owner",
    "choose": "owner", "disconnect": "owner", "people": "owner", "add_person": "owner",
    "change_person": "owner", "new_password": "owner", "settings": "owner",
    "save_settings": "owner",
}  # fmt: skip


def _routes(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if rule.endpoint.startswith("studio.")
    ]


def _address(rule: Rule) -> str:
    built = rule.build(dict.fromkeys(rule.arguments, "missing"))
    assert built is not None
    return built[1]


def test_every_route_of_the_studio_is_in_the_table(app: Flask) -> None:
    endpoints = {rule.endpoint.removeprefix("studio.") for rule, _ in _routes(app)}

    assert endpoints == TABLE.keys()
    assert {f"studio.{name}" for name in TABLE} == MAY_OPEN.keys()
    assert MAY_OPEN.keys() >= NEEDS_PASSWORD_LATELY


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_the_table_says_and_nothing_else(app: Flask, role: Role) -> None:
    browser = Browser.signed_in(app, role)
    opened = set()
    for rule, method in _routes(app):
        address = _address(rule)
        answer = browser.get(address) if method == "GET" else browser.post(address)
        if answer.status_code != 403:
            opened.add(rule.endpoint.removeprefix("studio."))

    assert opened == {name for name, roles in TABLE.items() if role.value in roles.split()}


def test_signed_out_no_route_opens(app: Flask) -> None:
    stranger = Browser(app)
    for rule, method in _routes(app):
        address = _address(rule)
        answer = stranger.get(address) if method == "GET" else stranger.post(address)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/studio/sign-in")


def test_no_unsafe_route_of_the_whole_site_works_without_a_token(app: Flask) -> None:
    owner = Browser.signed_in(app, Role.OWNER)
    unsafe = [
        (_address(rule), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    ]
    answers = {address: owner.client.open(address, method=method) for address, method in unsafe}

    assert len(unsafe) > 20
    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(
        answers, 400
    )


def test_an_uploader_sees_albums_and_only_a_way_to_add(
    app: Flask, at: str, add_photos: AddPhotos
) -> None:
    add_photos(2)
    uploader = Browser.signed_in(app, Role.UPLOADER)

    albums = uploader.get("/studio").text
    assert f'href="{at}/add"' in albums
    assert f'href="{at}"' not in albums
    assert "/studio/people" not in albums
    page = uploader.get(f"{at}/add").text
    assert "2 photos in this album, all ready." in page
    assert f"{at}/captions" not in page


def test_a_closed_door_says_so_kindly(app: Flask) -> None:
    uploader = Browser.signed_in(app, Role.UPLOADER)

    answer = uploader.get("/studio/people")
    assert answer.status_code == 403
    assert "This page is not for uploaders; ask an owner of this site." in answer.text
    told = uploader.get("/studio/people", headers={"Accept": "application/json"}).json
    assert told == {"error": "This page is not for uploaders; ask an owner of this site."}


@pytest.mark.parametrize(
    "page", ["", "/add", "/captions", "/order", "/cover", "/left-out", "/arriving"]
)
def test_pages_of_an_album_take_as_many_queries_for_three_photos_as_for_one(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos, page: str
) -> None:
    add_photos(1)
    with counted(app) as one:
        owner.get(at + page)
    add_photos(2)
    with counted(app) as three:
        assert owner.get(at + page).status_code == 200

    assert len(three) == len(one) <= 8


@pytest.mark.parametrize("page", ["", "/posts", "/accounts", "/people", "/settings", "/you"])
def test_pages_of_the_site_take_at_most_eight_queries(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos, page: str
) -> None:
    add_photos(3)
    with counted(app) as statements:
        assert owner.get(f"/studio{page}").status_code == 200

    assert len(statements) <= 8


def test_what_the_studio_shows_is_kept_by_no_cache(owner: Browser) -> None:
    answer = owner.get("/studio")

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in answer.headers["Vary"]
