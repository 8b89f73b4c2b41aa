"""Visitors on loopback: keep-alive connections that read every answer to its end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection


class Visitor:
    """One connection to one server."""

    def __init__(self, port: int) -> None:
        self._line = HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> bytes:
        """A page. Raises RuntimeError for any answer but 200."""
        self._line.request("GET", path)
        answer = self._line.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return body

    def seconds(self, path: str) -> float:
        """How long a page takes from the question to the last byte."""
        begun = time.perf_counter()
        self.get(path)
        return time.perf_counter() - begun

    def many(self, path: str, for_s: float) -> int:
        """Ask for a page again and again for so long; how often it came."""
        ends, count = time.perf_counter() + for_s, 0
        while time.perf_counter() < ends:
            self.get(path)
            count += 1
        return count

    def close(self) -> None:
        """Hang up."""
        self._line.close()


class Crowd:
    """Several visitors of one page at once."""

    def __init__(self, port: int, path: str, size: int) -> None:
        self._path = path
        self._visitors: Sequence[Visitor] = [Visitor(port) for _ in range(size)]
        self._threads = ThreadPoolExecutor(size)

    def ask(self, for_s: float) -> tuple[int, float]:
        """Everybody asks for so long; how many answers in how many seconds."""
        begun = time.perf_counter()
        counts = self._threads.map(lambda visitor: visitor.many(self._path, for_s), self._visitors)
        return sum(counts), time.perf_counter() - begun

    def leave(self) -> None:
        """All hang up."""
        self._threads.shutdown()
        for visitor in self._visitors:
            visitor.close()
