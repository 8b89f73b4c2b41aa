"""The commands that connect and post, from a folder of photos to a Page, without a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from gallery import create_app
from gallery.albums import opening
from gallery.models import Album, Photo, schema
from gallery.publishing import compose
from gallery.services import Services
from gallery.settings import Settings
from tests.fakes.facebook import FacebookFake
from tests.faults.ground import TINY_JPEG
from tests.publishing.world import add_album
from tests.samples.photos import make_photos


@pytest.fixture
def app(settings: Settings, facebook_fake: FacebookFake) -> Iterator[Flask]:
    """The app on an empty database, led to the fake Facebook."""
    led = facebook_fake.settings(settings, settle_s=0.3, backoff_s=0.05, call_timeout_s=2.0)
    made = create_app(led)
    yield made
    parts: Services = made.extensions["gallery"]
    parts.close()


@pytest.fixture
def parts(app: Flask) -> Services:
    """The running parts of the app."""
    found: Services = app.extensions["gallery"]
    return found


def flask(app: Flask, *words: str, stdin: str = "") -> Result:
    """Run `flask WORDS…`."""
    return app.test_cli_runner().invoke(args=list(words), input=stdin)


def answer(result: Result) -> Any:
    """What a command answered in JSON."""
    return json.loads(result.stdout)


@pytest.fixture
def connected(app: Flask, facebook_fake: FacebookFake) -> str:
    """The name of the connected Page."""
    result = flask(
        app, "connect", "facebook", "--page", facebook_fake.page_id, stdin=facebook_fake.page_token
    )
    assert result.exit_code == 0, result.output
    return "facebook:Brunei SME Network"


@pytest.fixture
def imported(app: Flask, tmp_path: Path) -> str:
    """The slug of a public album of three photos, made by commands, with captions and alt texts."""
    folder = tmp_path / "photos"
    make_photos(folder, 3, megapixels=0.3)
    words = ["--title", "Open house", "--date", "2026-11-21", "--venue", "Jerudong", "--public"]
    done = flask(app, "import", str(folder), *words, "--json")
    assert done.exit_code == 0, done.output
    files = [photo["file"] for photo in answer(done)["photos"]]
    rows = "\n".join(f"{file},Caption {n},Alt {n}" for n, file in enumerate(files, 1))
    (tmp_path / "captions.csv").write_text(f"file,caption,alt_text\n{rows}\n", encoding="utf-8")
    assert flask(app, "caption", "open-house", str(tmp_path / "captions.csv")).exit_code == 0
    return "open-house"


@pytest.fixture
def album(app: Flask, parts: Services) -> str:
    """The slug of the same album, made by hand: quicker."""
    return by_hand(parts, 3)


def by_hand(parts: Services, photos: int) -> str:
    """The slug of an album of so many photos whose renditions are all the same tiny file."""
    schema.make_or_check(parts.db)
    made = add_album(parts.db, photos)
    with parts.db.read() as session:
        for photo in session.query(Photo):
            path = parts.storage.rendition(photo.sha256, photo.edit, "1920.jpg")
            path.parent.mkdir(parents=True)
            path.write_bytes(TINY_JPEG)
    return made.slug


def test_a_folder_becomes_one_post_with_every_photo_in_order(
    app: Flask, connected: str, imported: str, facebook_fake: FacebookFake, parts: Services
) -> None:
    album = imported
    preview = flask(app, "publish", album, "--to", connected, "--preview", "--json")

    result = flask(app, "publish", album, "--to", connected, "--wait", "--json")

    assert result.exit_code == 0, result.output
    delivery = answer(result)["deliveries"][0]
    assert (delivery["state"], delivery["network"]) == ("published", "facebook")
    post = delivery["posts"][0]
    seen = facebook_fake.visible_posts
    assert post["remote_id"] == seen[0].id
    assert post["url"] == seen[0].permalink_url
    assert [(p.caption, p.alt_text) for p in seen[0].photos] == [
        (f"Caption {n}", f"Alt {n}") for n in (1, 2, 3)
    ]
    previewed = answer(preview)["previews"][0]["posts"][0]
    assert seen[0].message == previewed["text"]
    assert post["photos"] == [photo["id"] for photo in previewed["photos"]]
    assert "http://photos.example.org/a/open-house" in seen[0].message
    with parts.db.read() as session:
        files = {photo.id: photo for photo in session.query(Photo)}
    sent = [
        parts.storage.rendition(files[i].sha256, files[i].edit, "1920.jpg") for i in post["photos"]
    ]
    assert [p.bytes for p in seen[0].photos] == [path.stat().st_size for path in sent]


def test_twenty_four_photos_are_three_posts_each_photo_once_in_order(
    app: Flask, connected: str, parts: Services, facebook_fake: FacebookFake
) -> None:
    album = by_hand(parts, 24)
    preview = flask(app, "publish", album, "--to", connected, "--preview", "--json")

    results = [flask(app, "publish", album, "--to", connected, "--wait", "--json") for _ in "12"]

    assert [result.exit_code for result in results] == [0, 0]
    seen = facebook_fake.visible_posts
    planned = answer(preview)["previews"][0]["posts"]
    assert [len(post.photos) for post in seen] == [8, 8, 8]
    assert [post.message for post in seen] == [post["text"] for post in planned]
    assert [(p.caption, p.alt_text) for post in seen for p in post.photos] == [
        (f"Caption {n}", f"Alt {n}") for n in range(1, 25)
    ]
    posts = answer(results[1])["deliveries"][0]["posts"]
    assert [post["url"] for post in posts] == [post.permalink_url for post in seen]


def test_the_same_order_twice_posts_once(
    app: Flask, connected: str, album: str, facebook_fake: FacebookFake
) -> None:
    first = flask(app, "publish", album, "--to", "facebook", "--wait", "--json")
    second = flask(app, "publish", album, "--to", connected, "--wait", "--json")

    assert second.exit_code == 0
    assert answer(first)["deliveries"][0]["id"] == answer(second)["deliveries"][0]["id"]
    assert len(facebook_fake.visible_posts) == 1


def test_again_means_again(
    app: Flask, connected: str, album: str, facebook_fake: FacebookFake
) -> None:
    flask(app, "publish", album, "--to", connected, "--wait")

    result = flask(app, "publish", album, "--to", connected, "--again", "--wait", "--text", "Twice")

    assert result.exit_code == 0, result.output
    assert [post.message.splitlines()[0] for post in facebook_fake.visible_posts] == [
        "Open house",
        "Twice",
    ]


def test_what_nobody_can_tell_is_asked_and_settled(
    app: Flask, connected: str, album: str, facebook_fake: FacebookFake
) -> None:
    facebook_fake.fault("POST", "/feed$", "cut_before", times=4)
    asked = flask(app, "publish", album, "--to", connected, "--wait", "--json", "--timeout", "60")
    delivery = answer(asked)["deliveries"][0]
    assert (asked.exit_code, delivery["state"]) == (3, "needs_human")
    assert delivery["question"].startswith("Did this appear?")

    settled = flask(app, "settle", delivery["id"], "--not-seen", "--json")
    done = flask(app, "publish", album, "--to", connected, "--wait", "--json")

    assert settled.exit_code == 0
    assert (done.exit_code, answer(done)["deliveries"][0]["state"]) == (0, "published")
    assert len(facebook_fake.visible_posts) == 1


def test_a_person_who_saw_it_settles_with_its_address(
    app: Flask, connected: str, album: str, facebook_fake: FacebookFake
) -> None:
    facebook_fake.fault("POST", "/feed$", "cut_before", times=4)
    asked = flask(app, "publish", album, "--to", connected, "--wait", "--json", "--timeout", "60")
    delivery = answer(asked)["deliveries"][0]["id"]

    flask(app, "settle", delivery, "--seen", "https://www.facebook.com/1/posts/2")
    done = flask(app, "publish", album, "--to", connected, "--wait", "--json")

    post = answer(done)["deliveries"][0]["posts"][0]
    assert (done.exit_code, post["url"]) == (0, "https://www.facebook.com/1/posts/2")


def test_a_wait_that_outlasts_the_timeout_exits_with_four(
    app: Flask, connected: str, album: str, facebook_fake: FacebookFake
) -> None:
    facebook_fake.fault("POST", "/feed$", "rate_limited", retry_after=600)

    result = flask(app, "publish", album, "--to", connected, "--wait", "--timeout", "0.5", "--json")

    assert result.exit_code == 4
    assert answer(result)["deliveries"][0]["state"] == "waiting"


def test_a_dead_token_needs_a_person(
    app: Flask, connected: str, album: str, facebook_fake: FacebookFake
) -> None:
    facebook_fake.revoke()

    result = flask(app, "publish", album, "--to", connected, "--wait", "--json")

    listed = answer(flask(app, "accounts", "--json"))["accounts"]
    assert result.exit_code == 3
    assert [account["state"] for account in listed] == ["disconnected"]
    refused = flask(app, "publish", album, "--to", connected, "--again")
    assert refused.exit_code in (0, 1)


def test_a_refused_album_exits_with_one_and_says_why(
    app: Flask, connected: str, album: str, facebook_fake: FacebookFake
) -> None:
    facebook_fake.fault("POST", "/feed$", "error", code=200, status=403)

    result = flask(app, "publish", album, "--to", connected, "--wait", "--json")

    assert result.exit_code == 1
    assert answer(result)["deliveries"][0]["state"] == "failed"
    assert "Nothing was posted." in result.stderr


def test_without_wait_the_order_is_left_to_a_worker(
    app: Flask, connected: str, album: str, parts: Services, facebook_fake: FacebookFake
) -> None:
    result = flask(app, "publish", album, "--to", connected)

    assert result.exit_code == 0
    assert parts.bell.next_delivery() is not None
    assert facebook_fake.visible_posts == []


def test_deliveries_are_listed_for_all_and_for_one_album(
    app: Flask, connected: str, album: str
) -> None:
    flask(app, "publish", album, "--to", connected, "--wait")

    everything = answer(flask(app, "deliveries", "--json"))["deliveries"]
    of_album = answer(flask(app, "deliveries", album, "--json"))["deliveries"]
    in_words = flask(app, "deliveries")

    assert everything == of_album
    assert "Published." in in_words.output
    assert "https://www.facebook.com/" in in_words.output


def test_what_is_out_is_taken_back_and_twice_is_once(
    app: Flask, connected: str, album: str, facebook_fake: FacebookFake
) -> None:
    published = flask(app, "publish", album, "--to", connected, "--wait", "--json")
    delivery = answer(published)["deliveries"][0]["id"]

    result = flask(app, "retract", delivery, "--json")
    again = flask(app, "retract", delivery)

    assert (result.exit_code, again.exit_code) == (0, 0), result.output
    assert answer(result)["deliveries"][0]["state"] == "retracted"
    assert facebook_fake.visible_posts == []
    assert "Taken back" in again.output


def test_a_post_that_a_person_saw_is_looked_up(
    app: Flask, connected: str, album: str, facebook_fake: FacebookFake
) -> None:
    facebook_fake.fault("POST", "/feed$", "cut_after_commit")
    facebook_fake.fault("GET", "published_posts", "e500_before", times=None)
    facebook_fake.fault("GET", r"/\d+$", "e500_before", times=None)
    asked = flask(app, "publish", album, "--to", connected, "--wait", "--json", "--timeout", "60")
    delivery = answer(asked)["deliveries"][0]
    facebook_fake.control.faults.clear()

    flask(app, "settle", delivery["id"], "--seen")
    done = flask(app, "publish", album, "--to", connected, "--wait", "--json")

    assert (asked.exit_code, delivery["state"]) == (3, "needs_human")
    (post,) = answer(done)["deliveries"][0]["posts"]
    assert (done.exit_code, post["remote_id"]) == (0, facebook_fake.visible_posts[0].id)


@pytest.fixture
def of_two(app: Flask, connected: str, parts: Services) -> str:
    """The id of a delivery of two posts that are out."""
    done = flask(app, "publish", by_hand(parts, 11), "--to", connected, "--wait", "--json")
    assert done.exit_code == 0, done.output
    return str(answer(done)["deliveries"][0]["id"])


def test_one_post_is_withdrawn_and_twice_is_once(
    app: Flask, of_two: str, facebook_fake: FacebookFake
) -> None:
    facebook_fake.fault("DELETE", "_", "cut_after_commit")

    result = flask(app, "retract", of_two, "--post", "2", "--json")
    again = flask(app, "retract", of_two, "--post", "2")
    missing = flask(app, "retract", of_two, "--post", "3")

    assert (result.exit_code, again.exit_code, missing.exit_code) == (0, 0, 1), result.output
    posts = answer(result)["deliveries"][0]["posts"]
    assert [post["state"] for post in posts] == ["live", "withdrawn"]
    assert [post.id for post in facebook_fake.visible_posts] == [posts[0]["remote_id"]]
    assert "Withdrawn by us: post 2." in again.output


def test_one_post_that_cannot_be_withdrawn_asks_a_person(
    app: Flask, of_two: str, facebook_fake: FacebookFake
) -> None:
    facebook_fake.fault("DELETE", "_", "error", code=200, status=403)

    asked = flask(app, "retract", of_two, "--post", "1")
    facebook_fake.fault("DELETE", "_", "e500_before", times=None)
    flask(app, "settle", of_two, "--seen")
    too_long = flask(app, "retract", of_two, "--post", "1", "--timeout", "0")

    assert (asked.exit_code, too_long.exit_code) == (3, 4)
    assert "Is this post still there?" in asked.output


def test_a_retract_that_is_refused_asks_a_person(
    app: Flask, connected: str, album: str, facebook_fake: FacebookFake
) -> None:
    published = flask(app, "publish", album, "--to", connected, "--wait", "--json")
    delivery = answer(published)["deliveries"][0]["id"]
    facebook_fake.fault("DELETE", "_", "error", code=200, status=403)

    asked = flask(app, "retract", delivery, "--json")
    settled = flask(app, "settle", delivery, "--not-seen")
    done = flask(app, "retract", delivery, "--json")

    assert (asked.exit_code, settled.exit_code, done.exit_code) == (3, 0, 0)
    assert answer(done)["deliveries"][0]["state"] == "retracted"


def test_the_practice_network_needs_no_secret(app: Flask, album: str) -> None:
    connected = flask(app, "connect", "practice", "--name", "Rehearsal", "--lost-answers")

    result = flask(app, "publish", album, "--to", "practice", "--wait", "--json")

    assert connected.output == "Connected practice:Rehearsal.\n"
    assert result.exit_code == 0, result.output
    assert "/practice/" in answer(result)["deliveries"][0]["posts"][0]["url"]
    assert "practice:Rehearsal  ok" in flask(app, "accounts").output


def test_a_preview_in_words_shows_posts_photos_and_notes(
    app: Flask, connected: str, album: str, parts: Services
) -> None:
    with parts.db.write() as session:
        session.query(Album).one().draw_captions = "band"  # type: ignore[assignment]
        session.query(Photo).first().alt_text = ""  # type: ignore[union-attr]

    result = flask(app, "publish", album, "--to", connected, "--preview", "--text", "Hello")

    assert "1/1: Hello" in result.output
    assert ": Caption 2" in result.output
    assert "note: 1 photo has no alt text" in result.output


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["connect", "myspace"], 1, "There is no network “myspace”"),
        (["connect", "facebook", "--page", "1"], 1, "The secret is missing"),
        (["publish", "nowhere", "--to", "practice"], 1, "There is no album “nowhere”"),
        (["publish", "open-house-p", "--to", "mastodon"], 1, "There is no account “mastodon”"),
        (["publish", "open-house-p"], 2, "Missing option '--to'"),
        (["settle", "x"], 2, "--seen URL or --not-seen"),
        (["settle", "x", "--not-seen"], 1, "There is no such delivery"),
        (["deliveries", "nowhere"], 1, "There is no album “nowhere”"),
    ],
)
def test_what_can_not_be_done_is_refused_with_one_sentence(
    words: list[str], code: int, says: str, app: Flask, album: str
) -> None:
    result = flask(app, *words)

    assert (result.exit_code, result.stdout) == (code, "")
    assert says in result.stderr


def test_a_wrong_token_connects_nothing(app: Flask, facebook_fake: FacebookFake) -> None:
    page = facebook_fake.page_id

    result = flask(app, "connect", "facebook", "--page", page, stdin="EAAwrongTokenCanary")

    assert result.exit_code == 1
    assert "EAAwrongTokenCanary" not in result.output
    assert answer(flask(app, "accounts", "--json")) == {"accounts": []}


def test_an_empty_album_can_not_be_posted(
    app: Flask, connected: str, parts: Services, album: str
) -> None:
    with parts.db.write() as session:
        session.query(Photo).delete()

    ordered = flask(app, "publish", album, "--to", connected)
    preview = flask(app, "publish", album, "--to", connected, "--preview")

    assert (ordered.exit_code, preview.exit_code) == (1, 1)
    assert "No photo is ready to be posted" in ordered.stderr


def test_another_text_keeps_what_the_draft_says_of_shapes(
    app: Flask, parts: Services, connected: str, album: str
) -> None:
    with parts.db.write() as session:
        compose.save(session, opening.by_slug(session, album), compose.Wording("Old", fit="crop"))

    assert flask(app, "publish", album, "--to", connected, "--text", "New").exit_code == 0

    with parts.db.read() as session:
        words = compose.wording(session, opening.by_slug(session, album))
    assert words == compose.Wording("New", fit="crop")
