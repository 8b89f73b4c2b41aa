"""A whole folder comes in, by the one way in; it may be run again after an interruption."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.albums import cards, intake, opening, renditions, slugs
from gallery.albums.intake import Admission, Arrival, Outcome, clean_name
from gallery.albums.renditions import Clock
from gallery.errors import InvalidInput, NoRoom
from gallery.imaging import Renderer
from gallery.models import Album, Database, Photo, PhotoState, Visibility
from gallery.storage import LocalStorage

RENDERERS = 2  # the render process has as many threads


@dataclass(frozen=True)
class Wish:
    """What the album is to be. `slug` empty: made of the title."""

    title: str
    first_day: date
    venue: str = ""
    slug: str = ""
    public: bool = False


@dataclass(frozen=True)
class Imported:
    """What became of one file. `file` is its path relative to the folder."""

    file: str
    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class Report:
    """What an import did. `photos`: how many the album has now, `waiting` of them not ready."""

    slug: str
    files: tuple[Imported, ...]
    photos: int
    waiting: int


class Importer:
    """Takes folders in. `progress` is called with the number of files that just came to an end."""

    def __init__(
        self,
        db: Database,
        storage: LocalStorage,
        renderer: Renderer,
        *,
        clock: Clock,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._db = db
        self._storage = storage
        self._renderer = renderer
        self._clock = clock
        self._progress = progress

    def run(self, folder: Path, files: Sequence[Path], wish: Wish) -> Report:
        """Take in `files`, all below `folder`, and make all renditions before it ends.

        The album that has the wished slug and first day goes on, else there is a new one. Raises
        InvalidInput, NoRoom; what came in so far is safe, and the same call goes on from there.
        """
        if not files:
            raise InvalidInput(f"There are no files in {folder}; nothing was changed.")
        with self._db.write() as session:
            album_id = _album(session, wish, self._clock).id
        with ThreadPoolExecutor(RENDERERS, thread_name_prefix="import") as threads:
            try:
                ends = self._take_in_all(threads, album_id, folder, files)
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                raise
        self._render_the_rest(album_id)
        return self._report(album_id, wish, ends)

    def _take_in_all(
        self, threads: ThreadPoolExecutor, album_id: str, folder: Path, files: Sequence[Path]
    ) -> list[Admission]:
        admissions: list[Admission] = []
        going: list[Future[PhotoState]] = []
        for path in files:
            admission = self._take_in(album_id, folder, path)
            admissions.append(admission)
            if admission.photo.state is PhotoState.WAITING:
                going.append(threads.submit(self._render, admission.photo.id))
            else:
                self._progress(1)
            going = self._reap(going, only_done=True)
        self._reap(going, only_done=False)
        return admissions

    def _reap(
        self, going: list[Future[PhotoState]], *, only_done: bool
    ) -> list[Future[PhotoState]]:
        left = [future for future in going if only_done and not future.done()]
        for future in going:
            if future not in left:
                future.result()
                self._progress(1)
        return left

    def _take_in(self, album_id: str, folder: Path, path: Path) -> Admission:
        arrival = receive_file(self._storage, folder, path)
        with self._db.write() as session:
            album = opening.by_id(session, album_id)
            return intake.admit(session, self._storage, album, arrival, now=self._clock(), by=None)

    def _render(self, photo_id: str, *, take_over: bool = False) -> PhotoState:
        parts = (self._db, self._storage, self._renderer)
        return renditions.work(*parts, photo_id, clock=self._clock, take_over=take_over)

    def _render_the_rest(self, album_id: str) -> None:
        """Photos that an earlier import left, or that another process has or had in hand."""
        with self._db.read() as session:
            left = session.scalars(
                select(Photo.id).where(
                    Photo.album_id == album_id, Photo.state == PhotoState.WAITING
                )
            ).all()
        for photo_id in left:
            self._render(photo_id, take_over=True)

    def _report(self, album_id: str, wish: Wish, ends: list[Admission]) -> Report:
        with self._db.write() as session:
            album = opening.by_id(session, album_id)
            photos = session.scalars(select(Photo).where(Photo.album_id == album_id)).all()
            shown = [p for p in photos if p.state is not PhotoState.REJECTED]
            if wish.public and shown and album.visibility is not Visibility.PUBLIC:
                opening.set_visibility(session, album, Visibility.PUBLIC, now=self._clock())
        if album.visibility is not Visibility.DRAFT:
            cards.ensure_card(self._db, self._storage, self._renderer, album_id)
        by_id = {photo.id: photo for photo in photos}
        files = tuple(_end(admission, by_id[admission.photo.id]) for admission in ends)
        waiting = [photo for photo in shown if photo.state is PhotoState.WAITING]
        return Report(album.slug, files, len(shown), len(waiting))


def _end(admission: Admission, photo: Photo) -> Imported:
    """A file that could not be decoded was admitted first and rejected later."""
    if photo.state is PhotoState.REJECTED:
        return Imported(admission.file, "rejected", photo.reason)
    return Imported(admission.file, admission.outcome, admission.reason)


def files_of(folder: Path) -> list[Path]:
    """Every file below a folder, sorted; also links, not followed, and folders that are shut."""
    return sorted(_walk(folder))


def _walk(folder: Path) -> Iterator[Path]:
    try:
        entries = list(folder.iterdir())
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry)
        else:
            yield entry


def receive_file(storage: LocalStorage, folder: Path, path: Path) -> Arrival:
    """A file of a folder, received or refused for a reason. Raises NoRoom."""
    name = str(path.relative_to(folder))
    try:
        reason = _why_not(folder, path)
        if not reason:
            with path.open("rb") as stream:
                return intake.receive(storage, stream, name)
    except NoRoom:
        raise
    except OSError as error:
        reason = f"The file could not be read: {os.strerror(error.errno or 0)}."
    return Arrival(clean_name(name), reason=reason)


def _why_not(folder: Path, path: Path) -> str:
    mode = path.stat().st_mode
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        return "It is a link that leads out of the folder, which is not followed."
    if stat.S_ISDIR(mode) and path.is_symlink():
        return "It is a link to another folder; that folder's own files were taken instead."
    if stat.S_ISDIR(mode):
        return "The folder could not be opened."
    if not stat.S_ISREG(mode):
        return "It is not an ordinary file."
    return ""


def _album(session: Session, wish: Wish, clock: Clock) -> Album:
    """The album that goes on, or a new one."""
    slug = slugs.typed(wish.slug) if wish.slug else slugs.from_title(wish.title)
    going_on = _with_slug(session, slug, wish) if slugs.enough(slug) else _with_title(session, wish)
    return going_on or opening.create(
        session,
        wish.title,
        now=clock(),
        first_day=wish.first_day,
        venue=wish.venue,
        slug=wish.slug or None,
    )


def _with_slug(session: Session, slug: str, wish: Wish) -> Album | None:
    """The album of that day among those with this slug, or with a number after it."""
    holders = (slugs.holder(session, candidate) for candidate in slugs.candidates(slug))
    return next(album for album in holders if not album or album.first_day == wish.first_day)


def _with_title(session: Session, wish: Wish) -> Album | None:
    """A title without ASCII letters makes another slug each time: know the album by the title."""
    return session.scalars(
        select(Album)
        .where(Album.title == wish.title, Album.first_day == wish.first_day)
        .order_by(Album.created_at)
    ).first()
