"""What differs on networks, changed there or posted anew; and taking posts back."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from gallery.albums import describe, opening
from gallery.albums.describe import Change
from gallery.models import (
    Account,
    Aim,
    Delivery,
    Draft,
    Post,
    PostState,
    State,
    Step,
    StepState,
)
from tests.web.browser import Browser, counted, parts_of
from tests.web.studio.conftest import AddPhotos

URL = "http://photos.example.org/practice/0123456789abcdef"


def publish(app: Flask, remote_id: str | None = "1") -> None:
    """The delivery is out."""
    with parts_of(app).db.write() as session:
        session.scalars(select(Delivery)).one().state = State.PUBLISHED
        post = session.scalars(select(Post)).one()
        post.state, post.receipt = (
            PostState.LIVE, {"remote_id": remote_id, "url": URL, "data": {}}
        )  # fmt: skip
        for step in session.scalars(select(Step)):
            step.state = StepState.DONE


def recaption(app: Flask, album_id: str, words: str = "Prize <b>giving") -> None:
    """An editor changes a caption."""
    with parts_of(app).db.write() as session:
        album = opening.by_id(session, album_id)
        describe.describe(session, album, {"p00001": Change(words, "", "")})


def retext(app: Flask) -> None:
    """Somebody writes another text."""
    with parts_of(app).db.write() as session:
        draft = session.scalars(select(Draft)).one()
        draft.text, draft.revision = "Another text", draft.revision + 1


def deliveries(app: Flask) -> list[Delivery]:
    with parts_of(app).db.read() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.round)))


def rung(app: Flask) -> set[str]:
    return set(iter(parts_of(app).bell.next_delivery, None))


def test_a_post_that_equals_its_album_is_told_as_such(
    app: Flask, owner: Browser, at: str, here: str
) -> None:
    publish(app)

    assert "something else than this album" not in owner.get(at).text
    assert "Every network shows this album as it is now." in owner.get(f"{at}/changes").text
    assert f'href="{at}/changes"' in owner.get(here).text


def test_after_a_caption_changed_the_album_shows_where_it_differs(
    app: Flask, owner: Browser, album_id: str, at: str, delivery_id: str
) -> None:
    publish(app)
    recaption(app, album_id)

    album, page = owner.get(at).text, owner.get(f"{at}/changes").text

    assert "1 post shows something else than this album does now." in album
    assert f'href="{at}/changes#d-{delivery_id}"' in album
    assert "Prize &lt;b&gt;giving" in page
    assert "The caption of" in page


def test_what_is_not_out_does_not_differ(
    app: Flask, owner: Browser, album_id: str, at: str, delivery_id: str
) -> None:
    recaption(app, album_id)

    assert delivery_id in owner.get(at).text
    assert "something else than this album" not in owner.get(at).text


def test_a_text_is_changed_where_it_stands(
    app: Flask, owner: Browser, at: str, here: str, delivery_id: str
) -> None:
    publish(app)
    retext(app)
    assert 'name="how" value="amend"' in owner.get(f"{at}/changes").text

    page = owner.follow(f"{here}/change", {"how": "amend"}).text

    (row,) = deliveries(app)
    assert "It is being changed where it stands." in page
    assert (row.aim, row.state) == (Aim.AMEND, State.GOING)
    assert rung(app) == {delivery_id}
    assert "Owner had it changed." in owner.get(f"{here}/history").text


def test_a_post_is_posted_anew_in_place_of_the_old_one(
    app: Flask, owner: Browser, album_id: str, at: str, here: str
) -> None:
    publish(app)
    recaption(app, album_id)
    assert 'name="how" value="replace"' in owner.get(f"{at}/changes").text

    answer = owner.post(f"{here}/change", {"how": "replace"})

    old, new = deliveries(app)
    assert answer.location == f"/studio/posts/{new.id}"
    assert (old.aim, new.replaces) == (Aim.RETRACT, old.id)
    assert rung(app) == {old.id, new.id}


@pytest.mark.parametrize("how", ["", "amend it"])
def test_without_a_clear_word_nothing_is_changed(
    app: Flask, owner: Browser, here: str, how: str
) -> None:
    publish(app)
    retext(app)

    answer = owner.post(f"{here}/change", {"how": how})

    assert answer.status_code == 409
    assert "Choose whether it is changed where it stands" in answer.text
    assert deliveries(app)[0].aim is Aim.PUBLISH


def test_what_cannot_be_changed_is_said_in_place(app: Flask, owner: Browser, here: str) -> None:
    answer = owner.post(f"{here}/change", {"how": "replace"})

    assert answer.status_code == 409
    assert "there is nothing to replace." in answer.text
    assert rung(app) == set()


def test_a_delivery_that_is_not_there_is_a_404(owner: Browser, at: str) -> None:
    assert owner.post("/studio/posts/none/change", {"how": "amend"}).status_code == 404
    assert owner.get("/studio/a/none/changes").status_code == 404
    assert owner.get("/studio/a/none/withdraw").status_code == 404
    assert owner.get(f"{at}/changes").status_code == 200


def test_what_taking_back_does_is_shown_before_it_is_done(
    app: Flask, owner: Browser, at: str, delivery_id: str
) -> None:
    publish(app)

    page = owner.get(f"{at}/withdraw").text

    assert f'href="{at}/withdraw"' in owner.get(at).text
    assert f'value="{delivery_id}" checked' in page
    assert ">is removed</span>" in page
    assert f'href="{URL}" target="_blank" rel="noopener"' in page
    assert deliveries(app)[0].aim is Aim.PUBLISH


def test_what_no_program_may_remove_is_said_to_be_by_hand(
    app: Flask, owner: Browser, at: str, delivery_id: str
) -> None:
    assert delivery_id
    publish(app, remote_id=None)

    page = owner.get(f"{at}/withdraw").text

    assert ">by hand</span>" in page
    assert "you will be asked to remove it yourself and to say so." in page


def test_an_account_that_nobody_can_open_is_tried_all_the_same(
    app: Flask, owner: Browser, at: str, delivery_id: str
) -> None:
    assert delivery_id
    publish(app)
    with parts_of(app).db.write() as session:
        session.scalars(select(Account)).one().credential = b"sealed with a key that is gone"

    assert ">is removed</span>" in owner.get(f"{at}/withdraw").text


def test_what_is_ticked_is_taken_back_and_nothing_else(
    app: Flask, owner: Browser, at: str, delivery_id: str
) -> None:
    publish(app)

    none = owner.post(f"{at}/withdraw", {"delivery": "another"})
    aim_before = deliveries(app)[0].aim
    page = owner.follow(f"{at}/withdraw", {"delivery": delivery_id}).text

    assert none.status_code == 422
    assert "Tick what is to be taken back" in none.text
    assert 'href="#which"' in none.text
    assert aim_before is Aim.PUBLISH
    assert "1 delivery is being taken back." in page
    assert deliveries(app)[0].aim is Aim.RETRACT
    assert rung(app) == {delivery_id}


def test_what_has_not_gone_out_is_cancelled(
    app: Flask, owner: Browser, at: str, delivery_id: str
) -> None:
    assert ">is cancelled</span>" in owner.get(f"{at}/withdraw").text

    owner.follow(f"{at}/withdraw", {"delivery": delivery_id})

    assert deliveries(app)[0].state is State.CANCELLED
    assert "Nothing of this album is on a network" in owner.get(f"{at}/withdraw").text


@pytest.mark.parametrize("path", ["", "/changes", "/withdraw"])
def test_more_photos_take_no_more_queries(
    app: Flask, owner: Browser, album_id: str, at: str, delivery_id: str,
    add_photos: AddPhotos, path: str,
) -> None:  # fmt: skip
    assert delivery_id
    publish(app)
    recaption(app, album_id)
    owner.get(at + path)
    with counted(app) as few:
        owner.get(at + path)
    add_photos(20)
    with counted(app) as many:
        owner.get(at + path)

    assert len(many) == len(few) <= 16
