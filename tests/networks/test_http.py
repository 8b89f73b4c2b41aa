"""The one HTTP module: what it sends, what it believes, and when it gives up."""

from __future__ import annotations

import gzip
import logging
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from gallery.errors import OutcomeUnknown, Refused, TryLater
from gallery.networks.deadline import Watch
from gallery.networks.http import (
    MOST_BODY,
    Answer,
    Api,
    Request,
    Upload,
    bytes_s,
    cleaned,
)
from tests.contract.rigs import CANARY, chain
from tests.networks.conftest import Serve
from tests.networks.lines import Script, certificate, drips, ends, resets, says

OK = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"id":"17"}'
SHORT_S = 0.4


def judge(answer: Answer) -> None:
    """A network without codes of its own."""


def call(url: str, *, within_s: float = 5.0, **more: object) -> Answer:
    """One POST to that server."""
    request = Request("POST", "/v1/things", within_s, token=CANARY, **more)  # type: ignore[arg-type]
    return Api("Testnet", url).call(request, judge)


def test_a_readable_answer_comes_back(serve: Serve) -> None:
    answer = call(serve(says("200 OK", b'{"id": "17"}')).url)

    assert (answer.status, answer.body) == (200, {"id": "17"})


def test_the_token_travels_in_a_header_and_parameters_in_the_body(serve: Serve) -> None:
    server = serve(says("200 OK", b"{}"))

    call(server.url, form={"message": "Hari Raya di Kampong Ayer"})

    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/things HTTP/1.1\r\n")
    assert f"Authorization: Bearer {CANARY}".encode() in head
    assert body == b"message=Hari+Raya+di+Kampong+Ayer"


def test_a_call_without_token_has_no_authorization(serve: Serve) -> None:
    server = serve(says("200 OK", b"{}"))

    Api("Testnet", server.url).call(Request("GET", "/", 5.0, query={"a": "b c"}), judge)

    assert server.requests[0].startswith(b"GET /?a=b+c HTTP/1.1\r\n")
    assert b"authorization" not in server.requests[0].lower()


def test_an_upload_is_one_part_of_a_multipart_body(serve: Serve) -> None:
    server = serve(says("200 OK", b"{}"))

    upload = Upload("source", "photo.jpg", "image/jpeg", b"\xff\xd8 bytes")
    call(server.url, form={"caption": "海边"}, upload=upload)

    sent = server.requests[0]
    assert b'name="source"; filename="photo.jpg"' in sent
    assert b"\xff\xd8 bytes" in sent
    assert "海边".encode() in sent


def test_connections_are_used_again_by_threads_that_call_at_once(serve: Serve) -> None:
    gate = threading.Barrier(4)

    def script(connection: socket.socket, _request: bytes) -> None:
        gate.wait(5)
        connection.sendall(OK)

    api = Api("Testnet", serve(script).url)
    answers: list[Answer] = []

    def one() -> None:
        for _ in range(2):
            answers.append(api.call(Request("GET", "/", 5.0), judge))

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.body for answer in answers] == [{"id": "17"}] * 8


def test_a_closed_port_is_surely_not_sent() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(TryLater) as later:
        call(f"http://127.0.0.1:{port}")

    assert later.value.transport
    assert "could not be reached" in str(later.value)


def test_a_name_that_does_not_resolve_is_surely_not_sent() -> None:
    with pytest.raises(TryLater) as later:
        call("http://there-is-no-such-host.invalid")

    assert later.value.transport


def test_a_certificate_nobody_vouches_for_is_surely_not_sent(serve: Serve, tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    server = serve(says("200 OK", b"{}"), tls=context)

    with pytest.raises(TryLater) as later:
        call(server.url)

    assert later.value.transport
    assert server.requests == []


def test_tls_works_and_keeps_its_deadline(serve: Serve, tmp_path: Path) -> None:
    context, path = certificate(tmp_path)
    good = Api("Testnet", serve(says("200 OK", b'{"a": 1}'), tls=context).url)
    slow = Api("Testnet", serve(drips(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), tls=context).url)
    for api in (good, slow):
        api._session.verify = str(path)

    assert good.call(Request("GET", "/", 5.0), judge).body == {"a": 1}
    assert good.call(Request("GET", "/", 5.0), judge).body == {"a": 1}
    with pytest.raises(OutcomeUnknown):
        in_time(lambda: slow.call(Request("GET", "/", SHORT_S), judge))


def test_a_tls_handshake_that_never_ends_is_surely_not_sent(serve: Serve, tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    server = serve(drips(b"\x16\x03\x03\x20\x00", b"\x00"), tls=context, mute=True)

    with pytest.raises(TryLater) as later:
        in_time(lambda: call(server.url, within_s=SHORT_S))

    assert later.value.transport


@pytest.mark.parametrize("script", [ends, resets], ids=["fin", "rst"])
def test_a_cut_after_sending_is_unknown(serve: Serve, script: Script) -> None:
    server = serve(script)

    with pytest.raises(OutcomeUnknown):
        call(server.url)

    assert len(server.requests) == 1


def test_nothing_is_ever_sent_twice(serve: Serve) -> None:
    server = serve(says("503 Busy", b"{}", "Retry-After: 0\r\n"))

    with pytest.raises(OutcomeUnknown):
        call(server.url)

    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "script",
    [
        drips(b"", b""),
        drips(b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"),
        drips(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{", b" "),
        drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        drips(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", b" "),
    ],
    ids=["silence", "headers", "body", "chunks", "endless"],
)
def test_a_dripping_server_does_not_outlast_the_deadline(serve: Serve, script: Script) -> None:
    with pytest.raises(OutcomeUnknown):
        in_time(lambda: call(serve(script).url, within_s=SHORT_S))


def test_a_server_that_takes_no_bytes_does_not_outlast_the_deadline() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        upload = Upload("source", "photo.jpg", "image/jpeg", bytes(20_000_000))

        with pytest.raises(OutcomeUnknown):
            in_time(lambda: call(url, within_s=SHORT_S, upload=upload))


def test_what_connected_too_late_sends_nothing() -> None:
    with closing(socket.socket()) as sock, Watch(0.0) as watch:
        with pytest.raises(TimeoutError):
            watch.sends(sock)
        assert not watch.sent


def test_sending_may_take_as_long_as_the_call_and_not_as_connecting() -> None:
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs), Watch(60) as watch:
        ours.settimeout(10)

        watch.sends(ours)

        assert ours.gettimeout() == pytest.approx(60, abs=1)


def in_time(action: Callable[[], object]) -> None:
    """Do it; fail if it took much longer than the short deadline."""
    began = time.monotonic()
    try:
        action()
    finally:
        assert time.monotonic() - began < SHORT_S + 1.5


def test_the_operators_time_out_rules_over_all(serve: Serve) -> None:
    api = Api("Testnet", serve(drips(b"", b"")).url, timeout_s=SHORT_S)

    with pytest.raises(OutcomeUnknown):
        in_time(lambda: api.call(Request("GET", "/", 60.0), judge))


@pytest.mark.parametrize(
    "script",
    [
        says("200 OK", b"<html>not JSON</html>"),
        says("200 OK", b"\xff\xfe\x00"),
        says("200 OK", b"[" * 100_000),
        says("200 OK", b""),
        says("200 OK", b"null"),
        says("200 OK", b"{}" + b" " * MOST_BODY),
        says("200 OK", gzip.compress(b"{}" + b" " * MOST_BODY), "Content-Encoding: gzip\r\n"),
        says("200 OK", b"not gzip at all", "Content-Encoding: gzip\r\n"),
        says("400 Bad", b"<html>a proxy's page</html>"),
        says("500 Broken", b'{"error": {"code": 190}}'),
        says("502 Bad Gateway", b"<html></html>"),
        lambda connection, _request: connection.sendall(b"SSH-2.0-OpenSSH_9\r\n"),
        lambda connection, _request: connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{}\r\n"
        ),
    ],
    ids=[
        *("html", "not utf-8", "nested", "empty", "null", "huge", "bomb", "not gzip"),
        *("proxy", "500", "502", "ssh", "too short"),
    ],
)
def test_what_cannot_be_read_is_unknown(serve: Serve, script: Script) -> None:
    with pytest.raises(OutcomeUnknown):
        call(serve(script).url, within_s=1.0)


def test_a_redirect_is_not_followed(serve: Serve) -> None:
    elsewhere = serve(says("200 OK", b"{}"))
    server = serve(says("307 Elsewhere", b"{}", f"Location: {elsewhere.url}/\r\n"))

    with pytest.raises(OutcomeUnknown, match="307"):
        call(server.url)
    assert elsewhere.requests == []


def test_a_redirect_with_a_huge_body_is_not_read_whole(serve: Serve) -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 9000000000\r\n\r\n"
    server = serve(drips(head, b" " * 100_000, every_s=0.001))

    with pytest.raises(OutcomeUnknown, match="302"):
        call(server.url, within_s=5.0)


def test_429_waits_as_long_as_it_is_told(serve: Serve) -> None:
    for body in (b"{}", b"<html>"):
        with pytest.raises(TryLater) as later:
            call(serve(says("429 Slow", body, "Retry-After: 77\r\n")).url)

        assert later.value.wait_s == 77
        assert not later.value.transport


def test_any_other_4xx_is_a_clean_no(serve: Serve) -> None:
    with pytest.raises(Refused, match="403"):
        call(serve(says("403 No", b'{"why": "because"}')).url)


def test_the_networks_own_codes_come_first(serve: Serve) -> None:
    def strict(answer: Answer) -> None:
        raise Refused(f"code {answer.body['code']}")

    request = Request("GET", "/", 5.0)
    with pytest.raises(Refused, match="code 7"):
        Api("Testnet", serve(says("429 Slow", b'{"code": 7}')).url).call(request, strict)


def test_the_environment_and_cookies_have_no_say(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server = serve(says("200 OK", b"{}", "Set-Cookie: who=you; Path=/\r\n"))
    api = Api("Testnet", server.url)

    api.call(Request("GET", "/", 5.0), judge)
    api.call(Request("GET", "/", 5.0), judge)

    assert b"cookie" not in server.requests[1].lower()


def test_no_secret_shows_in_errors_reprs_or_logs(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    request = Request("GET", "/", 0.3, query={"input_token": CANARY}, token=CANARY)
    shown = [repr(request), repr(Answer(200, {"X": CANARY}, {"access_token": CANARY}))]
    Api("Testnet", serve(says("200 OK", b"{}")).url).call(request, judge)
    for url in (serve(ends).url, serve(drips(b"", b"")).url, "http://127.0.0.1:9"):
        with pytest.raises((OutcomeUnknown, TryLater)) as raised:
            Api("Testnet", url).call(request, judge)
        shown.append(chain(raised.value))

    assert CANARY not in "\n".join([*shown, caplog.text])


def test_retry_after_may_be_seconds_or_a_date() -> None:
    def asked(text: str) -> float | None:
        return Answer(429, {"Retry-After": text}, None).retry_after_s

    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert asked("120") == 120
    assert asked(soon) == pytest.approx(90, abs=2)
    assert asked("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert [asked(text) for text in ("", "soon", "-5", "nan", "99999999999")] == [None] * 5


def test_bytes_have_time_by_their_number() -> None:
    assert bytes_s(0) == 60
    assert bytes_s(4_000_000) == 140
    assert bytes_s(1_000_000_000) == 300


def test_texts_from_outside_are_one_clean_line() -> None:
    text = f"Bad\x00 token\n{CANARY} at ?access_token=abc&x=1\u202e" + "y" * 500

    assert cleaned(text, ("", CANARY), 50) == "Bad token *** at ?access_token=***&x=1 yyyyyyyyyyy"


def test_an_unclear_answer_keeps_the_wait_that_it_asks_for(serve: Serve) -> None:
    with pytest.raises(OutcomeUnknown) as unclear:
        call(serve(says("503 Busy", b"{}", "Retry-After: 90\r\n")).url)

    assert unclear.value.wait_s == 90.0
