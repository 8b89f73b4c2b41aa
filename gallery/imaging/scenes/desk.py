"""Sample pictures of a working table, and of a glass of tea on one."""

from __future__ import annotations

from PIL import Image

from gallery.imaging.scenes.brush import Brush
from gallery.imaging.scenes.tables import shadow, wood


def workshop(seed: int) -> Image.Image:
    """A working table from above: laptops, paper, coffee, pens."""
    brush = Brush(seed, scale=2.0)
    wood(brush, "#cfae84", "#8f6b44")
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
        brush.line(
            [(x + 18, y + 28 + number * 24), (x + 18 + length, y + 28 + number * 24)],
            "#5a6472a0",
            3,
        )


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
    shadow(brush, x, y, r * 1.25)
    brush.disc(x, y, r * 1.28, r * 1.28, "#efe8dc")
    brush.ring(x + r * 0.95, y + r * 0.4, r * 0.42, r * 0.3, "#f8f4ea", r * 0.15)
    brush.disc(x, y, r, r, "#f8f4ea")
    brush.disc(x, y, r * 0.86, r * 0.86, "#4a2a16")
    brush.disc(x - r * 0.04, y - r * 0.04, r * 0.72, r * 0.72, "#a8713f")
    for number in range(4):
        brush.ring(
            x,
            y - r * 0.02,
            r * (0.56 - 0.14 * number),
            r * (0.5 - 0.12 * number),
            "#e8cfa4b0",
            r * 0.06,
        )


def tea(seed: int) -> Image.Image:
    """A glass of pulled tea before evening lights; upright format."""
    brush = Brush(seed, 800, 1200)
    brush.wash([(0, "#20303a"), (0.55, "#3c3a34"), (1, "#2a1c14")])
    for _ in range(46):
        x, y, r = (
            brush.random.uniform(0, 800),
            brush.random.uniform(0, 720),
            brush.random.uniform(22, 62),
        )
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
