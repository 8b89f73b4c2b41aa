"""A form is read whatever bytes its file names are made of, and files keep theirs."""

from __future__ import annotations

import io
import random

import pytest
from flask import Flask
from sqlalchemy import select

from gallery.models import Photo, Role
from gallery.web.multipart import LONGEST_HEADERS, Mended, TolerantParser
from tests.albums.pictures import jpeg
from tests.web.browser import Browser, parts_of

BOUNDARY = b"----a3f"
TYPE = f"multipart/form-data; boundary={BOUNDARY.decode()}"
LATIN = "Öffnung.jpg".encode("latin-1")


def body(*parts: tuple[bytes, bytes]) -> bytes:
    """A form of these parts: what follows `form-data;` and the content of each."""
    return (
        b"".join(
            b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (BOUNDARY, told, content)
            for told, content in parts
        )
        + b"--%s--\r\n" % BOUNDARY
    )


class Dripping(io.BytesIO):
    """Gives its bytes a few at a time, as networks do."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 1, self.step))

    step = 7


def test_a_photo_with_a_name_that_is_not_utf_8_is_taken_in(app: Flask) -> None:
    owner, data = Browser.signed_in(app, Role.OWNER), jpeg(1)
    owner.post("/studio/albums", {"title": "Opening"})
    page = owner.get("/studio").text
    album = page.split('href="/studio/a/')[1].split('"')[0]
    sent = body(
        (b'name="csrf_token"', owner.token().encode()),
        (b'name="photos"; filename="%s"' % LATIN, data),
    )

    answer = owner.client.post(f"/studio/a/{album}/add", data=sent, content_type=TYPE)

    assert "1 arrived" in answer.text
    with parts_of(app).db.read() as session:
        photo = session.scalars(select(Photo)).one()
    assert photo.file == "\N{REPLACEMENT CHARACTER}ffnung.jpg"
    assert parts_of(app).storage.original(photo.sha256).read_bytes() == data


@pytest.mark.parametrize("step", [1, 2, 7, 100, 5000])
def test_files_keep_their_bytes_however_the_form_comes_in(step: int) -> None:
    odd = random.Random(4).randbytes(3000) + b"\r\n--" + BOUNDARY[:-1] + b"\xff\r\n\r\n\xff"
    sent = body(
        (b'name="a"; filename="%s"' % LATIN, odd), (b'name="b"', b"words"), (b'name="c"', b"")
    ).replace(b"\r\n\r\n\r\n--", b"\r\n\r\n--")
    stream = Dripping(sent)
    stream.step = step

    _, form, files = TolerantParser().parse(
        stream, "multipart/form-data", len(sent), {"boundary": BOUNDARY.decode()}
    )

    assert form.to_dict() == {"b": "words", "c": ""}
    with files["a"].stream as file:
        assert file.read() == odd
    assert files["a"].filename == "\N{REPLACEMENT CHARACTER}ffnung.jpg"


def test_a_form_without_an_end_gives_back_every_byte_and_holds_few() -> None:
    sent = b"--" + BOUNDARY + b"\r\n" + b"\xff" * (3 * LONGEST_HEADERS)
    mended = Mended(io.BytesIO(sent), BOUNDARY)

    read = []
    while some := mended.read(LONGEST_HEADERS // 2):
        read.append(some)

    assert b"".join(read) == sent
    assert max(map(len, read)) <= 2 * LONGEST_HEADERS


def test_other_forms_are_read_as_ever() -> None:
    stream = io.BytesIO(b"a=1&b=%C3%96")

    _, form, files = TolerantParser().parse(stream, "application/x-www-form-urlencoded", 12, {})

    assert form.to_dict() == {"a": "1", "b": "Ö"}
    assert not files
