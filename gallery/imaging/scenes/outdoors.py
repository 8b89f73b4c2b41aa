"""Sample pictures by daylight: the entrance, the river, a group, the market."""

from __future__ import annotations

import math

from PIL import Image

from gallery.imaging.scenes.brush import Brush, mixed
from gallery.imaging.scenes.people import some_look, stand


def _sky(brush: Brush) -> None:
    brush.wash([(0, "#3f86c6"), (0.5, "#9cc9e6"), (1, "#e8f1ee")])
    for _ in range(9):
        x, y = brush.random.uniform(0, 1200), brush.random.uniform(40, 260)
        for _ in range(14):
            r = brush.random.uniform(16, 46)
            brush.disc(
                x + brush.random.uniform(-90, 90),
                y + brush.random.uniform(-14, 14),
                r * 1.5,
                r * 0.7,
                "#ffffff70",
            )
    brush.blur(9)


def _tree(brush: Brush, x: float, foot: float, r: float) -> None:
    brush.rect((x - r * 0.09, foot - r, x + r * 0.09, foot), "#5a4330")
    for layer, colour in enumerate(("#1f4a2c", "#2f6b38", "#4a8a44", "#7aae54")):
        for _ in range(46 - 8 * layer):
            angle, away = (
                brush.random.uniform(0, math.tau),
                brush.random.uniform(0, 0.78 - 0.12 * layer),
            )
            at = (
                x + r * away * math.cos(angle) - 0.05 * r * layer,
                foot - 1.5 * r + 0.7 * r * away * math.sin(angle) - 0.07 * r * layer,
            )
            size = r * brush.random.uniform(0.1, 0.24)
            brush.disc(*at, size, size * 0.8, colour + "d0")


def _bunting(
    brush: Brush, start: tuple[float, float], end: tuple[float, float], sag: float, count: int
) -> None:
    points = []
    for number in range(count + 1):
        share = number / count
        x, y = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
        points.append((x, y + sag * 4 * share * (1 - share)))
    brush.line(points, "#f4efe4", 2)
    colours = ("#d94f3d", "#f2b134", "#2a7f8f", "#f4efe4", "#5a8f4a")
    for number, (x, y) in enumerate(points[:-1]):
        wide = (end[0] - start[0]) / count * 0.62
        brush.shape(
            [(x, y), (x + wide, y + 2), (x + wide * 0.5, y + wide * 1.25)], colours[number % 5]
        )


def entrance(seed: int) -> Image.Image:
    """A hall with a banner over its door, and people on their way in."""
    brush = Brush(seed)
    _sky(brush)
    brush.focus(1.0)
    for x, r in ((40, 150), (1150, 170)):
        _tree(brush, x, 620, r)
    brush.blur(2)
    brush.focus()
    brush.shape([(140, 290), (600, 150), (1060, 290)], "#a5573a")
    brush.shape([(140, 290), (600, 150), (1060, 290), (1060, 300), (140, 300)], "#8a4630")
    brush.rect((190, 296, 1010, 640), "#f0e6d2")
    for x in range(214, 1000, 130):
        brush.rect((x, 300, x + 26, 640), "#fbf5e8")
        brush.rect((x + 26, 300, x + 32, 640), "#cfc0a4")
    brush.rect((500, 430, 700, 640), "#3a2a20")
    brush.wash([(0, "#ffdf9e"), (1, "#b97a3c")], (512, 442, 688, 640))
    brush.rect((596, 442, 604, 640), "#3a2a20")
    _banner(brush)
    brush.wash([(0, "#cdbb98"), (1, "#9c8a6c")], (0, 636, 1200, 800))
    for x in (0, 1200):
        brush.shape(
            [(x, 640), (600 + (x - 600) * 0.46, 640), (600 + (x - 600) * 0.9, 800), (x, 800)],
            "#7c9a58",
        )
    _bunting(brush, (-20, 210), (600, 130), 70, 16)
    _bunting(brush, (600, 130), (1220, 210), 70, 16)
    for x, foot, height in (
        (330, 690, 150),
        (392, 700, 158),
        (560, 672, 132),
        (640, 676, 136),
        (800, 712, 168),
        (872, 704, 150),
    ):
        brush.disc(x + 16, foot, height * 0.26, 7, "#00000038")
        stand(brush, x, foot, height, some_look(brush))
    brush.glow(1050, 60, 700, "#fff3cf", 0.4)
    return brush.finish(vignette=0.16)


def _banner(brush: Brush) -> None:
    brush.rect((346, 334, 862, 424), "#00000030")
    brush.rect((340, 328, 860, 418), "#1f6a72", 3)
    brush.rect((350, 338, 850, 408), "#f4b942", 2)
    brush.rect((353, 341, 847, 405), "#1f6a72", 2)
    brush.slice(404, 384, 26, 180, 360, "#f4b942")
    brush.rect((374, 388, 434, 391), "#f4b942")
    for left, top, width, height in ((462, 354, 340, 18), (462, 382, 230, 9)):
        brush.rect((left, top, left + width, top + height), "#fdf6e4", height / 2)


def river(seed: int) -> Image.Image:
    """A water taxi passing at noon."""
    brush = Brush(seed)
    _sky(brush)
    brush.focus(1.0)
    for base, tall, colour in ((420, 120, "#7fa8a0"), (432, 84, "#4f8068"), (440, 46, "#2f6244")):
        phase = brush.random.uniform(0, 6)
        ridge = [
            (
                x,
                base
                - tall
                * (0.5 + 0.3 * math.sin(x / 170 + phase) + 0.2 * math.sin(x / 60 + 3 * phase)),
            )
            for x in range(0, 1210, 10)
        ]
        brush.shape([(0, 460), *ridge, (1200, 460)], colour)
        brush.blur(1.6)
    for number in range(60):
        _tree(brush, number * 20 + brush.random.uniform(-9, 9), 452, brush.random.uniform(14, 30))
    brush.blur(0.8)
    brush.focus()
    brush.mirror(450, "#4a7f78", 0.42)
    _taxi(brush, 610, 600)
    brush.glow(180, 60, 700, "#fff6da", 0.35)
    return brush.finish(vignette=0.12)


def _taxi(brush: Brush, x: float, y: float) -> None:
    for number in range(5):
        wide = 90 + number * 70
        brush.line(
            [(x - 250 - wide, y + 30 + number * 11), (x - 230 + wide * 0.3, y + 36 + number * 9)],
            "#ffffff50",
            7 - number,
        )
    brush.shape(
        [(x - 300, y - 26), (x + 350, y - 62), (x + 270, y + 34), (x - 260, y + 34)], "#c0442f"
    )
    brush.shape(
        [(x - 300, y - 26), (x + 350, y - 62), (x + 340, y - 46), (x - 297, y - 8)], "#f4efe2"
    )
    brush.shape(
        [(x - 272, y + 14), (x + 292, y + 8), (x + 270, y + 34), (x - 260, y + 34)], "#22504f"
    )
    for at in (-190, -66, 58, 176):
        brush.line([(x + at, y - 132), (x + at, y - 34)], "#e9e2d0", 6)
    brush.shape(
        [(x - 226, y - 146), (x + 214, y - 158), (x + 226, y - 136), (x - 220, y - 124)], "#e8b23a"
    )
    for at in (-136, -20, 96):
        look = some_look(brush)
        brush.rect((x + at - 26, y - 78, x + at + 26, y - 34), look.clothes, 14)
        brush.disc(x + at, y - 96, 14, 17, look.skin)
        brush.slice(x + at, y - 100, 15, 175, 365, look.cover)
    brush.line([(x - 300, y + 38), (x + 280, y + 38)], "#ffffff90", 5)


def group(seed: int) -> Image.Image:
    """Everybody on the steps, for the picture that everybody wants."""
    brush = Brush(seed)
    brush.wash([(0, "#cfe0d6"), (0.6, "#b9c9a8"), (1, "#8fa878")])
    for left, r in ((80, 190), (330, 230), (640, 210), (930, 240), (1150, 180)):
        _tree(brush, left, 560, r)
    brush.blur(7)
    brush.wash([(0, "#a9bd7c"), (1, "#6f8a4c")], (0, 556, 1200, 800))
    brush.blur(4)
    brush.focus()
    for foot, height, count, shift in ((600, 236, 9, 0), (664, 250, 8, 50), (740, 262, 9, 0)):
        step = 960 / 9
        for number in range(count):
            x = 175 + shift + number * step + brush.random.uniform(-7, 7)
            stand(
                brush,
                x,
                foot,
                height * brush.random.uniform(0.93, 1.05),
                some_look(brush),
                arms="down",
            )
    brush.glow(120, 40, 760, "#fff2cc", 0.42)
    return brush.finish(vignette=0.16)


def market(seed: int) -> Image.Image:
    """Umbrellas of a market from above."""
    brush = Brush(seed, scale=2.0)
    brush.wash([(0, "#8d8478"), (1, "#6f675e")])
    for _ in range(240):
        x, y = brush.random.uniform(0, 1200), brush.random.uniform(0, 800)
        brush.rect((x, y, x + 46, y + 22), "#ffffff0c", 2)
    for _ in range(70):
        look = some_look(brush)
        x, y = brush.random.uniform(0, 1200), brush.random.uniform(0, 800)
        brush.disc(x + 6, y + 8, 17, 13, "#00000040")
        brush.disc(x, y, 17, 12, look.clothes)
        brush.disc(x, y - 1, 8, 8, look.cover)
    for row in range(4):
        for column in range(6):
            x = 70 + column * 212 + (row % 2) * 100 + brush.random.uniform(-16, 16)
            _umbrella(
                brush,
                x,
                70 + row * 216 + brush.random.uniform(-14, 14),
                brush.random.uniform(82, 104),
            )
    brush.glow(200, 80, 900, "#ffe9bf", 0.3)
    return brush.finish(vignette=0.16)


def _umbrella(brush: Brush, x: float, y: float, r: float) -> None:
    colour, other = brush.random.choice(
        (
            ("#d94f3d", "#f6ead6"),
            ("#2a7f8f", "#f6ead6"),
            ("#f2b134", "#d9702e"),
            ("#5a8f4a", "#f2e3b0"),
            ("#7a4a8a", "#e8c9e0"),
            ("#e9e2d2", "#3f6f9c"),
        )
    )
    turn = brush.random.uniform(0, 45)
    brush.disc(x + r * 0.22, y + r * 0.3, r, r, "#00000055")
    for number in range(8):
        start = turn + 45 * number
        lit = 0.22 * math.cos(math.radians(start + 22 - 235))
        base = colour if number % 2 else other
        brush.slice(
            x, y, r, start, start + 45.5, mixed(base, "#ffffff" if lit > 0 else "#000000", abs(lit))
        )
    brush.disc(x, y, r * 0.05, r * 0.05, "#f4efe4")
