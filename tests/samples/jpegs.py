"""Odd JPEGs: their coding, their colours, their metadata, their ends."""

from __future__ import annotations

import io
import struct
from functools import partial
from typing import Any

from PIL import Image

from tests.samples.blocks import (
    ADOBE,
    BRUNEI,
    CLOCK,
    P3,
    alternatives,
    exif,
    grey_profile,
    iptc,
    profile,
    ratio,
    raw_exif,
    segment,
    with_segment,
    xmp,
)  # fmt: skip
from tests.samples.pictures import PATCH, SIZE, encoded, jpeg, quarters, stored
from tests.samples.sample import READY, REJECTED, Sample

TURNED = (SIZE[1], SIZE[0])
JAWI, CHINESE = "مجليس ڤمبوكاءن بڠكل", "青年工作坊开幕式"


def samples() -> list[Sample]:
    """All of them."""
    return [*_turned(), *_codings(), *_colours(), *_metadata(), *_hostile_metadata(), *_broken()]


def _good(file: str, why: str, data: bytes, *, corners: bool = True) -> Sample:
    return Sample(file, READY, why, lambda _: data, SIZE, corners)


def _turned() -> list[Sample]:
    def make(orientation: int, name: str) -> bytes:
        return encoded(stored(name, orientation), exif=exif(orientation))

    return [
        Sample(f"orientation-{n}.jpg", READY, "upright", partial(make, n), SIZE, corners=True)
        for n in range(1, 9)
    ]


def _codings() -> list[Sample]:
    def of(why: str, **options: object) -> Sample:
        name = f"{why.replace(' ', '-')}.jpg"
        return _good(name, why, jpeg(name, **options))

    return [
        of("progressive", progressive=True),
        of("quality 5", quality=5),
        of("half chroma", subsampling="4:2:2"),
        of("quarter chroma", subsampling="4:2:0"),
        of("restart markers", restart_marker_blocks=1),
        of("kept as RGB", keep_rgb=True),
        of("fine print", dpi=(1200, 1200)),
        of("comment", comment=b"shot by somebody at home"),
        _good("many-scans.jpg", "400 scans", _many_scans(jpeg("many-scans.jpg", progressive=True))),
        _good("two-frames.mpo.jpg", "MPO", _mpo("two-frames.mpo.jpg")),
        _good("gain-map.jpg", "HDR", _mpo("gain-map.jpg", xmp=xmp("", 'hdrgm:Version="1.0" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"'))),
        _good("padded-markers.jpg", "padding", with_segment(jpeg("padded-markers.jpg"), b"\xff\xff\xff")),
        _good("trailing-zip.jpg", "trailing data", jpeg("trailing-zip.jpg") + b"PK\3\4" + b"secret" * 99),
        _good("trailing-page.jpg", "trailing data", jpeg("trailing-page.jpg") + b"<script>alert(1)</script>"),
        Sample("narrow.jpg", READY, "narrow", lambda n: encoded(quarters(n, (10, 20000))), (10, 20000)),
        Sample("one-pixel.jpg", READY, "tiny", lambda n: encoded(quarters(n, (1, 1))), (1, 1)),
    ]  # fmt: skip


def _many_scans(progressive: bytes) -> bytes:
    """The first scan of a progressive file, four hundred times."""
    start = progressive.index(b"\xff\xda")
    end = progressive.index(b"\xff\xc4", start)
    return progressive[:start] + progressive[start:end] * 400 + progressive[end:]


def _mpo(name: str, **options: object) -> bytes:
    second = Image.new("RGB", SIZE, "black")
    return encoded(
        quarters(name), "MPO", save_all=True, append_images=[second], quality=90, **options
    )


def _colours() -> list[Sample]:
    patch = Image.new("RGB", SIZE, PATCH)
    cmyk = quarters("cmyk.jpg").convert("CMYK")
    grey = quarters("grey.jpg").convert("L")
    other = quarters("grey-gamma.jpg").convert("L")
    return [
        _good("p3-patch.jpg", "P3", encoded(patch, icc_profile=profile(P3)), corners=False),
        _good("p3.jpg", "P3", jpeg("p3.jpg", icc_profile=profile(P3)), corners=False),
        _good("adobe-rgb.jpg", "Adobe RGB", jpeg("adobe-rgb.jpg", icc_profile=profile(ADOBE, 2.2)), corners=False),
        _good("cmyk.jpg", "CMYK", encoded(cmyk)),
        _good("grey.jpg", "grey", encoded(grey), corners=False),
        _good("grey-gamma.jpg", "grey", encoded(other, icc_profile=grey_profile(1.8)), corners=False),
        _good("grey-profile-on-colours.jpg", "wrong profile", jpeg("grey-profile-on-colours.jpg", icc_profile=grey_profile(1.8))),
        _good("broken-profile.jpg", "broken profile", jpeg("broken-profile.jpg", icc_profile=b"\0\0\2\0none" * 40)),
        _good("short-profile.jpg", "broken profile", jpeg("short-profile.jpg", icc_profile=b"x")),
    ]  # fmt: skip


def _metadata() -> list[Sample]:
    def of(name: str, why: str, made: Image.Exif | None = None, *pieces: bytes) -> Sample:
        data = jpeg(name, **({"exif": made} if made else {}))
        for piece in pieces:
            data = with_segment(data, piece)
        return _good(name, why, data)

    def packet(name: str, why: str, data: bytes) -> Sample:
        return _good(name, why, jpeg(name, xmp=data))

    latin, utf8 = "Majlis pembukaan – Café Déjà", "Majlis pembukaan – Café Déjà"
    press = [
        (5, b"Bengkel"),
        (25, b"belia"),
        (25, b"workshop"),
        (80, b"A. Photographer"),
        (55, b"20261121"),
        (60, b"190405+0800"),
    ]
    shot: dict[str, Any] = {"taken": "2026:11:21 19:04:05", "zone": "+08:00", "fraction": "37"}
    return [
        of("place-and-serial.jpg", "GPS", exif(make="LabCam", model="LabCam L-24", serial="SN-12345", place={**BRUNEI, **CLOCK}, **shot)),
        of("time-with-zone.jpg", "time", exif(**shot)),
        of("time-without-zone.jpg", "time", exif(taken="2026:11:21 19:04:05")),
        of("time-by-satellite.jpg", "time", exif(taken="2026:11:21 19:04:09", place=CLOCK)),
        of("time-zeros.jpg", "no time", exif(taken="0000:00:00 00:00:00")),
        of("machine-caption.jpg", "boilerplate", exif(description="OLYMPUS DIGITAL CAMERA")),
        of("caption.jpg", "caption", exif(description="Opening night")),
        of("comment-big-endian.jpg", "caption", exif(comment=b"UNICODE\0" + JAWI.encode("utf-16-be"))),
        of("comment-little-endian.jpg", "caption", exif(comment=b"UNICODE\0" + "Pembukaan bengkel".encode("utf-16-le"))),
        of("comment-ascii.jpg", "caption", exif(comment=b"ASCII\0\0\0Pembukaan bengkel")),
        of("press-utf8.jpg", "caption", None, iptc([*press, (120, utf8.encode())], utf8=True)),
        of("press-latin.jpg", "caption", None, iptc([*press, (120, latin.encode("cp1252"))], utf8=False)),
        packet("packet-languages.jpg", "caption", xmp(alternatives("dc:description", {"x-default": "Opening", "ms": "Pembukaan", "zh": CHINESE}))),
        packet("packet-turned.jpg", "upright", xmp("", 'tiff:Orientation="1"')),
        of("exposure.jpg", "details", exif(make="Canon", model="Canon EOS R6", exposure=ratio(1, 125), aperture=ratio(28, 10), iso=400, focal=ratio(35, 1), lens="RF35mm")),
    ]  # fmt: skip


def _hostile_metadata() -> list[Sample]:
    def of(name: str, piece: bytes) -> Sample:
        return _good(name, "metadata lost, photo kept", with_segment(jpeg(name), piece))

    def exif_of(name: str, made: Image.Exif) -> Sample:
        return _good(name, "metadata lost, photo kept", jpeg(name, exif=made))

    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    bomb = xmp("<dc:title>&j;</dc:title>").replace(
        b"<x:xmpmeta", f"{laughs}]><x:xmpmeta".encode(), 1
    )
    deep = xmp("<dc:title>" + "<b>" * 6000 + "</b>" * 6000 + "</dc:title>")
    return [
        of("exif-loop.jpg", raw_exif([(0x8769, 4, 1, struct.pack("<I", 8))], following=8)),
        of("exif-zero-denominator.jpg", raw_exif([(0x8769, 4, 1, struct.pack("<I", 26))], struct.pack("<HHHII", 1, 0x829A, 5, 1, 44) + b"\0" * 12)),
        of("exif-huge-count.jpg", raw_exif([(0x010E, 2, 0xFFFFFFFF, struct.pack("<I", 26))])),
        of("exif-far-away.jpg", raw_exif([(0x8769, 4, 1, b"\xff\xff\xff\x7f"), (0x8825, 4, 1, b"\xff\xff\xff\xff")])),
        of("exif-many-entries.jpg", raw_exif([(n, 2, 60000, struct.pack("<I", 8)) for n in range(4000)])),
        of("exif-wrong-types.jpg", raw_exif([(0x0112, 2, 2, b"6\0"), (0x010E, 12, 1, b"abcd"), (0x8769, 2, 4, b"oops")])),
        of("exif-garbage.jpg", segment(0xE1, b"Exif\0\0" + b"\xa5garbage" * 99)),
        of("exif-cut.jpg", segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\x20")),
        of("exif-nothing.jpg", segment(0xE1, b"Exif\0\0")),
        exif_of("orientation-nine.jpg", exif(9)),
        exif_of("orientation-zero.jpg", exif(0)),
        of("packet-laughs.jpg", segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + bomb)),
        of("packet-deep.jpg", segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + deep)),
        of("packet-broken.jpg", segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta <<")),
        of("press-broken.jpg", segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\xff\xff\xff\xff\x1c\x02")),
        of("press-lies.jpg", iptc([(120, b"x" * 40)], utf8=False)[:-20] + b"\x1c\x02\x78\x7f\xff" + b"y" * 15),
        of("mpo-lies.jpg", segment(0xE2, b"MPF\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 40)),
        of("many-comments.jpg", segment(0xFE, b"spam" * 9) * 2000),
    ]  # fmt: skip


def _broken() -> list[Sample]:
    def of(file: str, why: str, data: bytes) -> Sample:
        return Sample(file, REJECTED, why, lambda _: data)

    whole = jpeg("truncated.jpg")
    frame = whole.index(b"\xff\xc0")
    huge = whole[: frame + 5] + struct.pack(">HH", 65500, 65500) + whole[frame + 9 :]
    flat = whole[: frame + 5] + struct.pack(">HH", 0, 0) + whole[frame + 9 :]
    progressive = jpeg("truncated-progressive.jpg", progressive=True)
    return [
        of("truncated.jpg", "incomplete", whole[: len(whole) * 6 // 10]),
        of("truncated-progressive.jpg", "incomplete", progressive[: len(progressive) // 2]),
        of("header-only.jpg", "incomplete", whole[: whole.index(b"\xff\xda") + 12]),
        of("three-bytes.jpg", "damaged", b"\xff\xd8\xff"),
        of("start-and-end.jpg", "damaged", b"\xff\xd8\xff\xd9"),
        of("zeros-after-header.jpg", "damaged", whole[:20] + b"\0" * 5000),
        of("claims-four-gigapixels.jpg", "120 million", huge),
        of("claims-nothing.jpg", "damaged", flat),
        of("half-overwritten.jpg", "damaged", whole[:200] + io.BytesIO(whole[::-1]).read()),
    ]
