"""Composing a post: the preview is what goes out, and the same order twice is one."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from gallery.models import (
    Account,
    AccountState,
    Album,
    Delivery,
    DrawCaptions,
    PhotoState,
    Role,
    Site,
    State,
    Visibility,
)
from gallery.publishing import accounts
from gallery.publishing.plan import Plan
from tests.web.browser import Browser, counted, parts_of, utcnow
from tests.web.studio.conftest import AddPhotos


@pytest.fixture
def account(app: Flask) -> str:
    """The id of a practice account."""
    return _connect(app, "Practice")


def _connect(app: Flask, name: str) -> str:
    parts, credential = parts_of(app), {"name": name}
    profile = accounts.check(parts.settings, "practice", credential)
    with parts.db.write() as session:
        return accounts.connect(
            session, parts.vault, "practice", credential, profile, now=utcnow()
        ).id


def _seen(page: str) -> dict[str, Any]:
    """The hidden fields of the previews on a page."""
    return dict(re.findall(r'name="((?:hash|round)-\w+)" value="(\w+)"', page))


def _deliveries(app: Flask) -> list[Delivery]:
    with parts_of(app).db.read() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.round)))


def _plan(app: Flask) -> Plan:
    return Plan.from_json(_deliveries(app)[0].plan)


def test_without_an_account_the_page_offers_the_practice_one(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    add_photos(1)
    page = owner.get(f"{at}/post").text
    assert "Use the practice account" in page
    assert f'name="next" value="{at}/post"' in page

    editor = Browser.signed_in(app, Role.EDITOR)
    assert "An owner of this site connects accounts" in editor.get(f"{at}/post").text


def test_without_a_photo_there_is_nothing_to_post(owner: Browser, at: str, account: str) -> None:
    assert "No photo is ready yet." in owner.get(f"{at}/post").text


def test_the_form_is_filled_and_shows_exactly_what_would_go_out(
    owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    first, _ = add_photos(2, caption="Run <fast>", alt_text="A runner")
    add_photos(1, state=PhotoState.WAITING)

    page = owner.get(f"{at}/post").text

    assert f'name="account" value="{account}" checked' in page
    assert "Sports Day</textarea>" in page
    assert "Post to 1 account" in page
    assert "Run &lt;fast&gt;" in page
    assert "A runner" in page
    assert f"/m/{first}/" in page
    assert "1 photo is still being prepared and would not be posted now." in page
    assert "This album is a draft" in page


def test_one_press_orders_what_the_preview_showed(
    app: Flask, owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    ids = add_photos(3, caption="Words")
    seen = _seen(owner.get(f"{at}/post").text)

    answer = owner.post(
        f"{at}/post", {"account": account, "text": "Sports Day", "which": "all", **seen}
    )

    (delivery,) = _deliveries(app)
    assert answer.location == f"/studio/posts/{delivery.id}"
    assert delivery.plan_hash == seen[f"hash-{account}"]
    assert [photo.id for photo in _plan(app).posts[0].photos] == ids
    assert delivery.ordered_by
    assert parts_of(app).bell.next_delivery() == delivery.id


def test_pressing_twice_orders_once_and_says_so(
    app: Flask, owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    add_photos(1)
    form = {"account": account, "text": "Sports Day", "which": "all"}
    form |= _seen(owner.get(f"{at}/post").text)

    owner.post(f"{at}/post", form)
    page = owner.follow(f"{at}/post", form)

    assert len(_deliveries(app)) == 1
    assert "This was ordered already; here is where it stands." in page.text


def test_what_was_not_previewed_is_shown_first_and_not_posted(
    app: Flask, owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    add_photos(1)

    answer = owner.post(f"{at}/post", {"account": account, "text": "New", "which": "all"})

    assert answer.status_code == 422
    assert "This is what would go out now. Look at it, then press again." in answer.text
    assert "New</textarea>" in answer.text
    assert _deliveries(app) == []
    owner.post(
        f"{at}/post", {"account": account, "text": "New", "which": "all", **_seen(answer.text)}
    )
    assert _plan(app).posts[0].text.startswith("New")


def test_an_album_that_changed_since_the_preview_is_shown_again_and_not_posted(
    app: Flask, owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    add_photos(1)
    form = {"account": account, "text": "Sports Day", "which": "all"}
    form |= _seen(owner.get(f"{at}/post").text)
    add_photos(1)

    answer = owner.post(f"{at}/post", form)

    assert answer.status_code == 409
    assert "The album changed since this preview, so nothing was posted." in answer.text
    assert _deliveries(app) == []
    assert _seen(answer.text)[f"hash-{account}"] != form[f"hash-{account}"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"account": []}, "Tick at least one account to post to."),
        ({"which": "some"}, "Tick the photos to post, or choose all of them."),
        ({"text": "x" * 20_001}, "The text is too long: 20001 characters."),
    ],
)
def test_a_form_that_cannot_be_posted_says_why_and_keeps_the_text(
    app: Flask,
    owner: Browser,
    at: str,
    account: str,
    add_photos: AddPhotos,
    typed: dict[str, Any],
    sentence: str,
) -> None:
    add_photos(1)
    form = {"account": account, "text": "My text", "which": "all", **typed}

    answer = owner.post(f"{at}/post", form)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert form["text"][:20_000] + "</textarea>" in answer.text
    assert _deliveries(app) == []


def test_the_preview_button_shows_and_posts_nothing(
    app: Flask, owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    one, two = add_photos(2)
    form = {"account": account, "text": "Teaser", "which": "some", "photo": two, "do": "preview"}

    page = owner.post(f"{at}/post", form).text

    preview = page.split('<div id="preview">')[1]
    assert f"/m/{two}/" in preview
    assert f"/m/{one}/" not in preview
    assert ">Teaser</p>" in preview
    assert _deliveries(app) == []


def test_our_script_asks_for_the_preview_alone(
    owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    add_photos(11)

    part = owner.post(f"{at}/post/preview", {"account": account, "text": "T", "which": "all"}).text
    assert "<html" not in part
    assert 'data-label="Post to 1 account"' in part
    assert "11 photos become 2 posts of 6 and 5." in part

    wrong = owner.post(f"{at}/post/preview", {"account": account, "which": "some"}).text
    assert "Tick the photos to post" in wrong
    nowhere = owner.post(f"{at}/post/preview", {"which": "all"}).text
    assert "Tick an account to see what would go out there." in nowhere


def test_several_accounts_are_all_ordered_or_none(
    app: Flask, owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    other = _connect(app, "Other")
    add_photos(1)
    form: dict[str, Any] = {"account": [account, other], "text": "T", "which": "all"}
    form |= _seen(owner.post(f"{at}/post", {**form, "do": "preview"}).text)

    assert owner.post(f"{at}/post", {**form, f"hash-{other}": "0"}).status_code == 409
    assert _deliveries(app) == []

    answer = owner.post(f"{at}/post", form)
    assert answer.location.startswith("/studio/posts?album=")
    assert {delivery.account_id for delivery in _deliveries(app)} == {account, other}
    page = owner.get(f"{at}/post").text
    assert page.count("checked") >= 3


def test_an_account_that_needs_a_person_cannot_be_ticked(
    app: Flask, owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    add_photos(1)
    form = {"account": account, "text": "Sports Day", "which": "all"}
    form |= _seen(owner.get(f"{at}/post").text)
    with parts_of(app).db.write() as session:
        session.get_one(Account, account).state = AccountState.DISCONNECTED

    assert f'value="{account}" disabled' in owner.get(f"{at}/post").text
    assert owner.post(f"{at}/post", form).status_code == 409
    assert _deliveries(app) == []


def test_what_is_out_already_is_posted_again_only_if_a_person_says_so(
    app: Flask, owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    add_photos(1)
    form = {"account": account, "text": "Sports Day", "which": "all"}
    owner.post(f"{at}/post", form | _seen(owner.get(f"{at}/post").text))
    with parts_of(app).db.write() as session:
        session.scalars(select(Delivery)).one().state = State.PUBLISHED

    page = owner.get(f"{at}/post").text
    assert "This draft is there already" in page
    assert "Post it there once more" in page
    owner.post(f"{at}/post", form | _seen(page))
    assert len(_deliveries(app)) == 1
    owner.post(f"{at}/post", form | _seen(page) | {"again": account})
    assert [delivery.round for delivery in _deliveries(app)] == [1, 2]


def test_captions_that_will_be_drawn_are_announced(
    app: Flask, owner: Browser, album_id: str, at: str, account: str, add_photos: AddPhotos
) -> None:
    (id_,) = add_photos(1, caption="Words")
    with parts_of(app).db.write() as session:
        album = session.get_one(Album, album_id)
        album.draw_captions, album.visibility = DrawCaptions.BAND, Visibility.PUBLIC

    page = owner.get(f"{at}/post").text

    assert "The caption is drawn into the picture." in page
    assert f'src="/m/{id_}/' in page
    assert "This album is a draft" not in page


def test_the_page_takes_as_many_queries_for_three_photos_as_for_one(
    app: Flask, owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    add_photos(1)
    with counted(app) as one:
        owner.get(f"{at}/post")
    add_photos(2)
    with counted(app) as three:
        owner.get(f"{at}/post")

    assert len(three) == len(one) <= 12


def _wall(days: int) -> str:
    """Nine in the morning, so many days ahead."""
    return f"{utcnow() + timedelta(days=days):%Y-%m-%d}T09:00"


def test_a_post_is_ordered_for_a_wall_time_in_the_zone_of_the_album(
    app: Flask, owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    add_photos(1)
    form = {"account": account, "text": "T", "which": "all", "at": _wall(3)}

    page = owner.post(f"{at}/post", {**form, "do": "preview"}).text
    owner.post(f"{at}/post", form | _seen(page))

    (delivery,) = _deliveries(app)
    assert "Schedule for 1 account" in page
    assert f'value="{_wall(3)}"' in page
    assert "As clocks show it in Asia/Brunei." in page
    assert (delivery.state, delivery.wall, delivery.zone) == (
        State.SCHEDULED, _wall(3), "Asia/Brunei",
    )  # fmt: skip
    assert f"{delivery.due_at:%H:%M}" == "01:00"


@pytest.mark.parametrize(("typed", "states"), [("", "going scheduled"), ("3", "scheduled " * 2)])
def test_several_accounts_may_come_one_after_the_other(
    typed: str,
    states: str,
    app: Flask,
    owner: Browser,
    at: str,
    account: str,
    add_photos: AddPhotos,
) -> None:
    both = [account, _connect(app, "Other")]
    add_photos(1)
    form: dict[str, Any] = {"account": both, "text": "T", "which": "all", "stagger": "30"}
    form["at"] = typed and _wall(int(typed))

    owner.post(f"{at}/post", form | _seen(owner.post(f"{at}/post", {**form, "do": "preview"}).text))

    rows = {delivery.account_id: delivery for delivery in _deliveries(app)}
    first, second = (rows[id_] for id_ in both)
    assert [first.state.value, second.state.value] == states.split()
    apart = second.due_at - first.due_at
    assert timedelta(minutes=29) <= apart <= timedelta(minutes=30)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"at": "2020-01-01T09:00"}, "is past already"),
        ({"at": "soon"}, "“soon” is no date and time"),
        ({"at": "", "stagger": "9999"}, "0 to 1440 minutes"),
    ],
)
def test_a_time_that_can_not_be_is_said_at_its_field_and_orders_nothing(
    typed: dict[str, str],
    says: str,
    app: Flask,
    owner: Browser,
    at: str,
    account: str,
    add_photos: AddPhotos,
) -> None:
    add_photos(1)
    form = {"account": account, "text": "T", "which": "all"}
    form |= _seen(owner.post(f"{at}/post", {**form, "do": "preview"}).text)

    answer = owner.post(f"{at}/post", form | typed)

    assert answer.status_code == 422
    assert says in answer.text.replace("&#34;", '"')
    assert 'id="at-error"' in answer.text
    assert _deliveries(app) == []


def test_where_an_owner_approves_an_editor_proposes(
    app: Flask, at: str, account: str, add_photos: AddPhotos
) -> None:
    add_photos(1)
    with parts_of(app).db.write() as session:
        session.get_one(Site, 1).approval = True
    editor = Browser.signed_in(app, Role.EDITOR)
    page = editor.get(f"{at}/post").text

    shown = editor.follow(
        f"{at}/post",
        {"account": account, "text": "Sports Day", "which": "all", **_seen(page)},
    ).text

    assert "Propose to an owner, for 1 account" in page
    assert "Waits for approval." in shown
    assert _deliveries(app)[0].state is State.PROPOSED
    owner = Browser.signed_in(app, Role.OWNER)
    again = owner.get(f"{at}/post").text
    assert "This draft is there already" in again
    assert "Post it there once more" not in again


def test_each_draft_has_its_own_text_photos_and_order(
    app: Flask, owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    one, _two = add_photos(2)
    main = {"account": account, "text": "The whole", "which": "all"}
    teaser = {
        "account": account, "text": "Soon!", "which": "some", "photo": one, "draft": " teaser ",
        "fit": "crop",
    }  # fmt: skip
    for form in (main, teaser):
        page = owner.post(f"{at}/post", {**form, "do": "preview"}).text
        owner.post(f"{at}/post", form | _seen(page))

    page = owner.get(f"{at}/post?draft=teaser").text
    other = owner.get(f"{at}/post").text

    assert len(_deliveries(app)) == 2
    assert "Soon!</textarea>" in page
    assert 'name="draft" value="teaser"' in page
    assert 'name="fit" value="crop" checked' in page
    assert "The whole</textarea>" in other
    assert 'name="fit" value="pad" checked' in other
    for text in (page, other):
        assert f'href="{at}/post?draft=teaser"' in text
        assert ">Main draft</a>" in text


def test_a_new_draft_begins_with_the_album_and_a_name_too_long_is_none(
    owner: Browser, at: str, account: str, add_photos: AddPhotos
) -> None:
    add_photos(1)

    page = owner.get(f"{at}/post?draft=Bahasa+Melayu").text
    strange = owner.get(f"{at}/post?draft={'x' * 81}").text

    assert 'name="draft" value="Bahasa Melayu"' in page
    assert 'aria-current="page">Bahasa Melayu</a>' in page
    assert "Sports Day</textarea>" in page
    assert 'name="draft" value="main"' in strange
