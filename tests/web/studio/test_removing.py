"""Requests to remove photos: decided beside every delivery, or begun by an editor."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from gallery.albums.removals import Request
from gallery.models import (
    Album,
    Delivery,
    Photo,
    PhotoState,
    Post,
    PostState,
    Removal,
    RemovalState,
    Role,
    State,
    Step,
    StepState,
    Tombstone,
)
from gallery.publishing import accounts, takedown
from tests.web.browser import Browser, counted, parts_of, utcnow
from tests.web.studio.conftest import AddPhotos, photo

URL = "http://photos.example.org/practice/0123456789abcdef"


def ask(app: Flask, photo_id: str, **more: str) -> str:
    """Somebody asks for a photo to go; the reference."""
    parts = parts_of(app)
    limits_of = accounts.limits_of(parts.vault, parts.settings)
    request = Request(**{"who": "me", "message": "Please <b>", "reply": "<i>@x.org", **more})
    with parts.db.write() as session:
        return takedown.ask(
            session, parts.settings, limits_of, photo_id, request, now=utcnow()
        ).id  # fmt: skip


def publish(app: Flask) -> None:
    """The delivery is out."""
    with parts_of(app).db.write() as session:
        session.scalars(select(Delivery)).one().state = State.PUBLISHED
        post = session.scalars(select(Post)).one()
        post.state, post.receipt = PostState.LIVE, {"remote_id": "1", "url": URL, "data": {}}
        for step in session.scalars(select(Step)):
            step.state = StepState.DONE


def removal(app: Flask) -> Removal:
    with parts_of(app).db.read() as session:
        return session.scalars(select(Removal)).one()


def rung(app: Flask) -> set[str]:
    return set(iter(parts_of(app).bell.next_delivery, None))


def test_without_requests_the_page_says_where_they_come_from(owner: Browser) -> None:
    page = owner.get("/studio/requests").text

    assert "Nobody has asked for a photo to be removed." in page
    assert 'href="/studio/requests"' in page
    assert "asked to be removed" not in owner.get("/studio").text


def test_a_request_stands_beside_every_delivery_of_its_photo(
    app: Flask, owner: Browser, here: str
) -> None:
    publish(app)
    reference = ask(app, "p00002")

    front, page = owner.get("/studio").text, owner.get("/studio/requests").text

    assert "1 photo is asked to be removed" in front
    assert f"reference {reference}" in page
    assert "Somebody who is in it asks" in page
    assert "Please &lt;b&gt;" in page
    assert "&lt;i&gt;@x.org" in page
    assert "Hidden from visitors until you decide." in page
    assert f'href="{here}"' in page
    assert f'href="{URL}" target="_blank" rel="noopener"' in page
    assert "/m/p00002/" in page


def test_two_requests_for_one_photo_count_once(
    app: Flask, owner: Browser, add_photos: AddPhotos
) -> None:
    for id_ in [*add_photos(2), "p00001"]:
        ask(app, id_)

    assert "2 photos are asked to be removed" in owner.get("/studio").text


def test_who_keeps_a_photo_shows_it_again(
    app: Flask, owner: Browser, add_photos: AddPhotos
) -> None:
    add_photos(1)
    reference = ask(app, "p00001")
    assert photo(app, "p00001").state is PhotoState.HIDDEN

    page = owner.follow(f"/studio/requests/{reference}", {"decision": "keep"}).text

    assert "Kept. The photo is shown again." in page
    assert removal(app).state is RemovalState.KEPT
    assert photo(app, "p00001").state is PhotoState.READY
    assert ">kept</span>" in page
    assert "asked to be removed" not in owner.get("/studio").text


def test_a_photo_that_others_ask_for_stays_hidden(
    app: Flask, owner: Browser, add_photos: AddPhotos
) -> None:
    add_photos(1)
    first, _second = ask(app, "p00001"), ask(app, "p00001")

    page = owner.follow(f"/studio/requests/{first}", {"decision": "keep"}).text

    assert "Kept. It stays hidden" in page
    assert photo(app, "p00001").state is PhotoState.HIDDEN


def test_a_photo_is_taken_down_everywhere(app: Flask, owner: Browser, here: str) -> None:
    publish(app)
    reference = ask(app, "p00002")
    rung(app)

    page = owner.follow(f"/studio/requests/{reference}", {"decision": "remove"}).text

    assert "Taken down: the photo is gone from this site. " in page
    assert "on networks follow" in page
    assert ">being removed</span>" in page
    assert f'href="{here}"' in page
    with parts_of(app).db.read() as session:
        ordered = {one.id: one for one in session.scalars(select(Delivery))}
        assert session.scalars(select(Tombstone)).one().sha256 == f"{2:064}"
    assert rung(app) == ordered.keys()
    assert not parts_of(app).storage.has_bytes_of(f"{2:064}")
    assert "Owner had a photo taken out." in owner.get(f"{here}/history").text


def test_a_request_that_was_decided_already_is_left_as_it_is(
    app: Flask, owner: Browser, add_photos: AddPhotos
) -> None:
    add_photos(1)
    reference = ask(app, "p00001")
    owner.post(f"/studio/requests/{reference}", {"decision": "keep"})

    page = owner.follow(f"/studio/requests/{reference}", {"decision": "remove"}).text

    assert "This request was decided already" in page
    assert photo(app, "p00001").state is PhotoState.READY


@pytest.mark.parametrize("decision", ["", "burn"])
def test_without_a_clear_decision_nothing_is_done(
    app: Flask, owner: Browser, add_photos: AddPhotos, decision: str
) -> None:
    add_photos(1)
    reference = ask(app, "p00001")

    answer = owner.post(f"/studio/requests/{reference}", {"decision": decision})

    assert answer.status_code == 400
    assert removal(app).state is RemovalState.OPEN


def test_a_request_that_is_not_there_is_a_404(owner: Browser) -> None:
    assert owner.post("/studio/requests/none", {"decision": "keep"}).status_code == 404


def test_an_editor_takes_a_photo_down_after_seeing_what_that_does(
    app: Flask, at: str, here: str
) -> None:
    publish(app)
    editor = Browser.signed_in(app, Role.EDITOR)
    assert f'href="{at}/take-down/p00002"' in editor.get(f"{at}/captions").text

    before = editor.get(f"{at}/take-down/p00002").text
    assert photo(app, "p00002").state is PhotoState.READY
    page = editor.follow(f"{at}/take-down/p00002", {"reason": "By phone"}).text

    assert f'href="{here}"' in before
    assert "deleted here for good" in before
    assert "A person of this site took it down" in page
    assert removal(app).state is RemovalState.REMOVING
    with parts_of(app).db.read() as session:
        assert session.scalars(select(Tombstone)).one().reason == "By phone"


def test_a_photo_that_was_never_posted_is_gone_at_once(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    add_photos(1)
    assert "It was never posted to a network." in owner.get(f"{at}/take-down/p00001").text

    page = owner.follow(f"{at}/take-down/p00001").text

    assert "Taken down: the photo is gone from this site." in page
    assert "follow" not in page
    assert removal(app).state is RemovalState.REMOVED
    assert "/m/p00001/" not in page


def test_what_was_taken_down_is_offered_nowhere_any_more(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    add_photos(2)
    owner.post(f"{at}/take-down/p00001")

    for path in ("captions", "order", "cover"):
        shown = owner.get(f"{at}/{path}").text
        assert "p00002" in shown
        assert "p00001" not in shown
    owner.post(f"{at}/captions", {"do": "show", "selected": "p00001"})
    assert photo(app, "p00001").state is PhotoState.HIDDEN


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_a_photo_of_the_album_can_be_taken_down(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos, method: str
) -> None:
    add_photos(1, state=PhotoState.REJECTED)
    with parts_of(app).db.write() as session:
        other = Album(slug="other", title="Other", created_at=utcnow())
        session.add(other)
        session.flush()
        row = session.get_one(Photo, "p00001")
        session.add(
            Photo(id="other1", album_id=other.id, sha256="1" * 64, file="o.jpg", bytes=1,
                  state=PhotoState.READY, added_at=row.added_at)
        )  # fmt: skip

    for id_ in ("none00", "p00001", "other1"):
        assert getattr(owner, method)(f"{at}/take-down/{id_}").status_code == 404
    assert photo(app, "other1").state is PhotoState.READY


def test_many_requests_take_no_more_queries(app: Flask, owner: Browser, delivery_id: str) -> None:
    assert delivery_id
    ask(app, "p00001")
    owner.get("/studio/requests")
    with counted(app) as one:
        owner.get("/studio/requests")
    ask(app, "p00002")
    ask(app, "p00003")
    with counted(app) as three:
        owner.get("/studio/requests")

    assert len(three) == len(one) <= 12


def test_requests_that_are_open_come_first(
    app: Flask, owner: Browser, add_photos: AddPhotos
) -> None:
    add_photos(2)
    first = ask(app, "p00001")
    second = ask(app, "p00002")
    owner.post(f"/studio/requests/{second}", {"decision": "keep"})

    page = owner.get("/studio/requests").text

    assert page.index(first) < page.index(second)
    assert "1 photo is asked to be removed" in owner.get("/studio").text
