"""Sample pictures from above a table, and one across it."""

from __future__ import annotations

import math

from PIL import Image

from gallery.imaging.scenes.brush import Brush, mixed


def _wood(brush: Brush, light: str, dark: str) -> None:
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


def _shadow(brush: Brush, x: float, y: float, r: float) -> None:
    for step in range(6):
        brush.disc(x + r * 0.07, y + r * 0.11, r * (1.1 - 0.022 * step), r * (1.1 - 0.022 * step), "#00000018")


def _plate(brush: Brush, x: float, y: float, r: float, colour: str = "#f3efe6") -> None:
    _shadow(brush, x, y, r)
    brush.disc(x, y, r, r, colour)
    brush.ring(x, y, r * 0.97, r * 0.97, mixed(colour, "#3a6ea5", 0.35), r * 0.03)
    brush.disc(x, y, r * 0.74, r * 0.74, mixed(colour, "#8a7f70", 0.13))
    brush.disc(x - r * 0.02, y - r * 0.02, r * 0.71, r * 0.71, mixed(colour, "#ffffff", 0.3))


def feast(seed: int) -> Image.Image:
    """Plates for everybody: rice, satay, fruit, soup."""
    brush = Brush(seed, scale=2.0)
    _wood(brush, "#7a4f2e", "#3d2413")
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


def _heap(brush: Brush, x: float, y: float, r: float, colours: tuple[str, ...], count: int, size: float) -> None:
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
    leaf = [(x + r * 0.66 * math.cos(a / 10) * (1.05 if a % 2 else 0.98), y + r * 0.6 * math.sin(a / 10)) for a in range(63)]
    brush.shape(leaf, "#3f7a3a")
    _heap(brush, x - r * 0.12, y - r * 0.08, r * 0.32, ("#fffdf4", "#f4efdf", "#faf6ea"), 420, r * 0.028)
    _heap(brush, x + r * 0.36, y + r * 0.06, r * 0.16, ("#a3271b", "#8a1e14", "#c4402a"), 60, r * 0.045)
    _heap(brush, x - r * 0.06, y + r * 0.4, r * 0.13, ("#c98a4a", "#e0b070"), 46, r * 0.036)
    for number in range(5):
        brush.disc(x - r * 0.42 + number * r * 0.085, y + r * 0.22 + number * r * 0.03, r * 0.1, r * 0.1, "#a9cf8a")
        brush.disc(x - r * 0.42 + number * r * 0.085, y + r * 0.22 + number * r * 0.03, r * 0.07, r * 0.07, "#d8ecc0")
    brush.disc(x + r * 0.24, y - r * 0.34, r * 0.19, r * 0.17, "#fffdf6")
    brush.disc(x + r * 0.24, y - r * 0.34, r * 0.085, r * 0.085, "#f2a51f")


def _satay(brush: Brush, x: float, y: float, r: float) -> None:
    _plate(brush, x, y, r, "#2f3b3a")
    for number in range(7):
        lean = (number - 3) * 0.1
        left = x - r * 0.54 + number * r * 0.17
        brush.line([(left - lean * r, y + r * 0.66), (left + lean * r, y - r * 0.6)], "#d9b98a", r * 0.022)
        for piece in range(5):
            up = 0.2 - piece * 0.17
            at = (left - lean * r * up, y + r * up)
            brush.disc(*at, r * 0.075, r * 0.085, brush.random.choice(("#7a3c14", "#93501f", "#a8642c", "#6a3010")))
            brush.disc(at[0] - r * 0.02, at[1] - r * 0.025, r * 0.025, r * 0.02, "#e0a868")
    brush.disc(x + r * 0.4, y + r * 0.38, r * 0.22, r * 0.22, "#f0eadc")
    brush.disc(x + r * 0.4, y + r * 0.38, r * 0.18, r * 0.18, "#9a5a22")


def _soup(brush: Brush, x: float, y: float, r: float) -> None:
    _shadow(brush, x, y, r)
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
    _shadow(brush, x, y, r)
    brush.disc(x, y, r, r, "#dfe8ea" + "a0")
    brush.disc(x, y, r * 0.84, r * 0.84, "#e8a04a")
    for number in range(3):
        angle = number * 2.1
        at = (x + r * 0.34 * math.cos(angle), y + r * 0.34 * math.sin(angle))
        brush.rect((at[0] - r * 0.2, at[1] - r * 0.2, at[0] + r * 0.2, at[1] + r * 0.2), "#fff6e6" + "90", r * 0.05)
    brush.slice(x + r * 0.5, y - r * 0.5, r * 0.4, 0, 360, "#c5d94a")
    brush.glow(x - r * 0.3, y - r * 0.4, r * 0.6, "#ffffff", 0.5)


def workshop(seed: int) -> Image.Image:
    """A working table from above: laptops, paper, coffee, pens."""
    brush = Brush(seed, scale=2.0)
    _wood(brush, "#cfae84", "#8f6b44")
    _paper(brush, 540, 250, 300, 220)
    _paper(brush, 640, 470, 250, 190)
    _laptop(brush, 250, 220)
    _laptop(brush, 940, 560)
    _paper(brush, 180, 520, 330, 230)
    for x, y, r in ((560, 620, 66), (1030, 150, 74)):
        _cup(brush, x, y, r)
    for number, colour in enumerate(("#c0392b", "#2a6f97", "#e0a030", "#3f6b4a")):
        x, y = 880 + number * 34, 356 + number * 9
        brush.line([(x + 4, y + 6), (x + 64, y - 144)], "#00000030", 12)
        brush.line([(x, y), (x + 60, y - 150)], colour, 11)
        brush.line([(x - 6, y + 14), (x, y)], "#2a211a", 6)
    for x, y, colour in ((470, 90, "#f7d768"), (560, 110, "#f2b5c4"), (700, 690, "#9fd3c7")):
        brush.rect((x + 3, y + 5, x + 83, y + 85), "#00000028")
        brush.rect((x, y, x + 80, y + 80), colour)
    brush.glow(1100, 40, 820, "#fff0d0", 0.4)
    return brush.finish(vignette=0.3)


def _paper(brush: Brush, x: float, y: float, width: float, height: float) -> None:
    brush.rect((x + 5, y + 8, x + width + 5, y + height + 8), "#00000030", 2)
    brush.rect((x, y, x + width, y + height), "#fbf9f3", 2)
    for number in range(int(height / 26) - 1):
        length = width * brush.random.uniform(0.5, 0.86)
        brush.line([(x + 18, y + 28 + number * 24), (x + 18 + length, y + 28 + number * 24)], "#5a6472a0", 3)


def _laptop(brush: Brush, x: float, y: float) -> None:
    brush.rect((x - 184, y - 112, x + 204, y + 150), "#00000038", 14)
    brush.rect((x - 190, y - 120, x + 190, y + 140), "#b9bec4", 12)
    brush.rect((x - 170, y - 108, x + 170, y + 24), "#2a2d33", 6)
    for row in range(5):
        for key in range(14):
            left, top = x - 164 + key * 23.6, y - 103 + row * 25
            brush.rect((left, top, left + 20, top + 21), "#44484f", 3)
    brush.rect((x - 62, y + 40, x + 62, y + 124), "#a6acb3", 6)


def _cup(brush: Brush, x: float, y: float, r: float) -> None:
    _shadow(brush, x, y, r * 1.25)
    brush.disc(x, y, r * 1.28, r * 1.28, "#efe8dc")
    brush.ring(x + r * 0.95, y + r * 0.4, r * 0.42, r * 0.3, "#f8f4ea", r * 0.15)
    brush.disc(x, y, r, r, "#f8f4ea")
    brush.disc(x, y, r * 0.86, r * 0.86, "#4a2a16")
    brush.disc(x - r * 0.04, y - r * 0.04, r * 0.72, r * 0.72, "#a8713f")
    for number in range(4):
        brush.ring(x, y - r * 0.02, r * (0.56 - 0.14 * number), r * (0.5 - 0.12 * number), "#e8cfa4b0", r * 0.06)


def tea(seed: int) -> Image.Image:
    """A glass of pulled tea before evening lights; upright format."""
    brush = Brush(seed, 800, 1200)
    brush.wash([(0, "#20303a"), (0.55, "#3c3a34"), (1, "#2a1c14")])
    for _ in range(46):
        x, y, r = brush.random.uniform(0, 800), brush.random.uniform(0, 720), brush.random.uniform(22, 62)
        colour = brush.random.choice(("#ffcf8a", "#ff9a5a", "#8ad0c0", "#ffe6b8"))
        brush.disc(x, y, r, r, colour + "58")
        brush.ring(x, y, r, r, colour + "70", 3)
    brush.blur(3)
    brush.wash([(0, "#6a4326"), (1, "#2f1a0e")], (0, 820, 800, 1200))
    brush.blur(5)
    brush.focus()
    _tea_glass(brush)
    return brush.finish(vignette=0.5)


def _tea_glass(brush: Brush) -> None:
    brush.disc(424, 1052, 262, 50, "#00000070")
    brush.disc(400, 1030, 258, 54, "#f1e9da")
    brush.ring(400, 1030, 258, 54, "#2a6f7f", 5)
    brush.disc(400, 1022, 196, 38, "#d8ccb8")
    brush.ring(560, 850, 92, 104, "#e4eeee88", 26)
    brush.ring(560, 850, 92, 104, "#ffffff66", 5)
    brush.shape([(240, 640), (560, 640), (530, 1022), (270, 1022)], "#dfe9ea50")
    brush.shape([(250, 700), (550, 700), (524, 1012), (276, 1012)], "#b06a34")
    brush.disc(400, 1012, 124, 22, "#8a4f24")
    brush.shape([(250, 700), (330, 700), (336, 1014), (276, 1012)], "#d0904e60")
    brush.shape([(247, 668), (553, 668), (550, 704), (250, 704)], "#d9b07c")
    brush.disc(400, 668, 153, 27, "#e6c596")
    for _ in range(70):
        x, y = brush.random.uniform(270, 530), brush.random.uniform(650, 690)
        r = brush.random.uniform(3, 9)
        brush.ring(x, y, r, r * 0.7, "#fff4e080", 1.6)
    brush.ring(400, 640, 160, 27, "#ffffffb0", 4)
    for x, width in ((272, 15), (512, 8)):
        brush.shape([(x, 690), (x + width, 690), (x + width + 6, 980), (x + 12, 980)], "#ffffff58")
    brush.line([(120, 1090), (330, 1066)], "#cfd4d6", 11)
    brush.disc(350, 1062, 34, 16, "#dfe4e6")
    brush.glow(330, 780, 280, "#ffdca8", 0.3)
