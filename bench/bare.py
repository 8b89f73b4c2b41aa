"""The floor: one page of bare Flask, served by the numbers with which gunicorn serves ours."""

from __future__ import annotations

from flask import Flask

from gallery.server import (
    bind,
    control_socket_disable,
    graceful_timeout,
    keepalive,
    threads,
    timeout,
    worker_class,
    workers,
)

__all__ = [
    "app",
    "bind",
    "control_socket_disable",
    "graceful_timeout",
    "keepalive",
    "threads",
    "timeout",
    "worker_class",
    "workers",
]

app = Flask(__name__)


@app.get("/")
def page() -> str:
    """Answer with a page of one line."""
    return "<!doctype html><title>Bare</title><p>This is all."
