"""Signing in and out, the first owner's page, and where forms may come from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import extract_parameters
from flask import Flask
from sqlalchemy import select

from gallery import create_app
from gallery.models import Album, Audit, Person, Role, SignIn, Site
from gallery.people import people, sessions
from gallery.people.passwords import Passwords
from gallery.settings import Secret, Settings
from tests.web.browser import CHEAP, PASSWORD, Browser, add_person, counted, parts_of, utcnow

SIGN_IN = {"email": "owner@example.org", "password": PASSWORD}
TYPED = {
    "site_name": "SME Network",
    "name": "Siti",
    "email": "siti@example.org",
    "password": "some other words in a row",
}


@pytest.fixture
def owner(app: Flask) -> Person:
    """The only person there is."""
    return add_person(app, Role.OWNER)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Nobody yet."""
    return Browser(app)


def _session_rows(app: Flask) -> list[SignIn]:
    with parts_of(app).db.read() as session:
        return list(session.scalars(select(SignIn)))


def _audit(app: Flask) -> list[str]:
    with parts_of(app).db.read() as session:
        return [row.what for row in session.scalars(select(Audit).order_by(Audit.at))]


# Signing in


def test_the_right_password_opens_the_studio(app: Flask, owner: Person, browser: Browser) -> None:
    answer = browser.post("/studio/sign-in", SIGN_IN)

    assert (answer.status_code, answer.location) == (303, "/studio")
    assert browser.get("/studio").status_code == 200
    assert [row.person_id for row in _session_rows(app)] == [owner.id]
    assert _audit(app)[-1] == "sign-in"


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(
    owner: Person, browser: Browser
) -> None:
    cookies = browser.post("/studio/sign-in", SIGN_IN).headers.getlist("Set-Cookie")
    cookie = next(c for c in cookies if c.startswith("session="))

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_belongs_to_this_host_alone(settings: Settings) -> None:
    safe = Settings(
        **{
            **settings.__dict__,
            "secret_key": Secret(settings.secret_key.reveal()),
            "public_url": "https://photos.example.org",
        }
    )
    app = create_app(safe)

    assert app.config["SIGN_IN_COOKIE_NAME"] == "__Host-session"
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-form"
    assert app.config["SESSION_COOKIE_SECURE"] is True
    parts_of(app).close()


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "owner@example.org", "password": "not this one"},
        {"email": "nobody@example.org", "password": PASSWORD},
        {"email": "gone@example.org", "password": PASSWORD},
        {"email": "", "password": ""},
    ],
    ids=["wrong password", "unknown", "disabled", "nothing"],
)
def test_whatever_does_not_fit_is_told_in_the_same_words(
    app: Flask, owner: Person, browser: Browser, typed: dict[str, str]
) -> None:
    gone = add_person(app, Role.EDITOR, "Gone")
    with parts_of(app).db.write() as session:
        people.disable(session, people.by_id(session, gone.id), now=utcnow(), by=None)

    answer = browser.post("/studio/sign-in", typed)

    assert answer.status_code == 422
    assert "do not belong together. Check both and try again." in answer.text
    assert PASSWORD not in answer.text
    assert _session_rows(app) == []
    assert _audit(app)[-1] == "sign-in refused"


def test_an_unknown_person_is_checked_like_a_known_one(owner: Person, browser: Browser) -> None:
    seen = browser.app.extensions["gallery.passwords"] = _Noting()

    browser.post("/studio/sign-in", SIGN_IN)
    browser.post("/studio/sign-in", {**SIGN_IN, "email": "nobody@example.org"})

    assert seen.checked == [owner.password_hash, None]


class _Noting(Passwords):
    """Notes what it is asked to check."""

    def __init__(self) -> None:
        super().__init__(passes=1, memory_kib=8)
        self.checked: list[str | None] = []

    def matches(self, password_hash: str | None, password: str) -> bool:
        self.checked.append(password_hash)
        return super().matches(password_hash, password)


def test_a_password_hashed_with_older_costs_is_hashed_anew(
    app: Flask, owner: Person, browser: Browser
) -> None:
    app.extensions["gallery.passwords"] = Passwords(passes=2, memory_kib=16)
    browser.post("/studio/sign-in", SIGN_IN)

    with parts_of(app).db.read() as session:
        stored = people.by_id(session, owner.id).password_hash
    assert extract_parameters(stored).memory_cost == 16
    assert CHEAP.matches(stored, PASSWORD)


def test_a_session_that_somebody_planted_does_not_survive_signing_in(
    app: Flask, owner: Person, browser: Browser
) -> None:
    planted = browser.begin(add_person(app, Role.UPLOADER, "Mallory"))
    mallory = Browser(app)
    mallory.client.set_cookie("session", planted)

    browser.client.get("/studio")
    browser.post("/studio/sign-in", SIGN_IN)

    assert mallory.get("/studio").status_code == 303
    assert [row.person_id for row in _session_rows(app)] == [owner.id]


def test_the_form_tokens_of_before_are_worth_nothing_after_signing_in(
    app: Flask, owner: Person, browser: Browser
) -> None:
    page = browser.get("/studio/sign-in").text
    old = page.split('name="csrf_token" value="')[1].split('"')[0]
    browser.client.post("/studio/sign-in", data={"csrf_token": old, **SIGN_IN})

    assert browser.client.post("/studio/albums", data={"csrf_token": old}).status_code == 400


# Where it leads


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/studio/posts?album=1", "/studio/posts?album=1"),
        ("https://evil.example/", "/studio"),
        ("//evil.example/", "/studio"),
        ("/\\evil.example", "/studio"),
        ("/a\nb", "/studio"),
        ("javascript:alert(1)", "/studio"),
        ("", "/studio"),
    ],
)
def test_the_way_back_stays_on_this_site(
    owner: Person, browser: Browser, wanted: str, leads_to: str
) -> None:
    answer = browser.post("/studio/sign-in", {**SIGN_IN, "next": wanted})

    assert answer.location == leads_to


@pytest.mark.parametrize(
    "path", ["/studio", "/studio/people", "/studio/a/1?x=2", "/studio/any/thing"]
)
def test_signed_out_every_studio_address_leads_to_the_password_field(
    browser: Browser, path: str
) -> None:
    answer = browser.client.get(path, follow_redirects=True)

    assert answer.status_code == 200
    assert 'type="password"' in answer.text
    assert answer.request.args["next"] == path


def test_our_own_script_is_told_in_json_that_it_is_signed_out(browser: Browser) -> None:
    answer = browser.post("/studio/a/1/add", headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert answer.json == {
        "error": "You are signed out; sign in again in another tab, then try again here."
    }


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(browser: Browser) -> None:
    answer = browser.post(
        "/studio/a/1/captions", headers={"Referer": "http://localhost/studio/a/1/captions?page=2"}
    )

    assert answer.location == "/studio/sign-in?next=/studio/a/1/captions?page%3D2"


def test_whoever_is_signed_in_does_not_see_the_form_again(app: Flask) -> None:
    browser = Browser.signed_in(app, Role.OWNER)

    assert browser.get("/studio/sign-in").location == "/studio"


# The end


def test_signing_out_ends_the_session_in_the_table_too(app: Flask) -> None:
    browser = Browser.signed_in(app, Role.OWNER)
    token = browser.client.get_cookie("session")
    assert token is not None

    answer = browser.post("/studio/sign-out")

    assert (answer.status_code, answer.location) == (303, "/")
    assert _session_rows(app) == []
    browser.client.set_cookie("session", token.value)
    assert browser.get("/studio").status_code == 303


def test_signing_out_twice_is_no_harm(browser: Browser) -> None:
    assert browser.post("/studio/sign-out").status_code == 303


def test_a_session_in_use_is_noted(app: Flask) -> None:
    browser = Browser.signed_in(app, Role.OWNER)
    before = utcnow() - timedelta(days=6)
    with parts_of(app).db.write() as session:
        session.scalars(select(SignIn)).one().seen_at = before

    browser.get("/studio")

    assert _session_rows(app)[0].seen_at > before


def test_visitors_get_no_cookie_and_cost_no_query_about_sessions(
    app: Flask, owner: Person, browser: Browser
) -> None:
    with counted(app) as statements:
        answer = browser.get("/")

    assert "Set-Cookie" not in answer.headers
    assert not [sql for sql in statements if "sign_in" in sql]


# The password once more


def test_delicate_things_ask_for_the_password_once_more(app: Flask) -> None:
    browser = Browser.signed_in(app, Role.OWNER)
    _password_typed_long_ago(app)

    answer = browser.post("/studio/people", headers={"Referer": "http://localhost/studio/people"})

    assert answer.location == "/studio/confirm?next=/studio/people"
    page = browser.get(answer.location)
    assert "Type your password once more" in page.text
    assert 'type="password"' in page.text


def test_the_right_password_makes_the_session_recent_and_new(app: Flask) -> None:
    browser = Browser.signed_in(app, Role.OWNER)
    _password_typed_long_ago(app)
    before = _session_rows(app)[0].token_hash

    answer = browser.post("/studio/confirm", {"password": PASSWORD, "next": "/studio/people"})

    assert answer.location == "/studio/people"
    after = _session_rows(app)
    assert [row.token_hash == before for row in after] == [False]
    assert sessions.is_recent(after[0], now=utcnow())


def test_a_wrong_password_leaves_the_session_as_it_is(app: Flask) -> None:
    browser = Browser.signed_in(app, Role.OWNER)
    _password_typed_long_ago(app)

    assert browser.post("/studio/confirm", {"password": "not this one"}).status_code == 422
    assert not sessions.is_recent(_session_rows(app)[0], now=utcnow())


def test_signed_out_there_is_nothing_to_confirm(browser: Browser) -> None:
    assert browser.get("/studio/confirm").location == "/studio/sign-in?next=/studio"
    assert browser.post("/studio/confirm").location == "/studio/sign-in?next=/studio"


def _password_typed_long_ago(app: Flask) -> None:
    with parts_of(app).db.write() as session:
        session.scalars(select(SignIn)).one().started_at = utcnow() - timedelta(hours=1)


# Too often


def _try(browser: Browser, email: str, address: str, password: str = "wrong") -> int:
    typed = {"email": email, "password": password}
    sent_from = {"REMOTE_ADDR": address}
    return browser.post("/studio/sign-in", typed, environ_overrides=sent_from).status_code


def test_an_account_takes_five_guesses_a_minute_from_wherever_they_come(
    owner: Person, browser: Browser
) -> None:
    answers = [_try(browser, owner.email, f"192.0.2.{n}") for n in range(6)]

    assert answers == [422] * 5 + [429]


def test_the_page_says_that_nothing_is_locked_and_how_long_to_wait(
    owner: Person, browser: Browser
) -> None:
    for _ in range(5):
        _try(browser, owner.email, "192.0.2.1")

    answer = browser.post("/studio/sign-in", SIGN_IN)

    assert answer.status_code == 429
    assert "Nothing is locked: wait a minute, then try again." in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_an_address_takes_twenty_guesses_a_minute_whatever_the_account(
    owner: Person, browser: Browser
) -> None:
    answers = [_try(browser, f"p{n}@example.org", "192.0.2.1") for n in range(21)]

    assert answers == [422] * 20 + [429]
    assert _try(browser, owner.email, "192.0.2.2", PASSWORD) == 303


def test_strangers_who_guess_do_not_lock_out_who_signed_in_from_there_before(
    owner: Person, browser: Browser
) -> None:
    assert _try(browser, owner.email, "192.0.2.7", PASSWORD) == 303
    again = Browser(browser.app)
    for n in range(6):
        _try(again, owner.email, f"198.51.100.{n}")

    assert _try(again, owner.email, "198.51.100.99", PASSWORD) == 429
    assert _try(again, owner.email, "192.0.2.7", PASSWORD) == 303


def test_the_right_password_forgets_the_wrong_ones_before(app: Flask, owner: Person) -> None:
    for _ in range(3):
        browser = Browser(app)
        answers = [_try(browser, owner.email, "192.0.2.1") for _ in range(4)]
        assert answers == [422] * 4
        assert _try(browser, owner.email, "192.0.2.1", PASSWORD) == 303


# Forms from elsewhere


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_a_token(
    owner: Person, browser: Browser, headers: dict[str, str]
) -> None:
    answer = browser.post("/studio/sign-in", SIGN_IN, headers=headers)

    assert answer.status_code == 400
    assert "sent from another site, so nothing was changed" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "http://photos.example.org"},
        {"Origin": "http://localhost"},
    ],
)
def test_a_form_of_ours_is_taken(owner: Person, browser: Browser, headers: dict[str, str]) -> None:
    assert browser.post("/studio/sign-in", SIGN_IN, headers=headers).status_code == 303


def test_our_script_is_told_in_json_that_its_form_is_stale(app: Flask) -> None:
    browser = Browser.signed_in(app, Role.OWNER)

    answer = browser.client.post("/studio/albums", headers={"Accept": "application/json"})

    assert answer.status_code == 400
    assert answer.json is not None
    assert "reload the page and send it once more" in answer.json["error"]


# The first owner


@pytest.fixture
def token(app: Flask) -> str:
    """What the log told."""
    with parts_of(app).db.write() as session:
        return people.new_setup_token(session) or ""


@pytest.fixture
def newcomer(app: Flask, token: str) -> Browser:
    """At the link from the log."""
    return Browser(app, form_at=f"/setup?token={token}")


def test_the_link_from_the_log_asks_for_four_things(newcomer: Browser, token: str) -> None:
    for path in (f"/setup?token={token}", f"/setup/{token}"):
        answer = newcomer.get(path)
        assert answer.status_code == 200
        assert all(f'name="{field}"' in answer.text for field in TYPED)
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_first_owner_stands_in_front_of_a_new_album_with_todays_date(
    app: Flask, newcomer: Browser, token: str
) -> None:
    answer = newcomer.post("/setup", {"token": token, **TYPED})

    with parts_of(app).db.read() as session:
        album = session.scalars(select(Album)).one()
        assert session.get_one(Site, 1).name == "SME Network"
    assert (answer.status_code, answer.location) == (303, f"/studio/a/{album.id}")
    page = newcomer.get(answer.location).text
    assert f'value="{album.first_day}"' in page
    assert 'type="file"' in page
    assert "Try with 12 sample photos" in page


def test_the_link_works_once(newcomer: Browser, token: str) -> None:
    stale = Browser(newcomer.app, form_at=f"/setup?token={token}")
    stale_token = stale.get(f"/setup?token={token}").text.split('csrf_token" value="')[1]
    newcomer.post("/setup", {"token": token, **TYPED})

    late = {"csrf_token": stale_token.split('"')[0], "token": token, **TYPED}
    assert stale.client.post("/setup", data=late).status_code == 404
    assert stale.get(f"/setup?token={token}").status_code == 404


@pytest.mark.parametrize("path", ["/setup", "/setup?token=guessed", "/setup/guessed"])
def test_a_wrong_link_is_not_there(newcomer: Browser, path: str) -> None:
    assert newcomer.get(path).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"site_name": " "}, "Give your site a name"),
        ({"name": ""}, "Give a name"),
        ({"email": "siti"}, "Give an e-mail address"),
        ({"password": "short"}, "at least 12 characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(
    app: Flask, newcomer: Browser, token: str, wrong: dict[str, str], sentence: str
) -> None:
    answer = newcomer.post("/setup", {"token": token, **TYPED, **wrong})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert f'href="#{next(iter(wrong))}"' in answer.text
    assert TYPED["password"] not in answer.text
    with parts_of(app).db.read() as session:
        assert not people.anybody(session)
