"""The render process: reads requests as JSON lines, answers likewise, dies when its parent does.

    python -m gallery.imaging.child MEMORY_BYTES

It knows no database, no settings and no secret: a picture that takes it over finds files only.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import resource
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from gallery.errors import RendererBusy, Unreadable
from gallery.imaging import card, render
from gallery.imaging.open import formats, hush
from gallery.imaging.values import CaptionStyle, Fit, Frame

THREADS = 2
_NICENESS = 5  # the site answers visitors first
_CPU_S = 6000  # of a hundred photos that each take their whole minute

Request = dict[str, Any]
log = logging.getLogger(__name__)


def main() -> None:  # pragma: no cover  (tests start it for real; it would limit them too)
    """Run as a process of its own. Standard output is kept for answers, whoever else prints."""
    limit(int(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    hush()
    formats()
    serve(sys.stdin, answers)
    os._exit(0)


def limit(memory_bytes: int) -> None:  # pragma: no cover  (likewise)
    """Bound this process's memory and lifetime, forbid core dumps, and stand behind the others."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICENESS)


def serve(requests: TextIO, answers: TextIO) -> None:
    """Work on requests until there are no more to come; what is not finished then is dropped."""
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    one_writer = threading.Lock()

    def say(answer: dict[str, Any]) -> None:
        with one_writer:
            answers.write(json.dumps(answer) + "\n")
            answers.flush()

    def work() -> None:
        while True:
            say(answer(json.loads(waiting.get())))

    for _ in range(THREADS):
        threading.Thread(target=work, daemon=True).start()
    say({"ready": True})
    for line in requests:
        waiting.put(line)


def answer(request: Request) -> dict[str, Any]:
    """Do one request. The answer has its `id` and one of `done`, `unreadable`, `busy`, `crashed`."""
    number = request["id"]
    try:
        return {"id": number, "done": JOBS[request["do"]](request)}
    except Unreadable as error:
        return {"id": number, "unreadable": str(error)}
    except RendererBusy as error:
        return {"id": number, "busy": str(error)}
    except Exception:
        log.exception("A picture could not be worked on.")
        return {"id": number, "crashed": True}


def _standard(request: Request) -> dict[str, Any]:
    original, folder = Path(request["original"]), Path(request["folder"])
    return render.standard(original, folder, request["language"]).to_json()


def _avif(request: Request) -> None:
    render.avif(Path(request["original"]), Path(request["folder"]))


def _for_network(request: Request) -> tuple[int, int]:
    return render.for_network(
        Path(request["original"]),
        Path(request["target"]),
        frame=_frame(**request["frame"]),
        most_bytes=request["most_bytes"],
        caption=request["caption"],
        style=CaptionStyle(request["style"]) if request["style"] else None,
        language=request["language"],
    )


def _frame(width: int, height: int, fit: str, focal_x: float, focal_y: float) -> Frame:
    return Frame(width, height, Fit(fit), focal_x, focal_y)


def _card(request: Request) -> None:
    card.write_card(
        [Path(picture) for picture in request["pictures"]],
        Path(request["target"]),
        title=request["title"],
        line=request["line"],
        language=request["language"],
    )


JOBS: dict[str, Callable[[Request], Any]] = {
    "standard": _standard,
    "avif": _avif,
    "for_network": _for_network,
    "card": _card,
}


if __name__ == "__main__":  # pragma: no cover
    main()
