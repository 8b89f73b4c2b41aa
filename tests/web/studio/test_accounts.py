"""Connecting accounts: practice in one press, a pasted token, and Facebook's own dialog."""

from __future__ import annotations

import http.client
import json
import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from gallery.models import Account, AccountState, Audit, Role
from gallery.people.sessions import hash_of
from gallery.settings import Settings
from tests.fakes.facebook import FacebookFake
from tests.web.browser import Browser, add_person, parts_of, utcnow

PRACTICE = {"network": "practice", "name": "", "lost_answers": "yes"}


@pytest.fixture
def settings(settings: Settings, facebook_fake: FacebookFake) -> Settings:
    """With a Meta app, led to the pretended Facebook."""
    return facebook_fake.settings(settings, app=True)


def _accounts(app: Flask) -> list[Account]:
    with parts_of(app).db.read() as session:
        return list(session.scalars(select(Account).order_by(Account.name)))


def test_without_accounts_the_page_says_what_to_try_first(owner: Browser) -> None:
    page = owner.get("/studio/accounts").text

    assert "Try the practice account first" in page
    assert "Lose answers now and then" in page
    assert "Connect with Facebook" in page


def test_the_practice_account_is_connected_with_one_press(app: Flask, owner: Browser) -> None:
    page = owner.follow("/studio/accounts/connect", PRACTICE).text

    (account,) = _accounts(app)
    parts = parts_of(app)
    assert (account.network, account.name) == ("practice", "Practice")
    assert parts.vault.open(account.id, account.credential) == {"lost_answers": "yes"}
    assert "Connected practice:Practice." in page
    assert "Not posted to yet" in page
    with parts.db.read() as session:
        assert session.scalars(select(Audit.what)).all()[-1] == "account connected"


def test_connecting_from_the_compose_page_leads_back_there(owner: Browser) -> None:
    answer = owner.post("/studio/accounts/connect", {**PRACTICE, "next": "/studio/a/1/post"})
    assert answer.location == "/studio/a/1/post"

    answer = owner.post("/studio/accounts/connect", {**PRACTICE, "next": "//evil.example"})
    assert answer.location == "/studio/accounts"


def test_a_pasted_token_is_checked_sealed_and_never_shown(
    app: Flask, owner: Browser, facebook_fake: FacebookFake
) -> None:
    pasted = {"network": "facebook", **facebook_fake.credential}

    page = owner.follow("/studio/accounts/connect", pasted).text

    (account,) = _accounts(app)
    assert account.remote_id == facebook_fake.page_id
    assert facebook_fake.page_token.encode() not in account.credential
    assert facebook_fake.page_token not in page
    assert account.name in page


@pytest.mark.parametrize("secret", ["not-a-token", ""])
def test_a_token_that_will_not_do_is_refused_and_not_repeated(
    app: Flask, owner: Browser, facebook_fake: FacebookFake, secret: str
) -> None:
    typed = {"network": "facebook", "page_id": facebook_fake.page_id, "secret": secret}

    answer = owner.post("/studio/accounts/connect", typed)

    assert answer.status_code == 422
    assert 'href="#facebook-form"' in answer.text
    assert "not-a-token" not in answer.text
    assert f'value="{facebook_fake.page_id}"' in answer.text
    assert _accounts(app) == []


def test_a_network_that_there_is_not_is_refused(owner: Browser) -> None:
    answer = owner.post("/studio/accounts/connect", {"network": "myspace"})

    assert answer.status_code == 422
    assert "There is no network “myspace”" in answer.text


def test_a_disconnected_account_says_so_and_connecting_again_heals_it(
    app: Flask, owner: Browser
) -> None:
    owner.post("/studio/accounts/connect", PRACTICE)
    (account,) = _accounts(app)

    page = owner.follow(f"/studio/accounts/{account.id}/disconnect").text
    assert "Disconnected practice:Practice. What was not out yet is cancelled" in page
    assert _accounts(app)[0].state is AccountState.DISCONNECTED
    assert "Practice needs you before anything goes out there" in page

    owner.post("/studio/accounts/connect", PRACTICE)
    assert [(a.id, a.state) for a in _accounts(app)] == [(account.id, AccountState.OK)]
    assert owner.post("/studio/accounts/missing/disconnect").status_code == 404


def test_the_days_that_are_left_are_shown(app: Flask, owner: Browser) -> None:
    owner.post("/studio/accounts/connect", PRACTICE)
    for days, says in ((9, "good for 9 days"), (-1, "over since")):
        with parts_of(app).db.write() as session:
            account = session.scalars(select(Account)).one()
            account.expires_at = utcnow() + timedelta(days=days, hours=1)
        assert says in owner.get("/studio/accounts").text


# Facebook's own dialog


def _fetch(url: str) -> tuple[int, str, str]:
    """Status, Location and text of a page of the pretended Facebook."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request("GET", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    text = answer.read().decode()
    location = answer.headers.get("Location", "")
    connection.close()
    return answer.status, location, text


def _start(owner: Browser) -> str:
    answer = owner.post("/studio/accounts/facebook/start")
    assert answer.status_code == 303
    return answer.location


def _allow(dialog: str) -> str:
    """Press Allow in the dialog; the path of ours that it leads back to."""
    status, _, page = _fetch(dialog)
    assert status == 200, page
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    granted = [("granted", scope) for scope in re.findall(r'name="granted" value="(\w+)"', page)]
    query = urlencode([(name, unescape(value)) for name, value in fields] + granted)
    _, location, _ = _fetch(f"{dialog.split('?')[0].rsplit('/', 1)[0]}/allow?{query}")
    assert location.startswith("http://photos.example.org/studio/accounts/facebook/back?")
    return location.removeprefix("http://photos.example.org")


def _choices(page: str) -> list[str]:
    return [unescape(value) for value in re.findall(r'name="choice" value="([^"]+)"', page)]


def test_a_page_is_connected_by_the_dialog(
    app: Flask, owner: Browser, facebook_fake: FacebookFake
) -> None:
    back = owner.get(_allow(_start(owner)))
    assert back.status_code == 200
    assert facebook_fake.page_token not in back.text
    assert _accounts(app) == []

    page = owner.follow("/studio/accounts/facebook/choose", {"choice": _choices(back.text)[0]})

    (account,) = _accounts(app)
    parts = parts_of(app)
    assert account.remote_id == facebook_fake.page_id
    assert parts.vault.open(account.id, account.credential)["page_id"] == facebook_fake.page_id
    assert f"Connected facebook:{account.name}." in unescape(page.text)


def test_the_dialog_is_told_an_unguessable_state_and_the_public_address(owner: Browser) -> None:
    first, second = (parse_qs(urlsplit(_start(owner)).query) for _ in range(2))

    assert len(first["state"][0]) >= 43
    assert first["state"] != second["state"]
    assert first["redirect_uri"] == ["http://photos.example.org/studio/accounts/facebook/back"]


def test_the_accounts_page_alone_lets_its_forms_end_at_the_dialog(
    owner: Browser, facebook_fake: FacebookFake
) -> None:
    def policy(path: str) -> str:
        return owner.get(path).headers["Content-Security-Policy"]

    assert f"form-action 'self' {facebook_fake.url};" in policy("/studio/accounts")
    assert "form-action 'self';" in policy("/studio/settings")


def test_a_state_works_once(owner: Browser) -> None:
    back = _allow(_start(owner))
    assert owner.get(back).status_code == 200

    page = owner.client.get(back, follow_redirects=True)
    assert "does not belong to a connection that was begun here" in page.text


def test_a_state_of_another_session_or_none_connects_nothing(app: Flask, owner: Browser) -> None:
    theirs = _allow(_start(owner))
    _start(owner)
    guessed = "/studio/accounts/facebook/back?code=abc&state=guessed"
    mallory = Browser(app, form_at="/studio")
    mallory.begin(add_person(app, Role.OWNER, "Mallory"))
    for browser, path in ((owner, theirs), (owner, guessed), (mallory, theirs)):
        page = browser.client.get(path, follow_redirects=True)
        assert "does not belong to a connection that was begun here" in page.text
    assert _accounts(app) == []


def test_the_same_browser_signed_in_anew_must_begin_anew(app: Flask, owner: Browser) -> None:
    back = _allow(_start(owner))
    owner.begin(add_person(app, Role.OWNER, "Second"))

    assert "nothing was connected" in owner.client.get(back, follow_redirects=True).text


def test_a_dialog_that_was_cancelled_connects_nothing(owner: Browser) -> None:
    state = parse_qs(urlsplit(_start(owner)).query)["state"][0]
    back = f"/studio/accounts/facebook/back?error=access_denied&state={state}"

    page = owner.client.get(back, follow_redirects=True)
    assert "The dialog was closed; nothing was connected." in page.text


def test_what_facebook_refuses_is_told_in_its_sentence(owner: Browser) -> None:
    state = parse_qs(urlsplit(_start(owner)).query)["state"][0]

    answer = owner.client.get(
        f"/studio/accounts/facebook/back?code=wrong&state={state}", follow_redirects=True
    )

    assert answer.status_code == 200
    assert 'class="note bad"' in answer.text


def test_a_choice_is_bound_to_its_session_and_its_time(app: Flask, owner: Browser) -> None:
    choice = _choices(owner.get(_allow(_start(owner))).text)[0]
    mallory = Browser(app, form_at="/studio")
    mallory.begin(add_person(app, Role.OWNER, "Mallory"))
    assert mallory.post("/studio/accounts/facebook/choose", {"choice": choice}).status_code == 400

    parts = parts_of(app)
    bound_to = _session_mark(owner)
    kept = parts.vault.open(bound_to, choice.encode())
    stale = parts.vault.seal(bound_to, {**kept, "until": (utcnow() - timedelta(1)).isoformat()})
    answer = owner.post("/studio/accounts/facebook/choose", {"choice": stale.decode()})
    assert "This choice is older than ten minutes; connect again." in answer.text
    assert _accounts(app) == []


def test_a_choice_keeps_when_its_credential_ends(app: Flask, owner: Browser) -> None:
    choice = _choices(owner.get(_allow(_start(owner))).text)[0]
    parts, bound_to = parts_of(app), _session_mark(owner)
    kept = parts.vault.open(bound_to, choice.encode())
    ends = utcnow() + timedelta(days=60)
    profile = {**json.loads(kept["profile"]), "expires_at": ends.isoformat()}
    sealed = parts.vault.seal(bound_to, {**kept, "profile": json.dumps(profile)})

    owner.post("/studio/accounts/facebook/choose", {"choice": sealed.decode()})

    assert _accounts(app)[0].expires_at == ends


def test_ticking_nothing_connects_nothing(owner: Browser) -> None:
    page = owner.follow("/studio/accounts/facebook/choose")

    assert "Nothing was ticked, so nothing was connected." in page.text


@pytest.mark.parametrize("network", ["practice", "myspace"])
def test_a_network_without_a_dialog_has_no_such_page(owner: Browser, network: str) -> None:
    assert owner.post(f"/studio/accounts/{network}/start").status_code == 404


def _session_mark(browser: Browser) -> str:
    cookie = browser.client.get_cookie("session")
    assert cookie is not None
    return hash_of(cookie.value)
