"""A server on a bare socket that says exactly what a test wants said."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Script = Callable[[socket.socket, bytes], None]  # the connection, the request


class Lines:
    """Runs `script` on each connection after its request was read; counts connections."""

    def __init__(
        self, script: Script, *, tls: ssl.SSLContext | None = None, mute: bool = False
    ) -> None:
        self.requests: list[bytes] = []
        self.ended = threading.Event()
        self._script, self._tls, self._mute = script, tls, mute
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._open.append(connection)
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self._tls and not self._mute:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            while request := b"" if self._mute else read_request(connection):
                self.requests.append(request)
                self._script(connection, request)
            if self._mute:
                self._script(connection, b"")
        connection.close()

    def close(self) -> None:
        """End everything."""
        self.ended.set()
        for thing in (self._listener, *self._open):
            with suppress(OSError):
                thing.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for thing in (self._listener, *self._open):
            thing.close()


def read_request(connection: socket.socket) -> bytes:
    """One whole request; empty when the client has gone."""
    got = b""
    while b"\r\n\r\n" not in got:
        block = connection.recv(65_536)
        if not block:
            return b""
        got += block
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def says(status: str, body: bytes = b"", headers: str = "") -> Script:
    """A whole answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode()
    return lambda connection, _request: connection.sendall(head + body)


def tells(table: Mapping[str, Any]) -> Script:
    """JSON by "METHOD /path" (query left out); what is not in the table is a 404 without words."""

    def script(connection: socket.socket, request: bytes) -> None:
        method, address = request.split(b" ")[:2]
        asked = f"{method.decode()} {address.decode().partition('?')[0]}"
        if asked in table:
            says("200 OK", json.dumps(table[asked]).encode())(connection, request)
        else:
            says("404 Not Found")(connection, request)

    return script


def drips(first: bytes, drop: bytes, every_s: float = 0.05) -> Script:
    """`first`, then `drop` again and again, for ten seconds at most."""
    pause = threading.Event()

    def script(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(first)
        for _ in range(int(10 / every_s)):
            pause.wait(every_s)
            connection.sendall(drop)

    return script


def resets(connection: socket.socket, _request: bytes = b"") -> None:
    """End by RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(connection.detach())


def ends(connection: socket.socket, _request: bytes = b"") -> None:
    """End by FIN."""
    connection.shutdown(socket.SHUT_RDWR)


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS with a certificate for 127.0.0.1 that only the given file vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path
