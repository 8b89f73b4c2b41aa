"""Odd PNGs, GIFs, WebPs, AVIFs and HEICs, good and bad."""

from __future__ import annotations

import struct
import zlib

import pillow_heif
from PIL import Image

from tests.samples.blocks import P3, after_header, chunk, exif, png, profile
from tests.samples.pictures import SIZE, encoded, quarters, stored
from tests.samples.sample import READY, REJECTED, Sample


def samples() -> list[Sample]:
    """All of them."""
    pillow_heif.register_heif_opener()
    return [*_pngs(), *_bad_pngs(), *_gifs(), *_webps(), *_boxed(), *_misnamed()]


def _good(file: str, why: str, data: bytes, *, corners: bool = True) -> Sample:
    return Sample(file, READY, why, lambda _: data, SIZE, corners)


def _bad(file: str, why: str, data: bytes) -> Sample:
    return Sample(file, REJECTED, why, lambda _: data)


def _see_through(name: str) -> Image.Image:
    """The picture, its middle transparent."""
    picture = quarters(name).convert("RGBA")
    picture.paste((0, 0, 0, 0), (120, 80, 240, 160))
    return picture


def _pngs() -> list[Sample]:
    def of(
        name: str, why: str, image: Image.Image, *, corners: bool = True, **options: object
    ) -> Sample:
        return _good(name, why, encoded(image, "PNG", **options), corners=corners)

    width, height = SIZE
    grey = quarters("grey-alpha.png").convert("LA")
    ramp = [row * 65535 // (height - 1) for row in range(height)]
    rows16 = b"".join(b"\0" + struct.pack(">H", value) * width for value in ramp)
    rows48 = b"".join(
        b"\0" + struct.pack(">3H", value, 30000, 65535 - value) * width for value in ramp
    )
    keyed = quarters("colour-key.png")
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"ha" * 40_000_000, 9))
    plain = encoded(quarters("text-bomb.png"), "PNG")
    wrong_sum = chunk(b"eXIf", b"MM\0*")[:-4] + b"\0\0\0\0"
    return [
        of("plain.png", "PNG", quarters("plain.png")),
        of("palette.png", "palette", quarters("palette.png").quantize(64)),
        of("palette-see-through.png", "palette", _see_through("palette-see-through.png").quantize(64)),
        of("palette-one-clear.png", "palette", quarters("palette-one-clear.png").quantize(16), transparency=0, corners=False),
        of("see-through.png", "transparent", _see_through("see-through.png")),
        of("all-clear.png", "transparent", Image.new("RGBA", SIZE, (9, 9, 9, 0)), corners=False),
        of("grey-alpha.png", "grey", grey, corners=False),
        of("colour-key.png", "transparent", keyed, transparency=(232, 200, 60), corners=False),
        of("one-bit.png", "1 bit", quarters("one-bit.png").convert("1"), corners=False),
        of("turned.png", "upright", stored("turned.png", 6), exif=exif(6)),
        of("p3.png", "P3", quarters("p3.png"), icc_profile=profile(P3), corners=False),
        of("moving.png", "first frame", quarters("moving.png"), save_all=True, append_images=[Image.new("RGB", SIZE)]),
        _good("grey-16.png", "16 bits", png(width, height, 16, 0, rows16), corners=False),
        _good("colour-16.png", "16 bits", png(width, height, 16, 2, rows48), corners=False),
        _good("text-bomb.png", "metadata lost, photo kept", after_header(plain, text)),
        _good("wrong-sum.png", "metadata lost, photo kept", after_header(encoded(quarters("wrong-sum.png"), "PNG"), wrong_sum)),
        Sample("one-pixel.png", READY, "tiny", lambda n: encoded(quarters(n, (1, 1)), "PNG"), (1, 1)),
        Sample("wide.png", READY, "narrow", lambda n: encoded(quarters(n, (20000, 10)), "PNG"), (20000, 10)),
    ]  # fmt: skip


def _bad_pngs() -> list[Sample]:
    whole = encoded(quarters("truncated.png"), "PNG")
    damaged = bytearray(encoded(quarters("damaged.png"), "PNG"))
    damaged[damaged.index(b"IDAT") + 30 : -80] = b"\xa5" * (
        len(damaged) - damaged.index(b"IDAT") - 110
    )
    row = b"\0" * (1 + 30000 // 8)
    return [
        _bad("truncated.png", "incomplete", whole[: len(whole) // 2]),
        _bad("damaged.png", "damaged", bytes(damaged)),
        _bad("bomb.png", "120 million", png(30000, 30000, 1, 0, row * 30000)),
        _bad("claims-64-megapixels.png", "incomplete", png(8000, 8000, 8, 0, b"\0" * 9000)),
        _bad("zero-wide.png", "damaged", png(0, 10, 8, 0, b"\0" * 10)),
        _bad("signature-only.png", "damaged", b"\x89PNG\r\n\x1a\n"),
        _bad("no-picture.png", "damaged", whole[:33] + chunk(b"IEND", b"")),
    ]


def _gifs() -> list[Sample]:
    frames = [quarters(f"{n}.gif").quantize(64) for n in range(3)]
    plain = encoded(quarters("plain.gif").quantize(64), "GIF")
    moving = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=80)
    clear = encoded(_see_through("see-through.gif"), "GIF")
    bomb = bytearray(plain)
    bomb[6:10] = struct.pack("<HH", 65535, 65535)
    return [
        _good("plain.gif", "GIF", plain),
        _good("moving.gif", "first frame", moving),
        _good("see-through.gif", "transparent", clear),
        _bad("bomb.gif", "120 million", bytes(bomb)),
        _bad("truncated.gif", "incomplete", encoded(quarters("t.gif").quantize(64), "GIF")[:900]),
        _bad(
            "program.gif",
            "damaged",
            b"GIF89a\x10\0\x10\0\0\0\0<?php system($_GET['c']); ?>" + b" " * 99,
        ),
    ]


def _webps() -> list[Sample]:
    def of(
        name: str, why: str, image: Image.Image, *, corners: bool = True, **options: object
    ) -> Sample:
        return _good(
            name, why, encoded(image, "WEBP", **{"quality": 90, **options}), corners=corners
        )

    frames = [quarters(f"{n}.webp") for n in range(3)]
    whole = encoded(quarters("truncated.webp"), "WEBP", quality=90)
    bomb = bytearray(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
    bomb[24:30] = b"\xff" * 6
    return [
        of("lossy.webp", "WebP", quarters("lossy.webp")),
        of("lossless.webp", "WebP", quarters("lossless.webp"), lossless=True),
        of("see-through.webp", "transparent", _see_through("see-through.webp")),
        of("turned.webp", "upright", stored("turned.webp", 8), exif=exif(8)),
        of("p3.webp", "P3", quarters("p3.webp"), icc_profile=profile(P3), corners=False),
        of("moving.webp", "first frame", frames[0], save_all=True, append_images=frames[1:]),
        _bad("truncated.webp", "damaged", whole[: len(whole) // 2]),
        _bad("bomb.webp", "120 million", bytes(bomb)),
        _bad("header-only.webp", "damaged", b"RIFF\x20\0\0\0WEBPVP8 "),
        _bad("other-chunk.webp", "damaged", b"RIFF\x20\0\0\0WEBPJUNK" + b"\0" * 32),
    ]  # fmt: skip


def _boxed() -> list[Sample]:
    def avif(name: str, image: Image.Image, **options: object) -> bytes:
        return encoded(image, "AVIF", quality=80, speed=10, **options)

    def heic(name: str, image: Image.Image, **options: object) -> bytes:
        return encoded(image, "HEIF", quality=80, **options)

    whole = avif("truncated.avif", quarters("truncated.avif"))
    phone = heic("truncated.heic", quarters("truncated.heic"))
    frames = [quarters(f"{n}.avif") for n in range(2)]
    return [
        _good("plain.avif", "AVIF", avif("plain.avif", quarters("plain.avif"))),
        _good("see-through.avif", "transparent", avif("see-through.avif", _see_through("see-through.avif"))),
        _good("turned.avif", "upright", avif("turned.avif", stored("turned.avif", 6), exif=exif(6))),
        _good("moving.avif", "first frame", avif("moving.avif", frames[0], save_all=True, append_images=frames[1:])),
        _bad("truncated.avif", "damaged", whole[: len(whole) * 2 // 3]),
        _bad("header-only.avif", "damaged", whole[:40]),
        _good("phone.heic", "HEIC", heic("phone.heic", quarters("phone.heic"))),
        _good("phone-turned.heic", "upright", heic("phone-turned.heic", stored("phone-turned.heic", 6), exif=exif(6).tobytes())),
        # Exif alone turns no HEIC: the boxes decide (ISO 23008-12).
        _good("phone-says-turned.heic", "upright", heic("phone-says-turned.heic", quarters("phone-says-turned.heic"), exif=exif(6))),
        _good("phone-p3.heic", "P3", heic("phone-p3.heic", quarters("phone-p3.heic"), icc_profile=profile(P3)), corners=False),
        _good("see-through.heic", "transparent", heic("see-through.heic", _see_through("see-through.heic"))),
        _bad("truncated.heic", "damaged", phone[: len(phone) * 2 // 3]),
        _bad("header-only.heic", "damaged", phone[:40]),
    ]  # fmt: skip


def _misnamed() -> list[Sample]:
    return [
        _good("really-png.jpg", "misnamed", encoded(quarters("really-png.jpg"), "PNG")),
        _good(
            "really-webp.png", "misnamed", encoded(quarters("really-webp.png"), "WEBP", quality=90)
        ),
        _good(
            "really-heic.jpg", "misnamed", encoded(quarters("really-heic.jpg"), "HEIF", quality=80)
        ),
        _good("really-jpeg.heic", "misnamed", encoded(quarters("really-jpeg.heic"))),
        _good("really-jpeg.exe", "misnamed", encoded(quarters("really-jpeg.exe"))),
        _good("no-suffix", "misnamed", encoded(quarters("no-suffix"))),
        _good("SHOUTING.JPEG", "misnamed", encoded(quarters("SHOUTING.JPEG"))),
    ]
