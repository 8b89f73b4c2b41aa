"""What each of Facebook's codes means for us: a table, as it is documented."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gallery.errors import DeliveryError, Disconnected, OutcomeUnknown, Refused, TryLater
from gallery.networks.facebook_errors import Gone, Verb, failure
from gallery.networks.http import Answer
from tests.contract.rigs import CANARY

TABLE: list[tuple[int, int | None, Verb, type[DeliveryError]]] = [
    *(
        (190, subcode, "publish", Disconnected)
        for subcode in (None, 458, 459, 460, 463, 464, 467, 492, 1)
    ),
    (102, None, "read", Disconnected),
    *((code, None, "publish", Refused) for code in (3, 10, 200, 210, 299)),
    (100, None, "publish", Refused),
    (100, 33, "read", Gone),
    (120, None, "publish", Refused),
    (324, None, "stage", Refused),
    (324, 1366046, "stage", Refused),
    (1609005, None, "publish", Refused),
    (200, 1404078, "publish", Refused),
    (200, 4854002, "publish", Refused),
    *((code, None, "publish", TryLater) for code in (4, 17, 32, 341, 613, 80001, 368)),
    (368, 1390008, "publish", TryLater),
    (4, 2207051, "publish", OutcomeUnknown),
    (1, None, "publish", OutcomeUnknown),
    (2, None, "publish", OutcomeUnknown),
    (506, None, "publish", OutcomeUnknown),
    (100, 1366051, "publish", OutcomeUnknown),
    (300, None, "publish", OutcomeUnknown),
    (987654, None, "publish", OutcomeUnknown),
]


def failed(
    code: Any,
    subcode: Any = None,
    verb: Verb = "publish",
    *,
    status: int = 400,
    headers: dict[str, str] | None = None,
    photo: str | None = None,
    **more: Any,
) -> DeliveryError:
    """What that error means."""
    error = {"message": "…", "code": code, "error_subcode": subcode, **more}
    found = failure(
        Answer(status, headers or {}, {"error": error}), verb, photo=photo, secrets=(CANARY,)
    )
    assert found is not None
    return found


@pytest.mark.parametrize(("code", "subcode", "verb", "expected"), TABLE)
def test_each_code_means_what_the_table_says(
    code: int, subcode: int | None, verb: Verb, expected: type[DeliveryError]
) -> None:
    assert type(failed(code, subcode, verb)) is expected
    assert type(failed(code, subcode, verb, status=200)) is expected


@pytest.mark.parametrize(("code", "subcode", "verb", "expected"), TABLE)
def test_every_failure_is_told_in_whole_sentences(
    code: int, subcode: int | None, verb: Verb, expected: type[DeliveryError]
) -> None:
    sentence = str(failed(code, subcode, verb))

    assert sentence.endswith(".")
    assert any(word in sentence for word in ("nothing", "looked for"))


def test_an_answer_without_an_error_is_none() -> None:
    assert failure(Answer(200, {}, {"id": "1"}), "publish") is None
    assert failure(Answer(200, {}, {"success": True}), "amend") is None


@pytest.mark.parametrize(
    "body", [{"success": False}, {}, [], True, {"error": "words"}, {"error": None}]
)
def test_a_200_that_is_no_success_is_unknown(body: Any) -> None:
    status = 400 if body == {"error": None} else 200

    assert isinstance(failure(Answer(status, {}, body), "publish"), OutcomeUnknown)


def test_a_missing_permission_is_named() -> None:
    assert "pages_manage_posts" in str(failed(200))
    assert "pages_read_engagement" in str(failed(10, verb="read"))


def test_only_the_photo_itself_is_blamed_on_the_photo() -> None:
    for code, subcode, photo in ((324, None, "p1"), (324, 1366046, "p1"), (100, None, "p1")):
        refused = failed(code, subcode, "stage", photo=photo)
        assert isinstance(refused, Refused)
        assert refused.photo == photo
    refused = failed(200, None, "stage", photo="p1")
    assert isinstance(refused, Refused)
    assert refused.photo is None
    assert not refused.media_gone


def test_a_rate_limit_waits_for_the_longest_time_that_facebook_names() -> None:
    usage = {
        "1": [{"type": "pages", "estimated_time_to_regain_access": 3}],
        "2": [
            {"type": "pages", "estimated_time_to_regain_access": 19},
            {"type": "pages", "estimated_time_to_regain_access": 0},
        ],
    }
    headers = {"X-Business-Use-Case-Usage": json.dumps(usage), "Retry-After": "7"}

    for code in (4, 17, 32, 341, 613, 80001):
        later = failed(code, headers=headers)
        assert isinstance(later, TryLater)
        assert later.wait_s == 19 * 60
        assert not later.block


@pytest.mark.parametrize(
    "usage",
    ["", "{}", "[]", "not json", '{"1": []}', '{"1": [{}]}', '{"1": null}', '{"1": [7]}']
    + [json.dumps({"1": [{"estimated_time_to_regain_access": value}]}) for value in (0, "9", None)],
)
def test_without_such_a_time_retry_after_counts(usage: str) -> None:
    later = failed(613, headers={"X-Business-Use-Case-Usage": usage, "Retry-After": "7"})

    assert isinstance(later, TryLater)
    assert later.wait_s == 7


def test_without_any_time_the_wait_is_left_to_the_caller() -> None:
    later = failed(32, status=403)

    assert isinstance(later, TryLater)
    assert later.wait_s is None


def test_an_unlisted_code_with_429_is_a_rate_limit() -> None:
    assert isinstance(failed(99, status=429, headers={"Retry-After": "5"}), TryLater)


def test_a_policy_block_lasts_a_day() -> None:
    later = failed(368, 1390008)

    assert isinstance(later, TryLater)
    assert (later.wait_s, later.block) == (24 * 3600, True)


def test_codes_are_numbers_and_words_are_not_read() -> None:
    assert isinstance(failed("190", message="code 190 (#200) expired"), OutcomeUnknown)


def test_a_failed_sign_in_is_a_no_whatever_the_code() -> None:
    for code in (1, 2, 100, 98765):
        assert isinstance(failed(code, verb="sign in"), Refused)
    assert isinstance(failed(190, verb="sign in"), Disconnected)
    assert isinstance(failed(4, verb="sign in"), TryLater)


def test_facebooks_own_words_for_people_are_added_clean() -> None:
    said = f"Your photo\n is\x00 too {CANARY} large." + "!" * 900
    sentence = str(failed(324, error_user_msg=said))

    assert "Facebook says: Your photo is too *** large.!!!" in sentence
    assert len(sentence) < 500


def test_the_trace_is_logged_and_no_secret_is(caplog: pytest.LogCaptureFixture) -> None:
    failed(100, fbtrace_id="AbC123", message=CANARY, error_user_msg=CANARY)

    assert "AbC123" in caplog.text
    assert "publish" in caplog.text
    assert CANARY not in caplog.text
