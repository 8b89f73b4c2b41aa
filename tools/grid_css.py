"""Write the fixed classes: ratios r40 to r300, colours k000 to k333, focal points x0 to x10, y0 to y10.

Run as `python -m tools.grid_css`; a test compares its answer with gallery/static/grid.css.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "gallery" / "static" / "grid.css"
LEVELS = ("30", "70", "a8", "d8")  # dark to bright, for the digits 0 to 3


def grid_css() -> str:
    """All classes, one a line: no page may carry a style of its own."""
    ratios = [f".r{percent}{{--r:{percent / 100:g}}}" for percent in range(40, 301, 5)]
    colours = [
        f".k{r}{g}{b}{{--k:#{LEVELS[r]}{LEVELS[g]}{LEVELS[b]}}}"
        for r, g, b in product(range(4), repeat=3)
    ]
    focus = [f".{axis}{tenth}{{--{axis}:{tenth * 10}%}}" for axis in "xy" for tenth in range(11)]
    return "\n".join([*ratios, *colours, *focus, ""])


if __name__ == "__main__":
    TARGET.write_text(grid_css(), encoding="ascii")
