"""Pictures: what an upload costs in CPU and memory, against libvips, djpeg and naive Pillow.

All ratios are of medians of interleaved runs on this machine, so a busy one widens their spread
and hardly moves them. Ours is measured in the real render process, JSON lines and all.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image, ImageCms, ImageMath

from bench.report import at_most, figure, section
from gallery.imaging import Renderer
from gallery.imaging.render import decode, shrink
from tests.samples.blocks import P3, exif, profile
from tests.samples.photos import make_photos

ROUNDS = 5
_RIVALS = Path(__file__).with_name("imaging_rivals.py")

Costs = dict[str, float]  # method -> CPU seconds


def main() -> None:
    """Print every figure with its bar."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        originals = make_originals(folder)
        for title in ("24 MP", "24 MP, P3, turned", "12 MP", "12 MP, P3, turned"):
            _compare(title, originals[title], folder)
        _memory(originals, folder)
        _threads(originals["24 MP"], folder)
        _quality(originals)


def make_originals(folder: Path) -> dict[str, Path]:
    """A 24 and a 12 megapixel photo with the profile of sRGB; each also in P3 and stored turned.

    And one that can't be decoded at half size.
    """
    made: dict[str, Path] = {}
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for megapixels in (24, 12):
        path = make_photos(folder / str(megapixels), 1, megapixels=megapixels)[0]
        plain, turned = path.with_name("plain.jpg"), path.with_name("turned.jpg")
        with Image.open(path) as image:
            image.save(plain, quality=90, exif=exif(), icc_profile=srgb)
            image.save(turned, quality=90, exif=exif(6), icc_profile=profile(P3))
            if megapixels == 24:
                made["24 MP PNG"] = path.with_name("full.png")
                image.save(made["24 MP PNG"], compress_level=1)
        made[f"{megapixels} MP"] = plain
        made[f"{megapixels} MP, P3, turned"] = turned
    return made


def _compare(title: str, original: Path, folder: Path) -> None:
    """CPU of all five JPEGs, against rivals of which one cascade codes as carefully as we do."""
    section(f"CPU of one {title} upload, five JPEGs (medians of {ROUNDS} interleaved rounds)")
    renderer = Renderer(per_child=10_000)
    methods: dict[str, Callable[[], float]] = {
        "ours": lambda: _ours(renderer, original, folder / "ours"),
        "vips_each": lambda: _rival("vips_each", original, folder),
        "vips_cascade": lambda: _rival("vips_cascade", original, folder),
        "vips_cascade_plain": lambda: _rival("vips_cascade_plain", original, folder),
        "naive": lambda: _rival("naive", original, folder),
        "djpeg": lambda: _djpeg(original),
    }
    methods["ours"]()
    runs = [{name: measure() for name, measure in methods.items()} for _ in range(ROUNDS)]
    renderer.close()
    costs = {name: statistics.median(run[name] for run in runs) for name in methods}
    for name, cost in costs.items():
        figure(f"{name}", f"{cost:.3f} s")
    _bars(costs, turned="turned" in title, large="24" in title)


def _bars(costs: Costs, *, turned: bool, large: bool) -> None:
    ours = costs["ours"]
    at_most("ours / vips thumbnail per size", ours / costs["vips_each"], 0.90, "x")
    if not turned:
        at_most("ours / vips cascade by hand", ours / costs["vips_cascade"], 1.4, "x")
        plain = ours / costs["vips_cascade_plain"]
        _asked_if(large, "ours / that cascade, files neither optimized nor progressive", plain, 1.4)
    if large:
        at_most("ours / djpeg at half size", ours / costs["djpeg"], 6.0 if turned else 5.0, "x")
    _asked_if(large, "ours / naive Pillow", ours / costs["naive"], 0.45)


def _asked_if(asked: bool, name: str, value: float, most: float) -> None:
    """A bar that is set for 24 MP; of a smaller photo the figure alone."""
    if asked:
        at_most(name, value, most, "x")
    else:
        figure(name, f"{value:.3f}x")


def _ours(renderer: Renderer, original: Path, folder: Path) -> float:
    before = _cpu_of(renderer.pid)
    renderer.standard(original, folder)
    return _cpu_of(renderer.pid) - before


def _cpu_of(pid: int | None) -> float:
    """CPU seconds of all threads of a process so far."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat") if pid else []
    return sum(int(task.read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9


def _rival(method: str, original: Path, folder: Path) -> float:
    told = subprocess.run(
        [sys.executable, str(_RIVALS), method, str(original), str(folder / method)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(json.loads(told.stdout)["cpu"])


def _djpeg(original: Path) -> float:
    """The floor: decode at half size with libjpeg-turbo and do nothing with it."""
    running = subprocess.Popen(["djpeg", "-scale", "4/8", "-outfile", "/dev/null", str(original)])
    _, _, used = os.wait4(running.pid, 0)
    running.returncode = 0
    return used.ru_utime + used.ru_stime


def _memory(originals: dict[str, Path], folder: Path) -> None:
    section("Peak memory of the render process, p95 over photos")
    renderer = Renderer(per_child=10_000)
    short = [path for title, path in originals.items() if "PNG" not in title] * 5
    draft = [_peak(renderer, path, folder / "memory") for path in short]
    full = [_peak(renderer, originals["24 MP PNG"], folder / "memory") for _ in range(5)]
    renderer.close()
    at_most("JPEG, decoded at half size", _p95(draft), 100, " MB")
    at_most("24 MP decoded in full", _p95(full), 200, " MB")


def _p95(values: list[float]) -> float:
    return sorted(values)[round(0.95 * (len(values) - 1))]


def _peak(renderer: Renderer, original: Path, folder: Path) -> float:
    """MB of resident memory at the highest while one photo was made."""
    if renderer.pid:
        Path(f"/proc/{renderer.pid}/clear_refs").write_text("5", encoding="ascii")
    renderer.standard(original, folder)
    status = Path(f"/proc/{renderer.pid}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _threads(original: Path, folder: Path) -> None:
    section("Two photos at a time against one, wall time")
    renderer = Renderer(per_child=10_000)
    renderer.standard(original, folder / "warm")
    gains = []
    for _ in range(ROUNDS):
        one, two = (_wall(renderer, original, folder, at_once) for at_once in (1, 2))
        gains.append(one / two)
    renderer.close()
    gain = statistics.median(gains)
    figure("six 24 MP photos, one at a time / two", f"{gain:.2f}x", "at least 1.7x", gain >= 1.7)


def _wall(renderer: Renderer, original: Path, folder: Path, at_once: int) -> float:
    start = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda n: renderer.standard(original, folder / f"t{n}"), range(6)))
    return time.perf_counter() - start


def _quality(originals: dict[str, Path]) -> None:
    """Before coding, against full decode and one Lanczos step in floating point."""
    section("Quality of the short cut (PSNR against the float reference, before coding)")
    for title, bars in (("24 MP", (45.0, 50.0)), ("12 MP", (41.0, 46.0))):
        top = decode(originals[title], 1920).image
        with Image.open(originals[title]) as image:
            full = image.convert("RGB")
        for picture, bar in ((top, bars[0]), (shrink(top, 1280), bars[1])):
            found = _psnr(picture, full)
            name = f"{title} -> {max(picture.size)} px"
            figure(name, f"{found:.1f} dB", f"at least {bar:g} dB", found >= bar)


def _psnr(picture: Image.Image, full: Image.Image) -> float:
    errors = [
        _squared_error(channel, whole)
        for channel, whole in zip(picture.split(), full.split(), strict=True)
    ]
    return 10 * math.log10(255**2 / statistics.mean(errors))


def _squared_error(channel: Image.Image, whole: Image.Image) -> float:
    """The mean over one channel; the reference is `whole` at the size of `channel`."""
    reference = whole.convert("F").resize(channel.size, Image.Resampling.LANCZOS)
    squares = ImageMath.lambda_eval(
        lambda args: (args["a"] - args["b"]) * (args["a"] - args["b"]),
        a=channel.convert("F"),
        b=reference,
    )
    mean = squares.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return float(mean)


if __name__ == "__main__":
    main()
