"""A network that costs nearly nothing to pretend: it waits, then answers like a Page.

`python -m bench.network` prints its port. Each Page can be in one kind of trouble.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from typing import Any

KINDS = ("hang", "cut", "500", "429", "revoked", "unknown")
REVOKED = {"error": {"code": 190, "error_subcode": 460, "message": "The password was changed."}}
SLOW_DOWN = {"error": {"code": 32, "message": "Page request limit reached"}}
BROKEN = {"error": {"code": 2, "message": "An unexpected error has occurred."}}


@dataclass
class Network:
    """What is far away."""

    latency_s: float = 0.05
    trouble: dict[str, str] = field(default_factory=dict)  # by Page
    posts: dict[str, int] = field(default_factory=dict)  # by Page
    requests: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(10**12))

    async def line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        lengths = [h.split(":")[1] for h in head if h.lower().startswith("content-length:")]
        body = await reader.readexactly(int(lengths[0]) if lengths else 0)
        if path == "/_control":
            return self._send(writer, 200, self._control(json.loads(body)))
        self.requests += 1
        page = path.split("/")[2].partition("?")[0]
        await asyncio.sleep(self.latency_s)
        kind = self.trouble.get(page, "")
        if kind == "hang":
            await self.released.wait()
        if kind in ("hang", "cut"):
            return False
        return self._send(writer, *self._answer(method, path, page, kind))

    def _answer(
        self, method: str, path: str, page: str, kind: str
    ) -> tuple[int, dict[str, Any], str]:
        feed = path.partition("?")[0].endswith("/feed")
        if kind == "500" or (kind == "unknown" and (feed or method == "GET")):
            return 500, BROKEN, ""
        if kind == "429":
            return 429, SLOW_DOWN, "Retry-After: 3600\r\n"
        if kind == "revoked":
            return 401, REVOKED, ""
        if method == "GET":
            return 200, {"data": []}, ""
        number = str(next(self.numbers))
        if not feed:
            return 200, {"id": number}, ""
        self.posts[page] = self.posts.get(page, 0) + 1
        return 200, {"id": f"{page}_{number}", "permalink_url": f"https://x.example/{number}"}, ""

    def _control(self, given: dict[str, Any]) -> dict[str, Any]:
        if "trouble" in given:
            self.trouble = dict(given["trouble"])
            self.released.set()
            self.released = asyncio.Event()
        if "latency_s" in given:
            self.latency_s = float(str(given["latency_s"]))
        return {"requests": self.requests, "posts": sum(self.posts.values())}

    def _send(
        self, writer: asyncio.StreamWriter, status: int, value: object, more: str = ""
    ) -> bool:
        body = json.dumps(value).encode()
        head = f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\n{more}"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        return True


async def main() -> None:
    """Serve until the process is ended."""
    network = Network()
    server = await asyncio.start_server(network.line, "127.0.0.1", 0, limit=2**20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
