"""The captions desk: one form, one save, and only what was changed."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from gallery.models import Photo, PhotoState
from gallery.web.studio.captions import mark_of
from tests.web.browser import Browser, parts_of
from tests.web.studio.conftest import AddPhotos, Stored, photo


def _row(app: Flask, id_: str, **typed: str) -> dict[str, str]:
    """One row of the form as the page has it, with what was typed."""
    now = photo(app, id_)
    words = {"caption": now.caption, "alt_text": now.alt_text, "credit": now.credit, **typed}
    return {f"was-{id_}": mark_of(now), **{f"{word}-{id_}": said for word, said in words.items()}}


def test_the_desk_shows_every_word_beside_its_photo(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    (id_,) = add_photos(1, caption="One <b>\n\nTwo", alt_text="A field", credit="Siti")

    page = owner.get(f"{at}/captions").text

    assert "One &lt;b&gt;\n\nTwo</textarea>" in page
    assert "A field</textarea>" in page
    assert 'value="Siti"' in page
    assert f'value="{mark_of(photo(app, id_))}"' in page


def test_one_save_keeps_what_was_typed_for_many(
    app: Flask, owner: Browser, at: str, stored: Stored, add_photos: AddPhotos
) -> None:
    one, two, three = add_photos(3)
    before = stored().revision

    page = owner.follow(
        f"{at}/captions",
        {
            **_row(app, one, caption="First\r\nline", alt_text="Alt"),
            **_row(app, two, credit="Siti"),
            **_row(app, three),
        },
    )

    assert "Saved: 2 photos changed." in page.text
    assert (photo(app, one).caption, photo(app, one).alt_text) == ("First\nline", "Alt")
    assert photo(app, two).credit == "Siti"
    assert stored().revision == before + 1


def test_what_somebody_else_wrote_meanwhile_stays_where_this_person_changed_nothing(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    mine, theirs = add_photos(2)
    form = {**_row(app, mine, caption="Mine"), **_row(app, theirs)}
    with parts_of(app).db.write() as session:
        session.execute(update(Photo).where(Photo.id == theirs).values(caption="Theirs"))

    owner.post(f"{at}/captions", form)

    assert photo(app, mine).caption == "Mine"
    assert photo(app, theirs).caption == "Theirs"


def test_our_script_saves_a_row_and_gets_its_new_mark(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    (id_,) = add_photos(1)

    answer = owner.post(
        f"{at}/captions", _row(app, id_, caption="Now"), headers={"Accept": "application/json"}
    )

    assert answer.json == {"changed": 1, "marks": {id_: mark_of(photo(app, id_))}}


def test_the_selected_get_the_same_words_and_keep_the_others(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    ids = add_photos(3, caption="Old", alt_text="Alt")
    form: dict[str, Any] = {"do": "same", "same_credit": "Siti", "same_caption": " New "}
    for id_ in ids:
        form |= _row(app, id_)
    form |= {f"alt_text-{ids[0]}": "Better alt", "selected": ids[:2]}

    page = owner.follow(f"{at}/captions", form)

    assert "Put into 2 photos, and saved." in page.text
    first, second, third = (photo(app, id_) for id_ in ids)
    assert (first.caption, first.alt_text, first.credit) == ("New", "Better alt", "Siti")
    assert (second.caption, second.alt_text, second.credit) == ("New", "Alt", "Siti")
    assert (third.caption, third.credit) == ("Old", "")


def test_the_selected_can_be_hidden_and_shown_again(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    one, two = add_photos(2)
    form = {**_row(app, one), **_row(app, two), "selected": one}

    page = owner.follow(f"{at}/captions", {**form, "do": "hide"}).text
    assert "1 photo hidden from visitors; you can show them again here." in page
    assert [photo(app, id_).state for id_ in (one, two)] == [PhotoState.HIDDEN, PhotoState.READY]
    assert ">hidden<" in page

    owner.post(f"{at}/captions", {**form, "do": "show"})
    assert photo(app, one).state is PhotoState.READY


def test_a_button_for_the_selected_says_when_nothing_is(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    (id_,) = add_photos(1)

    answer = owner.post(f"{at}/captions", {**_row(app, id_, caption="x"), "do": "hide"})

    assert answer.status_code == 400
    assert "No photo is selected; tick some" in answer.text
    assert photo(app, id_).caption == ""


def test_a_caption_that_is_too_long_changes_nothing(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    one, two = add_photos(2)
    form = {**_row(app, one, caption="Fine"), **_row(app, two, caption="x" * 5001)}

    answer = owner.post(f"{at}/captions", form)

    assert answer.status_code == 400
    assert "5001 characters, 5000 are possible" in answer.text
    assert photo(app, one).caption == ""


def test_photos_without_alt_text_can_be_seen_alone(
    owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    (described,) = add_photos(1, alt_text="A field")
    (bare,) = add_photos(1)

    page = owner.get(f"{at}/captions?without=alt").text

    assert f"caption-{bare}" in page
    assert f"caption-{described}" not in page


def test_the_filter_stays_after_saving(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    (id_,) = add_photos(1)

    form = {**_row(app, id_, alt_text="A field"), "without": "alt", "page": "1"}
    answer = owner.post(f"{at}/captions", form)

    assert answer.location == f"{at}/captions?page=1&without=alt"
    assert "Every photo has its alt text." in owner.get(answer.location).text


def test_two_hundred_photos_make_a_page(owner: Browser, at: str, add_photos: AddPhotos) -> None:
    ids = add_photos(201)

    first, second = (owner.get(f"{at}/captions?page={n}").text for n in (1, 2))

    assert f"caption-{ids[199]}" in first
    assert f"caption-{ids[200]}" not in first
    assert "Page 1 of 2" in first
    assert f"caption-{ids[200]}" in second
    assert 'start="201"' in second


def test_two_hundred_long_captions_fit_into_one_save(
    app: Flask, owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    ids = add_photos(200)
    form: dict[str, str] = {}
    for id_ in ids:
        form |= {f"was-{id_}": "", f"caption-{id_}": "语" * 1500, f"alt_text-{id_}": "x"}

    assert owner.post(f"{at}/captions", form).status_code == 303
    assert len(photo(app, ids[199]).caption) == 1500


@pytest.mark.parametrize(
    ("count", "sentence"), [(0, "No photo is ready yet."), (1, "Caption, shown to all")]
)
def test_an_empty_desk_says_the_next_step(
    owner: Browser, at: str, add_photos: AddPhotos, count: int, sentence: str
) -> None:
    add_photos(count)

    assert sentence in owner.get(f"{at}/captions").text
