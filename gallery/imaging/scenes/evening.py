"""Sample pictures after sunset, and just before."""

from __future__ import annotations

import math
from itertools import pairwise

from PIL import Image

from gallery.imaging.scenes.brush import Brush, mixed
from gallery.imaging.scenes.people import shadow, stand

_NIGHT = "#120d14"


def water_village(seed: int) -> Image.Image:
    """Houses on stilts before the sinking sun, and all of it again in the water."""
    brush = Brush(seed, scale=1.0)
    brush.wash(
        [(0, "#2b2a55"), (0.22, "#7a3f6b"), (0.42, "#e0703f"), (0.6, "#ffc25e"), (1, "#ffe1a0")]
    )
    _clouds(brush)
    brush.glow(790, 418, 420, "#ff9a3c", 0.9)
    brush.glow(790, 418, 150, "#fff0b8", 1.0)
    brush.disc(790, 418, 46, 46, "#fff6d8")
    _hills(brush)
    brush.focus()
    _mosque(brush, 330, 470, "#3a1f33")
    for x, width, height in (
        (30, 120, 62),
        (165, 90, 48),
        (452, 130, 66),
        (604, 96, 52),
        (880, 140, 70),
        (1050, 120, 56),
    ):
        _stilt_house(brush, x, 484, width, height)
    brush.mirror(500, "#3b2440", 0.34)
    brush.glow(790, 560, 120, "#ffb45a", 0.5)
    _boat(brush, 560, 640, 1.0, "#1c0f1c")
    return brush.finish(vignette=0.45)


def _clouds(brush: Brush) -> None:
    for _ in range(34):
        x, y = brush.random.uniform(-100, 1300), brush.random.uniform(60, 380)
        width = brush.random.uniform(80, 300)
        colour = mixed("#6b3a63", "#ffb36a", y / 380)
        brush.disc(x, y, width, brush.random.uniform(4, 13), colour + "70")
    brush.blur(7)


def _hills(brush: Brush) -> None:
    for base, tall, colour in ((480, 62, "#8a4450"), (492, 34, "#5c2c42")):
        phase = brush.random.uniform(0, 6)
        ridge = [
            (
                x,
                base
                - tall
                * (0.55 + 0.3 * math.sin(x / 150 + phase) + 0.15 * math.sin(x / 47 + 2 * phase)),
            )
            for x in range(0, 1210, 10)
        ]
        brush.shape([(0, 520), *ridge, (1200, 520)], colour)
    brush.blur(1.2)


def _mosque(brush: Brush, x: float, base: float, colour: str) -> None:
    brush.rect((x - 70, base - 50, x + 70, base + 30), colour)
    brush.slice(x, base - 50, 46, 180, 360, colour)
    brush.shape([(x - 16, base - 92), (x + 16, base - 92), (x, base - 128)], colour)
    brush.line([(x, base - 124), (x, base - 146)], colour, 2)
    for side in (-96, 96):
        brush.rect((x + side - 7, base - 118, x + side + 7, base + 30), colour)
        brush.slice(x + side, base - 118, 10, 180, 360, colour)
        brush.line([(x + side, base - 126), (x + side, base - 140)], colour, 2)


def _stilt_house(brush: Brush, x: float, base: float, width: float, height: float) -> None:
    wall = mixed("#2a1626", "#4a2436", brush.random.random())
    for at in range(6, int(width), 18):
        brush.line([(x + at, base - 6), (x + at, base + 22)], _NIGHT, 3)
    brush.rect((x - 8, base - 8, x + width + 8, base - 2), _NIGHT)
    brush.rect((x, base - height, x + width, base - 6), wall)
    brush.shape(
        [
            (x - 12, base - height),
            (x + width + 12, base - height),
            (x + width * 0.72, base - height - 32),
            (x + width * 0.28, base - height - 32),
        ],
        "#1c0f1c",
    )
    for at in range(14, int(width) - 16, 30):
        lit = brush.random.random() < 0.6
        brush.rect(
            (x + at, base - height + 14, x + at + 13, base - height + 34),
            "#ffcf70" if lit else "#5a3040",
        )


def _boat(brush: Brush, x: float, y: float, size: float, colour: str) -> None:
    brush.shape(
        [
            (x - 110 * size, y - 12 * size),
            (x + 130 * size, y - 22 * size),
            (x + 90 * size, y + 12 * size),
            (x - 80 * size, y + 12 * size),
        ],
        colour,
    )
    brush.rect((x - 50 * size, y - 52 * size, x + 40 * size, y - 46 * size), colour, 3)
    for at in (-44, 34):
        brush.line(
            [(x + at * size, y - 48 * size), (x + at * size, y - 12 * size)], colour, 3 * size
        )
    brush.disc(x - 76 * size, y - 40 * size, 8 * size, 9 * size, colour)
    brush.rect((x - 90 * size, y - 31 * size, x - 62 * size, y - 8 * size), colour, 6)


def on_the_jetty(seed: int) -> Image.Image:
    """Friends with their arms up against the last light."""
    brush = Brush(seed)
    brush.wash(
        [(0, "#1b2a4e"), (0.35, "#51508a"), (0.6, "#d97a7d"), (0.78, "#ffb77a"), (1, "#ffd9a1")]
    )
    _clouds(brush)
    brush.glow(600, 640, 520, "#ff8f5a", 0.8)
    brush.focus(1.0)
    brush.shape([(0, 640), (1200, 640), (1200, 700), (0, 700)], "#46344f")
    brush.mirror(652, "#2b2345", 0.4)
    brush.focus()
    dark = "#1a1320"
    brush.rect((0, 700, 1200, 716), dark)
    for x in range(40, 1200, 130):
        brush.rect((x, 700, x + 12, 800), dark)
    places = (
        (210, 246, "up"),
        (330, 226, "out"),
        (452, 262, "up"),
        (575, 232, "down"),
        (690, 255, "up"),
        (815, 218, "out"),
        (938, 248, "up"),
    )
    for x, height, arms in places:
        stand(brush, x, 702, height, shadow(dark), arms=arms)
    return brush.finish(vignette=0.4)


def lanterns(seed: int) -> Image.Image:
    """Paper lanterns on strings, the near ones sharp, the far ones discs of light."""
    brush = Brush(seed)
    brush.wash([(0, "#0b1026"), (0.55, "#1c1a3c"), (1, "#2d1d33")])
    for _ in range(70):
        x, y = brush.random.uniform(0, 1200), brush.random.uniform(150, 800)
        colour = brush.random.choice(("#ff9d4d", "#ffcf7a", "#ff6b57", "#ffd9a8"))
        brush.disc(x, y, *(2 * (brush.random.uniform(9, 30),)), colour + "66")
    brush.blur(2.2)
    brush.focus(1.0)
    for row, (start, sag, size) in enumerate(((90, 60, 26), (40, 120, 40))):
        _string(brush, start, sag, size, 9 - 2 * row)
        brush.blur(3.5 - 2 * row)
    brush.focus()
    _string(brush, -30, 210, 74, 5)
    return brush.finish(vignette=0.5)


def _string(brush: Brush, start: float, sag: float, size: float, count: int) -> None:
    places = []
    for number in range(count):
        share = (number + 0.5) / count
        places.append((share * 1200, start + sag * 4 * share * (1 - share) + 40 * share))
    brush.line([(0, start), *places, (1200, start + 40)], "#0a0a12", max(1.0, size / 24))
    for x, y in places:
        colour = brush.random.choice(("#e8482f", "#f08a24", "#f4b63f", "#d8354a"))
        _lantern(brush, x, y + size * 1.5, size, colour)


def _lantern(brush: Brush, x: float, y: float, r: float, colour: str) -> None:
    brush.line([(x, y - 1.5 * r), (x, y - r)], "#0a0a12", r / 20)
    brush.glow(x, y, 3.4 * r, colour, 0.55)
    brush.disc(x, y, 1.12 * r, 0.95 * r, colour)
    for share in (0.75, 0.4):
        brush.ring(x, y, 1.12 * r * share, 0.95 * r, mixed(colour, "#3a0d08", 0.35) + "90", r / 24)
    brush.glow(x, y + 0.15 * r, 0.95 * r, "#ffe9b0", 0.85)
    for edge in (-0.95, 0.83):
        brush.rect(
            (x - 0.42 * r, y + edge * r, x + 0.42 * r, y + (edge + 0.13) * r), "#3a1710", r / 20
        )
    brush.line([(x, y + 0.95 * r), (x, y + 1.6 * r)], "#c9302c", r / 9)


def fireworks(seed: int) -> Image.Image:
    """The end of the evening, over the river."""
    brush = Brush(seed, scale=1.0)
    brush.wash([(0, "#070b1e"), (0.6, "#141a38"), (1, "#2a2346")])
    for x, y, radius, colour in (
        (330, 210, 190, "#ff6f61"), (620, 150, 150, "#ffd36b"), (880, 240, 210, "#7ec8ff"),
        (180, 330, 110, "#c9a0ff"), (1060, 130, 100, "#9cf0b4"),
    ):  # fmt: skip
        _burst(brush, x, y, radius, colour)
    brush.focus()
    _skyline(brush)
    brush.mirror(556, "#0b0f22", 0.45)
    for number in range(34):
        at = number * 37 + brush.random.uniform(-8, 8)
        brush.disc(at, 772 + brush.random.uniform(-14, 8), 17, 20, "#04050c")
        brush.rect((at - 34, 786, at + 34, 830), "#04050c", 20)
    return brush.finish(vignette=0.3)


def _skyline(brush: Brush) -> None:
    left = 0.0
    while left < 1200:
        width, tall = brush.random.uniform(36, 90), brush.random.uniform(24, 110)
        brush.rect((left, 540 - tall, left + width, 560), "#0a0c1a")
        for _ in range(int(width * tall / 420)):
            at, up = left + brush.random.uniform(4, width - 8), brush.random.uniform(6, tall)
            brush.rect((at, 552 - up, at + 3, 556 - up), "#ffd27a")
        left += width


def _burst(brush: Brush, x: float, y: float, radius: float, colour: str) -> None:
    brush.glow(x, y, radius * 1.5, colour, 0.42)
    for number in range(64):
        angle = math.tau * number / 64 + brush.random.uniform(-0.05, 0.05)
        reach = radius * brush.random.uniform(0.55, 1)
        trail = [
            (x + math.cos(angle) * reach * s, y + math.sin(angle) * reach * s + 26 * s * s)
            for s in (0.25, 0.5, 0.75, 1)
        ]
        for (start, end), alpha in zip(pairwise(trail), ("60", "a0", "f0"), strict=True):
            brush.line([start, end], colour + alpha, 1.8)
        brush.disc(*trail[-1], 2.6, 2.6, "#fff6e0")
    brush.glow(x, y, radius * 0.4, "#fff2d8", 0.7)
