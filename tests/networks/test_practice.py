"""The practice network: files of this site, and an honest rehearsal."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from gallery.errors import OutcomeUnknown, Refused, TryLater
from gallery.networks import NETWORKS, practice
from gallery.networks.contract import Absent, Connector, Receipt, Staged
from tests.contract.rigs import PracticeRig


def named(rig: PracticeRig, **credential: str) -> Connector:
    """A practice account."""
    return NETWORKS["practice"].build(credential, rig.settings)


def test_a_post_is_a_page_of_this_site(rehearsal: PracticeRig) -> None:
    part, receipt = rehearsal.published(
        rehearsal.part(photos=2, link="http://photos.example.org/a/x")
    )

    assert receipt.remote_id
    assert receipt.url == f"http://photos.example.org/practice/{receipt.remote_id}"
    post = practice.read(rehearsal.folder, receipt.remote_id)
    assert post is not None
    assert (post["account"], post["text"], post["link"]) == (
        "Rehearsal",
        part.post.text,
        part.post.link,
    )
    assert [photo["file"] for photo in post["photos"]] == ["1.jpg", "2.jpg"]
    assert (post["photos"][0]["width"], post["photos"][0]["height"]) == (24, 16)


def test_an_account_has_a_name_and_keeps_its_identity(rehearsal: PracticeRig) -> None:
    assert named(rehearsal).verify().name == "Practice"
    assert named(rehearsal, name=" Rehearsal ").verify().remote_id == "rehearsal"
    again = named(rehearsal, name="REHEARSAL", lost_answers="yes").verify()
    assert again.remote_id == "rehearsal"


def test_posting_twice_makes_two_posts_as_anywhere_else(rehearsal: PracticeRig) -> None:
    part, first = rehearsal.published(rehearsal.part())
    second = rehearsal.connector.publish(part)

    assert first.remote_id != second.remote_id
    assert len(rehearsal.live()) == 2


def test_posts_are_found_by_their_key_alone_and_the_oldest_first(rehearsal: PracticeRig) -> None:
    part, first = rehearsal.published(rehearsal.part())
    rehearsal.connector.publish(part)

    assert rehearsal.connector.find(replace(part, staged=[])) == replace(first, data={"photos": []})
    assert rehearsal.connector.find(replace(part, key="other")) == Absent()
    assert named(rehearsal, name="Somebody else").find(part) == Absent()


def test_only_the_first_answer_of_a_post_is_lost(rehearsal: PracticeRig) -> None:
    connector = rehearsal.lose_next_answer()
    part = rehearsal.staged(rehearsal.part(), connector)

    with pytest.raises(OutcomeUnknown, match="told to lose"):
        connector.publish(part)
    assert isinstance(connector.publish(part), Receipt)

    with pytest.raises(OutcomeUnknown):
        connector.publish(replace(part, key="another"))


def test_answers_are_not_lost_unless_asked_for(rehearsal: PracticeRig) -> None:
    for word in ("no", "", "maybe"):
        connector = named(rehearsal, lost_answers=word)

        receipt = connector.publish(rehearsal.staged(rehearsal.part(), connector))

        assert receipt.remote_id is not None


def test_recent_posts_come_newest_first(rehearsal: PracticeRig) -> None:
    for text in ("one", "two", "three"):
        rehearsal.published(rehearsal.part(photos=0, text=text))

    assert [post["text"] for post in practice.recent(rehearsal.folder)] == ["three", "two", "one"]
    assert [post["text"] for post in practice.recent(rehearsal.folder, most=1)] == ["three"]
    assert practice.recent(rehearsal.folder / "nowhere") == []


def test_names_from_an_address_lead_nowhere_else(rehearsal: PracticeRig) -> None:
    _, receipt = rehearsal.published(rehearsal.part(photos=1))
    post_id = str(receipt.remote_id)

    assert practice.picture(rehearsal.folder, post_id, "1.jpg")
    for name in ("2.jpg", "post.json", "../1.jpg", "0.jpg", "1.jpg\n", ""):
        assert practice.picture(rehearsal.folder, post_id, name) is None
    for odd in ("", "..", "staged", post_id.upper() + "x", "0" * 16, f"../practice/{post_id}"):
        assert practice.read(rehearsal.folder, odd) is None
        assert practice.picture(rehearsal.folder, odd, "1.jpg") is None


def test_a_receipt_of_any_shape_deletes_nothing_else(rehearsal: PracticeRig) -> None:
    part, _ = rehearsal.published(rehearsal.part())
    other = rehearsal.folder / "x.jpg"
    other.write_bytes(b"not ours to delete")

    for post_id in ("", "..", "staged"):
        rehearsal.connector.retract(Receipt(post_id, None, {"photos": ["../x"]}))
    rehearsal.connector.discard([Staged({"photo": "../x"})], None)

    assert other.exists()
    assert rehearsal.live() == [rehearsal.expected(part)]


def test_a_post_without_its_json_is_no_post(rehearsal: PracticeRig) -> None:
    part, receipt = rehearsal.published(rehearsal.part())
    (rehearsal.folder / str(receipt.remote_id) / "post.json").unlink()

    assert rehearsal.live() == []
    assert rehearsal.connector.find(part) == Absent()


def test_staged_photos_are_forgotten_after_a_day(rehearsal: PracticeRig) -> None:
    part = rehearsal.staged(rehearsal.part(photos=2))
    old = rehearsal.folder / "staged" / f"{part.staged[0].data['photo']}.jpg"
    os.utime(old, (time.time() - 90_000,) * 2)

    rehearsal.staged(rehearsal.part(photos=1))

    assert not old.exists()
    with pytest.raises(Refused) as refused:
        rehearsal.connector.publish(part)
    assert refused.value.media_gone
    assert refused.value.photo == "p1"


def test_a_disk_that_takes_nothing_means_try_later(rehearsal: PracticeRig, tmp_path: Path) -> None:
    part, _ = rehearsal.published(rehearsal.part())
    blocked = tmp_path / "blocked"
    blocked.write_text("in the way")
    connector = NETWORKS["practice"].build({}, replace(rehearsal.settings, instance=blocked))

    with pytest.raises(TryLater, match="make room"):
        connector.stage(rehearsal.photo(1), rehearsal.picture("p1"), None)
    with pytest.raises(TryLater):
        connector.publish(replace(part, staged=[], post=replace(part.post, photos=())))


def test_the_files_are_written_whole_or_not_at_all(rehearsal: PracticeRig) -> None:
    rehearsal.published(rehearsal.part(photos=1))

    names = {path.name for path in rehearsal.folder.rglob("*") if path.is_file()}
    assert {name for name in names if not name.endswith((".jpg", ".json"))} == set()


def test_limits_let_a_large_album_be_split(rehearsal: PracticeRig) -> None:
    limits = rehearsal.connector.limits()

    assert (limits.photos_per_post, limits.settle_s) == (10, 3)
    assert limits.amend == {"text", "caption", "alt", "order", "drop"}


def test_a_photo_can_not_be_added_to_a_post(rehearsal: PracticeRig) -> None:
    part, _ = rehearsal.published(rehearsal.part(photos=2))
    larger = replace(part.post, photos=(*part.post.photos, rehearsal.photo(3)))

    with pytest.raises(Refused, match="can't add photos"):
        rehearsal.connector.amend(replace(part, post=larger))

    assert rehearsal.live() == [rehearsal.expected(part)]


def test_what_was_dropped_can_not_be_fetched_any_more(rehearsal: PracticeRig) -> None:
    part, receipt = rehearsal.published(rehearsal.part(photos=2))
    smaller = replace(part.post, photos=part.post.photos[:1])

    rehearsal.connector.amend(replace(part, post=smaller))

    post_id = receipt.remote_id or ""
    assert practice.picture(rehearsal.folder, post_id, "1.jpg") is not None
    assert practice.picture(rehearsal.folder, post_id, "2.jpg") is None
