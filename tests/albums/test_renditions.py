from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gallery.albums import intake, opening, renditions, times
from gallery.errors import NotFound, RendererBusy, Unreadable
from gallery.imaging import Metadata
from gallery.models import Album, Database, Photo, PhotoState
from gallery.storage import LocalStorage
from tests.albums.pictures import PretendedRenderer, jpeg


@pytest.fixture
def come_in(
    db: Database, storage: LocalStorage, album_id: str, now: datetime
) -> Callable[..., str]:
    """Takes a photo in; gives its id."""

    def take(shade: int = 0, into: str = album_id) -> str:
        arrival = intake.receive(storage, io.BytesIO(jpeg(shade)), f"{shade}.jpg")
        with db.write() as session:
            album = opening.by_id(session, into)
            return intake.admit(session, storage, album, arrival, now=now, by=None).photo.id

    return take


@pytest.fixture
def work(
    db: Database, storage: LocalStorage, renderer: PretendedRenderer, now: datetime
) -> Callable[..., PhotoState]:
    """Works on a photo at `now`, or so many seconds later."""

    def run(photo_id: str, *, later_s: float = 0, take_over: bool = False) -> PhotoState:
        moment = now + timedelta(seconds=later_s)
        return renditions.work(
            db, storage, renderer, photo_id, clock=lambda: moment, take_over=take_over
        )

    return run


def row(db: Database, photo_id: str) -> Photo:
    """A photo as it is stored."""
    with db.read() as session:
        return session.get_one(Photo, photo_id)


def test_an_edit_is_12_hex_digits_of_the_original_and_all_that_was_done_to_it() -> None:
    edits = {renditions.edit_of("ab"), renditions.edit_of("ab", "c"), renditions.edit_of("a", "bc")}

    assert len(edits) == 3
    assert renditions.edit_of("ab", "c") == renditions.edit_of("ab", "c")
    assert all(len(edit) == 12 and int(edit, 16) >= 0 for edit in edits)


def test_a_photo_is_ready_when_its_renditions_are_there(
    db: Database,
    storage: LocalStorage,
    renderer: PretendedRenderer,
    come_in: Callable[..., str],
    work: Callable[..., PhotoState],
    now: datetime,
) -> None:
    renderer.metadata = Metadata(
        taken_at=now - timedelta(hours=3), title="T", caption="C\x00", credit="By", camera="Cam",
        details={"iso": 100},
    )  # fmt: skip
    photo_id = come_in()

    assert work(photo_id) is PhotoState.READY

    photo = row(db, photo_id)
    assert (photo.width, photo.height, photo.colour) == (600, 400, "123")
    assert (photo.title, photo.caption, photo.credit, photo.camera) == ("T", "C", "By", "Cam")
    assert (photo.taken_at, photo.details) == (now - timedelta(hours=3), {"iso": 100})
    assert (photo.render_until, photo.alt_text, photo.has_avif) == (None, "", False)
    assert renditions.path_of(storage, photo, "640.jpg").exists()
    with db.read() as session:
        assert opening.by_slug(session, "sports-day").revision == 2


def test_what_a_person_said_is_not_overwritten_by_metadata(
    db: Database,
    renderer: PretendedRenderer,
    come_in: Callable[..., str],
    work: Callable[..., PhotoState],
    now: datetime,
) -> None:
    photo_id = come_in()
    with db.write() as session:
        photo = session.get_one(Photo, photo_id)
        photo.title, photo.caption, photo.credit, photo.taken_at = "Mine", "My", "Me", now
    renderer.metadata = Metadata(
        taken_local=datetime(2020, 1, 1), title="T", caption="C", credit="By"  # noqa: DTZ001
    )  # fmt: skip

    work(photo_id)

    photo = row(db, photo_id)
    assert (photo.title, photo.caption, photo.credit) == ("Mine", "My", "Me")
    assert (photo.taken_at, photo.details) == (now, {})


def test_a_clock_without_a_zone_is_read_in_the_albums_zone(
    db: Database,
    renderer: PretendedRenderer,
    come_in: Callable[..., str],
    work: Callable[..., PhotoState],
) -> None:
    renderer.metadata = Metadata(taken_local=datetime(2026, 11, 24, 10))  # noqa: DTZ001
    photo_id = come_in()

    work(photo_id)

    photo = row(db, photo_id)
    assert photo.taken_at == datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert photo.details == {times.TAKEN_LOCAL: "2026-11-24T10:00:00"}


def test_a_clock_so_wrong_that_there_is_no_such_year_is_no_clock() -> None:
    assert times.taken(Metadata(taken_local=datetime.min), "Asia/Brunei") is None  # noqa: DTZ901


def test_a_photo_that_can_not_be_decoded_is_rejected_and_its_bytes_go_at_once(
    db: Database,
    storage: LocalStorage,
    renderer: PretendedRenderer,
    come_in: Callable[..., str],
    work: Callable[..., PhotoState],
) -> None:
    renderer.error = Unreadable("It is cut off.")
    photo_id = come_in()

    assert work(photo_id) is PhotoState.REJECTED

    assert (row(db, photo_id).reason, row(db, photo_id).render_until) == ("It is cut off.", None)
    assert list(storage.originals()) == []


def test_bytes_that_another_album_still_uses_stay(
    db: Database,
    storage: LocalStorage,
    renderer: PretendedRenderer,
    come_in: Callable[..., str],
    work: Callable[..., PhotoState],
    now: datetime,
) -> None:
    with db.write() as session:
        other = opening.create(session, "Other", now=now).id
    ready = come_in(into=other)
    work(ready)
    renderer.error = Unreadable("Odd.")

    work(come_in())

    assert len(list(storage.originals())) == 1
    assert renditions.path_of(storage, row(db, ready), "320.jpg").exists()


def test_nobody_else_works_on_a_claimed_photo_until_the_claim_is_over(
    db: Database,
    renderer: PretendedRenderer,
    come_in: Callable[..., str],
    work: Callable[..., PhotoState],
    now: datetime,
) -> None:
    photo_id = come_in()
    with db.write() as session:
        assert renditions.claim(session, photo_id, now=now) is not None
    with db.read() as session:
        assert renditions.waiting(session, now, 10) == []
        assert renditions.waiting(session, now + timedelta(seconds=91), 10) == [photo_id]

    assert work(photo_id, later_s=89) is PhotoState.WAITING
    assert renderer.asked == []
    assert work(photo_id, later_s=91) is PhotoState.READY


def test_a_claim_can_be_taken_over_and_all_can_be_forgotten(
    db: Database,
    come_in: Callable[..., str],
    work: Callable[..., PhotoState],
    now: datetime,
) -> None:
    first, second = come_in(1), come_in(2)
    with db.write() as session:
        renditions.claim(session, first, now=now)
        renditions.claim(session, second, now=now)

    assert work(first, take_over=True) is PhotoState.READY
    with db.write() as session:
        renditions.forget_claims(session)
    assert work(second) is PhotoState.READY


def test_a_renderer_that_can_not_be_had_leaves_the_photo_for_later(
    db: Database,
    renderer: PretendedRenderer,
    come_in: Callable[..., str],
    work: Callable[..., PhotoState],
) -> None:
    renderer.error = RendererBusy("Stopping.")
    photo_id = come_in()
    assert work(photo_id) is PhotoState.WAITING

    renderer.error = None
    assert work(photo_id, later_s=14) is PhotoState.WAITING
    assert work(photo_id, later_s=16) is PhotoState.READY


@pytest.mark.parametrize("error", [None, Unreadable("Odd."), RendererBusy("Stopping.")])
def test_a_photo_hidden_while_its_picture_is_made_stays_hidden(
    db: Database,
    renderer: PretendedRenderer,
    come_in: Callable[..., str],
    work: Callable[..., PhotoState],
    error: Exception | None,
) -> None:
    photo_id = come_in()

    def hide() -> None:
        with db.write() as session:
            session.get_one(Photo, photo_id).state = PhotoState.HIDDEN

    renderer.meanwhile, renderer.error = hide, error

    assert work(photo_id) is PhotoState.HIDDEN


def test_a_photo_deleted_meanwhile_is_not_found(work: Callable[..., PhotoState]) -> None:
    with pytest.raises(NotFound):
        work("zzzzzz")


def test_renditions_made_again_change_nothing_but_that(
    db: Database,
    renderer: PretendedRenderer,
    come_in: Callable[..., str],
    work: Callable[..., PhotoState],
) -> None:
    photo_id = come_in()
    work(photo_id)
    with db.write() as session:
        photo = session.get_one(Photo, photo_id)
        photo.caption, photo.position, photo.state = "", 7, PhotoState.WAITING
    renderer.metadata = Metadata(caption="from the camera")

    work(photo_id)

    assert (row(db, photo_id).caption, row(db, photo_id).position) == ("", 7)
    with db.read() as session:
        assert session.get_one(Album, row(db, photo_id).album_id).revision == 2


def test_renditions_lie_under_their_original_and_edit(storage: LocalStorage) -> None:
    photo = Photo(sha256="ab" * 32, edit="0123456789ab")

    path = renditions.path_of(storage, photo, "640.jpg")

    assert path == storage.root / "renditions/ab" / ("ab" * 32) / "0123456789ab/640.jpg"
    assert renditions.folder_of(storage, photo) == path.parent
    assert isinstance(path, Path)
