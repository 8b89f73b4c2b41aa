"""A call's deadline, from the first byte to the last, whatever a server drips.

The usual time-outs begin anew with every byte that arrives. Here a thread cuts the connection when
the deadline passes, which ends any read or write on it at once. Connecting has its own time-out;
what connected too late sends nothing.
"""

from __future__ import annotations

import math
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
        self.ends = time.monotonic() + within_s
        self._handle: socket.socket | None = None

    def __enter__(self) -> Self:
        _here.watch = self
        _cutter.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        _cutter.remove(self)
        if self._handle is not None:
            self._handle.close()

    def sends(self, sock: socket.socket) -> None:
        """Something is about to leave through `sock`. Raises TimeoutError if it is too late."""
        left_s = self.ends - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        if self._handle is None:  # of our own: cutting must work beneath TLS
            self._handle = socket.socket(fileno=os.dup(sock.fileno()))
        sock.settimeout(left_s)
        self.sent = True

    def cut(self) -> None:
        """It took too long: end what is being read or written."""
        self.over = True
        if self._handle is not None:
            with suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)


class _Cutter:
    """The one thread that waits for the deadlines of all calls; a timer for each costs too much."""

    def __init__(self) -> None:
        self._calls: set[Watch] = set()
        self._sooner = threading.Condition()
        self._until = math.inf
        self._thread: threading.Thread | None = None

    def add(self, watch: Watch) -> None:
        with self._sooner:
            self._calls.add(watch)
            if self._thread is None or not self._thread.is_alive():  # as after a fork
                self._thread = threading.Thread(target=self._wait, name="deadlines", daemon=True)
                self._thread.start()
            elif watch.ends < self._until:
                self._sooner.notify()

    def remove(self, watch: Watch) -> None:
        with self._sooner:
            self._calls.discard(watch)

    def _wait(self) -> None:
        with self._sooner:
            while True:
                now = time.monotonic()
                for watch in [watch for watch in self._calls if watch.ends <= now]:
                    self._calls.discard(watch)
                    watch.cut()
                self._until = min((watch.ends for watch in self._calls), default=math.inf)
                self._sooner.wait(min(self._until - now, threading.TIMEOUT_MAX))


_cutter = _Cutter()


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
