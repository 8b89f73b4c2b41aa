"""A plain client of a real site: it keeps cookies, sends forms with their token, uploads files."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import requests

from gallery.models import Person
from tests.server.stock import Stock

BOUNDARY = "----afterglow-test-boundary-7f3a"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Client:
    """One person's, or a stranger's."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self._token = ""

    @classmethod
    @contextmanager
    def of(cls, stock: Stock, person: Person) -> Iterator[Client]:
        """A client with a session of this person's."""
        client = cls(stock.site.url)
        client.session.cookies.set("session", stock.session_of(person))
        with client.session:
            yield client

    def get(self, path: str) -> requests.Response:
        """Open a page."""
        return self.session.get(f"{self.url}{path}", timeout=60)

    def token(self, page: str = "/studio/you") -> str:
        """The token of the forms of this session."""
        if not self._token:
            found = _TOKEN.search(self.get(page).text)
            assert found, f"no form at {page}"
            self._token = found[1]
        return self._token

    def post(self, path: str, data: dict[str, str], page: str = "/studio/you") -> requests.Response:
        """Send a form; where it leads to is not followed."""
        return self.session.post(
            f"{self.url}{path}",
            data={"csrf_token": self.token(page), **data},
            timeout=60,
            allow_redirects=False,
        )

    def upload(self, album_id: str, files: Sequence[tuple[str, Path]]) -> list[dict[str, Any]]:
        """Send files under these names in one form, as our script does; what became of each."""
        with tempfile.TemporaryFile() as body:
            write_form(body, {"csrf_token": self.token()}, files)
            body.seek(0)
            answer = self.session.post(
                f"{self.url}/studio/a/{album_id}/add",
                data=body,
                headers={
                    "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
                    "Accept": "application/json",
                },
                timeout=300,
            )
        assert answer.status_code == 200, answer.text[:500]
        return list(answer.json()["files"])


def write_form(body: IO[bytes], fields: dict[str, str], files: Sequence[tuple[str, Path]]) -> None:
    """A multipart body as browsers write it (WHATWG HTML, multipart/form-data encoding)."""
    for name, value in fields.items():
        body.write(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        )
        body.write(f"{value}\r\n".encode())
    for name, path in files:
        body.write(head_of(name))
        body.write(path.read_bytes())
        body.write(b"\r\n")
    body.write(f"--{BOUNDARY}--\r\n".encode())


def head_of(name: str) -> bytes:
    """The lines before the bytes of a file with this name."""
    escaped = as_sent(name).replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    text = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename="{escaped}"\r\n'
    )
    return text.encode() + b"Content-Type: image/jpeg\r\n\r\n"


def as_sent(name: str) -> str:
    """A file's name as browsers have it: what is not UTF-8 on the disk became U+FFFD."""
    return name.encode(errors="surrogateescape").decode(errors="replace")
