"""Changing what is out and taking one photo down, by command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from gallery import create_app
from gallery.models import Audit, Photo, PhotoState, Removal, RemovalState
from gallery.networks import practice
from gallery.services import Services
from gallery.settings import Settings
from tests.cli.running import answer, done, flask, refused
from tests.cli.test_publish import by_hand
from tests.fakes.facebook import FacebookFake

ALBUM = "open-house-p"


@pytest.fixture
def app(settings: Settings, facebook_fake: FacebookFake) -> Iterator[Flask]:
    """The app with an album of three photos, out on the practice network and on a fake Page."""
    quick = replace(settings, settle_s=0.3, backoff_s=0.05, call_timeout_s=2.0)
    made = create_app(facebook_fake.settings(quick))
    found: Services = made.extensions["gallery"]
    by_hand(found, 3)
    done(made, "connect", "practice", "--name", "Rehearsal")
    page = ["connect", "facebook", "--page", facebook_fake.page_id]
    done(made, *page, stdin=facebook_fake.page_token)
    done(made, "publish", ALBUM, "--to", "practice", "--to", "facebook", "--wait")
    yield made
    found.close()


@pytest.fixture
def parts(app: Flask) -> Services:
    """The running parts."""
    found: Services = app.extensions["gallery"]
    return found


def deliveries(app: Flask) -> dict[str, Any]:
    """The newest delivery of each network."""
    listed = answer(app, "deliveries")["deliveries"]
    return {delivery["network"]: delivery for delivery in reversed(listed)}


def caption(parts: Services, photo_id: str, text: str) -> None:
    """An editor says something else of a photo."""
    with parts.db.write() as session:
        session.get_one(Photo, photo_id).caption = text


def practised(parts: Services) -> list[list[str]]:
    """The posts of the practice network, each as its captions."""
    posts = practice.recent(practice.folder_of(parts.settings))
    return [[photo["caption"] for photo in post["photos"]] for post in posts]


def on_the_page(fake: FacebookFake) -> list[list[str]]:
    """The posts of the Page, each as its captions."""
    return [[photo.caption for photo in post.photos] for post in fake.visible_posts]


def test_a_caption_is_changed_in_place_where_that_goes_and_else_the_post_is_replaced(
    app: Flask, parts: Services, facebook_fake: FacebookFake
) -> None:
    before = deliveries(app)
    caption(parts, "p00001", "Mended")

    in_place = answer(app, "amend", before["practice"]["id"])["deliveries"]
    replaced = answer(app, "amend", before["facebook"]["id"])["deliveries"]

    assert [one["state"] for one in in_place] == ["published"]
    assert [one["state"] for one in replaced] == ["retracted", "published"]
    assert practised(parts) == [["Mended", "Caption 2", "Caption 3"]]
    assert on_the_page(facebook_fake) == [["Mended", "Caption 2", "Caption 3"]]


def test_what_is_as_its_album_is_left_alone(app: Flask, facebook_fake: FacebookFake) -> None:
    before = deliveries(app)["facebook"]

    again = answer(app, "amend", before["id"])["deliveries"]

    assert again == [before]
    assert len(facebook_fake.world.ever_posted) == 1


def test_one_of_the_two_ways_can_be_asked_for(app: Flask, parts: Services) -> None:
    before = deliveries(app)
    caption(parts, "p00001", "Mended")

    why = refused(app, "amend", before["facebook"]["id"], "--in-place")
    anew = answer(app, "amend", before["practice"]["id"], "--replace")["deliveries"]

    assert why == "This network can't change that in place; replace the post instead."
    assert [one["state"] for one in anew] == ["retracted", "published"]


def test_a_photo_is_taken_down_everywhere(
    app: Flask, parts: Services, facebook_fake: FacebookFake
) -> None:
    result = flask(app, "takedown", ALBUM, "2.jpg", "--json")

    assert result.exit_code == 0, result.output
    assert "2.jpg is hidden for good" in result.stderr
    listed = json.loads(result.stdout)["deliveries"]
    assert sorted((one["network"], one["state"]) for one in listed) == [
        ("facebook", "published"),
        ("facebook", "retracted"),
        ("practice", "published"),
    ]
    live = [post for one in listed for post in one["posts"] if post["state"] == "live"]
    assert [post["photos"] for post in live] == [["p00001", "p00003"]] * 2
    assert practised(parts) == on_the_page(facebook_fake) == [["Caption 1", "Caption 3"]]
    photos = answer(app, "photos", ALBUM)["photos"]
    assert [photo["state"] for photo in photos] == ["ready", "hidden", "ready"]
    with parts.db.read() as session:
        assert session.query(Removal).one().state is RemovalState.REMOVED
        assert "photo taken down" in [row.what for row in session.query(Audit)]
        sha256 = session.get_one(Photo, "p00002").sha256
    assert parts.storage.is_buried(sha256)


def test_after_a_takedown_publish_names_the_replacement(
    app: Flask, facebook_fake: FacebookFake
) -> None:
    done(app, "takedown", ALBUM, "2.jpg")
    newest = deliveries(app)["facebook"]

    again = answer(app, "publish", ALBUM, "--to", "facebook", "--wait")["deliveries"]

    assert again == [newest]
    assert len(facebook_fake.visible_posts) == 1


def test_twice_is_once(app: Flask, facebook_fake: FacebookFake) -> None:
    done(app, "takedown", ALBUM, "p00002")
    calls = len(facebook_fake.requests)

    again = answer(app, "takedown", ALBUM, "2.jpg")["deliveries"]

    assert sorted(one["state"] for one in again) == ["published", "published", "retracted"]
    assert len(facebook_fake.requests) == calls


def test_what_cannot_be_removed_waits_for_a_person(app: Flask, facebook_fake: FacebookFake) -> None:
    facebook_fake.fault("DELETE", "_", "error", code=200, status=403)

    result = flask(app, "takedown", ALBUM, "2.jpg", "--json")

    assert result.exit_code == 3
    states = [one["state"] for one in json.loads(result.stdout)["deliveries"]]
    assert sorted(states) == ["published", "retract_unknown", "waiting"]
    assert "Is this post still there?" in result.stderr


def test_a_name_must_be_one_photo(app: Flask, parts: Services) -> None:
    with parts.db.write() as session:
        session.get_one(Photo, "p00003").file = "1.jpg"
        session.get_one(Photo, "p00002").state = PhotoState.REJECTED

    several = refused(app, "takedown", ALBUM, "1.jpg")

    assert several == "“1.jpg” is more than one photo; name one by its id: p00001, p00003."
    assert "has no photo “2.jpg”" in refused(app, "takedown", ALBUM, "2.jpg")
    assert "album" in refused(app, "takedown", "nowhere", "2.jpg")


def test_the_last_photo_leaves_nothing_out(
    app: Flask, parts: Services, facebook_fake: FacebookFake
) -> None:
    for name in ("1.jpg", "2.jpg", "3.jpg"):
        done(app, "takedown", ALBUM, name)

    assert practised(parts) == on_the_page(facebook_fake) == []
    with parts.db.read() as session:
        assert {row.state for row in session.query(Removal)} == {RemovalState.REMOVED}
