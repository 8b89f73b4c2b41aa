"""Renditions: upright, sRGB, bare, never enlarged; and what happens when they can't be written."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from gallery.errors import RendererBusy, Unreadable
from gallery.imaging import AVIF_EDGES, STANDARD_EDGES, Frame, Rendered, render
from gallery.imaging.colour import colour_class
from tests.imaging.support import (
    CLEAN,
    corners_of,
    distance,
    is_upright,
    parts_of,
    picture_in,
    pixel,
)
from tests.samples import Odd
from tests.samples.blocks import P3, exif, iptc, profile, with_segment, xmp
from tests.samples.pictures import CORNERS, PATCH, encoded, jpeg, quarters, stored


def write(folder: Path, data: bytes, name: str = "original") -> Path:
    """An original with this content."""
    path = folder / name
    path.write_bytes(data)
    return path


def test_five_jpegs_each_at_most_its_own_size(photos: list[Path], tmp_path: Path) -> None:
    rendered = render.standard(photos[3], tmp_path / "new" / "folder")

    sizes = {path.name: picture_in(path).size for path in (tmp_path / "new/folder").iterdir()}
    assert sizes == {
        "1920.jpg": (1440, 1920),
        "1280.jpg": (960, 1280),
        "960.jpg": (720, 960),
        "640.jpg": (480, 640),
        "320.jpg": (240, 320),
    }
    assert (rendered.width, rendered.height) == (3000, 4000)
    assert rendered.metadata.camera == "Testcam TC-1"


def test_nothing_of_the_originals_metadata_is_in_any_rendition(tmp_path: Path) -> None:
    data = encoded(
        quarters("bare", (2600, 1900)),
        exif=exif(make="SecretCam", serial="SN-12345", place={1: "N", 2: (4.0, 53.0, 1.0)}),
        xmp=xmp("<dc:title>SecretTitle</dc:title>"),
        comment=b"SecretComment",
        icc_profile=profile(P3),
    )
    original = write(
        tmp_path, with_segment(data, iptc([(120, b"SecretCaption")], utf8=True)) + b"SecretTail"
    )

    render.standard(original, tmp_path)
    render.avif(original, tmp_path)
    render.for_network(original, tmp_path / "net.jpg", frame=Frame(2048, 1497), most_bytes=10**7)

    made = [path for path in tmp_path.iterdir() if path != original]
    assert len(made) == len(STANDARD_EDGES) + len(AVIF_EDGES) + 1
    assert [path.name for path in made if b"Secret" in path.read_bytes()] == []
    assert set().union(*(parts_of(p.read_bytes()) for p in made if p.suffix == ".jpg")) == CLEAN
    for path in made:
        info = picture_in(path).info
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(info), path.name


def test_large_ones_are_progressive_and_all_are_4_2_0(photos: list[Path], tmp_path: Path) -> None:
    render.standard(photos[0], tmp_path)

    kinds = {}
    for edge in STANDARD_EDGES:
        picture = picture_in(tmp_path / f"{edge}.jpg")
        kinds[edge] = ("progressive" in picture.info, [layer[1:3] for layer in picture.layer])  # type: ignore[attr-defined]
    layers = [(2, 2), (1, 1), (1, 1)]
    assert kinds == {edge: (edge >= 640, layers) for edge in STANDARD_EDGES}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(orientation: int, tmp_path: Path) -> None:
    image = stored("turn", orientation).resize((2400, 1600) if orientation < 5 else (1600, 2400))
    original = write(tmp_path, encoded(image, exif=exif(orientation)))

    rendered = render.standard(original, tmp_path)
    render.avif(original, tmp_path)
    size = render.for_network(
        original, tmp_path / "net.jpg", frame=Frame(1080, 720), most_bytes=10**7
    )

    assert (rendered.width, rendered.height) == (2400, 1600)
    assert size == (1080, 720)
    for name in ("1920.jpg", "320.jpg", "640.avif", "net.jpg"):
        assert is_upright(tmp_path / name), name


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_p3_patch_becomes_its_srgb_colour(kind: str, tmp_path: Path) -> None:
    patch = Image.new("RGB", (64, 64), PATCH)
    original = write(tmp_path, encoded(patch, kind, icc_profile=profile(P3), quality=95))

    render.standard(original, tmp_path)

    assert distance(pixel(picture_in(tmp_path / "320.jpg"), (32, 32)), (217, 42, 24)) <= 2


def test_a_profile_of_srgb_is_left_alone_and_a_broken_one_too(
    odd_files: list[Odd], tmp_path: Path
) -> None:
    for name in ("broken-profile.jpg", "grey-profile-on-colours.jpg", "short-profile.jpg"):
        original = next(odd.path for odd in odd_files if odd.file == name)
        render.standard(original, tmp_path)
        assert is_upright(tmp_path / "320.jpg"), name


def test_sixteen_bits_of_grey_keep_their_shades(odd_files: list[Odd], tmp_path: Path) -> None:
    original = next(odd.path for odd in odd_files if odd.file == "grey-16.png")

    render.standard(original, tmp_path)

    picture = picture_in(tmp_path / "320.jpg")
    middle = picture.width // 2
    shades = [pixel(picture, (middle, picture.height * n // 4))[0] for n in range(4)]
    assert all(abs(shade - n * 64) <= 4 for n, shade in enumerate(shades))


@pytest.mark.parametrize(
    "name",
    ["see-through.png", "palette-see-through.png", "see-through.gif", "see-through.webp",
     "see-through.avif", "see-through.heic"],
)  # fmt: skip
def test_what_is_transparent_lies_on_white(name: str, odd_files: list[Odd], tmp_path: Path) -> None:
    original = next(odd.path for odd in odd_files if odd.file == name)

    render.standard(original, tmp_path)

    picture = picture_in(tmp_path / "1920.jpg")
    assert distance(pixel(picture, (180, 120)), (255, 255, 255)) <= 6
    assert distance(corners_of(picture)[3], CORNERS[3]) <= 24


def test_a_colour_that_means_transparent_lies_on_white_and_grey_alpha_too(
    odd_files: list[Odd], tmp_path: Path
) -> None:
    files = {odd.file: odd.path for odd in odd_files}

    render.standard(files["colour-key.png"], tmp_path)
    keyed = corners_of(picture_in(tmp_path / "1920.jpg"))
    render.standard(files["all-clear.png"], tmp_path)
    clear = pixel(picture_in(tmp_path / "1920.jpg"), (180, 120))

    assert distance(keyed[3], (255, 255, 255)) <= 6
    assert distance(keyed[0], CORNERS[0]) <= 24
    assert distance(clear, (255, 255, 255)) <= 2


def test_an_inverted_cmyk_photo_keeps_its_colours(odd_files: list[Odd], tmp_path: Path) -> None:
    original = next(odd.path for odd in odd_files if odd.file == "cmyk.jpg")

    render.standard(original, tmp_path)

    assert is_upright(tmp_path / "320.jpg")


def test_the_first_frame_stands_for_a_moving_picture(tmp_path: Path) -> None:
    frames = [quarters("first"), Image.new("RGB", (360, 240))]
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], quality=90)

    render.standard(write(tmp_path, data), tmp_path)

    assert is_upright(tmp_path / "1920.jpg")


def test_avif_files_are_as_large_as_the_jpegs(photos: list[Path], tmp_path: Path) -> None:
    render.avif(photos[0], tmp_path)

    found = {path.name: picture_in(path) for path in tmp_path.iterdir()}
    assert {name: (image.format, image.size) for name, image in found.items()} == {
        "1280.avif": ("AVIF", (1280, 960)),
        "960.avif": ("AVIF", (960, 720)),
        "640.avif": ("AVIF", (640, 480)),
        "320.avif": ("AVIF", (320, 240)),
    }


def test_the_short_cut_by_the_decoder_costs_no_visible_quality(tmp_path: Path) -> None:
    soft = quarters("soft", (400, 300)).resize((4000, 3000), Image.Resampling.BICUBIC)
    original = write(tmp_path, encoded(soft, quality=95, subsampling="4:2:0"))

    shown = render.decode(original, 1920).image

    reference = picture_in(original).resize(shown.size, Image.Resampling.LANCZOS)
    error = ImageStat.Stat(ImageChops.difference(shown, reference)).rms
    assert max(error) < 1.2


def test_a_network_gets_a_photo_within_its_edge_and_bytes(
    photos: list[Path], tmp_path: Path
) -> None:
    target = tmp_path / "some" / "net.jpg"

    sizes, found = [], []
    for most in (4_000_000, 900_000, 300_000, 30_000):
        size = render.for_network(photos[0], target, frame=Frame(2048, 1536), most_bytes=most)
        assert target.stat().st_size <= most
        sizes.append(size)
        found.append(picture_in(target).size)

    assert sizes == found
    assert sizes[0] == (2048, 1536)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0]


def test_a_network_that_allows_next_to_nothing_gets_nothing(tmp_path: Path) -> None:
    original = write(tmp_path, jpeg("few"))

    with pytest.raises(Unreadable, match="so few bytes"):
        render.for_network(original, tmp_path / "net.jpg", frame=Frame(360, 240), most_bytes=300)

    assert list(tmp_path.iterdir()) == [original]


def test_a_missing_original_and_a_folder_that_is_none_are_not_the_photos_fault(
    tmp_path: Path,
) -> None:
    original = write(tmp_path, jpeg("x"))

    with pytest.raises(RendererBusy, match="could not be read"):
        render.standard(tmp_path / "gone", tmp_path)
    with pytest.raises(RendererBusy, match="could not be written"):
        render.standard(original, original / "below a file")


def test_a_full_disk_is_not_the_photos_fault_and_leaves_nothing_behind(tmp_path: Path) -> None:
    original = write(tmp_path, jpeg("x"))
    (tmp_path / "out" / "1920.jpg").mkdir(parents=True)  # renaming onto a folder fails

    with pytest.raises(RendererBusy, match="could not be written"):
        render.standard(original, tmp_path / "out")

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["1920.jpg"]


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("#000000", "000"), ("#303030", "000"), ("#ffffff", "333"), ("#d8a870", "321"),
        ("#4f5170", "011"), ("#8b8dbf", "122"), ("#ff0000", "300"),
    ],
)  # fmt: skip
def test_the_placeholders_class(colour: str, name: str) -> None:
    assert colour_class(Image.new("RGB", (320, 200), colour)) == name


def test_the_placeholder_is_the_mean_of_the_whole_picture(tmp_path: Path) -> None:
    image = Image.new("RGB", (800, 600), "#000000")
    image.paste("#ffffff", (400, 0, 800, 600))

    assert render.standard(write(tmp_path, encoded(image)), tmp_path).colour in ("111", "222")


def test_what_was_rendered_travels_as_json(photos: list[Path], tmp_path: Path) -> None:
    rendered = render.standard(photos[0], tmp_path)

    assert Rendered.from_json(rendered.to_json()) == rendered


def test_metadata_that_makes_a_file_unopenable_costs_itself_and_not_the_photo(
    odd_files: list[Odd], tmp_path: Path
) -> None:
    files = {odd.file: odd.path for odd in odd_files}

    for name in ("text-bomb.png", "wrong-sum.png"):
        render.standard(files[name], tmp_path)
        assert is_upright(tmp_path / "320.jpg"), name


def test_a_picture_in_a_mode_of_its_own_is_made_rgb(tmp_path: Path) -> None:
    data = io.BytesIO()
    quarters("1").convert("1").save(data, "PNG")

    render.standard(write(tmp_path, data.getvalue()), tmp_path)

    assert picture_in(tmp_path / "1920.jpg").mode == "RGB"
