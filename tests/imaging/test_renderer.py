"""The renderer with a real child: killed, stopped, starved, worn out, closed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gallery.errors import RendererBusy, Unreadable
from gallery.imaging import AVIF_EDGES, STANDARD_EDGES, CaptionStyle, Frame, Rendered, Renderer
from gallery.imaging.process import Answer, Died
from gallery.imaging.renderer import _result
from tests.imaging.support import picture_in, wait_for
from tests.samples import Odd
from tests.samples.blocks import png
from tests.samples.pictures import jpeg

# 49 megapixels in a few kilobytes: a second's work.
SLOW = png(7000, 7000, 1, 0, (b"\0" + b"\xaa" * 875) * 7000)


@contextmanager
def running(**options: float) -> Iterator[Renderer]:
    """A renderer of one's own, to break."""
    renderer = Renderer(**options)  # type: ignore[arg-type]
    try:
        yield renderer
    finally:
        renderer.close()


def whole(folder: Path) -> bool:
    """Whether all standard renditions are there and can be decoded, and nothing else is."""
    for edge in STANDARD_EDGES:
        picture_in(folder / f"{edge}.jpg")
    return len(list(folder.iterdir())) == len(STANDARD_EDGES)


def pid_of(renderer: Renderer) -> int:
    """The child's number, as soon as there is a child."""
    wait_for(lambda: renderer.pid is not None)
    pid = renderer.pid
    assert pid is not None
    return pid


def test_all_that_others_ask_of_it(renderer: Renderer, photos: list[Path], tmp_path: Path) -> None:
    rendered = renderer.standard(photos[0], tmp_path / "r", "ms")
    renderer.avif(photos[0], tmp_path / "r")
    size = renderer.for_network(
        photos[0], tmp_path / "n.jpg", frame=Frame(1080, 810), most_bytes=10**6
    )
    drawn = renderer.for_network(
        photos[0], tmp_path / "d.jpg", frame=Frame(1080, 810), most_bytes=10**6,
        caption="Opening", style=CaptionStyle.OVERLAY, language="ms",
    )  # fmt: skip
    renderer.card(
        [tmp_path / "r/1280.jpg"], tmp_path / "card.jpg", title="Open Day", line="", language="en"
    )

    assert isinstance(rendered, Rendered)
    assert (rendered.width, rendered.height) == (4000, 3000)
    assert size == drawn == (1080, 810)
    names = {path.name for path in (tmp_path / "r").iterdir()}
    assert names == {f"{e}.jpg" for e in STANDARD_EDGES} | {f"{e}.avif" for e in AVIF_EDGES}
    assert picture_in(tmp_path / "card.jpg").size == (1200, 630)


def test_it_starts_at_first_use_and_knows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GALLERY_SECRET_KEY", "canary-canary-canary-canary-canary")
    (tmp_path / "o").write_bytes(jpeg("x"))
    with running() as renderer:
        assert renderer.pid is None

        renderer.standard(tmp_path / "o", tmp_path / "r")

        environment = Path(f"/proc/{pid_of(renderer)}/environ").read_bytes()
    assert b"canary" not in environment


def test_relative_paths_mean_what_they_mean_here(
    renderer: Renderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("o").write_bytes(jpeg("x"))

    renderer.standard(Path("o"), Path("r"))

    assert whole(tmp_path / "r")


def test_killing_the_child_again_and_again_loses_no_photo(
    photos: list[Path], tmp_path: Path
) -> None:
    with running() as renderer, ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(renderer.standard, photos[n % 4], tmp_path / str(n)) for n in range(8)]
        wait_for(lambda: _is_ready(renderer))
        killed: set[int] = set()
        while not all(job.done() for job in jobs) and len(killed) < 5:
            pid = renderer.pid
            if pid and pid not in killed:
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
            threading.Event().wait(0.1 * len(killed))
        sizes = [job.result().width for job in jobs]

    assert len(killed) == 5
    assert sizes == [3000 if n % 4 == 3 else 4000 for n in range(8)]
    assert [n for n in range(8) if not whole(tmp_path / str(n))] == []


def test_a_photo_that_stops_the_child_twice_alone_is_refused_and_its_neighbour_is_not(
    photos: list[Path], tmp_path: Path
) -> None:
    greedy = tmp_path / "greedy.png"
    greedy.write_bytes(png(9000, 9000, 1, 0, (b"\0" + b"\xaa" * 1125) * 9000))
    with running(memory_bytes=330_000_000) as renderer, ThreadPoolExecutor(3) as pool:
        bad = pool.submit(renderer.standard, greedy, tmp_path / "bad")
        good = [pool.submit(renderer.standard, photos[n], tmp_path / str(n)) for n in (0, 1, 2)]

        with pytest.raises(Unreadable, match="stopped the program"):
            bad.result(60)
        assert [job.result(60).width for job in good] == [4000] * 3

    assert not (tmp_path / "bad" / "320.jpg").exists()


def test_a_child_that_hangs_once_costs_time_and_no_photo(tmp_path: Path) -> None:
    (tmp_path / "o").write_bytes(jpeg("x"))
    with running(wall_s=1.0) as renderer:
        renderer.standard(tmp_path / "o", tmp_path / "first")
        stopped = pid_of(renderer)
        os.kill(stopped, signal.SIGSTOP)

        renderer.standard(tmp_path / "o", tmp_path / "second")

        assert pid_of(renderer) != stopped
    assert whole(tmp_path / "second")


def test_a_photo_that_hangs_the_child_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "o").write_bytes(SLOW)
    done = threading.Event()

    def stop_every_child(renderer: Renderer) -> None:
        seen: set[int | None] = {None}
        while not done.wait(0.002):
            pid = renderer.pid
            if pid not in seen and _is_ready(renderer):
                assert pid is not None
                os.kill(pid, signal.SIGSTOP)
                seen.add(pid)

    with running(wall_s=1.5) as renderer:
        stopper = threading.Thread(target=stop_every_child, args=[renderer])
        stopper.start()
        try:
            with pytest.raises(Unreadable, match="stopped the program"):
                renderer.standard(tmp_path / "o", tmp_path / "r")
        finally:
            done.set()
            stopper.join()


def _is_ready(renderer: Renderer) -> bool:
    process = renderer._process
    return process is not None and process._ready


@contextmanager
def killing(renderer: Renderer) -> Iterator[set[int]]:
    """Kill every child when it is at work; gives the numbers of the killed."""
    done = threading.Event()
    killed: set[int] = set()

    def kill() -> None:
        while not done.wait(0.002):
            pid = renderer.pid
            if pid and pid not in killed and _is_ready(renderer):
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield killed
    finally:
        done.set()
        killer.join()


def test_someone_else_who_kills_it_all_the_time_is_noticed_in_the_end(tmp_path: Path) -> None:
    (tmp_path / "o").write_bytes(SLOW)
    with running() as renderer:
        with killing(renderer) as killed, pytest.raises(Unreadable, match="twice"):
            renderer.standard(tmp_path / "o", tmp_path / "r")
        assert len(killed) == 5


class NeverUp(Renderer):
    """A renderer whose child is killed by somebody each time before it is up."""

    tried = 0

    def _once(self, request: dict[str, Any], *, alone: bool) -> Answer:
        self.tried += 1
        raise Died(alone=True, killed=True, started=False)


def test_a_child_that_is_killed_at_every_start_is_no_photos_fault(tmp_path: Path) -> None:
    (tmp_path / "o").write_bytes(jpeg("x"))
    renderer = NeverUp()

    with pytest.raises(RendererBusy, match="does not start"):
        renderer.standard(tmp_path / "o", tmp_path / "r")

    assert renderer.tried == 20


def test_a_child_is_replaced_when_it_has_done_enough_and_nothing_is_lost(tmp_path: Path) -> None:
    (tmp_path / "o").write_bytes(jpeg("x"))
    pids: list[int | None] = []
    with running(per_child=4) as renderer, ThreadPoolExecutor(3) as pool:

        def render(number: int) -> int:
            width = renderer.standard(tmp_path / "o", tmp_path / str(number)).width
            pids.append(renderer.pid)
            return width

        assert list(pool.map(render, range(14))) == [360] * 14

    assert len({pid for pid in pids if pid}) >= 3
    assert [n for n in range(14) if not whole(tmp_path / str(n))] == []


def test_a_child_that_can_t_start_is_not_the_photos_fault(tmp_path: Path) -> None:
    (tmp_path / "o").write_bytes(jpeg("x"))

    with running(memory_bytes=1000) as renderer, pytest.raises(RendererBusy, match="start"):
        renderer.standard(tmp_path / "o", tmp_path / "r")


def test_what_is_no_photo_never_reaches_the_child(tmp_path: Path) -> None:
    (tmp_path / "page").write_bytes(b"<html>")
    with running() as renderer:
        with pytest.raises(Unreadable, match="web page"):
            renderer.standard(tmp_path / "page", tmp_path / "r")
        with pytest.raises(RendererBusy, match="could not be read"):
            renderer.standard(tmp_path / "gone", tmp_path / "r")
        assert renderer.pid is None


def test_a_folder_that_can_t_be_written_is_not_the_photos_fault(
    renderer: Renderer, tmp_path: Path
) -> None:
    (tmp_path / "o").write_bytes(jpeg("x"))

    with pytest.raises(RendererBusy, match="could not be written"):
        renderer.standard(tmp_path / "o", tmp_path / "o" / "r")


def test_a_heavy_photo_takes_its_turn(odd_files: list[Odd], tmp_path: Path) -> None:
    phone = next(odd.path for odd in odd_files if odd.file == "phone.heic")
    with running() as renderer, ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(renderer.standard, phone, tmp_path / str(n)) for n in range(3)]

        assert [job.result(60).width for job in jobs] == [360] * 3


def test_closing_ends_the_child_and_tells_whoever_waits(photos: list[Path], tmp_path: Path) -> None:
    renderer = Renderer()
    with ThreadPoolExecutor(3) as pool:
        jobs: list[Future[Rendered]] = [
            pool.submit(renderer.standard, photos[n], tmp_path / str(n)) for n in range(3)
        ]
        wait_for(lambda: _is_ready(renderer))
        pid = pid_of(renderer)

        renderer.close()

        for job in jobs:
            with pytest.raises(RendererBusy, match="being stopped"):
                job.result(20)
    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(RendererBusy, match="being stopped"):
        renderer.standard(photos[0], tmp_path / "late")
    assert renderer.pid is None
    renderer.close()


def test_closing_after_a_crash_is_still_not_the_photos_fault(tmp_path: Path) -> None:
    (tmp_path / "o").write_bytes(SLOW)
    renderer = Renderer()
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(renderer.standard, tmp_path / "o", tmp_path / "r")
        wait_for(lambda: _is_ready(renderer))
        first = pid_of(renderer)
        os.kill(first, signal.SIGSEGV)
        wait_for(lambda: renderer.pid not in (None, first) and _is_ready(renderer))

        renderer.close()

        with pytest.raises(RendererBusy, match="being stopped"):
            job.result(20)


def test_the_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    (tmp_path / "o").write_bytes(jpeg("x"))
    code = (
        "import sys, time; from pathlib import Path; from gallery.imaging import Renderer;"
        "renderer = Renderer(); folder = Path(sys.argv[1]);"
        "renderer.standard(folder / 'o', folder / 'r'); print(renderer.pid, flush=True);"
        "time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait(20)
    parent.stdout.close()

    wait_for(lambda: not _is_alive(pid))


def _is_alive(pid: int) -> bool:
    """A zombie whom nobody has buried yet is not alive."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("done", [None, [], [1], {"width": 1}, "x"])
def test_an_answer_that_makes_no_sense_is_the_photos_fault(done: object) -> None:
    with pytest.raises(Unreadable, match="stopped the program"):
        _result({"id": 1, "done": done}, Rendered.from_json)
