from __future__ import annotations

import errno
import hashlib
import io
import itertools
import shutil
from pathlib import Path

import pytest

from gallery.errors import NoRoom
from gallery.storage import Incoming, LocalStorage
from tests.storage.strikes import fail_at

DATA = b"some bytes" * 100_000
SHA256 = hashlib.sha256(DATA).hexdigest()


def files(storage: LocalStorage) -> list[Path]:
    """Everything below its folder."""
    return sorted(p.relative_to(storage.root) for p in storage.root.rglob("*") if p.is_file())


def test_a_file_is_kept_under_its_hash(storage: LocalStorage) -> None:
    incoming = storage.receive(io.BytesIO(DATA), most=len(DATA))
    assert (incoming.sha256, incoming.bytes) == (SHA256, len(DATA))

    kept = storage.keep(incoming)

    assert kept == storage.original(SHA256)
    assert kept.read_bytes() == DATA
    assert files(storage) == [Path("originals", SHA256[:2], SHA256)]


def test_the_same_bytes_again_are_the_same_file(storage: LocalStorage) -> None:
    for _ in range(2):
        storage.keep(storage.receive(io.BytesIO(DATA), most=len(DATA)))

    assert len(list(storage.originals())) == 1


def test_what_is_longer_than_wanted_is_read_no_further(storage: LocalStorage) -> None:
    stream = io.BytesIO(DATA)

    incoming = storage.receive(stream, most=1000)

    assert (incoming.bytes, stream.tell()) == (1001, 1001)
    storage.drop(incoming)
    storage.drop(incoming)
    assert files(storage) == []


class Full(io.BytesIO):
    """The disk is full when it is read."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code

    def read(self, size: int | None = -1) -> bytes:
        raise OSError(self.code, "no")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_from_other_errors(storage: LocalStorage, code: int) -> None:
    with pytest.raises(NoRoom, match="nothing was lost"):
        storage.receive(Full(code), most=10)
    with pytest.raises(OSError, match="no"):
        storage.receive(Full(errno.EIO), most=10)
    assert files(storage) == []


def test_a_disk_that_fills_up_at_any_moment_leaves_nothing_half_done(
    storage: LocalStorage,
) -> None:
    struck = []
    for nth in itertools.count(1):
        with fail_at(nth, errno.ENOSPC) as strikes:
            kept = keep_one(storage)
        if not strikes.struck:
            break
        struck.append(strikes.struck)
        assert kept is None
        assert all(path.read_bytes() == DATA for path in storage.originals())
        assert list(storage.unfinished()) == []
        shutil.rmtree(storage.root / "originals" / SHA256[:2], ignore_errors=True)

    assert kept == storage.original(SHA256)
    assert set(struck) == {
        f"before {name}" for name in ("write", "flush", "fsync", "mkdir", "replace")
    }


def keep_one(storage: LocalStorage) -> Path | None:
    """Receive and keep; None if the disk is full."""
    incoming: Incoming | None = None
    try:
        incoming = storage.receive(io.BytesIO(DATA), most=len(DATA))
        return storage.keep(incoming)
    except NoRoom:
        if incoming is not None:
            storage.drop(incoming)
        return None


def test_a_nearly_full_disk_takes_nothing_in(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path, reserve_bytes=10**18)

    with pytest.raises(NoRoom, match="nearly full"):
        storage.receive(io.BytesIO(DATA), most=len(DATA))


def test_a_scratch_name_is_gone_afterwards(storage: LocalStorage) -> None:
    with storage.scratch(".jpg") as path:
        path.write_bytes(b"x")
        assert path.suffix == ".jpg"
        assert list(storage.unfinished()) == [path]

    assert files(storage) == []


def test_renditions_of_one_edit_can_be_spared(storage: LocalStorage) -> None:
    for edit in ("old", "new"):
        path = storage.rendition(SHA256, edit, "640.jpg")
        storage.make_room_for(path)
        path.touch()

    storage.delete_renditions(SHA256, but="new")
    assert files(storage) == [Path("renditions", SHA256[:2], SHA256, "new/640.jpg")]

    storage.delete_renditions(SHA256)
    storage.delete_original(SHA256)
    assert files(storage) == []
