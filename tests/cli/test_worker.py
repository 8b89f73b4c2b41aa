"""`flask worker`: workers without a web server."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from gallery.background.workers import Workers
from gallery.services import Services
from tests.cli.running import flask, refused
from tests.faults.ground import wait_until


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """What the command does to signals ends with the test."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_it_works_until_it_is_told_to_end(app: Flask) -> None:
    parts: Services = app.extensions["gallery"]

    def end() -> None:
        wait_until(parts.settings.heartbeat_file.exists)
        os.kill(os.getpid(), signal.SIGTERM)

    ending = threading.Thread(target=end)
    ending.start()
    result = flask(app, "worker")
    ending.join()

    assert (result.exit_code, result.stderr) == (0, "At work.\n")


def test_beside_a_file_there_is_only_one(app: Flask) -> None:
    background = Workers(app.extensions["gallery"])
    assert background.start()

    said = refused(app, "worker")

    background.stop()
    assert "runs already" in said
