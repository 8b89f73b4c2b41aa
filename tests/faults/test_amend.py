"""kill -9 and lost answers while a post is changed, replaced, or cleared of one photo.

Whatever happens: never two live posts for one part of an album, and the photo is nowhere at the end.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gallery.models import Photo, Removal, RemovalState
from gallery.publishing import accounts, amend, takedown
from gallery.publishing.vault import Vault
from tests.fakes.facebook import FacebookFake
from tests.faults.conftest import Practice
from tests.faults.ground import Ground, Zygote
from tests.faults.test_facebook import FAULTS

pytestmark = pytest.mark.faults

# of one undisturbed change, withdrawal and replacement of a three-photo post; a test counts them
CHANGE = {"commit": 6, "call": 1}
WITHDRAWAL = {"commit": 7, "call": 1}
REPLACEMENT = {"commit": 13, "call": 5}
ON_THE_PAGE = {"commit": 10, "call": 4}


def every(points: dict[str, int]) -> list[tuple[str, int, str]]:
    """Each of these points, before and after it."""
    return [
        (kind, nth, when)
        for kind, last in points.items()
        for nth, when in itertools.product(range(1, last + 1), ["before", "after"])
    ]


def mend(ground: Ground, *, in_place: bool | None = None) -> str | None:
    """An editor mends a caption and wants it there too; the delivery that replaces ours, if any."""
    settings = ground.run.settings()
    with ground.db.write() as session:
        session.get_one(Photo, "p00002").caption = "Mended"
        found = amend.change(
            session,
            settings,
            accounts.limits_of(Vault(settings), settings),
            ground.run.delivery,
            now=datetime.now(UTC),
            by=None,
            in_place=in_place,
        )
    return found[1].id if len(found) > 1 else None


def take_down(ground: Ground) -> str | None:
    """An editor takes the second of three photos down; the delivery that replaces ours, if any."""
    settings = ground.run.settings()
    with ground.db.write() as session:
        taken = takedown.take_down(
            session,
            settings,
            accounts.limits_of(Vault(settings), settings),
            "p00002",
            now=datetime.now(UTC),
            by=None,
        )
    return taken.deliveries[1].id if len(taken.deliveries) > 1 else None


def removal(ground: Ground) -> RemovalState:
    """Where the request stands."""
    with ground.db.read() as session:
        return session.query(Removal).one().state


def on_the_page(fake: FacebookFake) -> list[list[str]]:
    """What strangers see of the Page: each post as its captions."""
    fake.settle()
    return [[photo.caption for photo in post.photos] for post in fake.visible_posts]


@pytest.fixture
def out(practice_ground: Practice) -> Ground:
    """Three photos that are out on the practice network."""
    ground = practice_ground()
    ground.carry()
    assert ground.view().state == "published"
    return ground


@pytest.fixture
def page(zygote: Zygote, tmp_path: Path, facebook_fake: FacebookFake) -> Iterator[Ground]:
    """Three photos that are out on the fake Page."""
    made = Ground.make(
        zygote,
        tmp_path,
        "facebook",
        facebook_fake.credential,
        facebook_url=facebook_fake.url,
        settle_s=0.6,
        call_timeout_s=1.0,
    )
    made.carry()
    assert made.view().state == "published"
    yield made
    made.close()


@pytest.mark.fault("kill -9 while amending")
@pytest.mark.parametrize(("kind", "nth", "when"), every(CHANGE))
def test_a_worker_killed_while_changing_a_post_changes_it_in_the_end(
    kind: str, nth: int, when: str, out: Ground
) -> None:
    mend(out)
    assert out.carry(kind=kind, nth=nth, when=when) == "signal 9"

    out.carry()

    assert out.view().state == "published"
    assert out.practised() == [["Caption 1", "Mended", "Caption 3"]]


@pytest.mark.fault("kill -9 while replacing")
@pytest.mark.parametrize(("kind", "nth", "when"), every(REPLACEMENT))
def test_a_worker_killed_while_replacing_a_post_leaves_one(
    kind: str, nth: int, when: str, out: Ground
) -> None:
    new = mend(out, in_place=False)
    if nth <= WITHDRAWAL[kind]:
        assert out.carry(kind=kind, nth=nth, when=when) == "signal 9"
    too_early = out.carry(delivery=new, kind=kind, nth=nth, when=when)
    between = out.practised()
    out.carry()
    assert out.view().state == "retracted"
    again = out.carry(delivery=new, kind=kind, nth=nth, when=when)
    assert "signal 9" in (too_early, again)

    out.carry(delivery=new)

    assert between in ([["Caption 1", "Caption 2", "Caption 3"]], [])
    out.run.delivery = new or ""
    assert out.view().state == "published"
    assert out.practised() == [["Caption 1", "Mended", "Caption 3"]]


@pytest.mark.fault("kill -9 while taking a photo down")
@pytest.mark.parametrize(("kind", "nth", "when"), every(CHANGE))
def test_a_worker_killed_while_a_photo_is_dropped_drops_it_in_the_end(
    kind: str, nth: int, when: str, out: Ground
) -> None:
    assert take_down(out) is None
    assert out.carry(kind=kind, nth=nth, when=when) == "signal 9"

    out.carry()

    assert out.view().state == "published"
    assert out.practised() == [["Caption 1", "Caption 3"]]
    assert removal(out) is RemovalState.REMOVED


@pytest.mark.fault("kill -9 while taking a photo down")
@pytest.mark.parametrize(("kind", "nth", "when"), every(ON_THE_PAGE))
def test_a_worker_killed_while_a_post_is_withdrawn_for_a_photo_and_replaced(
    kind: str, nth: int, when: str, page: Ground, facebook_fake: FacebookFake
) -> None:
    new = take_down(page)
    if nth <= WITHDRAWAL[kind]:
        assert page.carry(kind=kind, nth=nth, when=when) == "signal 9"
    page.carry()
    withdrawn = (page.view().state, on_the_page(facebook_fake), removal(page))
    page.carry(delivery=new, kind=kind, nth=nth, when=when)

    page.carry(delivery=new)

    assert withdrawn == ("retracted", [], RemovalState.REMOVED)
    page.run.delivery = new or ""
    assert page.view().state == "published"
    assert on_the_page(facebook_fake) == [["Caption 1", "Caption 3"]]


@pytest.mark.parametrize("kind", ["commit", "call"])
def test_the_kills_above_reach_the_last_point(kind: str, out: Ground) -> None:
    def strikes(points: dict[str, int]) -> tuple[str, str]:
        past = out.carry(kind=kind, nth=points[kind] + 1)
        return past, out.view().state

    mend(out)
    changed = strikes(CHANGE)
    new = mend(out, in_place=False)
    withdrawn = strikes(WITHDRAWAL)
    out.run.delivery = new or ""
    replaced = strikes(REPLACEMENT)

    assert changed == replaced == ("exit 0", "published")
    assert withdrawn == ("exit 0", "retracted")


@pytest.mark.fault("a fault of the network while amending")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_a_text_is_changed_is_survived(
    fault: str, page: Ground, facebook_fake: FacebookFake
) -> None:
    settings = page.run.settings()
    with page.db.write() as session:
        album = session.merge(page.album)
        album.title = "Another title"
        session.flush()
        amend.change(
            session,
            settings,
            accounts.limits_of(Vault(settings), settings),
            page.run.delivery,
            now=datetime.now(UTC),
            by=None,
        )
    facebook_fake.fault("POST", r"/\d+_\d+$", **FAULTS[fault])

    page.carry()

    facebook_fake.settle()
    assert page.view().state == "published"
    (post,) = facebook_fake.visible_posts
    assert len(post.photos) == 3


@pytest.mark.fault("a fault of the network while taking a photo down")
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", ["delete the post", "delete a photo", "post anew"])
def test_a_fault_while_a_photo_is_taken_down_is_survived(
    call: str, fault: str, page: Ground, facebook_fake: FacebookFake
) -> None:
    method, path = {
        "delete the post": ("DELETE", r"/\d+_\d+$"),
        "delete a photo": ("DELETE", r"/\d+$"),
        "post anew": ("POST", "/feed$"),
    }[call]
    new = take_down(page)
    hit = facebook_fake.fault(method, path, **FAULTS[fault])

    page.carry()
    page.carry(delivery=new)

    assert hit.hits == 1
    assert page.view().state == "retracted"
    page.run.delivery = new or ""
    assert page.view().state == "published"
    assert on_the_page(facebook_fake) == [["Caption 1", "Caption 3"]]
    assert removal(page) is RemovalState.REMOVED


@pytest.mark.fault("a withdrawal is refused while taking a photo down")
def test_what_cannot_be_withdrawn_is_never_posted_beside(
    page: Ground, facebook_fake: FacebookFake
) -> None:
    new = take_down(page)
    facebook_fake.fault("DELETE", "_", "error", code=200, status=403)

    page.carry()
    page.carry(delivery=new, seconds=1.0)

    assert page.view().state == "retract_unknown"
    assert on_the_page(facebook_fake) == [["Caption 1", "Caption 2", "Caption 3"]]
    assert removal(page) is RemovalState.REMOVING
