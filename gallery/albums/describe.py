"""What is said about photos: caption, alt text, credit; many at once."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.albums import text
from gallery.albums.names import clean_name
from gallery.albums.revision import lock, touch
from gallery.errors import FieldErrors, InvalidInput
from gallery.models import Album, Photo, PhotoState

WORDS = ("caption", "alt_text", "credit")
LONGEST = {"caption": 5000, "alt_text": 2000, "credit": 300}
NAMES = {"caption": "caption", "alt_text": "alt text", "credit": "credit"}


@dataclass(frozen=True)
class Change:
    """What to say about a photo from now on; None leaves what is said."""

    caption: str | None = None
    alt_text: str | None = None
    credit: str | None = None


@dataclass(frozen=True)
class Captioned:
    """What a table of captions did. `unknown`: files it names that the album does not have."""

    changed: int
    matched: int
    unknown: tuple[str, ...]


def photos_of(session: Session, album: Album, ids: Iterable[str]) -> list[Photo]:
    """These photos of an album, in its order; ids that are not of it are left out."""
    wanted = set(ids)
    photos = session.scalars(
        select(Photo).where(Photo.album_id == album.id).order_by(Photo.position, Photo.id)
    )
    return [photo for photo in photos if photo.id in wanted]


def describe(session: Session, album: Album, changes: Mapping[str, Change]) -> int:
    """Say these things about an album's photos; how many photos that changed.

    Ids that are not of this album are left out. Raises FieldErrors with names like
    `caption-<id>`; then nothing was changed.
    """
    lock(session, album)
    tidied = {photo_id: _tidied(change) for photo_id, change in changes.items()}
    _refuse_long(tidied)
    photos = photos_of(session, album, changes)
    changed = sum([_say(photo, tidied[photo.id]) for photo in photos])
    if changed:
        touch(album)
    return changed


def _tidied(change: Change) -> dict[str, str]:
    given = {word: getattr(change, word) for word in WORDS}
    return {
        word: text.line(said) if word == "credit" else text.paragraphs(said)
        for word, said in given.items()
        if said is not None
    }


def _refuse_long(tidied: Mapping[str, Mapping[str, str]]) -> None:
    errors = {
        f"{word}-{photo_id}": f"This {NAMES[word]} is too long: {len(said)} characters, "
        f"{LONGEST[word]} are possible."
        for photo_id, words in tidied.items()
        for word, said in words.items()
        if len(said) > LONGEST[word]
    }
    if errors:
        raise FieldErrors(errors)


def _say(photo: Photo, words: Mapping[str, str]) -> bool:
    """Whether that changed anything."""
    before = {word: getattr(photo, word) for word in words}
    for word, said in words.items():
        setattr(photo, word, said)
    return before != words


def from_csv(session: Session, album: Album, table: str) -> Captioned:
    """Set captions, alt texts and credits from a table with a first line of column names.

    Its column `file` names photos as they came; of `caption`, `alt_text` and `credit` those that
    it has are set, an empty cell to nothing. Raises InvalidInput; then nothing was changed.
    """
    rows = _rows(table)
    _refuse_doubles([file for file, _ in rows])
    photos = _by_file(session, album)
    known = {file: change for file, change in rows if photos.get(file)}
    for file in known:
        if len(photos[file]) > 1:
            raise InvalidInput(f"Two photos are called “{file}”; nothing was changed.")
    changed = describe(session, album, {photos[f][0].id: change for f, change in known.items()})
    return Captioned(changed, len(known), tuple(f for f, _ in rows if f not in known))


def _rows(table: str) -> list[tuple[str, Change]]:
    first = table.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(table, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = {name: name.strip().lower() for name in reader.fieldnames or () if name}
        rows = [{columns[n]: cell for n, cell in row.items() if n in columns} for row in reader]
    except csv.Error as error:
        raise InvalidInput(
            f"The table can't be read beyond its line {reader.line_num} ({error}); "
            "nothing was changed."
        ) from error
    _refuse_columns(list(columns.values()))
    return [
        (clean_name(row["file"]), Change(**{word: row.get(word) for word in WORDS}))
        for row in rows
        if row["file"]
    ]


def _refuse_columns(columns: list[str]) -> None:
    if "file" not in columns:
        raise InvalidInput("The table needs a first line with a column “file”.")
    if not set(columns) & set(WORDS):
        raise InvalidInput(
            "The table has none of the columns “caption”, “alt_text” and “credit”; "
            "there is nothing to set."
        )


def _refuse_doubles(files: list[str]) -> None:
    double = next((file for file, times in Counter(files).items() if times > 1), None)
    if double is not None:
        raise InvalidInput(f"“{double}” is in the table twice; nothing was changed.")


def _by_file(session: Session, album: Album) -> dict[str, list[Photo]]:
    photos: dict[str, list[Photo]] = defaultdict(list)
    for photo in session.scalars(
        select(Photo).where(Photo.album_id == album.id, Photo.state != PhotoState.REJECTED)
    ):
        photos[photo.file].append(photo)
    return photos
