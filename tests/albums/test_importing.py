from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from gallery.albums import importing, opening, renditions, slugs
from gallery.albums.importing import Imported, Importer, Report, Wish, files_of
from gallery.errors import InvalidInput, NoRoom, RendererBusy
from gallery.imaging import Renderer
from gallery.models import Album, Database, Photo, PhotoState, Visibility
from gallery.storage import LocalStorage
from tests.albums.pictures import PretendedRenderer, jpeg
from tests.samples import make_odd_files

DAY = date(2026, 11, 24)
WISH = Wish("Sports Day", DAY, venue="Stadium")
Run = Callable[..., Report]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three photos, one of them twice, a page and a hidden file."""
    made = tmp_path / "photos"
    files = {
        "b.jpg": jpeg(1, taken="2026:11:24 11:00:00"),
        "day/a.jpg": jpeg(2, taken="2026:11:24 09:00:00", caption="The start"),
        "day/copy of a.jpg": jpeg(2, taken="2026:11:24 09:00:00", caption="The start"),
        "c.jpg": jpeg(3, taken="2026:11:24 10:00:00"),
        "page.jpg": b"<html>",
        ".DS_Store": b"\x00\x00\x00\x01Bud1",
    }
    for name, data in files.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(data)
    return made


@pytest.fixture
def run(db: Database, storage: LocalStorage, renderer: PretendedRenderer, folder: Path) -> Run:
    """Imports the folder."""

    def start(wish: Wish = WISH, renderer: Renderer = renderer) -> Report:
        importer = Importer(db, storage, renderer, clock=lambda: datetime.now(UTC))
        return importer.run(folder, files_of(folder), wish)

    return start


@pytest.fixture
def real() -> Iterator[Renderer]:
    """A render process."""
    renderer = Renderer()
    yield renderer
    renderer.close()


def photos(db: Database) -> list[tuple[str, str]]:
    """Every photo in its album's order."""
    with db.read() as session:
        rows = session.scalars(select(Photo).order_by(Photo.album_id, Photo.position)).all()
    return [(row.file, row.state.value) for row in rows]


def outcomes(report: Report) -> dict[str, str]:
    """What became of each file."""
    return {file.file: file.outcome for file in report.files}


def test_a_folder_becomes_an_album_in_order_of_time(db: Database, run: Run, real: Renderer) -> None:
    report = run(renderer=real)

    assert (report.slug, report.photos, report.waiting) == ("sports-day", 3, 0)
    assert outcomes(report) == {
        ".DS_Store": "rejected",
        "b.jpg": "added",
        "c.jpg": "added",
        "day/a.jpg": "added",
        "day/copy of a.jpg": "duplicate",
        "page.jpg": "rejected",
    }
    assert all(bool(file.reason) == (file.outcome != "added") for file in report.files)
    with db.read() as session:
        album = opening.by_slug(session, "sports-day")
        ready = [file for file, state in photos(db) if state == "ready"]
        caption = session.scalars(select(Photo.caption).where(Photo.file == "day/a.jpg")).one()
    assert (album.first_day, album.venue) == (DAY, "Stadium")
    assert album.visibility is Visibility.DRAFT
    assert (ready, caption) == (["day/a.jpg", "c.jpg", "b.jpg"], "The start")


def test_importing_again_doubles_nothing(db: Database, run: Run) -> None:
    first, before = run(), photos(db)

    again = run()

    assert (again.slug, again.photos) == (first.slug, 3)
    assert photos(db) == before
    assert set(outcomes(again).values()) == {"duplicate", "rejected"}


class Stopped(BaseException):
    """Somebody pressed Ctrl-C."""


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_an_interrupted_import_goes_on_where_it_was(
    db: Database, run: Run, renderer: PretendedRenderer, after: int
) -> None:
    def stop() -> None:
        if len(renderer.asked) > after:
            raise Stopped

    renderer.meanwhile = stop
    if after < 3:
        with pytest.raises(Stopped):
            run()
    renderer.meanwhile = lambda: None

    report = run()

    states = [state for _, state in photos(db)]
    assert (states.count("ready"), states.count("rejected"), len(states)) == (3, 2, 5)
    assert (report.photos, report.waiting) == (3, 0)


def test_photos_that_a_killed_import_had_in_hand_are_taken_over(
    db: Database, run: Run, renderer: PretendedRenderer
) -> None:
    renderer.error = RendererBusy("Stopping.")
    assert run().waiting == 3
    with db.write() as session:
        for photo_id in session.scalars(select(Photo.id)).all():
            renditions.claim(session, photo_id, now=datetime.now(UTC))
    renderer.error = None

    assert run().waiting == 0


def test_killing_the_render_process_again_and_again_loses_no_photo(
    db: Database, storage: LocalStorage, tmp_path: Path, real: Renderer
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for nth in range(8):
        (folder / f"{nth}.jpg").write_bytes(jpeg(nth, size=(1600, 1200)))
    killed: list[int] = []
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.05):
            pid = real.pid
            if pid is not None and pid not in killed and len(killed) < 3 and photos(db):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    importer = Importer(db, storage, real, clock=lambda: datetime.now(UTC))
    report = importer.run(folder, files_of(folder), WISH)
    over.set()
    killer.join()

    assert len(killed) >= 1
    assert (report.photos, report.waiting) == (8, 0)
    assert [state for _, state in photos(db)] == ["ready"] * 8


def test_the_same_slug_on_another_day_is_another_album(db: Database, run: Run) -> None:
    other = Wish("Sports Day", date(2025, 11, 24))

    assert [run(wish).slug for wish in (WISH, other, WISH, other)] == [
        "sports-day", "sports-day-2", "sports-day", "sports-day-2"
    ]  # fmt: skip
    with db.read() as session:
        assert len(session.scalars(select(Album)).all()) == 2


def test_a_given_slug_counts_whatever_the_title(run: Run) -> None:
    slugs = [run(Wish(title, DAY, slug="games")).slug for title in ("Sports Day", "Another title")]

    assert slugs == ["games", "games"]


def test_an_album_goes_on_under_its_old_slug(db: Database, run: Run) -> None:
    run()
    with db.write() as session:
        slugs.rename(session, opening.by_slug(session, "sports-day"), "games")

    assert run().slug == "games"


def test_a_title_without_ascii_letters_goes_on_too(run: Run) -> None:
    first = run(Wish("مجلس", DAY)).slug

    assert first.startswith("2026-11-24-")
    assert run(Wish("مجلس", DAY)).slug == first
    assert run(Wish("مجلس", date(2026, 11, 25))).slug != first


def test_public_opens_the_album_and_draws_its_card(
    db: Database, run: Run, renderer: PretendedRenderer
) -> None:
    run(Wish("Sports Day", DAY, public=True))
    run(Wish("Sports Day", DAY, public=True))

    with db.read() as session:
        album = opening.by_slug(session, "sports-day")
    assert album.visibility is Visibility.PUBLIC
    assert album.card_edit is not None
    assert len(renderer.cards) == 1


def test_an_album_without_a_photo_is_not_opened(db: Database, run: Run, folder: Path) -> None:
    for path in folder.rglob("*.jpg"):
        if path.name != "page.jpg":
            path.unlink()

    report = run(Wish("Sports Day", DAY, public=True))

    assert report.photos == 0
    with db.read() as session:
        assert opening.by_slug(session, "sports-day").visibility is Visibility.DRAFT


def test_a_folder_without_files_is_refused_and_makes_no_album(
    db: Database, run: Run, folder: Path
) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink()

    with pytest.raises(InvalidInput, match="There are no files in"):
        run()
    with db.read() as session:
        assert session.scalars(select(Album)).all() == []


def test_a_file_that_can_not_be_decoded_is_rejected_and_so_is_its_copy(
    db: Database, run: Run, folder: Path, real: Renderer
) -> None:
    for path in folder.rglob("*.jpg"):
        path.unlink()
    for name in ("cut.jpg", "copy.jpg"):
        (folder / name).write_bytes(jpeg(5, size=(900, 900))[:2000])

    first, again = run(renderer=real), run(renderer=real)

    for report in (first, again):
        cut = {f.file: f for f in report.files if f.file != ".DS_Store"}
        assert [f.outcome for f in cut.values()] == ["rejected", "rejected"]
        assert cut["copy.jpg"].reason == cut["cut.jpg"].reason != ""
    assert [file for file, _ in photos(db)].count("cut.jpg") <= 1


def test_what_is_not_an_ordinary_file_gets_a_row_with_the_reason(
    tmp_path: Path, run: Run, folder: Path
) -> None:
    outside = tmp_path / "secret.jpg"
    outside.write_bytes(jpeg(9))
    (tmp_path / "elsewhere").mkdir()
    (folder / "out.jpg").symlink_to(outside)
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    (folder / "in.jpg").symlink_to(folder / "b.jpg")
    (folder / "again").symlink_to(folder / "day")
    (folder / "loop.jpg").symlink_to(folder / "loop.jpg")
    (folder / "lost.jpg").symlink_to(folder / "nothing.jpg")
    os.mkfifo(folder / "pipe.jpg")

    report = run()

    reasons = {f.file: f.reason for f in report.files if f.outcome == "rejected"}
    del reasons[".DS_Store"], reasons["page.jpg"]
    leads_out = "It is a link that leads out of the folder, which is not followed."
    assert reasons == {
        "again": "It is a link to another folder; that folder's own files were taken instead.",
        "lost.jpg": "The file could not be read: No such file or directory.",
        "loop.jpg": "The file could not be read: Too many levels of symbolic links.",
        "out": leads_out,
        "out.jpg": leads_out,
        "pipe.jpg": "It is not an ordinary file.",
    }
    assert outcomes(report)["in.jpg"] == "duplicate"
    assert (report.photos, set(outcomes(run()).values())) == (3, {"duplicate", "rejected"})


def test_a_folder_that_vanishes_while_one_looks_is_a_row_too(
    storage: LocalStorage, tmp_path: Path
) -> None:
    assert files_of(tmp_path / "gone") == [tmp_path / "gone"]
    arrival = importing.receive_file(storage, tmp_path, tmp_path / "gone")
    assert arrival.reason == "The file could not be read: No such file or directory."

    (tmp_path / "shut").mkdir()
    arrival = importing.receive_file(storage, tmp_path, tmp_path / "shut")
    assert arrival.reason == "The folder could not be opened."


def test_progress_counts_every_file_once(
    db: Database, storage: LocalStorage, renderer: PretendedRenderer, folder: Path
) -> None:
    ended: list[int] = []
    importer = Importer(
        db, storage, renderer, clock=lambda: datetime.now(UTC), progress=ended.append
    )

    importer.run(folder, files_of(folder), WISH)

    assert sum(ended) == 6


@pytest.mark.faults
def test_every_odd_file_ends_as_documented(
    db: Database, storage: LocalStorage, tmp_path: Path, real: Renderer
) -> None:
    folder = tmp_path / "odd"
    odd = make_odd_files(folder)
    importer = Importer(db, storage, real, clock=lambda: datetime.now(UTC))

    report = importer.run(folder, files_of(folder), WISH)

    ends = dict(zip(files_of(folder), report.files, strict=True))
    wrong = [o.file for o in odd if not _as_documented(ends[o.path], o.outcome, o.why)]
    assert wrong == []
    with db.read() as session:
        sizes = {p.file: (p.width, p.height) for p in session.scalars(select(Photo))}
        states = set(session.scalars(select(Photo.state)))
    assert states == {PhotoState.READY, PhotoState.REJECTED}
    assert [o.file for o in odd if o.size and sizes[ends[o.path].file] != o.size] == []


def _as_documented(end: Imported, outcome: str, why: str) -> bool:
    if outcome == "ready":
        return end.outcome == "added"
    return end.outcome == "rejected" and why in end.reason


def test_a_full_disk_stops_the_import_and_what_came_in_is_safe(
    db: Database, storage: LocalStorage, renderer: PretendedRenderer, folder: Path
) -> None:
    files = files_of(folder)
    Importer(db, storage, renderer, clock=lambda: datetime.now(UTC)).run(folder, files[:3], WISH)
    full = LocalStorage(storage.root, reserve_bytes=10**18)

    with pytest.raises(NoRoom, match="nothing was lost"):
        Importer(db, full, renderer, clock=lambda: datetime.now(UTC)).run(folder, files, WISH)

    assert photos(db) == [("b.jpg", "ready"), ("c.jpg", "ready"), (".DS_Store", "rejected")]
