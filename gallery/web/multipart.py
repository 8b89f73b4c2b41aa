"""Forms whose file names are not UTF-8: read like all others, with a mark for each odd byte.

Werkzeug reads nothing at all of such a form. So the headers of its parts are mended on the way in;
the files between them keep their bytes.
"""

from __future__ import annotations

import re
from typing import IO, Any, cast

from werkzeug.formparser import FormDataParser

HEADERS_END = re.compile(rb"\r?\n\r?\n")
LINE_BREAK = b"\r\n"
LONGEST_HEADERS = 16_000  # bytes


class TolerantParser(FormDataParser):
    """Reads forms as its parent does, after their headers were made readable."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        """As the parent does."""
        boundary = (options or {}).get("boundary", "").encode("ascii", "ignore")
        if mimetype == "multipart/form-data" and boundary:
            mended = cast("IO[bytes]", Mended(stream, boundary))
            _, form, files = super().parse(mended, mimetype, content_length, options)
            return stream, form, files
        return super().parse(stream, mimetype, content_length, options)


class Mended:
    """A multipart body in which each part's headers are UTF-8, whatever they were."""

    def __init__(self, stream: IO[bytes], boundary: bytes) -> None:
        self._stream = stream
        self._mark = b"--" + boundary
        self._held = b""

    def read(self, size: int) -> bytes:
        """Some bytes; none only at the end."""
        while more := self._stream.read(size):
            if ready := self._mend(self._held + more):
                return ready
        rest, self._held = self._held, b""
        return rest

    def _mend(self, data: bytes) -> bytes:
        """What of `data` is certain, mended; the rest is held back for the next bytes.

        A boundary is held back together with the line break before it: Werkzeug misses the one
        after an empty file when the two come one by one.
        """
        done, at = [], 0
        while (start := data.find(self._mark, at)) >= 0:
            end = HEADERS_END.search(data, start)
            if end is None:
                break
            done += [data[at:start], _readable(data[start : end.end()])]
            at = end.end()
        mended = b"".join([*done, data[at:]])
        unsure = len(data) - start if start >= 0 else min(len(data) - at, len(self._mark) - 1)
        hold = unsure + len(LINE_BREAK) if unsure <= LONGEST_HEADERS else 0
        sure = max(len(mended) - hold, 0)
        self._held = mended[sure:]
        return mended[:sure]


def _readable(headers: bytes) -> bytes:
    return headers.decode("utf-8", "replace").encode()
