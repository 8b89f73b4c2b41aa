"""The shape in which pictures go out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gallery.imaging import CaptionStyle, Fit, band_height
from gallery.networks.contract import PictureLimit, PlannedPhoto
from gallery.publishing import frames
from gallery.publishing.frames import Look, Recipe, framed

FEED = PictureLimit(1440, 8_000_000, edge_min=320, ratio_min=0.8, ratio_max=1.91, same_ratio=True)
CROP = Look(Fit.CROP)
BAND = Look(Fit.PAD, CaptionStyle.BAND)


def photo(width: int, height: int, **more: object) -> PlannedPhoto:
    """One as the album has it."""
    plain = PlannedPhoto("p00001", "0123456789ab", "1920.jpg", width, height, "", "")
    return replace(plain, **more)  # type: ignore[arg-type]


def one(
    width: int, height: int, look: Look = frames.PADDED_AND_PLAIN, limit: PictureLimit = FEED
) -> tuple[str, tuple[int, int], str]:
    """How a photo alone goes out: recipe, size, what was changed."""
    (made,) = framed([photo(width, height)], limit, look)
    return made.photo.recipe.partition("-")[0], (made.photo.width, made.photo.height), made.change


@pytest.mark.parametrize(
    ("size", "look", "becomes"),
    [
        ((3000, 3000), CROP, ("whole", (1440, 1440), "")),
        ((3000, 4000), Look(), ("pad", (1152, 1440), "padded to 4:5")),
        ((3000, 4000), CROP, ("crop", (1152, 1440), "cropped around the focal point to 4:5")),
        ((6000, 2000), Look(), ("pad", (1440, 754), "padded to 1.91:1")),
        ((6000, 2000), CROP, ("crop", (1440, 754), "cropped around the focal point to 1.91:1")),
        ((200, 200), Look(), ("pad", (320, 320), frames.SMALL)),
        ((200, 100), CROP, ("crop", (612, 321), frames.SMALL)),
    ],
)
def test_a_shape_that_is_not_taken_is_padded_or_cropped(
    size: tuple[int, int], look: Look, becomes: tuple[str, tuple[int, int], str]
) -> None:
    assert one(*size, look) == becomes


def test_what_needs_nothing_is_the_rendition_that_is_there() -> None:
    (made,) = framed([photo(6000, 4000, focal_x=0.2, language="ms")], PictureLimit())

    assert made.photo == photo(1920, 1280)
    assert made.change == ""


@pytest.mark.parametrize(
    "limit", [PictureLimit(1440), PictureLimit(2048, 2_000_000), PictureLimit(edge_min=1281)]
)
def test_else_one_is_made(limit: PictureLimit) -> None:
    (made,) = framed([photo(6000, 4000)], limit)

    assert made.photo.recipe.startswith("whole-")
    assert made.photo.edit != "0123456789ab"
    assert Recipe.read(made.photo.recipe) == Recipe(
        None, Fit.WHOLE, made.photo.width, made.photo.height, limit.most_bytes
    )


def test_all_of_a_carousel_have_the_shape_of_its_first() -> None:
    shown = framed([photo(4000, 3000), photo(4032, 3020), photo(2000, 3000)], FEED)

    assert [made.change for made in shown] == ["", "", "padded to 4:3"]
    assert [(made.photo.width, made.photo.height) for made in shown] == [
        (1440, 1080), (1440, 1079), (1440, 1080),
    ]  # fmt: skip


def test_the_name_of_a_picture_changes_with_all_that_is_done_to_it() -> None:
    wide = photo(3000, 4000, drawn="Words", language="ms")
    names = {
        (made.photo.edit, made.photo.recipe)
        for given, look, limit in (
            (wide, CROP, FEED),
            (wide, Look(), FEED),
            (replace(wide, focal_y=0.2), CROP, FEED),
            (replace(wide, edit="ba9876543210"), CROP, FEED),
            (wide, Look(Fit.CROP, CaptionStyle.BAND), FEED),
            (replace(wide, drawn="Word"), Look(Fit.CROP, CaptionStyle.BAND), FEED),
            (replace(wide, language="zh"), Look(Fit.CROP, CaptionStyle.BAND), FEED),
            (wide, CROP, replace(FEED, most_bytes=1_000_000)),
            (wide, CROP, replace(FEED, edge=1080)),
        )
        for made in framed([given if look.style else replace(given, drawn="")], limit, look)
    }
    still = framed([photo(3000, 4000)], FEED)[0].photo

    assert len(names) == 9
    assert framed([photo(3000, 4000, focal_y=0.2)], FEED)[0].photo == still


def test_a_band_is_part_of_the_shape() -> None:
    limit = PictureLimit(ratio_max=1.2)
    (made,) = framed([photo(1200, 1000, drawn="Words")], limit, BAND)
    (two,) = framed([photo(1200, 1000, drawn="Words\n" + "word " * 12)], limit, BAND)

    assert (made.photo.width, made.photo.height) == (1200, 1000 + band_height(1200, 1))
    assert (two.photo.width, two.photo.height) == (1200, 1000 + band_height(1200, 3))
    assert made.change == two.change == ""


def test_a_crop_with_a_band_keeps_enough_of_the_picture() -> None:
    look = Look(Fit.CROP, CaptionStyle.BAND)
    tall = photo(1000, 3000, drawn="word " * 40)

    (narrow,) = framed([photo(3000, 1000, drawn="Words")], FEED, look)
    (flat,) = framed([tall], PictureLimit(ratio_min=1.9), look)
    (flatter,) = framed([tall], PictureLimit(ratio_min=3.0), look)

    assert [made.photo.recipe.split("-")[1] for made in (narrow, flat, flatter)] == [
        "crop", "crop", "pad",
    ]  # fmt: skip


def test_a_recipe_is_read_from_its_name_and_nothing_else_is() -> None:
    recipe = Recipe(CaptionStyle.OVERLAY, Fit.PAD, 1152, 1440, 4_000_000)

    assert recipe.name == "overlay-pad-1152x1440-4000000.jpg"
    assert Recipe.read(recipe.name) == recipe
    assert Recipe.read("1920.jpg") is None
    assert Recipe.read("pad-1152x1440-4000000.png") is None
