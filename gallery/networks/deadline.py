"""A call's deadline, from the first byte to the last, whatever a server drips.

The usual time-outs begin anew with every byte that arrives. Here a timer cuts the connection when
the deadline passes, which ends any read or write on it at once. Connecting has its own time-out;
what connected too late sends nothing.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from typing import Any, Self

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Watch:
    """One call's deadline, and whether anything of it was sent."""

    def __init__(self, within_s: float) -> None:
        self.within_s = within_s
        self.sent = False
        self.over = False
        self._ends = time.monotonic() + within_s
        self._handle: socket.socket | None = None
        self._timer = threading.Timer(within_s, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        _here.watch = self
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        if self._handle is not None:
            self._handle.close()

    def sends(self, sock: socket.socket) -> None:
        """Something is about to leave through `sock`. Raises TimeoutError if it is too late."""
        left_s = self._ends - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        if self._handle is None:  # of our own: cutting must work beneath TLS
            self._handle = socket.socket(fileno=os.dup(sock.fileno()))
        sock.settimeout(left_s)
        self.sent = True

    def _cut(self) -> None:
        self.over = True
        if self._handle is not None:
            with suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)


class _Here(threading.local):
    watch: Watch  # of the call that this thread is in


_here = _Here()


class Line(HTTPConnection):
    """A connection that tells the call it serves what it does."""

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        _here.watch.sends(self.sock)
        super().send(data)


class TlsLine(Line, HTTPSConnection):
    """The same over TLS."""


class Pool(HTTPConnectionPool):
    """Connections to one host."""

    ConnectionCls = Line


class TlsPool(HTTPSConnectionPool):
    """The same over TLS."""

    ConnectionCls = TlsLine
