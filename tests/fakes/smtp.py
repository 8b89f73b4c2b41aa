"""A small strict SMTP server on a loopback socket: it keeps what it takes."""

from __future__ import annotations

import base64
import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Taken:
    """One message as it came in."""

    sender: str
    to: list[str]
    message: EmailMessage


@dataclass
class Mailbox:
    """What the server takes. `password`: it wants user:password first; `full`: it takes nothing."""

    password: str = ""
    full: bool = False
    taken: list[Taken] = field(default_factory=list)


class _Line(socketserver.StreamRequestHandler):
    """One connection. Commands out of order are refused (RFC 5321, 503)."""

    def handle(self) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        signed_in, sender, to = not box.password, "", list[str]()
        self._say("220 fake ready")
        while line := self.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            if verb == "EHLO":
                self._say("250-fake", "250 AUTH PLAIN")
            elif verb == "AUTH":
                given = base64.b64decode(rest.split()[1]).decode().split("\0")[1:]
                signed_in = not box.password or ":".join(given) == box.password
                self._say("235 welcome" if signed_in else "535 no")
            elif verb == "MAIL" and signed_in:
                sender, to = _address(rest), []
                self._say("452 full" if box.full else "250 fine")
            elif verb == "RCPT" and sender:
                to.append(_address(rest))
                self._say("250 fine")
            elif verb == "DATA" and to:
                self._say("354 go on")
                box.taken.append(Taken(sender, to, _message(self._data())))
                self._say("250 kept")
            elif verb in ("RSET", "QUIT"):
                self._say("221 bye" if verb == "QUIT" else "250 fine")
            else:
                self._say("503 not now")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def _data(self) -> bytes:
        kept = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            kept += line.removeprefix(b".")
        return kept


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]


def _message(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


class SmtpFake:
    """The running server."""

    def __init__(self) -> None:
        self.box = Mailbox()
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Line)
        self._server.daemon_threads = True
        self._server.box = self.box  # type: ignore[attr-defined]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    @property
    def host(self) -> str:
        """Its address: host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
