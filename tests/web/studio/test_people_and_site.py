"""People and the site's settings: for owners."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from gallery.models import Person, Role, SignIn, Site
from gallery.people import people
from tests.web.browser import CHEAP, PASSWORD, Browser, add_person, parts_of, utcnow

BUDI = {
    "name": "Budi <b>",
    "email": "Budi@example.org",
    "password": PASSWORD,
    "role": "uploader",
}


def _person(app: Flask, email: str) -> Person:
    with parts_of(app).db.read() as session:
        found = people.by_email(session, email)
    assert found is not None
    return found


def test_an_owner_adds_a_person_who_can_sign_in(app: Flask, owner: Browser) -> None:
    page = owner.follow("/studio/people", BUDI).text

    budi = _person(app, "budi@example.org")
    assert budi.role is Role.UPLOADER
    assert CHEAP.matches(budi.password_hash, PASSWORD)
    assert "Budi &lt;b&gt; can sign in now." in page
    assert "person added" in page
    assert PASSWORD not in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Give a name"),
        ({"email": "owner@example.org"}, "Somebody with this e-mail address is here already."),
        ({"password": "short"}, "Choose a password of at least 12 characters."),
        ({"role": "king"}, "There is no role “king”"),
    ],
)
def test_what_is_wrong_with_a_new_person_is_said_and_the_rest_stays_typed(
    app: Flask, owner: Browser, typed: dict[str, str], sentence: str
) -> None:
    answer = owner.post("/studio/people", {**BUDI, "name": "Budi", **typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert ("Budi" in answer.text) is ("name" not in typed) or "Budi@example.org" in answer.text
    with parts_of(app).db.read() as session:
        assert len(people.everybody(session)) == 1


def test_a_role_is_changed_and_the_person_signs_in_again(app: Flask, owner: Browser) -> None:
    budi = add_person(app, Role.UPLOADER, "Budi")
    theirs = Browser(app, form_at="/studio")
    theirs.begin(budi)

    page = owner.follow(f"/studio/people/{budi.id}", {"do": "role", "role": "editor"}).text

    assert "Budi is editor now and must sign in again." in page
    assert _person(app, budi.email).role is Role.EDITOR
    assert theirs.get("/studio").status_code == 303


def test_a_person_is_stopped_at_once_and_let_in_again(app: Flask, owner: Browser) -> None:
    budi = add_person(app, Role.EDITOR, "Budi")
    theirs = Browser(app, form_at="/studio")
    theirs.begin(budi)

    page = owner.follow(f"/studio/people/{budi.id}", {"do": "disable"}).text
    assert "Budi can&#39;t sign in any more" in page
    assert ">disabled<" in page
    assert theirs.get("/studio").status_code == 303

    owner.follow(f"/studio/people/{budi.id}", {"do": "enable"})
    assert _person(app, budi.email).disabled_at is None


def test_the_last_owner_stays(app: Flask, owner: Browser) -> None:
    me = _person(app, "owner@example.org")
    for form in ({"do": "disable"}, {"do": "role", "role": "editor"}):
        answer = owner.post(f"/studio/people/{me.id}", form)
        assert answer.status_code == 409
        assert "This is the last owner; make somebody else an owner first." in answer.text
    assert _person(app, me.email).role is Role.OWNER


def test_a_new_password_ends_all_sessions_of_that_person(app: Flask, owner: Browser) -> None:
    budi = add_person(app, Role.EDITOR, "Budi")
    theirs = Browser(app, form_at="/studio")
    theirs.begin(budi)
    path = f"/studio/people/{budi.id}/password"

    short = owner.post(path, {"password": "short"})
    assert short.status_code == 422
    assert f'href="#password-{budi.id}"' in short.text
    page = owner.follow(path, {"password": "quite another password"}).text

    assert "Budi has a new password and must sign in again." in page
    assert CHEAP.matches(_person(app, budi.email).password_hash, "quite another password")
    assert theirs.get("/studio").status_code == 303


def test_changing_people_needs_the_password_lately(app: Flask, owner: Browser) -> None:
    with parts_of(app).db.write() as session:
        session.scalars(select(SignIn)).one().started_at = utcnow() - timedelta(hours=1)

    assert owner.get("/studio/people").status_code == 200
    assert owner.post("/studio/people", BUDI).location.startswith("/studio/confirm")
    with parts_of(app).db.read() as session:
        assert len(people.everybody(session)) == 1


def test_anybody_changes_their_own_password_and_only_this_browser_stays(app: Flask) -> None:
    browser = Browser.signed_in(app, Role.UPLOADER)
    elsewhere = Browser(app, form_at="/studio")
    elsewhere.begin(_person(app, "uploader@example.org"))

    short = browser.post("/studio/you", {"password": "short"})
    assert (short.status_code, 'href="#password"' in short.text) == (422, True)
    page = browser.follow("/studio/you", {"password": "quite another password"}).text

    assert "Your password is changed. Your other browsers must sign in again." in page
    assert CHEAP.matches(
        _person(app, "uploader@example.org").password_hash, "quite another password"
    )
    assert elsewhere.get("/studio").status_code == 303


def test_a_person_who_is_not_there_is_a_404(owner: Browser) -> None:
    assert owner.post("/studio/people/missing", {"do": "disable"}).status_code == 404


def test_settings_are_saved_and_shown_everywhere(app: Flask, owner: Browser) -> None:
    typed = {"site_name": "Rangkaian <PKS>", "language": "ms", "zone": "Asia/Jakarta"}

    page = owner.follow("/studio/settings", typed).text

    assert "Rangkaian &lt;PKS&gt;" in page
    assert 'value="Asia/Jakarta"' in page
    with parts_of(app).db.read() as session:
        assert session.get_one(Site, 1).language == "ms"


def test_settings_that_cannot_be_are_refused_at_their_fields(owner: Browser) -> None:
    typed = {"site_name": "", "language": "English!", "zone": "Brunei"}

    answer = owner.post("/studio/settings", typed)

    assert answer.status_code == 422
    assert "3 things to put right; nothing was changed yet." in answer.text
    assert all(f'href="#{field}"' in answer.text for field in typed)
    assert 'value="Brunei"' in answer.text
