"""One child, well behaved and not: whoever waits for it is told, always."""

from __future__ import annotations

import signal
import sys
import threading
from concurrent.futures import Future

import pytest

from gallery.imaging.process import Answer, Died, RenderProcess
from tests.imaging.support import wait_for

READY = "import sys, json, os, time, signal; print('{\"ready\": true}', flush=True); "
ECHO = "[print(json.dumps({'id': json.loads(line)['id'], 'done': 1}), flush=True) for line in sys.stdin]"


def child(code: str) -> RenderProcess:
    """A process that runs this code instead of ours."""
    return RenderProcess([sys.executable, "-c", code])


def death_of(future: Future[Answer]) -> tuple[bool, bool]:
    """(alone, killed) of a request that died."""
    with pytest.raises(Died) as caught:
        future.result(20)
    return caught.value.alone, caught.value.killed


def test_it_answers_each_request_and_counts_them() -> None:
    process = child(READY + ECHO)

    answers = [process.ask({"do": "x"}).result(20) for _ in range(3)]
    process.end()

    assert [answer["id"] for answer in answers] == [1, 2, 3]
    assert (process.asked, process.alive) == (3, False)


def test_a_child_that_never_gets_ready_says_so() -> None:
    process = child("raise SystemExit(1)")

    with pytest.raises(Died) as caught:
        process.ask({}).result(20)
    assert not caught.value.started


def test_a_crash_alone_is_the_requests_and_a_crash_in_company_nobodys() -> None:
    wait_two = "sys.stdin.readline(); sys.stdin.readline(); os.abort()"
    alone = child(READY + "sys.stdin.readline(); os.abort()")
    company = child(READY + wait_two)

    assert death_of(alone.ask({})) == (True, False)
    futures = [company.ask({}), company.ask({})]
    assert [death_of(future) for future in futures] == [(False, False)] * 2


def test_a_kill_from_outside_is_told_from_one_of_ours() -> None:
    outside = child(READY + "sys.stdin.readline(); os.kill(os.getpid(), signal.SIGKILL)")
    ours = child(READY + "time.sleep(60)")

    assert death_of(outside.ask({})) == (True, True)
    future = ours.ask({})
    wait_for(lambda: ours._ready)
    ours.end()
    assert death_of(future) == (True, False)


@pytest.mark.parametrize(
    "nonsense",
    [
        "no json",
        "[]",
        '"text"',
        '{"id": 99, "done": 1}',
        '{"id": []}',
        "{}",
        "\xe9",
    ],
)
def test_a_child_that_speaks_nonsense_is_ended(nonsense: str) -> None:
    process = child(
        READY + f"sys.stdin.readline(); print({nonsense!r}, flush=True); time.sleep(60)"
    )

    assert death_of(process.ask({})) == (True, False)
    assert not process.alive


def test_a_child_that_never_ends_its_line_is_ended() -> None:
    process = child(
        READY + "sys.stdin.readline(); print('x' * 1_100_000, end='', flush=True); time.sleep(60)"
    )

    assert death_of(process.ask({})) == (True, False)


def test_a_child_that_says_it_crashed_is_ended() -> None:
    process = child(
        READY
        + 'sys.stdin.readline(); print(\'{"id": 1, "crashed": true}\', flush=True); time.sleep(60)'
    )

    assert death_of(process.ask({})) == (True, False)


def test_a_child_that_closes_its_output_and_lives_on_is_ended() -> None:
    process = child(READY + "sys.stdin.readline(); os.close(1); time.sleep(60)")

    assert death_of(process.ask({})) == (True, False)


def test_a_dead_child_refuses_at_once() -> None:
    process = child(READY + ECHO)
    process.end()

    assert death_of(process.ask({})) == (False, True)
    process.end()


def test_writing_to_a_dying_child_is_no_error() -> None:
    process = child(READY + "sys.stdin.close(); time.sleep(0.2); os.abort()")
    wait_for(lambda: process._ready)

    futures = [process.ask({"padding": "x" * 100_000}) for _ in range(4)]

    for future in futures:
        death_of(future)
    assert not process.alive


def test_many_threads_may_ask_one_child() -> None:
    process = child(READY + ECHO)
    answers: list[Answer] = []

    def ask() -> None:
        answers.extend(process.ask({}).result(20) for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    process.end()

    assert sorted(answer["id"] for answer in answers) == list(range(1, 121))


def test_its_number_is_that_of_the_process() -> None:
    process = child(
        READY + "print(json.dumps({'id': 1, 'done': os.getpid()}), flush=True); time.sleep(60)"
    )

    assert process.ask({}).result(20)["done"] == process.pid
    process.end()
    assert process._popen.returncode == -signal.SIGKILL
