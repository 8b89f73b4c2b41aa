"""The client of the render process: ask from any thread, get a picture or a clear no.

One long-lived child does all decoding. It may crash, hang or be killed at any moment; no request
is lost by that. Those in flight run again one at a time, and only who was alone is to blame.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from gallery.errors import RendererBusy, Unreadable
from gallery.imaging.gate import Gate
from gallery.imaging.open import MISSING, probe
from gallery.imaging.process import Answer, Died, RenderProcess, command
from gallery.imaging.values import CaptionStyle, Frame, Rendered

T = TypeVar("T")

_PLACES = 2  # requests in flight; the child has as many threads
_HEAVY_PIXELS = 50_000_000
# Blame for a crash alone, for a kill from outside at work and at the start, and the limit.
_CRASH, _KILL, _KILL_AT_START, _MOST = 10, 4, 1, 20

NOT_STARTED = "The program that prepares photos does not start; `flask doctor` says what is wrong."
CLOSED = "The program that prepares photos is being stopped; the photo is safe and comes later."
POISON = (
    "This photo stopped the program that prepares photos, twice; "
    "save it again as JPEG with a photo program and add that."
)


class Renderer:
    """Makes renditions in a child process that starts at first use. Thread-safe.

    Every method blocks until its files are written, at most about `wall_s` seconds a try, and
    raises Unreadable if the photo is at fault (it also is when it alone stopped the child twice),
    RendererBusy if something else is: closed, no room, no original; then try again later.
    """

    def __init__(
        self, *, wall_s: float = 60.0, memory_bytes: int = 1_500_000_000, per_child: int = 100
    ) -> None:
        self._wall_s = wall_s
        self._command = command(memory_bytes)
        self._per_child = per_child
        self._gate = Gate(_PLACES)
        self._lock = threading.Lock()
        self._process: RenderProcess | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The number of the child, if one runs."""
        process = self._process
        return process.pid if process and process.alive else None

    def standard(self, original: Path, folder: Path, language: str = "en") -> Rendered:
        """Write all standard JPEGs into `folder`, `1920.jpg` to `320.jpg`."""
        request = {
            "do": "standard",
            "original": _path(original),
            "folder": _path(folder),
            "language": language,
        }
        return self._ask(request, Rendered.from_json, heavy=_is_heavy(original))

    def avif(self, original: Path, folder: Path) -> None:
        """Write the AVIF renditions into `folder`, `1280.avif` to `320.avif`."""
        request = {"do": "avif", "original": _path(original), "folder": _path(folder)}
        self._ask(request, _nothing, heavy=_is_heavy(original))

    def for_network(
        self,
        original: Path,
        target: Path,
        *,
        frame: Frame,
        most_bytes: int,
        caption: str = "",
        style: CaptionStyle | None = None,
        language: str = "en",
    ) -> tuple[int, int]:
        """Write one JPEG in this frame, within `most_bytes`; returns its (width, height) in px.

        With a `style` the caption is drawn into it.
        """
        request = {
            "do": "for_network",
            "original": _path(original),
            "target": _path(target),
            "frame": asdict(frame),
            "most_bytes": most_bytes,
            "caption": caption,
            "style": style,
            "language": language,
        }
        return self._ask(request, _size, heavy=_is_heavy(original))

    def card(
        self, pictures: Sequence[Path], target: Path, *, title: str, line: str, language: str
    ) -> None:
        """Write an album's card from up to three of its renditions: JPEG, below 300 kB."""
        request = {
            "do": "card",
            "pictures": [_path(picture) for picture in pictures],
            "target": _path(target),
            "title": title,
            "line": line,
            "language": language,
        }
        self._ask(request, _nothing, heavy=False)

    def close(self) -> None:
        """End the child for good; who still waits gets RendererBusy."""
        with self._lock:
            self._closed = True
            if self._process:
                self._process.end()

    def _ask(self, request: dict[str, Any], read: Callable[[Any], T], *, heavy: bool) -> T:
        """Ask until there is an answer, or this request alone has stopped the child twice."""
        blame, alone, started = 0, False, True
        while blame < _MOST:
            alone = alone or self._is_worn()
            try:
                with self._gate.turn(alone=alone, heavy=heavy):
                    return _result(self._once(request, alone=alone), read)
            except Died as death:
                if self._closed:
                    raise RendererBusy(CLOSED) from death
                blame += _blame(death)
                alone, started = True, death.started
        if not started:
            raise RendererBusy(NOT_STARTED)
        raise Unreadable(POISON)

    def _once(self, request: dict[str, Any], *, alone: bool) -> Answer:
        process = self._current(fresh=alone and self._is_worn())
        future = process.ask(request)
        try:
            return future.result(self._wall_s)
        except TimeoutError:
            process.end()
            return future.result()

    def _current(self, *, fresh: bool) -> RenderProcess:
        """The child to ask: another one if it died, or if `fresh`, when nobody else is at work."""
        with self._lock:
            if self._closed:
                raise RendererBusy(CLOSED)
            if self._process is not None and (fresh or not self._process.alive):
                self._process.end()
                self._process = None
            if self._process is None:
                self._process = RenderProcess(self._command)
            return self._process

    def _is_worn(self) -> bool:
        """Whether the child is to be replaced as soon as nobody is at work in it."""
        process = self._process
        return process is not None and process.asked >= self._per_child


def _blame(death: Died) -> int:
    """How much a death speaks against the request that was at work."""
    if not death.started:
        return _KILL_AT_START if death.killed else _MOST  # it would not start for any other either
    if not death.alone:
        return 0
    return _KILL if death.killed else _CRASH


def _result(answer: Answer, read: Callable[[Any], T]) -> T:
    if "unreadable" in answer:
        raise Unreadable(str(answer["unreadable"]))
    if "busy" in answer:
        raise RendererBusy(str(answer["busy"]))
    try:
        return read(answer["done"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable(POISON) from error  # it answers nonsense: the photo has taken it over


def _nothing(_: Any) -> None:
    return None


def _size(done: Any) -> tuple[int, int]:
    width, height = done
    return int(width), int(height)


def _path(path: Path) -> str:
    return str(path.absolute())


def _is_heavy(original: Path) -> bool:
    try:
        found = probe(original)
    except OSError as error:
        raise RendererBusy(MISSING) from error
    return found.kind == "heif" or found.width * found.height > _HEAVY_PIXELS
