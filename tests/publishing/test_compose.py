"""From album and draft to previews and orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gallery.errors import Conflict, InvalidInput, NotFound
from gallery.models import (
    Account,
    AccountState,
    Album,
    AlbumLink,
    Delivery,
    DrawCaptions,
    Photo,
    State,
    Visibility,
)
from gallery.networks.contract import PictureLimit, TextLimit
from gallery.publishing import compose, frames, orders, views
from gallery.publishing.compose import Wording
from gallery.publishing.plan import Plan
from tests.publishing.world import START, World, add_account, add_album


def _planned(world: World, album: Album, words: Wording | None = None) -> Plan:
    with world.db.read() as session:
        album = session.get_one(Album, album.id)
        words = words or compose.wording(session, album)
        settings, limits = world.services.settings, world.far.limits
        return compose.planned(session, settings, album, words, limits, world.clock.now())


def test_the_text_is_made_of_the_event(world: World) -> None:
    album = add_album(world.db, 1)

    assert _planned(world, album).posts[0].text == (
        "Open house\n21 November 2026, Jerudong\n\nhttp://photos.example.org/a/open-house-p"
    )


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (None, None, "Open house\nJerudong"),
        (date(2026, 11, 21), date(2026, 11, 21), "Open house\n21 November 2026, Jerudong"),
        (
            date(2026, 11, 30),
            date(2026, 12, 1),
            "Open house\n30 November 2026 to 1 December 2026, Jerudong",
        ),
    ],
)
def test_days_are_said_as_people_say_them(first: date | None, last: date | None, says: str) -> None:
    album = Album(title="Open house", venue="Jerudong", first_day=first, last_day=last)

    assert compose.default_text(album) == says


def test_a_draft_is_kept_and_its_revision_rises_only_with_a_change(world: World) -> None:
    album = add_album(world.db, 3)
    words = Wording("Come and see", ("p00003", "p00001"))
    revisions = []
    for text in ("Come and see", "Come and see", "Come again"):
        with world.db.write() as session:
            draft = compose.save(session, session.merge(album), replace(words, text=text))
            revisions.append(draft.revision)

    assert revisions == [1, 1, 2]
    plan = _planned(world, album)
    assert [photo.id for photo in plan.posts[0].photos] == ["p00003", "p00001"]
    assert plan.posts[0].text.startswith("Come again")


def test_how_pictures_are_fitted_is_kept_with_the_draft(world: World) -> None:
    album = add_album(world.db, 1)
    kept = []
    for name, fit in (("teaser", "pad"), ("teaser", "crop"), ("main", "pad"), ("ms", "pad")):
        with world.db.write() as session:
            row = session.get_one(Album, album.id)
            draft = compose.save(session, row, Wording("Come", None, fit), name)
            kept.append((draft.name, draft.options, draft.revision))

    assert kept[:2] == [("teaser", {"fit": "pad"}, 1), ("teaser", {"fit": "crop"}, 2)]
    world.far.limits = replace(world.far.limits, picture=PictureLimit(ratio_max=1.0))
    with world.db.read() as session:
        row = session.get_one(Album, album.id)
        assert [draft.name for draft in compose.drafts_of(session, row)] == ["main", "ms", "teaser"]
        words = compose.wording(session, row, "teaser")
    assert _planned(world, album, words).posts[0].photos[0].recipe.startswith("crop-")
    assert _planned(world, album).posts[0].photos[0].recipe.startswith("pad-")


def test_what_can_not_be_drawn_into_a_picture_is_said(world: World) -> None:
    album = add_album(world.db, 3)
    with world.db.write() as session:
        session.get_one(Album, album.id).draw_captions = DrawCaptions.OVERLAY
        session.get_one(Photo, "p00001").caption = "Open house 🎉"

    plan = _planned(world, album)

    assert [photo.drawn for photo in plan.posts[0].photos] == [
        "Open house",
        "Caption 2",
        "Caption 3",
    ]
    assert plan.warnings == (
        "The caption of 1 photo is drawn without the signs that our fonts lack, such as emoji.",
    )
    with world.db.write() as session:
        session.get_one(Photo, "p00002").caption = "🎉"
    assert "The caption of 2 photos are" not in " ".join(_planned(world, album).warnings)


def test_a_photo_that_left_the_album_leaves_the_plan(world: World) -> None:
    album = add_album(world.db, 2)

    plan = _planned(world, album, Wording("Text", ("p00002", "zzzzzz")))

    assert [photo.id for photo in plan.posts[0].photos] == ["p00002"]


def test_a_draft_album_is_posted_without_a_link_and_says_so(world: World) -> None:
    album = add_album(world.db, 1)
    with world.db.write() as session:
        session.merge(album).visibility = Visibility.DRAFT

    plan = _planned(world, album)

    assert "http" not in plan.posts[0].text
    assert "carry no link" in plan.warnings[-1]


def test_an_unlisted_album_is_posted_with_its_newest_valid_secret_link(world: World) -> None:
    album = add_album(world.db, 1)
    with world.db.write() as session:
        row = session.merge(album)
        row.visibility = Visibility.UNLISTED
        for token, age, days, revoked in [
            ("old", 3, 30, False),
            ("good", 2, 30, False),
            ("revoked", 1, 30, True),
            ("expired", 0, -1, False),
        ]:
            session.add(
                AlbumLink(
                    token=token,
                    album_id=album.id,
                    created_at=START - timedelta(days=age),
                    expires_at=START + timedelta(days=days),
                    revoked_at=START if revoked else None,
                )
            )

    assert _planned(world, album).posts[0].text.endswith("http://photos.example.org/l/good")


def test_drawn_captions_name_a_rendition_of_their_own(world: World) -> None:
    album = add_album(world.db, 2)
    world.far.limits = replace(world.far.limits, caption=TextLimit(0))
    with world.db.write() as session:
        session.merge(album).draw_captions = DrawCaptions.BAND
        session.get_one(Photo, "p00002").caption = ""

    drawn, plain = _planned(world, album).posts[0].photos

    assert drawn.recipe == "band-whole-1920x1469-4000000.jpg"
    assert drawn.drawn == "Caption 1"
    assert drawn.edit == frames.edit_for(drawn, "0123456789ab") != "0123456789ab"
    assert (plain.recipe, plain.edit) == ("1920.jpg", "0123456789ab")


def test_a_preview_shows_what_an_order_then_stores(world: World) -> None:
    world.account = add_account(world.db, world.services.vault, "practice", {"name": "Club"})
    album = add_album(world.db, 2)
    with world.db.read() as session:
        row = session.get_one(Album, album.id)
        preview = _previews(world, row)[0]
        assert preview.plan is not None

    delivery = world.order_album(album)

    assert world.row(delivery).plan_hash == preview.plan.hash
    assert (preview.round, preview.earlier) == (1, None)
    with world.db.read() as session:
        later = _previews(world, session.get_one(Album, album.id))[0]
    assert (later.round, later.earlier) == (2, delivery)


def test_a_preview_that_can_not_be_says_why(world: World) -> None:
    world.account = add_account(world.db, world.services.vault, "practice", {"name": "Club"})
    album = add_album(world.db, 0)

    with world.db.read() as session:
        preview = _previews(world, session.get_one(Album, album.id))[0]

    assert preview.plan is None
    assert "No photo is ready" in preview.error


def _previews(world: World, album: Album) -> list[compose.Preview]:
    with world.db.read() as session:
        services = world.services
        account = session.get_one(Account, world.account.id)
        words = compose.wording(session, album)
        return compose.previews(
            session, services.vault, services.settings, album, words, [account],
            now=world.clock.now(),
        )  # fmt: skip


def _order(world: World, album: Album, **seen: str | int | bool) -> tuple[Delivery, bool]:
    with world.db.write() as session:
        row = session.get_one(Album, album.id)
        draft = compose.save(session, row, compose.wording(session, row))
        return orders.order(
            session,
            world.services.settings,
            album=row,
            draft=draft,
            account=session.get_one(Account, world.account.id),
            limits=world.far.limits,
            now=world.clock.now(),
            by="somebody",
            **seen,  # type: ignore[arg-type]
        )


def test_an_album_that_changed_since_the_preview_is_not_posted(world: World) -> None:
    album = add_album(world.db, 2)
    seen = _planned(world, album).hash
    with world.db.write() as session:
        session.get_one(Photo, "p00001").caption = "Mended"

    with pytest.raises(Conflict, match="changed since this preview"):
        _order(world, album, seen_hash=seen)

    assert _order(world, album, seen_hash=_planned(world, album).hash)[1]


def test_a_double_click_is_one_order(world: World) -> None:
    album = add_album(world.db, 1)

    first, new = _order(world, album, seen_round=1)
    second, again = _order(world, album, seen_round=1)

    assert (new, again) == (True, False)
    assert first.id == second.id


def test_what_is_out_is_posted_again_only_when_somebody_says_so(world: World) -> None:
    album = add_album(world.db, 1)
    first, _ = _order(world, album)
    world.carry(first.id)

    same, new = _order(world, album, seen_round=2)
    more, really = _order(world, album, seen_round=2, again=True)

    assert (same.id, new) == (first.id, False)
    assert (more.round, really) == (2, True)
    twice, third = _order(world, album, seen_round=2, again=True)
    assert (twice.id, third) == (more.id, False)


def test_what_failed_may_be_ordered_anew(world: World) -> None:
    album = add_album(world.db, 1)
    first, _ = _order(world, album)
    with world.db.write() as session:
        session.merge(first).state = State.FAILED

    _second, new = _order(world, album)

    assert new


def test_nothing_is_ordered_to_an_account_that_is_away(world: World) -> None:
    album = add_album(world.db, 1)
    with world.db.write() as session:
        session.merge(world.account).state = AccountState.DISCONNECTED

    with pytest.raises(InvalidInput, match="must be connected again"):
        _order(world, album)


def test_deliveries_are_shown_newest_first_in_a_fixed_number_of_queries(world: World) -> None:
    albums = [add_album(world.db, 1, prefix=prefix) for prefix in ("a", "b")]
    for album in albums:
        _order(world, album)
        world.later(1)

    with world.db.read() as session:
        shown = views.views(session, now=world.clock.now())
        of_one = views.views(session, now=world.clock.now(), album_id=albums[0].id)
        with pytest.raises(NotFound):
            views.view(session, "nothing", now=world.clock.now())

    assert [view.album_slug for view in shown] == ["open-house-b", "open-house-a"]
    assert [view.album_slug for view in of_one] == ["open-house-a"]
    assert (shown[0].up, shown[0].photos, shown[0].posts[0].photos[0].id) == (0, 1, "b00001")


def test_a_post_that_was_never_sent_can_not_have_been_seen(world: World) -> None:
    album = add_album(world.db, 1)
    delivery, _ = _order(world, album)
    with world.db.write() as session:
        session.get_one(Delivery, delivery.id).state = State.NEEDS_HUMAN

    with pytest.raises(Conflict, match="never sent"):
        world.settle(delivery.id, "https://pretend.example/1")
    with pytest.raises(NotFound):
        world.settle("nothing", None)
