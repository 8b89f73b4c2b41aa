"""What Facebook's error codes mean for us, by parsed code and subcode and never by their words.

Source: Meta, Graph API guides "Handle errors" and "Rate limits" (read November 2026); subcodes
1366046, 1366051, 1404078 and 4854002 as open-source clients met them. What is not in these
tables is an unknown outcome, so that it is looked for before anything is repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from gallery.errors import DeliveryError, Disconnected, OutcomeUnknown, Refused, TryLater
from gallery.networks.facebook_usage import wait_s
from gallery.networks.http import Answer, cleaned

log = logging.getLogger(__name__)

Verb = Literal["sign in", "read", "stage", "publish", "amend", "retract"]
BLOCKED_S = 24 * 3600.0


class Gone(Refused):
    """The thing is not there, or not for us."""


@dataclass(frozen=True)
class Problem:
    """One failed call."""

    code: int
    subcode: int
    said: str  # by Facebook, for people; may be empty
    wait_s: float | None
    verb: Verb
    photo: str | None

    def sentence(self, ours: str) -> str:
        """Our sentence, with Facebook's own words after it where there are any."""
        return f"{ours} Facebook says: {self.said}" if self.said else ours


def failure(
    answer: Answer, verb: Verb, *, photo: str | None = None, secrets: tuple[str, ...] = ()
) -> DeliveryError | None:
    """What this answer means as a failure; None if it is none.

    A 200 that holds `error`, or `success: false`, is a failure too.
    """
    body = answer.body if isinstance(answer.body, dict) else {}
    error = body.get("error")
    if error is None and answer.status < 400 and body and body.get("success") is not False:
        return None
    error = error if isinstance(error, dict) else {}
    problem = Problem(
        code=_whole(error.get("code")),
        subcode=_whole(error.get("error_subcode")),
        said=cleaned(str(error.get("error_user_msg") or ""), secrets),
        wait_s=_wait_s(answer),
        verb=verb,
        photo=photo,
    )
    log.warning(
        "Facebook, %s: status %s, code %s, subcode %s, trace %s",
        *(verb, answer.status, problem.code, problem.subcode),
        cleaned(str(error.get("fbtrace_id")), secrets, 40),
    )
    return _meaning(problem, answer.status)(problem)


def _meaning(problem: Problem, status: int) -> Callable[[Problem], DeliveryError]:
    return (
        _BY_BOTH.get((problem.code, problem.subcode))
        or _BY_SUBCODE.get(problem.subcode)
        or _BY_CODE.get(problem.code)
        or (_rate if status == 429 else _unclear)
    )


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _wait_s(answer: Answer) -> float | None:
    """The longest wait that the answer asks for, in Facebook's own headers or in Retry-After."""
    asked = max(wait_s(answer.headers), answer.retry_after_s or 0.0)
    return asked if asked > 0 else answer.retry_after_s


_WHY_DISCONNECTED = {
    458: "because the app was removed there",
    459: "until the person who connected it passes a check there",
    460: "because the password was changed",
    463: "because the connection has expired",
    464: "because the person who connected it has not confirmed their account",
    467: "because it was withdrawn",
    492: "because the person who connected it has no role on the Page any more",
}


def _disconnected(problem: Problem) -> DeliveryError:
    why = _WHY_DISCONNECTED.get(problem.subcode, "because the token is not valid")
    return Disconnected(
        f"Facebook no longer lets us in {why}; this call did nothing. Connect the Page again."
    )


def _permission(problem: Problem) -> DeliveryError:
    needed = "pages_read_engagement" if problem.verb == "read" else "pages_manage_posts"
    return Refused(
        problem.sentence(
            f"Facebook did not allow this: the permission {needed} seems to be missing for this "
            "Page; nothing was done. Connect the Page again and leave every permission ticked."
        )
    )


def _rate(problem: Problem) -> DeliveryError:
    return TryLater(
        "Facebook asks us to slow down; nothing was done, and it will be tried again by itself.",
        problem.wait_s,
    )


def _blocked(problem: Problem) -> DeliveryError:
    return TryLater(
        problem.sentence(
            "Facebook holds this Page back for posting too fast or against its rules; nothing was "
            "done, and it will be tried again in a day."
        ),
        BLOCKED_S,
        block=True,
    )


def _gone(problem: Problem) -> DeliveryError:
    return Gone(
        problem.sentence(
            "Facebook does not know this any more, or does not show it to this Page; nothing was done."
        )
    )


def _there_already(problem: Problem) -> DeliveryError:
    return OutcomeUnknown(
        problem.sentence(
            "This seems to have been posted before; it is looked for before anything is repeated."
        )
    )


def _picture(problem: Problem) -> DeliveryError:
    return Refused(
        problem.sentence("Facebook did not take this photo; nothing was posted."),
        photo=problem.photo,
    )


def _invalid(problem: Problem) -> DeliveryError:
    if problem.verb == "sign in":
        return Refused(
            problem.sentence(
                "Facebook did not accept this sign-in; nothing was connected. Start it again, and "
                "check that the app id and secret in the settings are the app's own."
            )
        )
    what = "this photo" if problem.photo else "this call"
    return Refused(
        problem.sentence(f"Facebook did not accept {what}; nothing was posted."),
        photo=problem.photo,
    )


def _person(problem: Problem) -> DeliveryError:
    return Refused(
        problem.sentence(
            "Facebook wants the Page's people to confirm who they are before the Page may post; "
            "nothing was posted. Open the Page on Facebook, do what it asks, then post again."
        )
    )


def _unclear(problem: Problem) -> DeliveryError:
    if problem.verb == "sign in":
        return _invalid(problem)
    return OutcomeUnknown(
        f"Facebook answered with error {problem.code or 'unknown'}, which does not tell whether this call went "
        "through; it is looked for before anything is repeated.",
        problem.wait_s,
    )


_BY_BOTH: dict[tuple[int, int], Callable[[Problem], DeliveryError]] = {
    (100, 33): _gone,
    (4, 2207051): _unclear,
}
_BY_SUBCODE: dict[int, Callable[[Problem], DeliveryError]] = {
    1366046: _picture,
    1366051: _there_already,
    1404078: _person,
    4854002: _person,
}
_BY_CODE: dict[int, Callable[[Problem], DeliveryError]] = {
    **dict.fromkeys((102, 190), _disconnected),
    **dict.fromkeys((3, 10, *range(200, 300)), _permission),
    **dict.fromkeys((4, 17, 32, 341, 613, 80001), _rate),
    **dict.fromkeys((1, 2), _unclear),
    **dict.fromkeys((100, 120, 1609005), _invalid),
    324: _picture,
    368: _blocked,
    506: _there_already,
}
