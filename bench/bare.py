"""The floor: bare Flask, served by the numbers with which gunicorn serves ours."""

from __future__ import annotations

from flask import Flask, render_template_string

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

PHOTOS = tuple(f"/m/{number}/0123456789ab" for number in range(100))
TEMPLATE = """<!doctype html><title>Bare</title><ul>
{% for photo in photos %}
<li><a href="{{ photo }}"><img src="{{ photo }}/640.jpg" width="640" height="427" alt=""></a></li>
{% endfor %}
</ul>"""

app = Flask(__name__)


@app.get("/")
def line() -> str:
    """Answer with one line."""
    return "<!doctype html><title>Bare</title><p>This is all."


@app.get("/photos")
def photos() -> str:
    """Answer with a hundred photos out of memory: no database, one template, one size."""
    return render_template_string(TEMPLATE, photos=PHOTOS)
