"""One album: its event, its address, who may look, its secret links, its cover."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from gallery.albums import opening
from gallery.models import (
    Album,
    AlbumLink,
    DrawCaptions,
    OldSlug,
    Photo,
    PhotoState,
    Visibility,
)
from tests.web.browser import Browser, parts_of
from tests.web.studio.conftest import AddPhotos, Stored

EVENT = {
    "title": "Social Media Workshop", "first_day": "2009-08-18", "last_day": "2009-08-19",
    "first_time": "09:00", "last_time": "17:30", "zone": "Asia/Brunei", "venue": "BIT Centre",
    "address": "Jalan Gadong", "organiser": "SME Network", "organiser_url": "https://sme.example",
    "write_up": "**Sixty** owners.", "language": "en", "credit": "Siti", "licence": "CC BY 4.0",
    "tags": "workshop, sme,  ,media", "slug": "workshop", "draw_captions": "band",
}  # fmt: skip


def test_every_field_of_the_event_can_be_saved_and_is_shown_again(
    owner: Browser, at: str, stored: Stored
) -> None:
    page = owner.follow(at, EVENT).text

    album = stored()
    assert (album.first_day, album.last_day) == (date(2009, 8, 18), date(2009, 8, 19))
    assert (album.first_time, album.last_time) == (time(9), time(17, 30))
    assert (album.tags, album.slug) == (["workshop", "sme", "media"], "workshop")
    assert album.draw_captions is DrawCaptions.BAND
    assert "Saved." in page
    for name, typed in EVENT.items():
        shown = "workshop, sme, media" if name == "tags" else typed
        assert f">{shown}" in page or f'"{shown}"' in page or f"\n{shown}<" in page, name


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("title", " ", "An album needs a title."),
        ("first_day", "18/8/2009", "A day is written like 2026-11-24."),
        ("last_day", "2009-08-17", "The last day is before the first."),
        ("first_time", "nine", "A time is written like 09:30."),
        ("zone", "Brunei", "There is no such time zone; an example is Asia/Brunei."),
        ("organiser_url", "javascript:alert(1)", "A link starts with https:// or http://."),
        ("draw_captions", "everywhere", "Choose how captions are drawn."),
        ("slug", "No Good", "An address has 3 to 60 small letters"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_the_rest_stays_typed(
    owner: Browser, at: str, stored: Stored, field: str, typed: str, sentence: str
) -> None:
    answer = owner.post(at, {**EVENT, field: typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "Jalan Gadong" in answer.text
    assert stored().title == "Sports Day"


def test_the_address_of_a_draft_follows_its_title(owner: Browser, at: str, stored: Stored) -> None:
    owner.post(at, {"title": "Swimming Gala", "slug": "sports-day"})
    assert stored().slug == "swimming-gala"

    owner.post(at, {"title": "Jawi: ", "slug": "swimming-gala"})
    assert stored().slug == "jawi"


def test_a_title_without_letters_leaves_the_address(
    owner: Browser, at: str, stored: Stored
) -> None:
    owner.post(at, {"title": "هاري راي", "slug": "sports-day"})

    assert (stored().title, stored().slug) == ("هاري راي", "sports-day")


def test_an_address_that_somebody_chose_or_saw_stays(
    app: Flask, owner: Browser, at: str, stored: Stored
) -> None:
    owner.post(at, {"title": "Sports Day", "slug": "games"})
    owner.post(at, {"title": "Swimming Gala", "slug": "games"})
    assert stored().slug == "games"

    owner.post(f"{at}/visibility", {"visibility": "public"})
    owner.post(at, {"title": "Games", "slug": "games"})
    owner.post(at, {"title": "Other Games", "slug": "games"})
    assert stored().slug == "games"
    with parts_of(app).db.read() as session:
        assert session.get(OldSlug, "sports-day") is not None


def test_the_checklist_counts(owner: Browser, at: str, add_photos: AddPhotos) -> None:
    add_photos(2, caption="Words")
    add_photos(1, alt_text="A field")
    add_photos(1, state=PhotoState.WAITING)

    page = owner.get(at).text

    assert "Captions 2/3" in page
    assert "Alt text 1/3" in page
    assert "Posted to 0" in page
    assert "4 photos in this album; 1 being prepared." in page
    assert f'data-live="{at}/arriving"' in page


def test_an_album_that_is_not_there_is_a_404(owner: Browser) -> None:
    assert owner.get("/studio/a/missing").status_code == 404
    assert owner.post("/studio/a/missing", {"title": "x"}).status_code == 404


# Who may look


@pytest.mark.parametrize("chosen", list(Visibility))
def test_who_may_look_is_chosen_with_one_press(
    owner: Browser, at: str, stored: Stored, chosen: Visibility
) -> None:
    owner.follow(f"{at}/visibility", {"visibility": chosen.value})

    assert stored().visibility is chosen
    assert (stored().opened_at is None) == (chosen is Visibility.DRAFT)


def test_make_public_shows_the_address_and_waits_for_the_card(
    owner: Browser, at: str, add_photos: AddPhotos
) -> None:
    add_photos(1)
    assert "Make public" in owner.get(at).text

    answer = owner.post(f"{at}/visibility", {"visibility": "draft", "publish": "public"})
    page = owner.get(answer.location).text

    assert answer.location == f"{at}#who"
    assert 'value="http://photos.example.org/a/sports-day"' in page
    assert f'data-live="{at}/card"' in page


def test_the_card_is_shown_once_it_is_drawn(
    app: Flask, owner: Browser, album_id: str, at: str
) -> None:
    assert "is being drawn" in owner.get(f"{at}/card").text
    with parts_of(app).db.write() as session:
        session.get_one(Album, album_id).card_edit = "0123456789ab"

    part = owner.get(f"{at}/card").text
    assert f'src="/m/card/{album_id}/0123456789ab.jpg"' in part
    assert "data-live" not in part


def test_a_visibility_that_is_none_is_refused(owner: Browser, at: str, stored: Stored) -> None:
    assert owner.post(f"{at}/visibility", {"visibility": "secret"}).status_code == 400
    assert stored().visibility is Visibility.DRAFT


def test_an_unlisted_album_gets_a_link_which_can_be_revoked(
    app: Flask, owner: Browser, album_id: str, at: str
) -> None:
    page = owner.follow(f"{at}/visibility", {"visibility": "unlisted"}).text
    link = _links(app, album_id)[0]
    assert f'value="http://photos.example.org/l/{link.token}"' in page
    assert "not used yet" in page
    visitor = Browser(app)
    assert visitor.get(f"/l/{link.token}").status_code == 303

    owner.follow(f"{at}/links/revoke", {"token": link.token})

    assert _links(app, album_id) == []
    assert visitor.get(f"/l/{link.token}").status_code == 404


def test_turning_unlisted_again_makes_no_second_link(
    app: Flask, owner: Browser, album_id: str, at: str
) -> None:
    for visibility in ("unlisted", "draft", "unlisted"):
        owner.post(f"{at}/visibility", {"visibility": visibility})

    assert len(_links(app, album_id)) == 1


@pytest.mark.parametrize(("days", "kept"), [("7", 7), ("365", 365), ("", None), ("nonsense", 30)])
def test_a_new_link_lasts_as_long_as_was_chosen(
    app: Flask, owner: Browser, album_id: str, at: str, days: str, kept: int | None
) -> None:
    owner.post(f"{at}/links", {"days": days})

    link = _links(app, album_id)[0]
    expected = None if kept is None else link.created_at + timedelta(days=kept)
    assert link.expires_at == expected


def test_a_link_of_another_album_cannot_be_revoked_from_here(
    app: Flask, owner: Browser, at: str, now: datetime
) -> None:
    with parts_of(app).db.write() as session:
        other = opening.create(session, "Other", now=now)
        token = opening.new_link(session, other, now=now).token

    assert owner.post(f"{at}/links/revoke", {"token": token}).status_code == 404
    assert len(_links(app, other.id)) == 1


def _links(app: Flask, album_id: str) -> list[AlbumLink]:
    with parts_of(app).db.read() as session:
        return opening.links(session, session.get_one(Album, album_id))


# The cover


def test_a_photo_becomes_the_cover_and_gets_its_point(
    owner: Browser, at: str, stored: Stored, add_photos: AddPhotos
) -> None:
    _, second = add_photos(2)

    page = owner.follow(f"{at}/cover", {"cover_id": second}).text
    assert f'value="{second}" checked' in page
    assert 'name="left"' in page

    owner.post(f"{at}/cover", {"cover_id": second, "left": "25", "top": "180"})
    album = stored()
    assert (album.cover_id, album.focal_x, album.focal_y) == (second, 0.25, 1.0)


def test_another_cover_begins_with_its_point_in_the_middle(
    owner: Browser, at: str, stored: Stored, add_photos: AddPhotos
) -> None:
    first, second = add_photos(2)
    owner.post(f"{at}/cover", {"cover_id": first})
    owner.post(f"{at}/cover", {"cover_id": first, "left": "10", "top": "10"})
    owner.post(f"{at}/cover", {"cover_id": second, "left": "10", "top": "10"})
    assert (stored().focal_x, stored().focal_y) == (0.5, 0.4)

    owner.post(f"{at}/cover", {"cover_id": ""})
    assert stored().cover_id is None


@pytest.mark.parametrize("left", ["nan", "inf", "-inf", "x"])
def test_a_point_that_is_no_number_is_no_harm(
    owner: Browser, at: str, stored: Stored, add_photos: AddPhotos, left: str
) -> None:
    (first,) = add_photos(1)
    owner.post(f"{at}/cover", {"cover_id": first})

    assert owner.post(f"{at}/cover", {"cover_id": first, "left": left}).status_code == 303
    assert 0 <= stored().focal_x <= 1


def test_a_photo_of_another_album_is_no_cover(
    app: Flask, owner: Browser, at: str, stored: Stored, now: datetime
) -> None:
    with parts_of(app).db.write() as session:
        other = opening.create(session, "Other", now=now)
        session.add(
            Photo(id="xxxxxx", album_id=other.id, sha256="0" * 64, file="x", bytes=1, added_at=now)
        )

    assert owner.post(f"{at}/cover", {"cover_id": "xxxxxx"}).status_code == 400
    assert stored().cover_id is None
