"""An album's card: what a link to it looks like elsewhere. Photos, title, one line, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from gallery.errors import Unreadable
from gallery.imaging.bidi import is_rtl
from gallery.imaging.draw import INK, PAPER
from gallery.imaging.files import fresh, prepare
from gallery.imaging.fonts import STRONG, Type
from gallery.imaging.render import decode
from gallery.imaging.text import Line, draw_line, drawable, wrap
from gallery.imaging.values import CARD_SIZE

MOST_BYTES = 300_000
QUALITIES = (88, 82, 74, 64, 50, 30)
MUTED, ACCENT = "#635C52", "#A33B12"
_GAP, _MARGIN = 6, 56  # px
_PHOTOS_HEIGHT = 408
_TITLE_SIZES = (60, 54, 48, 44, 40)
_TWO_LINE_SIZE = 48  # px; a title beside photos breaks only from here down
_LEAD, _LINE_LEAD = 1.22, 1.75  # baseline to baseline, in sizes
_LINE_SIZE = 27
_MARK = 30  # radius of the sun, px
_FOCUS = (0.5, 0.4)  # of a photo that is cropped: a little above its middle

Box = tuple[int, int, int, int]  # left, top, width, height


def write_card(
    pictures: Sequence[Path],
    target: Path,
    *,
    title: str,
    line: str,
    language: str,
    most_bytes: int = MOST_BYTES,
) -> None:
    """Write the card as JPEG below 300 kB, from up to three pictures; more are not looked at.

    Raises Unreadable if one of them can't be opened.
    """
    prepare(target.parent)
    photos = [decode(picture, CARD_SIZE[0]).image for picture in pictures[:3]]
    card = draw_card(photos, title=title, line=line, language=language)
    with fresh(target) as path:
        for quality in QUALITIES:
            card.save(path, "JPEG", quality=quality, optimize=True, progressive=True)
            if path.stat().st_size < most_bytes:
                return
        raise Unreadable("The card can't be made small enough.")


def draw_card(
    photos: Sequence[Image.Image], *, title: str, line: str, language: str
) -> Image.Image:
    """The card as a picture."""
    card = Image.new("RGB", CARD_SIZE, PAPER)
    title, line = drawable(title), drawable(line)
    mirrored = is_rtl(title)
    for photo, box in zip(photos, _places(len(photos)), strict=True):
        _place(card, photo, _mirrored(box) if mirrored else box)
    top = _PHOTOS_HEIGHT if photos else 0
    _write(card, title, line, language, top)
    _draw_mark(card, left=mirrored, top=top)
    return card


def _places(count: int) -> list[Box]:
    """A large photo, and up to two beside it."""
    width, height = CARD_SIZE[0], _PHOTOS_HEIGHT
    large = (width - _GAP) * 2 // 3 + 2
    small = width - _GAP - large
    half = (height - _GAP) // 2
    if count == 1:
        return [(0, 0, width, height)]
    if count == 2:
        return [(0, 0, large, height), (large + _GAP, 0, small, height)]
    return [
        (0, 0, large, height),
        (large + _GAP, 0, small, half),
        (large + _GAP, height - half, small, half),
    ][:count]


def _mirrored(box: Box) -> Box:
    left, top, width, height = box
    return CARD_SIZE[0] - left - width, top, width, height


def _place(card: Image.Image, photo: Image.Image, box: Box) -> None:
    left, top, width, height = box
    fitted = ImageOps.fit(photo, (width, height), Image.Resampling.LANCZOS, centering=_FOCUS)
    card.paste(fitted, (left, top))


def _write(card: Image.Image, title: str, line: str, language: str, top: int) -> None:
    """Title and line, together in the middle of the paper below `top`."""
    mirrored = is_rtl(title)
    width = CARD_SIZE[0] - 3 * _MARGIN - 2 * _MARK
    left = 2 * _MARGIN + 2 * _MARK if mirrored else _MARGIN
    large, lines = _title(title, language, width, most_large=2 if top == 0 else 1)
    small = Type(_LINE_SIZE, language=language)
    below = wrap(line, small, width, 1)
    height = len(lines) * large.size * _LEAD + len(below) * small.size * _LINE_LEAD
    y = top + (CARD_SIZE[1] - top - height) / 2
    canvas = ImageDraw.Draw(card)
    for type_, lead, fill, texts in ((large, _LEAD, INK, lines), (small, _LINE_LEAD, MUTED, below)):
        for text in texts:
            draw_line(
                canvas, text, type_, left=left, width=width, fill=fill, flush_right=mirrored,
                baseline=round(y + type_.size * (lead - 0.24)),
            )  # fmt: skip
            y += type_.size * lead


def _title(text: str, language: str, width: int, *, most_large: int) -> tuple[Type, list[Line]]:
    """The largest size at which the title fits; two lines only below the largest sizes."""
    for size in _TITLE_SIZES:
        type_ = Type(size, STRONG, language)
        most = most_large if size > _TWO_LINE_SIZE else 2
        if len(wrap(text, type_, width, 3)) <= most:
            break
    return type_, _balanced(text, type_, width)


def _balanced(text: str, type_: Type, width: int) -> list[Line]:
    """At most two lines of about the same length."""
    best = wrap(text, type_, width, 2)
    for narrower in range(width, width // 2, -20):
        lines = wrap(text, type_, narrower, 3)
        if len(lines) > len(best):
            break
        best = lines
    return best


def _draw_mark(card: Image.Image, *, left: bool, top: int) -> None:
    """The sun going down: a circle, its upper half full."""
    scale, radius = 4, _MARK
    side = 2 * radius * scale
    mask = Image.new("L", (side, side))
    canvas = ImageDraw.Draw(mask)
    canvas.ellipse((0, 0, side - 1, side - 1), outline=255, width=3 * scale)
    canvas.pieslice((0, 0, side - 1, side - 1), 180, 360, fill=255)
    mask = mask.resize((2 * radius, 2 * radius), Image.Resampling.LANCZOS)
    x = _MARGIN if left else CARD_SIZE[0] - _MARGIN - 2 * radius
    card.paste(ACCENT, (x, top + (CARD_SIZE[1] - top) // 2 - radius), mask)
