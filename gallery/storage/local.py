"""Originals and renditions in one local folder.

    originals/ab/<sha256>                              as they came, never altered
    renditions/ab/<sha256>/<edit>/<recipe>.<ext>       may be thrown away and made again
    tombstones/<sha256>                                taken down: empty, and never deleted
    tmp/                                               on their way in

The order is: write tmp, fsync, rename to the hash, fsync the folder, and only then the caller
commits the row; so a crash leaves a file without a row, never a row without its bytes.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gallery.errors import NoRoom

BLOCK = 256 * 1024
RESERVE_BYTES = 64 * 1024 * 1024  # uploads are refused when less than this would stay free


@dataclass(frozen=True)
class Incoming:
    """A file on its way in: written, hashed and synced, but not yet kept."""

    path: Path
    sha256: str
    bytes: int


class LocalStorage:
    """The folder of `GALLERY_STORAGE`."""

    def __init__(self, root: Path, *, reserve_bytes: int = RESERVE_BYTES) -> None:
        self.root = root.resolve()
        self.reserve_bytes = reserve_bytes
        for name in ("originals", "renditions", "tombstones", "tmp"):
            (self.root / name).mkdir(parents=True, exist_ok=True)

    def free_bytes(self) -> int:
        """Room left on the disk."""
        return shutil.disk_usage(self.root).free

    def receive(self, stream: IO[bytes], *, most: int) -> Incoming:
        """Stream a file to tmp, hashing as it goes.

        Stops and cleans up after `most` + 1 bytes: the caller sees `bytes` > `most`.
        Raises NoRoom when the disk is full or nearly so.
        """
        if self.free_bytes() < self.reserve_bytes:
            raise NoRoom(
                "The disk is nearly full; nothing was lost. Make room, then send it again."
            )
        path = self.root / "tmp" / uuid.uuid4().hex
        try:
            with _room(), path.open("wb") as file:
                return _written(stream, file, path, most)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def keep(self, incoming: Incoming) -> Path:
        """Move a received file to its place among the originals and make that durable.

        Raises NoRoom.
        """
        target = self.original(incoming.sha256)
        with _room():
            target.parent.mkdir(exist_ok=True)
            incoming.path.replace(target)
            _sync_folder(target.parent)
            _sync_folder(target.parent.parent)
        return target

    def drop(self, incoming: Incoming) -> None:
        """Forget a received file that is not wanted."""
        incoming.path.unlink(missing_ok=True)

    def original(self, sha256: str) -> Path:
        """Where the original with this hash is, or would be."""
        return self.root / "originals" / sha256[:2] / sha256

    def rendition(self, sha256: str, edit: str, name: str) -> Path:
        """Where a rendition is, or would be. `name` is recipe and ending: `640.jpg`."""
        return self.root / "renditions" / sha256[:2] / sha256 / edit / name

    def make_room_for(self, path: Path) -> None:
        """Make the folder that `path` will stand in."""
        path.parent.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def scratch(self, suffix: str = "") -> Iterator[Path]:
        """A name in tmp for a while; whatever stands there afterwards is removed."""
        path = self.root / "tmp" / (uuid.uuid4().hex + suffix)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def delete_original(self, sha256: str) -> None:
        """Remove an original for good. Already gone is success."""
        self.original(sha256).unlink(missing_ok=True)

    def delete_renditions(self, sha256: str, *, but: str = "") -> None:
        """Remove all that was made from an original, `but` those of one edit."""
        for folder in (self.root / "renditions" / sha256[:2] / sha256).glob("*"):
            if folder.name != but:
                shutil.rmtree(folder, ignore_errors=True)

    def has_bytes_of(self, sha256: str) -> bool:
        """Whether the original with this hash, or anything made from it, is here."""
        made = self.root / "renditions" / sha256[:2] / sha256
        return self.original(sha256).exists() or any(made.glob("*"))

    def bury(self, sha256: str) -> None:
        """Note for good, and whatever becomes of the database, that this picture was taken down."""
        folder = self.root / "tombstones"
        (folder / sha256).touch()
        _sync_folder(folder)

    def is_buried(self, sha256: str) -> bool:
        """Whether that was noted."""
        return (self.root / "tombstones" / sha256).exists()

    def buried(self) -> Iterator[str]:
        """The hashes of all pictures that were taken down."""
        return (path.name for path in self.root.glob("tombstones/*"))

    def originals(self) -> Iterator[Path]:
        """Every file that lies among the originals."""
        return (path for path in self.root.glob("originals/*/*") if path.is_file())

    def unfinished(self) -> Iterator[Path]:
        """Every file in tmp: on its way in, or left by a process that was killed."""
        return (path for path in self.root.glob("tmp/*") if path.is_file())


def _written(stream: IO[bytes], file: IO[bytes], path: Path, most: int) -> Incoming:
    digest = hashlib.sha256()
    size = 0
    while size <= most and (block := stream.read(min(BLOCK, most + 1 - size))):
        file.write(block)
        digest.update(block)
        size += len(block)
    file.flush()
    os.fsync(file.fileno())
    return Incoming(path, digest.hexdigest(), size)


@contextmanager
def _room() -> Iterator[None]:
    """Tell a full disk from other errors of the operating system."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom(
                "The disk is full; nothing was lost. Make room, then send it again."
            ) from error
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
