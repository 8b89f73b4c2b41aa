"""The command that runs workers beside, or instead of, those of the web server."""

from __future__ import annotations

import signal
import threading

from gallery.background.workers import Workers
from gallery.cli.common import Failed, command, say, services


@command("worker")
def worker() -> None:
    """Carry deliveries and make renditions without serving pages, until told to end."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    background = Workers(services())
    if not background.start():
        raise Failed(
            "The server, or another worker, runs already, and beside a SQLite file there can be "
            "only one; nothing was started."
        )
    say("At work.")
    over.wait()
    background.stop()
    services().close()
