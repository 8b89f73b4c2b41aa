"""Sample pictures from inside: a hall, a speaker, a wall of notes."""

from __future__ import annotations

from PIL import Image, ImageFilter

from gallery.imaging.scenes.brush import FULL, Brush, mixed
from gallery.imaging.scenes.people import Look, from_behind, some_look, stand


def hall(seed: int) -> Image.Image:
    """Rows of listeners seen from behind, and a bright screen before them."""
    brush = Brush(seed)
    brush.wash([(0, "#1b1512"), (0.4, "#33241a"), (0.7, "#4a3222"), (1, "#2a1b13")])
    for x in range(-20, 1240, 84):
        brush.rect((x, 60, x + 40, 520), "#5a3c26" + "66")
    for x in (120, 400, 800, 1080):
        brush.glow(x, 60, 260, "#ffc98a", 0.75)
        brush.disc(x, 44, 26, 7, "#fff0d0")
    brush.blur(4)
    _screen(brush)
    brush.blur(1.6)
    stand(brush, 225, 470, 168, Look("#8d5a3c", "#27405e", "#1c1512", "hair"), arms="out")
    brush.rect((252, 396, 306, 476), "#241710", 4)
    brush.blur(1.0)
    brush.focus(1.0)
    for y, r, count in ((520, 15, 19), (566, 21, 15)):
        _row(brush, y, r, count)
        brush.blur(1.2)
    _row(brush, 625, 31, 11)
    brush.focus()
    _row(brush, 716, 46, 7)
    return brush.finish(vignette=0.5)


def _screen(brush: Brush) -> None:
    brush.glow(640, 260, 560, "#bcd4ff", 0.55)
    brush.rect((390, 120, 890, 402), "#f4f7fb", 3)
    brush.rect((390, 120, 890, 190), "#1f5f7a")
    brush.rect((420, 144, 690, 166), "#f2f7fa", 4)
    for number, share in enumerate((0.42, 0.58, 0.5, 0.78, 0.94)):
        left = 440 + number * 54
        brush.rect(
            (left, 370 - 140 * share, left + 34, 370), "#e08a3c" if number == 4 else "#5d9db8"
        )
    for number, width in enumerate((120, 96, 108, 70)):
        brush.rect((738, 226 + 32 * number, 738 + width, 236 + 32 * number), "#9aa7b2", 4)


def _row(brush: Brush, y: float, r: float, count: int) -> None:
    step = 1200 / (count - 1)
    for number in range(count):
        x = number * step + brush.random.uniform(-0.16, 0.16) * step
        look = some_look(brush).dimmed("#140d0a", 0.5)
        from_behind(brush, x, y + brush.random.uniform(-0.4, 0.4) * r, r, look)


def speaker(seed: int) -> Image.Image:
    """One person in a warm light, speaking; upright format."""
    brush = Brush(seed, 800, 1200)
    brush.wash([(0, "#1a1026"), (0.6, "#3a1c3a"), (1, "#1a0e1c")])
    for x in range(-60, 900, 64):
        fold = mixed("#2a1430", "#5a2a4a", brush.random.random())
        brush.shape([(x, 0), (x + 40, 0), (x + 52, 1200), (x - 8, 1200)], fold + "a0")
    brush.blur(9)
    brush.glow(410, 470, 620, "#ffb070", 0.55)
    brush.shape([(300, -20), (420, -20), (760, 1100), (60, 1100)], "#ffe2b8" + "16")
    brush.blur(10)
    brush.focus()
    look = Look("#a86f4b", "#1f6a6a", "#c9a063", "scarf")
    stand(brush, 400, 1120, 590, look, arms="wave")
    brush.glow(360, 560, 260, "#ffd9a8", 0.25)
    _lectern(brush)
    brush.blur(0.9)
    for x, y, r in ((90, 1010, 66), (690, 1020, 70), (300, 1090, 84), (540, 1100, 88)):
        dark = mixed(some_look(brush).clothes, "#0c0710", 0.72)
        from_behind(
            brush,
            x,
            y,
            r,
            Look("#1c1114", dark, mixed(dark, "#000000", 0.3), "scarf" if r == 84 else "hair"),
        )
    return brush.finish(vignette=0.45)


def _lectern(brush: Brush) -> None:
    brush.shape([(292, 826), (508, 826), (492, 1140), (308, 1140)], "#5a3a22")
    brush.shape([(272, 800), (528, 800), (508, 832), (292, 832)], "#7a5230")
    brush.rect((348, 872, 452, 950), "#c9a063", 5)
    brush.slice(400, 914, 27, 180, 360, "#7a2f1a")
    brush.ring(400, 914, 27, 27, "#7a2f1a", 3)
    brush.line([(452, 802), (446, 742), (430, 704)], "#15151a", 5)
    brush.line([(430, 704), (424, 690)], "#2a2a32", 13)


def notes(seed: int) -> Image.Image:
    """A wall of sticky notes, and two people who sort them."""
    brush = Brush(seed, scale=1.0)
    brush.wash([(0, "#e9e4da"), (1, "#d3cabb")])
    brush.glow(200, 100, 700, "#fff2d8", 0.35)
    brush.focus()
    for column in range(9):
        for row in range(5):
            if brush.random.random() < 0.84:
                _note(brush, 90 + column * 128, 90 + row * 122)
    brush.line([(905, 900), (860, 640), (792, 470)], "#a8434f", 58)
    brush.disc(780, 442, 27, 32, "#a86f4b")
    brush.blur(1.2)
    for x, y, r, look in (
        (250, 560, 96, Look("#8d5a3c", "#2f5d73", "#1c1512", "hair")),
        (980, 590, 92, Look("#a86f4b", "#a8434f", "#d8b26a", "scarf")),
        (600, 690, 84, Look("#c08a62", "#3f6b4a", "#1c1512", "cap")),
    ):
        from_behind(brush, x, y, r, look)
    brush.blur(2)
    return brush.finish(vignette=0.22)


def _note(brush: Brush, x: float, y: float) -> None:
    random = brush.random
    colour = random.choice(("#f7d768", "#f4a261", "#9fd3c7", "#f2b5c4", "#c5dd8a", "#a9c7ec"))
    side = round(98 * FULL)
    sheet = Image.new("RGBA", (side + 24, side + 24))
    sheet.paste("#00000050", (14, 18, side + 14, side + 18))
    sheet = sheet.filter(ImageFilter.BoxBlur(4))
    sheet.paste(colour, (8, 8, side + 8, side + 8))
    for line in range(random.randint(2, 4)):
        top = 44 + 34 * line
        width = round(side * random.uniform(0.35, 0.75))
        sheet.paste(mixed(colour, "#20242c", 0.7), (28, top, 28 + width, top + 8))
    brush.turned(sheet, x + random.uniform(-8, 8), y + random.uniform(-8, 8), random.uniform(-5, 5))
