"""People in sample pictures: figures without faces, standing, seated, seen from behind."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.imaging.scenes.brush import Brush, mixed

SKIN = ("#8d5a3c", "#a86f4b", "#c08a62", "#6f452d")
CLOTHES = ("#2f5d73", "#7a2f3d", "#c98f2b", "#3f6b4a", "#5a4a78", "#b65a3a", "#27405e", "#d8c7a5")
HAIR = "#1c1512"


@dataclass(frozen=True)
class Look:
    """What somebody wears; `cover` is hair, songkok or scarf."""

    skin: str
    clothes: str
    cover: str
    kind: str  # hair, cap, scarf, plain

    def dimmed(self, colour: str, share: float) -> Look:
        """The same person in the dark."""
        return Look(
            mixed(self.skin, colour, share),
            mixed(self.clothes, colour, share),
            mixed(self.cover, colour, share),
            self.kind,
        )


def some_look(brush: Brush) -> Look:
    """Somebody."""
    random = brush.random
    kind = random.choice(("hair", "cap", "scarf", "scarf", "hair"))
    cover = random.choice(CLOTHES) if kind == "scarf" else HAIR
    return Look(random.choice(SKIN), random.choice(CLOTHES), cover, kind)


def shadow(colour: str) -> Look:
    """Somebody against the light."""
    return Look(colour, colour, colour, "plain")


def stand(
    brush: Brush, x: float, foot: float, height: float, look: Look, *, arms: str = "down"
) -> None:
    """Somebody `height` points tall on their feet; arms are down, up, out, or one waves."""
    u = height / 100
    hip, shoulder = foot - 47 * u, foot - 82 * u
    dark = mixed(look.clothes, "#000000", 0.35)
    for side in (-1, 1):
        leg = [
            (x, hip),
            (x + side * 9 * u, hip),
            (x + side * 8.5 * u, foot),
            (x + side * 4 * u, foot),
        ]
        brush.shape([*leg, (x + side * 1.2 * u, hip + 8 * u)], dark)
        brush.disc(x + side * 7 * u, foot - 0.8 * u, 4 * u, 1.8 * u, dark)
        _arm(brush, x, side, shoulder, u, look, arms)
    chest = [(x - 11.5 * u, shoulder + 3 * u), (x - 7 * u, shoulder - 1 * u)]
    waist = [(x - 9.5 * u, hip + 6 * u), (x - 8.5 * u, shoulder + 20 * u)]
    other = [(2 * x - px, py) for px, py in (*waist, *chest)]
    brush.shape([*waist, *chest, *reversed(other)], look.clothes)
    brush.rect((x - 2.6 * u, shoulder - 6 * u, x + 2.6 * u, shoulder + 2 * u), look.skin)
    head(brush, x, foot - 91 * u, 6.4 * u, look)


def _arm(
    brush: Brush, x: float, side: int, shoulder: float, u: float, look: Look, arms: str
) -> None:
    if arms == "wave":
        arms = "out" if side > 0 else "down"
    reach = {"down": (13, 36), "up": (17, -27), "out": (31, -9)}[arms]
    elbow = {"down": (14.5, 19), "up": (20, -8), "out": (20, 5)}[arms]
    start = (x + side * 9 * u, shoulder + 3 * u)
    middle = (x + side * elbow[0] * u, shoulder + elbow[1] * u)
    hand = (x + side * reach[0] * u, shoulder + reach[1] * u)
    brush.line([start, middle, hand], look.clothes, 4.6 * u)
    brush.disc(*start, 2.6 * u, 2.6 * u, look.clothes)
    brush.disc(*hand, 2.5 * u, 2.5 * u, look.skin)


def head(brush: Brush, x: float, y: float, r: float, look: Look) -> None:
    """A head by its centre."""
    if look.kind == "scarf":
        brush.disc(x, y + 0.25 * r, 1.25 * r, 1.5 * r, look.cover)
        brush.disc(x, y, 0.78 * r, 0.95 * r, look.skin)
        return
    brush.disc(x, y, 0.92 * r, 1.15 * r, look.skin)
    if look.kind == "cap":
        brush.rect((x - r, y - 1.5 * r, x + r, y - 0.45 * r), look.cover, 0.3 * r)
    elif look.kind == "hair":
        brush.slice(x, y - 0.25 * r, 1.02 * r, 170, 370, look.cover)


def from_behind(brush: Brush, x: float, y: float, r: float, look: Look) -> None:
    """Head and shoulders of somebody who looks away from us; `y` is the head's centre."""
    brush.rect((x - 2.7 * r, y + 1.25 * r, x + 2.7 * r, y + 9 * r), look.clothes, 1.9 * r)
    brush.rect((x - 0.6 * r, y + 0.5 * r, x + 0.6 * r, y + 1.8 * r), look.skin)
    if look.kind == "scarf":
        brush.shape(
            [
                (x - 1.1 * r, y),
                (x + 1.1 * r, y),
                (x + 1.9 * r, y + 2.6 * r),
                (x - 1.9 * r, y + 2.6 * r),
            ],
            look.cover,
        )
        brush.disc(x, y, 1.18 * r, 1.32 * r, look.cover)
        return
    brush.disc(x, y, r, 1.2 * r, HAIR)
    if look.kind == "cap":
        brush.rect((x - 1.08 * r, y - 1.5 * r, x + 1.08 * r, y - 0.35 * r), look.cover, 0.3 * r)
