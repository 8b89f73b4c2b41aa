"""The list of albums, and a new one."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from sqlalchemy import select

from gallery.albums import opening
from gallery.models import (
    Account,
    Album,
    Delivery,
    Draft,
    PhotoState,
    Role,
    State,
    new_id,
)
from tests.web.browser import Browser, add_person, parts_of
from tests.web.studio.conftest import AddPhotos


def test_without_an_album_the_page_offers_to_make_the_first(owner: Browser) -> None:
    page = owner.get("/studio").text

    assert "Make your first album" in page
    assert 'name="title"' in page


def test_without_an_album_an_uploader_is_told_whom_to_wait_for(app: Flask) -> None:
    page = Browser.signed_in(app, Role.UPLOADER).get("/studio").text

    assert "An owner or editor of this site makes one" in page
    assert 'name="title"' not in page


def test_a_title_is_enough_for_an_album(app: Flask, owner: Browser) -> None:
    page = owner.follow("/studio/albums", {"title": "Hari Raya <open> house"})

    with parts_of(app).db.read() as session:
        album = session.scalars(select(Album)).one()
    assert (album.title, album.slug) == ("Hari Raya <open> house", "hari-raya-open-house")
    assert "Your album is open." in page.text
    assert "Hari Raya &lt;open&gt; house" in page.text


def test_an_album_without_a_title_is_refused_at_the_field(owner: Browser) -> None:
    answer = owner.post("/studio/albums", {"title": "  "})

    assert answer.status_code == 422
    assert "An album needs a title." in answer.text
    assert 'href="#title"' in answer.text


def test_the_list_says_how_each_album_stands(
    app: Flask, owner: Browser, album_id: str, add_photos: AddPhotos, now: datetime
) -> None:
    first, _ = add_photos(2)
    add_photos(1, state=PhotoState.WAITING)
    add_photos(1, state=PhotoState.REJECTED)
    _delivery(app, album_id, State.NEEDS_HUMAN, now)
    _delivery(app, album_id, State.PUBLISHED, now)

    page = owner.get("/studio").text

    assert f"/m/{first}/" in page
    assert "2 photos" in page
    assert "1 being prepared" in page
    assert "1 delivery needs you" in page
    assert ">draft<" in page


def test_a_refused_delivery_needs_nobody_once_it_was_posted_again(
    app: Flask, owner: Browser, album_id: str, now: datetime
) -> None:
    _delivery(app, album_id, State.FAILED, now)
    assert "1 delivery needs you" in owner.get("/studio").text
    with parts_of(app).db.write() as session:
        refused = session.scalars(select(Delivery)).one()
        columns = {c.key: getattr(refused, c.key) for c in Delivery.__table__.columns}
        session.add(Delivery(**{**columns, "id": new_id(), "round": 2, "state": State.PUBLISHED}))

    assert "needs you" not in owner.get("/studio").text


def test_the_chosen_cover_stands_for_the_album(
    app: Flask, owner: Browser, album_id: str, add_photos: AddPhotos
) -> None:
    _, second = add_photos(2)
    with parts_of(app).db.write() as session:
        session.get_one(Album, album_id).cover_id = second

    assert f"/m/{second}/" in owner.get("/studio").text


def test_older_albums_are_on_the_next_page(app: Flask, owner: Browser, now: datetime) -> None:
    with parts_of(app).db.write() as session:
        for day in range(1, 26):
            opening.create(session, f"Event {day}.", now=now, first_day=date(2026, 1, day))

    first, second = (owner.get(f"/studio?page={n}").text for n in (1, 2))

    assert "Event 25." in first
    assert "Event 1." not in first
    assert "Event 1." in second
    assert 'href="/studio?page=2"' in first


def test_an_account_that_needs_a_person_is_on_every_page_of_who_can_post(
    app: Flask, owner: Browser, album_id: str, now: datetime
) -> None:
    _delivery(app, album_id, State.GOING, now)
    with parts_of(app).db.write() as session:
        account = session.scalars(select(Account)).one()
        account.state, account.why = account.state.DISCONNECTED, "The password was changed."

    assert "The password was changed." in owner.get("/studio/settings").text
    uploader = Browser(app, form_at="/studio")
    uploader.begin(add_person(app, Role.UPLOADER))
    assert "The password was changed." not in uploader.get("/studio").text


def _delivery(app: Flask, album_id: str, state: State, now: datetime) -> None:
    with parts_of(app).db.write() as session:
        account = Account(
            network="practice", remote_id=new_id(), name="P", credential=b"", connected_at=now
        )
        draft = Draft(album_id=album_id, name=new_id())
        session.add_all([account, draft])
        session.flush()
        session.add(
            Delivery(
                account_id=account.id, draft_id=draft.id, album_revision=1, draft_revision=1,
                plan={"posts": [], "warnings": []}, plan_hash="", ordered_at=now, due_at=now,
                patient_from=now, state=state,
            )
        )  # fmt: skip
