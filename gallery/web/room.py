"""Room for the bytes of large forms: they wait beside the originals, if they fit there at all."""

from __future__ import annotations

import tempfile
from typing import IO

from flask import Request
from werkzeug.formparser import FormDataParser

from gallery.errors import NoRoom
from gallery.web.context import services
from gallery.web.multipart import TolerantParser

IN_MEMORY = 500_000  # bytes of a whole form


class UploadRequest(Request):
    """A request whose files are spooled in our own storage folder; /tmp is often memory.

    File names in odd encodings make none of it unreadable.
    """

    form_data_parser_class: type[FormDataParser] = TolerantParser

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if total_content_length is not None and total_content_length <= IN_MEMORY:
            return super()._get_file_stream(
                total_content_length, content_type, filename, content_length
            )
        return tempfile.TemporaryFile("rb+", dir=services().storage.root / "tmp")


def insist_on_room(total_bytes: int | None) -> None:
    """Refuse a form that would not fit on the disk before any of it is read. Raises NoRoom.

    Its files are on the disk twice for a moment: as they came, and as they are kept.
    """
    storage = services().storage
    if storage.free_bytes() - storage.reserve_bytes < 2 * (total_bytes or 0):
        raise NoRoom("The disk is too full for these photos; nothing was lost. Make room first.")
