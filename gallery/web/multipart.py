"""Forms whose file names are not UTF-8: read like all others, with a mark for each odd byte.

Werkzeug reads nothing at all of such a form. So the headers of its parts are mended on the way in;
the files between them keep their bytes.
"""

from __future__ import annotations

import re
from typing import IO, Any, cast

from werkzeug.formparser import FormDataParser

HEADERS_END = re.compile(rb"\r?\n\r?\n")
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

        The line break before the content goes together with what follows it: of an empty file it
        also begins the next boundary, which Werkzeug misses when they come one by one.
        """
        done, at = [], 0
        while (start := data.find(self._mark, at)) >= 0:
            end = HEADERS_END.search(data, start)
            if end is None:
                break
            done += [data[at:start], _readable(data[start : end.end()])]
            at = end.end()
        hold = start if start >= 0 else max(at, len(data) - len(self._mark) + 1)
        if len(data) - hold > LONGEST_HEADERS:
            hold = len(data)
        ready = b"".join([*done, data[at:hold]])
        keep = len(ready) - (2 if done and hold == at else 0)
        self._held = ready[keep:] + data[hold:]
        return ready[:keep]


def _readable(headers: bytes) -> bytes:
    return headers.decode("utf-8", "replace").encode()
