"""Captions on pictures and an album's card: legible, within their bounds, whole."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from gallery.errors import Unreadable
from gallery.imaging import card
from gallery.imaging.card import draw_card, write_card
from gallery.imaging.draw import INK, PAPER, WHITE, band, overlay
from tests.imaging.support import CLEAN, contrast, distance, parts_of, picture_in, pixel
from tests.samples.pictures import encoded, quarters

LINE = "Bengkel Café مجليس ڤمبوكاءن 2026 青年工作坊"
LONG = (LINE + ", ") * 9


def ink_columns(drawn: Image.Image, plain: Image.Image) -> list[int]:
    """For each column whether anything was drawn in it."""
    changed = ImageChops.difference(drawn, plain).convert("L").point(lambda v: 255 if v > 60 else 0)
    return [value > 0 for value in changed.resize((drawn.width, 1), Image.Resampling.BOX).tobytes()]


def test_a_line_of_three_scripts_has_ink_from_one_end_to_the_other() -> None:
    picture = Image.new("RGB", (1600, 900), "#808080")

    drawn = band(picture, LINE, "ms")

    plain = Image.new("RGB", drawn.size, PAPER)
    plain.paste(picture, (0, 0))
    columns = ink_columns(drawn, plain)
    used = [x for x, ink in enumerate(columns) if ink]
    gaps = [b - a for a, b in pairwise(used)]
    assert used[0] == pytest.approx(60, abs=8)
    assert max(gaps) < 40, "a part of the line is missing"
    assert pixel(drawn, (1590, 1050)) == _rgb(PAPER)


def test_ink_on_paper_is_easy_to_read() -> None:
    assert contrast(_rgb(INK), _rgb(PAPER)) > 15


@pytest.mark.parametrize("caption", ["Opening night", LONG])
@pytest.mark.parametrize("size", [(1280, 853), (853, 1280), (2048, 1152), (320, 240)])
def test_white_on_a_white_photo_is_legible_from_its_first_line(
    size: tuple[int, int], caption: str
) -> None:
    photo = Image.new("RGB", size, "#ffffff")

    drawn = overlay(photo, caption, "en")

    text = ImageChops.difference(drawn, _scrim_alone(drawn)).convert("L").point(_ink)
    box = text.getbbox()
    assert box is not None
    behind = [pixel(drawn, (size[0] - 2, y)) for y in range(box[1], size[1])]
    assert min(contrast(colour, _rgb(WHITE)) for colour in behind) >= 4.5
    assert pixel(drawn, (5, 5)) == (255, 255, 255)


def _ink(value: int) -> int:
    return 255 if value > 40 else 0


def _scrim_alone(drawn: Image.Image) -> Image.Image:
    """The picture as it is where no text stands: at its right edge."""
    return drawn.crop((drawn.width - 1, 0, drawn.width, drawn.height)).resize(drawn.size)


def test_an_overlay_leaves_the_size_and_a_band_only_adds_below() -> None:
    photo = quarters("d", (1200, 800))

    over, below = overlay(photo, LONG, "en"), band(photo, LONG, "en")

    assert over.size == photo.size
    assert below.width == 1200
    assert below.height > 800
    assert below.crop((0, 0, 1200, 800)).tobytes() == photo.tobytes()


def test_no_more_than_four_lines_on_paper_and_three_on_the_photo() -> None:
    photo = Image.new("RGB", (1200, 800), "#ffffff")

    assert band(photo, LONG * 5, "en").size == band(photo, LONG, "en").size
    assert overlay(photo, LONG * 5, "en").getpixel((0, 480)) == (255, 255, 255)


def test_a_scrim_on_a_low_picture_covers_what_there_is() -> None:
    drawn = overlay(Image.new("RGB", (1200, 110), "#ffffff"), LONG, "en")

    assert drawn.size == (1200, 110)
    assert distance(pixel(drawn, (1199, 109)), (46, 46, 46)) < 20


def photo_files(folder: Path, count: int) -> list[Path]:
    """Renditions to make a card of."""
    made = []
    for number in range(count):
        path = folder / f"photo-{number}.jpg"
        path.write_bytes(encoded(quarters(f"card {number}", (1280, 853))))
        made.append(path)
    return made


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7])
def test_a_card_has_its_size_and_weight_and_says_nothing_else(count: int, tmp_path: Path) -> None:
    target = tmp_path / "cards" / "card.jpg"

    write_card(
        photo_files(tmp_path, count), target, title=LINE, line="21 November 2026", language="en"
    )

    assert picture_in(target).size == (1200, 630)
    assert target.stat().st_size < 300_000
    assert set(parts_of(target.read_bytes())) == CLEAN


def test_photos_too_rich_for_the_limit_lose_quality_and_not_the_card(tmp_path: Path) -> None:
    noise = Image.effect_noise((1280, 853), 90).convert("RGB")
    path = tmp_path / "noise.jpg"
    path.write_bytes(encoded(noise, quality=95))

    write_card([path] * 3, tmp_path / "card.jpg", title="Noise", line="", language="en")

    assert (tmp_path / "card.jpg").stat().st_size < 300_000


def test_a_card_that_can_t_be_made_small_enough_is_not_left_half_done(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="small enough"):
        write_card(
            [], tmp_path / "card.jpg", title="Open Day", line="", language="en", most_bytes=900
        )

    assert list(tmp_path.iterdir()) == []


def test_every_photo_of_a_card_is_seen(tmp_path: Path) -> None:
    colours = ("#ff0000", "#00ff00", "#0000ff")
    photos = [Image.new("RGB", (900, 600), colour) for colour in colours]

    found = [
        [pixel(draw_card(photos[:count], title="Open Day", line="", language="en"), at) for at in ((9, 9), (1190, 9), (1190, 390))]
        for count in (1, 2, 3)
    ]  # fmt: skip

    red, green, blue = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    assert found == [[red, red, red], [red, green, green], [red, green, blue]]


def test_a_title_that_runs_from_right_to_left_turns_the_card_round() -> None:
    photos = [Image.new("RGB", (900, 600), colour) for colour in ("#ff0000", "#00ff00")]
    title = "مجليس ڤمبوكاءن"

    drawn = draw_card(photos, title=title, line="21 November 2026", language="ms-Arab")

    assert pixel(drawn, (1190, 9)) == (255, 0, 0)
    assert pixel(drawn, (9, 9)) == (0, 255, 0)
    paper = drawn.crop((600, 410, 1200, 630))
    left, right = ink_columns(paper, Image.new("RGB", paper.size, PAPER)), None
    right = max(x for x, ink in enumerate(left) if ink)
    assert 600 - 56 - right <= 8, "title and line end at the right margin"


@pytest.mark.parametrize(
    ("title", "lines"),
    [("Open Day", 1), ("Social Media Workshop for Small Firms in the Capital", 2), (LINE * 9, 2)],
)
def test_a_long_title_gets_smaller_and_breaks_in_two_even_lines(title: str, lines: int) -> None:
    type_, found = card._title(title, "en", 970, most_large=1)

    assert len(found) == lines
    assert (type_.size == 60) is (title == "Open Day")
    if lines == 2 and not found[1].text.endswith("…"):
        assert abs(len(found[0].text) - len(found[1].text)) < 12


def _rgb(colour: str) -> tuple[int, ...]:
    return pixel(Image.new("RGB", (1, 1), colour), (0, 0))
