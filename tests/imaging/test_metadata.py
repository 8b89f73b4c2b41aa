"""What pictures say of themselves, and what is kept of it."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from PIL import Image

from gallery.imaging import Metadata, metadata
from gallery.imaging.exif import _number
from tests.samples.blocks import (
    BRUNEI,
    CLOCK,
    after_header,
    alternatives,
    chunk,
    exif,
    iptc,
    ratio,
    raw_exif,
    segment,
    with_segment,
    xmp,
)
from tests.samples.pictures import encoded, jpeg, quarters

BANDAR = timezone(timedelta(hours=8))
SHOT = datetime(2026, 11, 21, 19, 4, 5)  # noqa: DTZ001


def read(data: bytes, language: str = "en") -> Metadata:
    """The metadata of a file, decoded first as rendering does."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return metadata.read(image, language)


def of_exif(**values: Any) -> Metadata:
    """The metadata of a JPEG with this Exif."""
    return read(jpeg("exif", exif=exif(**values)))


def of_xmp(inside: str, attributes: str = "", language: str = "en") -> Metadata:
    """The metadata of a JPEG with this packet."""
    return read(jpeg("xmp", xmp=xmp(inside, attributes)), language)


def of_iptc(*records: tuple[int, bytes], utf8: bool = False) -> Metadata:
    """The metadata of a JPEG with these press records."""
    return read(with_segment(jpeg("iptc"), iptc(list(records), utf8=utf8)))


def test_a_picture_that_says_nothing() -> None:
    assert read(jpeg("nothing")) == Metadata()
    assert metadata.read(Image.new("RGB", (2, 2))) == Metadata()


def test_everything_that_a_camera_says_and_no_place_and_no_serial_number() -> None:
    found = of_exif(
        make="Canon",
        model="Canon EOS R6",
        artist="Siti",
        description="Opening night",
        taken="2026:11:21 19:04:05",
        zone="+08:00",
        fraction="37",
        exposure=ratio(1, 125),
        aperture=ratio(28, 10),
        iso=400,
        focal=ratio(35, 1),
        lens="RF35mm F1.8",
        serial="SN-12345",
        place={**BRUNEI, **CLOCK},
    )

    assert found == Metadata(
        taken_at=SHOT.replace(microsecond=370000, tzinfo=BANDAR),
        caption="Opening night",
        credit="Siti",
        camera="Canon EOS R6",
        details={
            "exposure_s": 0.008,
            "aperture": 2.8,
            "iso": 400,
            "focal_mm": 35,
            "lens": "RF35mm F1.8",
        },
    )


@pytest.mark.parametrize(
    ("values", "moment"),
    [
        ({"taken": "2026:11:21 19:04:05", "zone": "+08:00"}, SHOT.replace(tzinfo=BANDAR)),
        ({"taken": "2026:11:21 19:04:05", "zone": "Z"}, SHOT.replace(tzinfo=UTC)),
        ({"taken": "2026:11:21 19:04:05", "zone": "-03:30"}, SHOT.replace(tzinfo=timezone(-timedelta(hours=3, minutes=30)))),
        ({"taken": "2026:11:21 19:04:05"}, SHOT),
        ({"taken": "2026:11:21 19:04:05", "zone": "later"}, SHOT),
        ({"taken": "2026:11:21 19:04:05", "zone": "+99:00"}, SHOT),
        # The satellites' clock tells the zone; the camera's own seconds stay.
        ({"taken": "2026:11:21 19:04:09", "place": CLOCK}, SHOT.replace(second=9, tzinfo=BANDAR)),
        # A fix of another day tells nothing.
        ({"taken": "2026:11:25 19:04:05", "place": CLOCK}, SHOT.replace(day=25)),
        ({"place": CLOCK}, datetime(2026, 11, 21, 11, 4, 5, tzinfo=UTC)),
        ({"place": {**CLOCK, 29: "yesterday"}}, None),
        ({"place": {**CLOCK, 7: (1.0, 2.0)}}, None),
        ({"taken": "0000:00:00 00:00:00"}, None),
        ({"taken": "1066:10:14 09:00:00"}, None),
        ({"taken": "2026:02:30 12:00:00"}, None),
        ({"taken": "    :  :     :  :  "}, None),
    ],
)  # fmt: skip
def test_when_it_was_taken(values: dict[str, Any], moment: datetime | None) -> None:
    found = of_exif(**values)

    exact = moment is not None and moment.tzinfo is not None
    assert (found.taken_at, found.taken_local) == ((moment, None) if exact else (None, moment))


@pytest.mark.parametrize(
    ("attributes", "inside", "moment"),
    [
        ('photoshop:DateCreated="2026-11-21T19:04:05+08:00"', "", SHOT.replace(tzinfo=BANDAR)),
        ("", "<photoshop:DateCreated>2026-11-21T19:04:05</photoshop:DateCreated>", SHOT),
        ('exif:DateTimeOriginal="2026-11-21T11:04:05.25Z"', "", SHOT.replace(hour=11, microsecond=250000, tzinfo=UTC)),
        ('photoshop:DateCreated="2026-11-21T19:04"', "", SHOT.replace(second=0)),
        ('photoshop:DateCreated="2026-11-21"', "", None),
        ('photoshop:DateCreated="2026-13-21T19:04:05"', "", None),
        ('photoshop:DateCreated="last night"', "", None),
    ],
)  # fmt: skip
def test_when_a_packet_says_it_was_taken(
    attributes: str, inside: str, moment: datetime | None
) -> None:
    found = of_xmp(inside, attributes)

    assert (found.taken_at or found.taken_local) == moment


@pytest.mark.parametrize(
    ("day", "clock", "moment"),
    [
        (b"20261121", b"190405+0800", SHOT.replace(tzinfo=BANDAR)),
        (b"20261121", b"190405", SHOT),
        (b"20261121", b"", None),
        (b"2026", b"190405", None),
        (b"20261341", b"190405", None),
    ],
)
def test_when_the_press_says_it_was_taken(
    day: bytes, clock: bytes, moment: datetime | None
) -> None:
    found = of_iptc((55, day), (60, clock))

    assert (found.taken_at or found.taken_local) == moment


def test_the_cameras_time_goes_before_the_packets_and_that_before_the_presss() -> None:
    packet = xmp("", 'photoshop:DateCreated="2001-01-01T00:00:00Z"')
    press = iptc([(55, b"19990101"), (60, b"000000")], utf8=False)
    all_three = with_segment(jpeg("t", exif=exif(taken="2026:11:21 19:04:05"), xmp=packet), press)
    two = with_segment(jpeg("t", xmp=packet), press)

    assert read(all_three).taken_local == SHOT
    assert read(two).taken_at == datetime(2001, 1, 1, tzinfo=UTC)


def test_the_captions_order_is_packet_press_description_comment() -> None:
    comment: dict[str, Any] = {"comment": b"ASCII\0\0\0four"}
    described = exif(description="three", **comment)
    press = iptc([(120, b"two")], utf8=False)
    packet = xmp(alternatives("dc:description", {"x-default": "one"}))

    assert [
        read(with_segment(jpeg("c", exif=described, xmp=packet), press)).caption,
        read(with_segment(jpeg("c", exif=described), press)).caption,
        read(jpeg("c", exif=described)).caption,
        of_exif(**comment).caption,
    ] == ["one", "two", "three", "four"]


@pytest.mark.parametrize(
    ("texts", "language", "caption"),
    [
        ({"x-default": "Opening", "ms": "Pembukaan"}, "ms", "Opening"),
        ({"en": "Opening", "ms": "Pembukaan"}, "ms", "Pembukaan"),
        ({"en": "Opening", "ms-Arab": "ڤمبوكاءن"}, "ms-Arab", "ڤمبوكاءن"),
        ({"en": "Opening", "ms": "Pembukaan"}, "ms-Arab", "Pembukaan"),
        ({"fr": "Ouverture", "ms": "Pembukaan"}, "zh", "Ouverture"),
        ({"x-default": " ", "ms": "Pembukaan"}, "en", "Pembukaan"),
    ],
)
def test_the_language_of_a_caption(texts: dict[str, str], language: str, caption: str) -> None:
    assert of_xmp(alternatives("dc:description", texts), language=language).caption == caption


def test_a_packets_other_words() -> None:
    found = of_xmp(
        alternatives("dc:title", {"x-default": "Bengkel"})
        + "<dc:creator><rdf:Seq><rdf:li>Siti</rdf:li><rdf:li>Awang</rdf:li></rdf:Seq></dc:creator>"
        + "<dc:subject><rdf:Bag><rdf:li>belia</rdf:li><rdf:li>belia</rdf:li><rdf:li> </rdf:li>"
        + "<rdf:li>workshop</rdf:li></rdf:Bag></dc:subject>",
        'dc:description="as an attribute"',
    )

    assert found == Metadata(
        title="Bengkel",
        caption="as an attribute",
        credit="Siti, Awang",
        keywords=("belia", "workshop"),
    )


@pytest.mark.parametrize("utf8", [True, False])
def test_the_presss_words_in_either_encoding(utf8: bool) -> None:
    encoding = "utf-8" if utf8 else "cp1252"
    found = of_iptc(
        (5, b"Bengkel"),
        (25, b"belia"),
        (25, b"workshop"),
        (80, b"Siti"),
        (120, "Café – Déjà".encode(encoding)),
        utf8=utf8,
    )

    assert found == Metadata(
        title="Bengkel", caption="Café – Déjà", credit="Siti", keywords=("belia", "workshop")
    )


@pytest.mark.parametrize(
    ("comment", "caption"),
    [
        (b"UNICODE\0" + "مجليس ڤمبوكاءن".encode("utf-16-be"), "مجليس ڤمبوكاءن"),
        (b"UNICODE\0" + "Pembukaan".encode("utf-16-le"), "Pembukaan"),
        (b"UNICODE\0" + "Pembukaan".encode("utf-16"), "Pembukaan"),
        (b"ASCII\0\0\0Pembukaan\0\0", "Pembukaan"),
        (b"JIS\0\0\0\0\0" + "開会式".encode("iso2022_jp"), "開会式"),
        (b"\0\0\0\0\0\0\0\0Pembukaan", "Pembukaan"),
        (b"No code at all", "No code at all"),
        (b"ASCII\0\0\0" + b"Caf\xe9", "Café"),
        (b"ASCII\0\0\0\0\0\0\0", ""),
        (b"ASCII\0\0\0  - - -", ""),
        ("a plain text", "a plain text"),
    ],
)
def test_comments_in_the_codes_that_occur(comment: Any, caption: str) -> None:
    assert of_exif(comment=comment).caption == caption


@pytest.mark.parametrize(
    "said",
    [
        "OLYMPUS DIGITAL CAMERA", "SONY DSC", "SAMSUNG CAMERA PICTURES", "Screenshot",
        "Created with GIMP", '{"sdk": 31}', "\u202e\u2066", "...",
    ],
)  # fmt: skip
def test_what_a_machine_wrote_is_no_caption(said: str) -> None:
    assert of_exif(description=said).caption == ""


def test_texts_are_cleaned_composed_and_capped() -> None:
    found = of_xmp(
        alternatives("dc:description", {"x-default": "Cafe\u0301\r\n\n\n\n  two \u202ewords\x7f"})
        + alternatives("dc:title", {"x-default": "x" * 400 + "\nnext"})
        + "".join(f"<dc:subject>{n}</dc:subject>" for n in range(80))
    )

    assert found.caption == "Café\n\ntwo words"
    assert found.title == "x" * 299 + "…"
    assert found.keywords == tuple(str(n) for n in range(50))


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Canon", "Canon EOS R6", "Canon EOS R6"),
        ("NIKON CORPORATION", "NIKON Z 6", "NIKON Z 6"),
        ("Apple", "iPhone 17", "Apple iPhone 17"),
        ("Apple", "", "Apple"),
        ("", "X100", "X100"),
    ],
)
def test_the_cameras_name(make: str, model: str, camera: str) -> None:
    assert of_exif(make=make, model=model).camera == camera


@pytest.mark.parametrize(
    "values",
    [
        {"iso": 0}, {"exposure": ratio(1, 0)}, {"aperture": ratio(0, 1)}, {"focal": ratio(-5, 1)},
        {"exposure": ratio(10**9, 1)}, {"lens": "\0\0"},
    ],
)  # fmt: skip
def test_numbers_that_make_no_sense_are_not_there(values: dict[str, Any]) -> None:
    assert of_exif(**values).details == {}


def test_of_several_speeds_the_first_counts() -> None:
    assert of_exif(iso=(400, 800)).details == {"iso": 400}


@pytest.mark.parametrize("value", ["fast", (), object(), float("nan"), float("inf")])
def test_what_is_no_number_is_not_there(value: object) -> None:
    assert _number(value, 100) is None


@pytest.mark.parametrize(("value", "turn"), [(6, 6), (9, 1), (0, 1), (1, 1)])
def test_orientation(value: int, turn: int) -> None:
    with Image.open(io.BytesIO(jpeg("o", exif=exif(value)))) as image:
        assert metadata.orientation(image) == turn


def test_orientation_that_is_no_number() -> None:
    data = with_segment(jpeg("o"), raw_exif([(0x0112, 2, 2, b"6\0")]))

    with Image.open(io.BytesIO(data)) as image:
        assert metadata.orientation(image) == 1


def test_a_packet_alone_may_turn_a_picture() -> None:
    with Image.open(io.BytesIO(jpeg("o", xmp=xmp("", 'tiff:Orientation="6"')))) as image:
        assert metadata.orientation(image) == 6


def test_blocks_beyond_two_megabytes_are_not_looked_at() -> None:
    image = quarters("huge")
    image.info["xmp"] = xmp(alternatives("dc:title", {"x-default": "x"}) + " " * 2_200_000)
    image.info["exif"] = exif(6).tobytes() + b"\0" * 2_200_000

    assert metadata.read(image) == Metadata()
    assert metadata.orientation(image) == 1


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "piece",
    [
        segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff"),
        raw_exif([(0x8769, 4, 1, b"\x08\0\0\0")], following=8),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0c\x1c\x02\x78\x90\0\0\0\0"),
    ],
)
def test_hostile_blocks_say_nothing_and_hurt_nothing(piece: bytes) -> None:
    data = with_segment(jpeg("h", comment=b"x"), piece)

    assert read(data) == Metadata()


def test_other_formats_carry_the_same_words() -> None:
    said = {"exif": exif(description="Opening night"), "quality": 80}

    captions = [
        read(encoded(quarters(kind), kind, **said)).caption for kind in ("PNG", "WEBP", "AVIF")
    ]

    assert captions == ["Opening night"] * 3


def test_packets_of_other_formats_are_read_too() -> None:
    packet = xmp(alternatives("dc:title", {"x-default": "Bengkel"}))
    text = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)
    files = [encoded(quarters(kind), kind, xmp=packet, quality=80) for kind in ("WEBP", "AVIF")]

    titles = [
        read(data).title for data in (*files, after_header(encoded(quarters("p"), "PNG"), text))
    ]

    assert titles == ["Bengkel"] * 3


def test_metadata_travels_as_json() -> None:
    for told in (
        Metadata(),
        Metadata(taken_local=SHOT, keywords=("a", "b"), details={"iso": 400}),
        Metadata(taken_at=SHOT.replace(tzinfo=BANDAR), title="t", caption="c", credit="k"),
    ):
        assert Metadata.from_json(told.to_json()) == told
