"""The pretended Facebook on a loopback socket, faults included."""

from __future__ import annotations

import json
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from tests.fakes.facebook import sign_in
from tests.fakes.facebook.control import Control
from tests.fakes.facebook.envelope import Call, GraphError, Reply
from tests.fakes.facebook.faults import Fault
from tests.fakes.facebook.routes import answer, refusal, without_version
from tests.fakes.facebook.world import PAGE_ID

E500 = GraphError(
    2, "An unexpected error has occurred. Please retry your request later.", status=500
)


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1; `port` 0 takes a free one."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, control: Control, port: int = 0) -> None:
        self.control = control
        self.open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)

    def cut_all(self) -> None:
        """End every connection."""
        for connection in list(self.open):
            cut(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is none of our trouble."""


def cut(connection: socket.socket, how: str = "fin") -> None:
    """End a connection: by FIN, or by RST."""
    try:
        if how == "rst":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            socket.close(connection.detach())
        else:
            connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together

    def setup(self) -> None:
        """Remember the connection, to end it when the server closes."""
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        """Forget the connection."""
        super().finish()
        self.server.open.discard(self.connection)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Any method."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        if address.path.startswith("/_control/"):
            self._control(address.path, body)
        elif "/dialog/" in address.path:
            self._dialog(address.path, address.query)
        else:
            self._graph(address.path, address.query, body)

    do_POST = do_DELETE = do_PUT = do_GET  # noqa: N815

    def _control(self, path: str, body: bytes) -> None:
        given = json.loads(body or b"{}")
        status, value = self.server.control.command(self.command, path.split("/")[-1], given)
        self._send(Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json"}))

    def _dialog(self, path: str, query: str) -> None:
        pairs = parse_qsl(query, keep_blank_values=True)
        call = Call("GET", (), dict(pairs))
        world = self.server.control.world
        try:
            if path.endswith("/allow"):
                granted = [value for name, value in pairs if name == "granted"]
                self._send(sign_in.allowed(world, call, granted))
            else:
                self._send(sign_in.dialog(world, call))
        except GraphError as error:
            self._send(Reply(400, str(error).encode(), {"Content-Type": "text/plain"}))

    def _graph(self, path: str, query: str, body: bytes) -> None:
        control = self.server.control
        try:
            call = self._call(path, query, body)
        except GraphError as error:
            self._send(refusal(error))
            return
        control.log(call)
        if control.latency_s:
            control.idle.wait(control.latency_s)
        fault = control.faults.for_request(call.method, "/" + "/".join(call.path))
        if fault is None:
            self._send(answer(control.world, call))
        else:
            self._go_wrong(fault, call)

    def _call(self, path: str, query: str, body: bytes) -> Call:
        params = dict(parse_qsl(query, keep_blank_values=True))
        mimetype, options = parse_options_header(self.headers.get("Content-Type", ""))
        parser = FormDataParser(stream_factory=lambda *_args, **_more: BytesIO())
        _, form, files = parser.parse(BytesIO(body), mimetype, len(body), options)
        params |= dict(form.items())
        places = {
            "address": dict(parse_qsl(query)).get("access_token", ""),
            "body": form.get("access_token", ""),
            "header": self.headers.get("Authorization", "").removeprefix("Bearer "),
        }
        place = next((place for place, token in places.items() if token), "")
        return Call(
            method=self.command,
            path=tuple(unquote(part) for part in without_version(path)),
            params={name: value for name, value in params.items() if name != "access_token"},
            files=[file.read() for _, file in files.items(multi=True)],
            token=places.get(place, ""),
            token_in=place,
        )

    def _go_wrong(self, fault: Fault, call: Call) -> None:
        world = self.server.control.world
        error = fault.error(PAGE_ID)
        if error is not None:
            self._send(refusal(error))
        elif fault.kind == "e500_before":
            self._send(refusal(E500))
        elif fault.kind == "cut_before":
            self._cut(fault.how)
        elif fault.kind == "hang":
            self._hang(fault.seconds)
        elif fault.kind == "late_commit":
            self._commit_late(fault, call)
        else:
            self._lose(fault, answer(world, call))

    def _lose(self, fault: Fault, made: Reply) -> None:
        """It happened; the answer is lost in one way or another."""
        if fault.kind == "e500_after":
            self._send(refusal(E500))
        elif fault.kind == "error_after":
            self._send(refusal(fault.no()))
        elif fault.kind == "truncated_answer":
            self._send(made, part=len(made.body) // 2)
            self._cut("fin")
        elif fault.kind == "hang_after_commit":
            self._hang(fault.seconds)
        else:
            self._cut(fault.how)

    def _commit_late(self, fault: Fault, call: Call) -> None:
        self.server.control.commit_late(fault.seconds, call)
        if fault.silent:
            self._hang(fault.seconds + 3600)
        else:
            self._cut(fault.how)

    def _hang(self, seconds: float) -> None:
        self.server.control.faults.released.wait(seconds)
        self._cut("fin")

    def _cut(self, how: str) -> None:
        self.close_connection = True
        cut(self.connection, how)

    def _send(self, made: Reply, part: int | None = None) -> None:
        self.send_response(made.status)
        for name, value in made.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(made.body)))
        self.end_headers()
        self.wfile.write(made.body[:part])
        self.wfile.flush()


def serve(control: Control, port: int = 0) -> tuple[Server, threading.Thread]:
    """Start serving in a thread of its own."""
    server = Server(control, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    return server, thread
