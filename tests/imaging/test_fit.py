"""Pictures in the frames that networks want: exact, around their focal point, with their words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from gallery.errors import Unreadable
from gallery.imaging import CaptionStyle, Fit, Frame, band_height, fit, render
from gallery.imaging.draw import PAPER
from tests.imaging.support import CLEAN, corners_of, distance, parts_of, picture_in, pixel
from tests.samples.blocks import P3, exif, profile
from tests.samples.pictures import CORNERS, PATCH, encoded, jpeg, quarters, stored

PORTRAIT = Frame(1152, 1440, Fit.PAD)  # 4:5
WORDS = "Bengkel Café مجليس ڤمبوكاءن 2026 青年工作坊"
PAPER_RGB = tuple(bytes.fromhex(PAPER[1:]))


def write(folder: Path, data: bytes) -> Path:
    """An original with this content."""
    path = folder / "original"
    path.write_bytes(data)
    return path


def made(original: Path, frame: Frame, words: str = "", style: str | None = None) -> Image.Image:
    """What a network would get."""
    target = original.with_name("net.jpg")
    size = render.for_network(
        original, target, frame=frame, most_bytes=4_000_000, caption=words,
        style=CaptionStyle(style) if style else None,
    )  # fmt: skip
    picture = picture_in(target)
    assert picture.size == size
    return picture


def stripes() -> Image.Image:
    """1600 x 400: sixteen columns, each of its own grey, 0 to 240."""
    row = bytes(x // 100 * 16 for x in range(1600))
    return Image.frombytes("L", (1600, 400), row * 400).convert("RGB")


def columns_in(picture: Image.Image) -> tuple[float, float]:
    """Where in `stripes` a picture begins and ends, in columns."""
    shades = [pixel(picture, (x, picture.height // 2))[0] / 16 for x in (2, picture.width - 3)]
    return shades[0], shades[1]


def has_ink(picture: Image.Image) -> bool:
    """Whether something nearly black is in it."""
    return any(picture.convert("L").histogram()[:60])


@pytest.mark.parametrize("fitting", [Fit.PAD, Fit.CROP])
@pytest.mark.parametrize("size", [(3000, 2000), (2000, 3000), (1152, 1440), (4000, 300), (90, 70)])
def test_a_frame_is_filled_to_the_pixel(
    size: tuple[int, int], fitting: Fit, tmp_path: Path
) -> None:
    original = write(tmp_path, encoded(quarters("f", size), quality=90))

    picture = made(original, replace(PORTRAIT, fit=fitting))

    assert picture.size == (1152, 1440)


def test_all_of_a_padded_picture_is_there_in_the_middle_of_a_soft_ground(tmp_path: Path) -> None:
    original = write(tmp_path, encoded(quarters("p", (2400, 1600)), quality=95))

    picture = made(original, PORTRAIT)

    inside = picture.crop((0, 336, 1152, 1104))
    assert corners_of(inside) == [pytest.approx(corner, abs=16) for corner in CORNERS]
    above = [pixel(picture, (x, 10)) for x in (10, 576, 1140)]
    assert all(min(colour) > 120 for colour in above), "quiet, and light as paper"
    assert all(distance(colour, PAPER_RGB) > 4 for colour in above), "of the picture's colours"
    steps = [distance(pixel(picture, (x, 10)), pixel(picture, (x + 8, 10))) for x in range(1140)]
    assert max(steps) <= 8, "no edge in it, though the picture has one"


@pytest.mark.parametrize(
    ("focal", "begins"), [(0.5, 6), (0.0, 0), (1.0, 12), (0.03, 0), (0.97, 12), (0.4, 4.4)]
)
def test_a_crop_keeps_the_focal_point_as_near_the_middle_as_the_borders_let_it(
    focal: float, begins: float, tmp_path: Path
) -> None:
    original = write(tmp_path, encoded(stripes(), "PNG"))

    picture = made(original, Frame(400, 400, Fit.CROP, focal_x=focal))

    first, last = columns_in(picture)
    assert first == pytest.approx(int(begins), abs=0.2)
    assert last == pytest.approx(int(begins + 3.97), abs=0.2)


def test_a_crop_keeps_the_focal_point_upright_too(tmp_path: Path) -> None:
    upright = stripes().transpose(Image.Transpose.ROTATE_270)  # the darkest is above
    original = write(tmp_path, encoded(upright, "PNG"))

    lowest = made(original, Frame(400, 400, Fit.CROP, focal_y=1.0))

    assert pixel(lowest, (200, 3))[0] == pytest.approx(12 * 16, abs=4)
    assert pixel(lowest, (200, 396))[0] == pytest.approx(15 * 16, abs=4)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_original_is_fitted_upright(orientation: int, tmp_path: Path) -> None:
    image = stored("turn", orientation).resize((2400, 1600) if orientation < 5 else (1600, 2400))
    original = write(tmp_path, encoded(image, exif=exif(orientation)))

    padded = made(original, PORTRAIT).crop((0, 336, 1152, 1104))
    left = made(original, Frame(640, 800, Fit.CROP, focal_x=0.0))

    for found, corner in zip(corners_of(padded), CORNERS, strict=True):
        assert distance(found, corner) <= 24
    assert distance(pixel(left, (60, 60)), CORNERS[0]) <= 24
    assert distance(pixel(left, (60, 740)), CORNERS[2]) <= 24


def test_a_crop_is_decoded_large_enough_to_be_sharp(tmp_path: Path) -> None:
    wide = write(tmp_path, encoded(quarters("w", (4000, 1000)), quality=95))

    assert fit.edge_needed(wide, Frame(1152, 1440, Fit.CROP)) == 4000
    assert fit.edge_needed(wide, Frame(400, 500, Fit.CROP)) == 2000
    assert fit.edge_needed(wide, PORTRAIT) == 1440


@pytest.mark.parametrize("fitting", [Fit.PAD, Fit.CROP])
def test_nothing_is_enlarged(fitting: Fit, tmp_path: Path) -> None:
    original = write(tmp_path, encoded(Image.new("RGB", (100, 80), "#102030"), "PNG"))

    picture = made(original, replace(PORTRAIT, fit=fitting))

    dark = ImageChops.invert(picture.convert("L")).point(lambda v: 255 if v > 200 else 0)
    assert dark.getbbox() == pytest.approx((526, 680, 626, 760), abs=2)


def test_no_metadata_goes_along_and_colours_are_srgb(tmp_path: Path) -> None:
    data = encoded(
        Image.new("RGB", (600, 400), PATCH),
        exif=exif(make="SecretCam", place={1: "N", 2: (4.0, 53.0, 1.0)}),
        icc_profile=profile(P3),
        quality=95,
    )

    picture = made(write(tmp_path, data), PORTRAIT, WORDS, "band")

    file = (tmp_path / "net.jpg").read_bytes()
    assert set(parts_of(file)) <= CLEAN
    assert b"Secret" not in file
    assert distance(pixel(picture, (576, 600)), (217, 42, 24)) <= 3


def test_a_band_stands_below_all_of_a_padded_picture_on_paper(tmp_path: Path) -> None:
    original = write(tmp_path, encoded(quarters("b", (2400, 1600)), quality=95))

    picture = made(original, PORTRAIT, WORDS, "band")

    height = 768 + band_height(1152, 1)
    top = (1440 - height) // 2
    inside = picture.crop((0, top, 1152, top + 768))
    assert corners_of(inside) == [pytest.approx(corner, abs=16) for corner in CORNERS]
    for y in (5, top - 20, top + height + 5, 1435):
        assert distance(pixel(picture, (5, y)), PAPER_RGB) <= 2
    assert has_ink(picture.crop((0, top + 770, 1152, top + height)))


def test_a_band_below_a_crop_leaves_no_paper_beside_it(tmp_path: Path) -> None:
    original = write(tmp_path, encoded(quarters("b", (2400, 1600)), quality=95))

    picture = made(original, replace(PORTRAIT, fit=Fit.CROP), WORDS, "band")

    photo = picture.crop((0, 0, 1152, 1440 - band_height(1152, 1)))
    assert corners_of(photo) == [pytest.approx(corner, abs=16) for corner in CORNERS]
    assert distance(pixel(picture, (4, 1435)), PAPER_RGB) <= 2


def test_a_band_that_needs_more_room_than_planned_narrows_the_picture(tmp_path: Path) -> None:
    original = write(tmp_path, encoded(Image.new("RGB", (1200, 800), "#405060"), quality=95))

    picture = made(original, Frame(1200, 800 + band_height(1200, 1)), "word " * 60, "band")

    assert distance(pixel(picture, (600, 3)), (0x40, 0x50, 0x60)) <= 3
    assert distance(pixel(picture, (3, 3)), PAPER_RGB) <= 2
    assert has_ink(picture.crop((0, 700, 1200, 880)))


@pytest.mark.parametrize("fitting", [Fit.PAD, Fit.CROP])
def test_an_overlay_stands_on_the_picture_and_not_on_the_ground(
    fitting: Fit, tmp_path: Path
) -> None:
    original = write(tmp_path, encoded(Image.new("RGB", (1500, 1000), "#8090a0"), quality=95))
    frame = replace(PORTRAIT, fit=fitting)

    difference = ImageChops.difference(
        made(original, frame, WORDS, "overlay"), made(original, frame)
    )

    box = difference.convert("L").point(lambda v: 255 if v > 20 else 0).getbbox()
    assert box is not None
    assert box[3] == pytest.approx(1104 if fitting is Fit.PAD else 1220, abs=17)


@pytest.mark.parametrize(
    ("words", "style", "size"),
    [("🎉", "band", (600, 400)), (WORDS, "band", (600, 60)), (WORDS, "overlay", (600, 60))],
)
def test_without_words_or_room_the_picture_stays_as_it_is(
    words: str, style: str, size: tuple[int, int], tmp_path: Path
) -> None:
    original = write(tmp_path, encoded(quarters("d", size), "PNG"))

    picture = made(original, Frame(*size), words, style)

    assert picture.tobytes() == made(original, Frame(*size)).tobytes()


def test_too_many_bytes_cost_quality_first_and_then_size_in_the_same_shape(
    photos: list[Path], tmp_path: Path
) -> None:
    sizes = []
    for most in (4_000_000, 250_000, 60_000):
        target = tmp_path / "net.jpg"
        sizes.append(render.for_network(photos[0], target, frame=PORTRAIT, most_bytes=most))
        assert target.stat().st_size <= most

    assert sizes[0] == (1152, 1440)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[2] < sizes[1]
    assert sizes[2][0] / sizes[2][1] == pytest.approx(0.8, abs=0.01)


def test_a_picture_of_one_pixel_goes_out_as_it_is(tmp_path: Path) -> None:
    original = write(tmp_path, encoded(Image.new("RGB", (1, 1), "#405060"), "PNG"))

    assert made(original, Frame(1, 1)).size == (1, 1)


def test_what_is_no_picture_is_told_before_it_is_cropped(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        made(write(tmp_path, jpeg("x")[:40]), replace(PORTRAIT, fit=Fit.CROP))
