from __future__ import annotations

import hashlib
import io
import re
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.albums import intake, opening
from gallery.albums.intake import Admission
from gallery.albums.renditions import edit_of
from gallery.errors import NoRoom
from gallery.models import Album, Photo, PhotoState
from gallery.storage import LocalStorage
from tests.albums.pictures import add, jpeg

HTML = b"<!doctype html><title>hi</title>"
ID = re.compile(r"[2-9bcdfghjkmnpqrstvwxz]{6}")


def rows(session: Session) -> list[tuple[str, str]]:
    """Every photo's name and state."""
    photos = session.scalars(select(Photo).order_by(Photo.position))
    return [(photo.file, photo.state.value) for photo in photos]


def test_a_photo_comes_in_and_waits_for_its_renditions(
    session: Session, storage: LocalStorage, album: Album, now: datetime
) -> None:
    data = jpeg(7)
    sha256 = hashlib.sha256(data).hexdigest()

    admission = add(session, storage, album, "day 1/IMG_1.jpg", data, now)

    photo = admission.photo
    assert admission == Admission("day 1/IMG_1.jpg", "added", "", photo)
    assert ID.fullmatch(photo.id)
    assert (photo.state, photo.kind, photo.bytes) == (PhotoState.WAITING, "jpeg", len(data))
    assert (photo.sha256, photo.edit) == (sha256, edit_of(sha256))
    assert (photo.added_at, photo.added_by, photo.position > 0) == (now, None, True)
    assert storage.original(sha256).read_bytes() == data
    assert list(storage.unfinished()) == []


def test_the_name_decides_nothing(
    session: Session, storage: LocalStorage, album: Album, now: datetime
) -> None:
    assert add(session, storage, album, "page.html", jpeg(), now).outcome == "added"
    assert add(session, storage, album, "photo.jpg", HTML, now).outcome == "rejected"


def test_a_refused_file_keeps_its_name_and_a_sentence_and_its_bytes_are_gone(
    session: Session, storage: LocalStorage, album: Album, now: datetime
) -> None:
    admission = add(session, storage, album, "photo.jpg", HTML, now)

    assert admission.photo.state is PhotoState.REJECTED
    assert admission.reason == admission.photo.reason
    assert re.fullmatch(r"[A-Z].+\.", admission.reason)
    assert rows(session) == [("photo.jpg", "rejected")]
    assert list(storage.originals()) == []
    assert list(storage.unfinished()) == []


def test_a_refused_file_that_comes_again_does_not_double_its_row(
    session: Session, storage: LocalStorage, album: Album, now: datetime
) -> None:
    first = add(session, storage, album, "photo.jpg", HTML, now)
    again = add(session, storage, album, "photo.jpg", HTML, now)
    other = add(session, storage, album, "other.jpg", HTML, now)

    assert again.photo is first.photo
    assert other.photo is not first.photo
    assert rows(session) == [("photo.jpg", "rejected"), ("other.jpg", "rejected")]


def test_the_same_bytes_twice_in_an_album_are_one_photo(
    session: Session, storage: LocalStorage, album: Album, now: datetime
) -> None:
    first = add(session, storage, album, "a.jpg", jpeg(), now)
    again = add(session, storage, album, "b.jpg", jpeg(), now)

    assert (again.outcome, again.photo, again.file) == ("duplicate", first.photo, "b.jpg")
    assert again.reason == "This photo is already in the album."
    assert rows(session) == [("a.jpg", "waiting")]
    assert list(storage.unfinished()) == []


def test_two_albums_may_have_the_same_photo_and_share_its_bytes(
    session: Session, storage: LocalStorage, album: Album, now: datetime
) -> None:
    other = opening.create(session, "Other", now=now)

    outcomes = [add(session, storage, a, "a.jpg", jpeg(), now).outcome for a in (album, other)]

    assert outcomes == ["added", "added"]
    assert len(list(storage.originals())) == 1


def test_a_photo_that_could_not_be_decoded_gets_another_chance_in_its_old_row(
    session: Session, storage: LocalStorage, album: Album, now: datetime
) -> None:
    first = add(session, storage, album, "a.jpg", jpeg(), now).photo
    first.state, first.reason, first.render_until = PhotoState.REJECTED, "Odd.", now
    storage.delete_original(first.sha256)

    again = add(session, storage, album, "a.jpg", jpeg(), now)

    assert (again.outcome, again.photo) == ("added", first)
    assert (first.state, first.reason) == (PhotoState.WAITING, "")
    assert first.render_until is None
    assert storage.original(first.sha256).read_bytes() == jpeg()


def test_sending_a_photo_again_heals_a_lost_or_damaged_original(
    session: Session, storage: LocalStorage, album: Album, now: datetime
) -> None:
    photo = add(session, storage, album, "a.jpg", jpeg(), now).photo
    storage.original(photo.sha256).write_bytes(b"rot")

    assert add(session, storage, album, "a.jpg", jpeg(), now).outcome == "duplicate"
    assert storage.original(photo.sha256).read_bytes() == jpeg()


def test_bytes_that_were_taken_down_do_not_come_back(
    session: Session, storage: LocalStorage, album: Album, now: datetime
) -> None:
    photo = add(session, storage, album, "a.jpg", jpeg(), now).photo
    photo.state = PhotoState.HIDDEN
    storage.delete_original(photo.sha256)

    assert add(session, storage, album, "a.jpg", jpeg(), now).outcome == "duplicate"
    assert list(storage.originals()) == []
    assert list(storage.unfinished()) == []
    assert rows(session) == [("a.jpg", "hidden")]


class Endless(io.RawIOBase):
    """A file without an end."""

    def read(self, size: int = -1) -> bytes:
        return b"\xff" * size


def test_a_file_over_60_mb_is_refused_without_being_read_to_its_end(
    session: Session, storage: LocalStorage, album: Album, now: datetime
) -> None:
    arrival = intake.receive(storage, Endless(), "endless.jpg")  # type: ignore[arg-type]
    admission = intake.admit(session, storage, album, arrival, now=now, by=None)

    assert admission.reason == "The file is larger than 60 MB; send a smaller version of it."
    assert arrival.bytes == intake.MOST_BYTES + 1
    assert list(storage.unfinished()) == []


class Cut(io.BytesIO):
    """A connection that ends half way."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionResetError
        return super().read(10)


def test_a_cut_connection_leaves_nothing(storage: LocalStorage) -> None:
    with pytest.raises(ConnectionResetError):
        intake.receive(storage, Cut(jpeg()), "a.jpg")

    assert list(storage.unfinished()) == []


class Thief(io.BytesIO):
    """Deletes what was received before anybody can look at it."""

    def __init__(self, data: bytes, storage: LocalStorage) -> None:
        super().__init__(data)
        self.storage = storage

    def read(self, size: int | None = -1) -> bytes:
        block = super().read(size)
        if not block:
            for path in self.storage.unfinished():
                path.unlink()
        return block


def test_an_error_of_the_disk_is_no_fault_of_the_photo(storage: LocalStorage) -> None:
    with pytest.raises(FileNotFoundError):
        intake.receive(storage, Thief(jpeg(), storage), "a.jpg")


def test_a_nearly_full_disk_refuses_uploads_before_they_begin(tmp_path: Path) -> None:
    full = LocalStorage(tmp_path, reserve_bytes=10**18)

    with pytest.raises(NoRoom, match="nothing was lost"):
        intake.receive(full, io.BytesIO(jpeg()), "a.jpg")


def test_who_brought_a_photo_is_kept(
    session: Session, storage: LocalStorage, album: Album, now: datetime
) -> None:
    arrival = intake.receive(storage, io.BytesIO(jpeg()), "a.jpg")

    assert intake.admit(session, storage, album, arrival, now=now, by="me").photo.added_by == "me"
