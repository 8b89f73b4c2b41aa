"""What every connector promises, whatever its network."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gallery.errors import DeliveryError, OutcomeUnknown, Refused
from gallery.networks import NETWORKS
from gallery.networks.contract import Absent, CannotTell, Part, Receipt, Staged
from tests.contract.rigs import CANARY, Rig, chain


def test_a_network_stands_under_its_own_name(rig: Rig) -> None:
    network = NETWORKS[rig.network]

    assert network.name == rig.network
    assert network.label
    assert network.token_form or network.oauth


def test_verify_tells_who_we_are(rig: Rig) -> None:
    profile = rig.connector.verify()

    assert profile.remote_id
    assert profile.name
    assert rig.connector.verify() == profile


def test_limits_are_numbers_with_a_source(rig: Rig) -> None:
    limits = rig.connector.limits()

    assert limits.photos_per_post >= 1
    assert limits.text.most > 0
    assert limits.settle_s > 0
    assert "2026" in limits.source
    assert "jpeg" in limits.picture.formats  # it is what we send


def test_the_operators_settle_time_counts(rig: Rig) -> None:
    rig.settings = replace(rig.settings, settle_s=0.25)

    assert rig.connector.limits().settle_s == 0.25


def test_a_post_arrives_as_it_was_planned(rig: Rig) -> None:
    part, receipt = rig.published(rig.part(photos=5))

    assert rig.live() == [rig.expected(part)]
    assert receipt.remote_id
    assert receipt.url
    assert receipt.url.startswith("http")


def test_a_post_without_photos_arrives(rig: Rig) -> None:
    part, receipt = rig.published(rig.part(photos=0, text="No photos tonight"))

    assert rig.live() == [rig.expected(part)]
    assert receipt.remote_id


def test_staging_shows_nothing_and_may_be_repeated(rig: Rig) -> None:
    part = rig.part()
    rig.staged(part)
    part = rig.staged(part)

    assert rig.live() == []

    rig.connector.publish(part)
    assert rig.live() == [rig.expected(part)]


def test_staging_goes_on_from_where_it_was(rig: Rig) -> None:
    photo = rig.photo(1)
    first = rig.connector.stage(photo, rig.picture(photo.id), None)
    kept = rig.media()

    assert rig.connector.stage(photo, rig.picture(photo.id), first) == first
    assert rig.media() == kept


def test_staged_media_tell_when_they_die(rig: Rig) -> None:
    lives_s = rig.connector.limits().media_ttl_s
    assert lives_s is not None
    part = rig.staged(rig.part())

    expected = datetime.now(UTC) + timedelta(seconds=lives_s)
    for staged in part.staged:
        assert staged.wait_s is None
        assert staged.expires_at is not None
        assert abs(staged.expires_at - expected) < timedelta(minutes=1)


def test_what_staging_gave_survives_being_stored(rig: Rig) -> None:
    part = rig.staged(rig.part())
    stored = [Staged(dict(one.data)) for one in part.staged]

    receipt = rig.connector.publish(replace(part, staged=stored))

    assert isinstance(rig.connector.find(replace(part, staged=stored)), Receipt)
    assert receipt.remote_id


def test_nothing_is_found_before_a_publish(rig: Rig) -> None:
    part = rig.staged(rig.part())

    assert rig.connector.find(part) == Absent()


def test_what_was_published_is_found(rig: Rig) -> None:
    part, receipt = rig.published(rig.part())

    found = rig.connector.find(replace(part, receipt=None))

    assert isinstance(found, Receipt)
    assert (found.remote_id, found.url) == (receipt.remote_id, receipt.url)
    assert found.data == receipt.data


def test_another_post_is_not_taken_for_ours(rig: Rig) -> None:
    rig.published(rig.part(text="The same words"))
    ours = rig.staged(rig.part(text="The same words"))

    assert rig.connector.find(ours) == Absent()


def test_a_text_alone_is_never_proof_of_absence_when_it_is_there(rig: Rig) -> None:
    part, _ = rig.published(rig.part(photos=0, text="Words alone"))

    assert isinstance(rig.connector.find(replace(part, receipt=None)), Receipt | CannotTell)


def test_a_lost_answer_is_unknown_and_found_afterwards(rig: Rig) -> None:
    part = rig.staged(rig.part(photos=3))
    connector = rig.lose_next_answer()

    with pytest.raises(OutcomeUnknown):
        connector.publish(part)

    found = connector.find(part)
    assert isinstance(found, Receipt)
    assert found.remote_id
    assert found.url
    assert rig.live() == [rig.expected(part)]


def changed(part: Part, kinds: Collection[str]) -> Part:
    """The part with all of these changed of its post, in the words of `Limits.amend`."""
    post, photos = part.post, list(part.post.photos)
    if "text" in kinds:
        post = replace(post, text="An evening, corrected")
    if "caption" in kinds:
        photos[0] = replace(photos[0], caption="Another caption: 烟火")
    if "alt" in kinds:
        photos[0] = replace(photos[0], alt_text="Another alt text")
    if "order" in kinds:
        photos = photos[::-1]
    if "drop" in kinds:
        del photos[1]
    return replace(part, post=replace(post, photos=tuple(photos)))


@pytest.mark.parametrize("kinds", ["text", "caption", "alt", "order", "drop", "all"])
def test_amending_twice_is_amending_once(rig: Rig, kinds: str) -> None:
    offered = rig.connector.limits().amend
    wanted = offered if kinds == "all" else offered & {kinds}
    part, receipt = rig.published(rig.part(photos=3))
    amended = changed(part, wanted)

    first = rig.connector.amend(amended)
    second = rig.connector.amend(replace(amended, receipt=first))
    third = rig.connector.amend(amended)

    assert first == second == third
    assert (first.remote_id, first.url) == (receipt.remote_id, receipt.url)
    assert rig.live() == [rig.expected(amended)]


def test_what_is_dropped_leaves_the_network(rig: Rig) -> None:
    if "drop" not in rig.connector.limits().amend:
        return
    part, receipt = rig.published(rig.part(photos=3))
    kept = rig.media()

    first = rig.connector.amend(changed(part, {"drop"}))

    assert rig.media() == kept * 2 // 3
    rig.connector.retract(first)
    assert rig.media() == 0
    assert receipt.remote_id == first.remote_id


def test_amending_what_is_gone_is_refused(rig: Rig) -> None:
    part, receipt = rig.published(rig.part())
    rig.connector.retract(receipt)

    with pytest.raises(Refused) as refused:
        rig.connector.amend(part)
    assert refused.value.gone
    with pytest.raises(Refused):
        rig.connector.amend(replace(part, receipt=None))


def test_a_retracted_post_leaves_nothing(rig: Rig) -> None:
    part, receipt = rig.published(rig.part())

    rig.connector.retract(receipt)

    assert rig.live() == []
    assert rig.media() == 0
    assert rig.connector.find(replace(part, receipt=None)) == Absent()


def test_retracting_twice_is_success(rig: Rig) -> None:
    _, receipt = rig.published(rig.part())

    rig.connector.retract(receipt)
    rig.connector.retract(receipt)
    rig.connector.retract(replace(receipt, remote_id=None))

    assert rig.live() == []


def test_a_retract_touches_no_other_post(rig: Rig) -> None:
    other, _ = rig.published(rig.part(text="Stays"))
    _, receipt = rig.published(rig.part(text="Goes"))

    rig.connector.retract(receipt)

    assert rig.live() == [rig.expected(other)]


def test_discarding_removes_what_never_went_out(rig: Rig) -> None:
    part = rig.staged(rig.part(photos=3))

    rig.connector.discard(part.staged, part.composed)
    rig.connector.discard(part.staged, part.composed)

    assert rig.media() == 0


def test_publishing_discarded_media_is_refused_and_says_that_they_are_gone(rig: Rig) -> None:
    part = rig.staged(rig.part())
    rig.connector.discard(part.staged[:1], None)

    with pytest.raises(Refused) as refused:
        rig.connector.publish(part)

    assert refused.value.media_gone
    assert rig.live() == []


def test_renewing_gives_a_credential_that_works(rig: Rig) -> None:
    fresh = rig.connector.renew()

    profile = NETWORKS[rig.network].build(fresh, rig.settings).verify()
    assert profile == rig.connector.verify()


def test_a_secret_never_shows_in_what_is_raised_or_logged(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = {**dict.fromkeys(rig.credential, "546349135390552"), "secret": CANARY}
    connector = NETWORKS[rig.network].build(wrong, rig.settings)
    shown = [repr(connector), str(connector)]
    for call in (
        connector.verify,
        lambda: connector.publish(rig.staged(rig.part(), connector)),
        lambda: connector.find(rig.staged(rig.part())),
    ):
        try:
            call()
        except DeliveryError as error:
            shown.append(chain(error))

    assert CANARY not in "\n".join([*shown, caplog.text])
