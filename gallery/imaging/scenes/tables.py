"""A table, and the feast on it."""

from __future__ import annotations

import math

from PIL import Image

from gallery.imaging.scenes.brush import Brush, mixed


def wood(brush: Brush, light: str, dark: str) -> None:
    """Boards, with a grain that runs along them."""
    brush.wash([(0, light), (1, mixed(light, dark, 0.35))])
    for board in range(8):
        top = board * brush.height / 7 + brush.random.uniform(-4, 4)
        shade = mixed(light, dark, brush.random.uniform(0.05, 0.5))
        brush.rect((0, top, brush.width, top + brush.height / 7), shade)
        for _ in range(26):
            y = top + brush.random.uniform(2, brush.height / 7)
            x = brush.random.uniform(-200, brush.width)
            length = brush.random.uniform(120, 520)
            brush.line([(x, y), (x + length, y + brush.random.uniform(-3, 3))], dark + "38", 1.4)
        brush.line([(0, top), (brush.width, top)], mixed(dark, "#000000", 0.4) + "c0", 2)


def shadow(brush: Brush, x: float, y: float, r: float) -> None:
    """The soft shadow of something round that lies on a table, seen from above."""
    for step in range(6):
        brush.disc(
            x + r * 0.07,
            y + r * 0.11,
            r * (1.1 - 0.022 * step),
            r * (1.1 - 0.022 * step),
            "#00000018",
        )


def _plate(brush: Brush, x: float, y: float, r: float, colour: str = "#f3efe6") -> None:
    shadow(brush, x, y, r)
    brush.disc(x, y, r, r, colour)
    brush.ring(x, y, r * 0.97, r * 0.97, mixed(colour, "#3a6ea5", 0.35), r * 0.03)
    brush.disc(x, y, r * 0.74, r * 0.74, mixed(colour, "#8a7f70", 0.13))
    brush.disc(x - r * 0.02, y - r * 0.02, r * 0.71, r * 0.71, mixed(colour, "#ffffff", 0.3))


def feast(seed: int) -> Image.Image:
    """Plates for everybody: rice, satay, fruit, soup."""
    brush = Brush(seed, scale=2.0)
    wood(brush, "#7a4f2e", "#3d2413")
    brush.rect((0, 250, 1200, 560), "#b5412f" + "e8")
    for x in range(0, 1200, 60):
        brush.shape([(x, 286), (x + 30, 262), (x + 60, 286), (x + 30, 310)], "#e0b04a" + "d0")
        brush.shape([(x, 524), (x + 30, 500), (x + 60, 524), (x + 30, 548)], "#e0b04a" + "d0")
    brush.blur(0.8)
    _rice(brush, 235, 250, 190)
    _satay(brush, 640, 215, 178)
    _soup(brush, 1010, 280, 160)
    _fruit(brush, 430, 610, 185)
    _rice(brush, 840, 610, 180)
    _soup(brush, 100, 640, 120)
    for x, y in ((1100, 590), (620, 440)):
        _glass(brush, x, y, 62)
    brush.glow(260, 60, 800, "#ffe2b0", 0.3)
    return brush.finish(vignette=0.42)


def _heap(
    brush: Brush, x: float, y: float, r: float, colours: tuple[str, ...], count: int, size: float
) -> None:
    for number in range(count):
        angle = brush.random.uniform(0, math.tau)
        away = r * math.sqrt(brush.random.random()) * (1 - 0.25 * number / count)
        colour = brush.random.choice(colours)
        wide = size * brush.random.uniform(0.7, 1.2)
        at = (x + away * math.cos(angle), y + away * math.sin(angle))
        brush.disc(at[0] + 1.2, at[1] + 2, wide, wide * 0.8, mixed(colour, "#000000", 0.45) + "90")
        brush.disc(*at, wide, wide * 0.8, colour)


def _rice(brush: Brush, x: float, y: float, r: float) -> None:
    _plate(brush, x, y, r)
    steps = [(number / 10, 1.05 if number % 2 else 0.98) for number in range(63)]
    leaf = [
        (x + r * 0.66 * out * math.cos(angle), y + r * 0.6 * math.sin(angle))
        for angle, out in steps
    ]
    brush.shape(leaf, "#3f7a3a")
    grains, chili = ("#fffdf4", "#f4efdf", "#faf6ea"), ("#a3271b", "#8a1e14", "#c4402a")
    _heap(brush, x - r * 0.12, y - r * 0.08, r * 0.32, grains, 420, r * 0.028)
    _heap(brush, x + r * 0.36, y + r * 0.06, r * 0.16, chili, 60, r * 0.045)
    _heap(brush, x - r * 0.06, y + r * 0.4, r * 0.13, ("#c98a4a", "#e0b070"), 46, r * 0.036)
    for number in range(5):
        left, top = x - r * (0.42 - 0.085 * number), y + r * (0.22 + 0.03 * number)
        brush.disc(left, top, r * 0.1, r * 0.1, "#a9cf8a")
        brush.disc(left, top, r * 0.07, r * 0.07, "#d8ecc0")
    brush.disc(x + r * 0.24, y - r * 0.34, r * 0.19, r * 0.17, "#fffdf6")
    brush.disc(x + r * 0.24, y - r * 0.34, r * 0.085, r * 0.085, "#f2a51f")


def _satay(brush: Brush, x: float, y: float, r: float) -> None:
    _plate(brush, x, y, r, "#2f3b3a")
    for number in range(7):
        lean = (number - 3) * 0.1
        left = x - r * 0.54 + number * r * 0.17
        brush.line(
            [(left - lean * r, y + r * 0.66), (left + lean * r, y - r * 0.6)], "#d9b98a", r * 0.022
        )
        for piece in range(5):
            up = 0.2 - piece * 0.17
            at = (left - lean * r * up, y + r * up)
            brush.disc(
                *at,
                r * 0.075,
                r * 0.085,
                brush.random.choice(("#7a3c14", "#93501f", "#a8642c", "#6a3010")),
            )
            brush.disc(at[0] - r * 0.02, at[1] - r * 0.025, r * 0.025, r * 0.02, "#e0a868")
    brush.disc(x + r * 0.4, y + r * 0.38, r * 0.22, r * 0.22, "#f0eadc")
    brush.disc(x + r * 0.4, y + r * 0.38, r * 0.18, r * 0.18, "#9a5a22")


def _soup(brush: Brush, x: float, y: float, r: float) -> None:
    shadow(brush, x, y, r)
    brush.disc(x, y, r, r, "#e9e2d2")
    brush.disc(x, y, r * 0.86, r * 0.86, "#b5531c")
    brush.disc(x - r * 0.05, y - r * 0.06, r * 0.8, r * 0.8, "#d9772b")
    _heap(brush, x, y, r * 0.62, ("#f0c25a", "#e9a23a", "#fbe3b0", "#c4402a"), 46, r * 0.09)
    _heap(brush, x, y, r * 0.6, ("#4f8a3c", "#6fae4a"), 40, r * 0.034)
    brush.glow(x - r * 0.35, y - r * 0.4, r * 0.5, "#fff0d0", 0.35)


def _fruit(brush: Brush, x: float, y: float, r: float) -> None:
    _plate(brush, x, y, r, "#f6f1ea")
    for number in range(7):
        angle = math.tau * number / 7
        at = (x + r * 0.44 * math.cos(angle), y + r * 0.44 * math.sin(angle))
        start = math.degrees(angle) - 60
        brush.slice(*at, r * 0.29, start, start + 130, "#2f7a3a")
        brush.slice(*at, r * 0.25, start, start + 130, "#f3f0e0")
        brush.slice(*at, r * 0.225, start, start + 130, "#e24a48")
    _heap(brush, x, y, r * 0.2, ("#7a2348", "#982d5a", "#5a1836"), 34, r * 0.08)


def _glass(brush: Brush, x: float, y: float, r: float) -> None:
    shadow(brush, x, y, r)
    brush.disc(x, y, r, r, "#dfe8ea" + "a0")
    brush.disc(x, y, r * 0.84, r * 0.84, "#e8a04a")
    for number in range(3):
        angle = number * 2.1
        at = (x + r * 0.34 * math.cos(angle), y + r * 0.34 * math.sin(angle))
        brush.rect(
            (at[0] - r * 0.2, at[1] - r * 0.2, at[0] + r * 0.2, at[1] + r * 0.2),
            "#fff6e6" + "90",
            r * 0.05,
        )
    brush.slice(x + r * 0.5, y - r * 0.5, r * 0.4, 0, 360, "#c5d94a")
    brush.glow(x - r * 0.3, y - r * 0.4, r * 0.6, "#ffffff", 0.5)
