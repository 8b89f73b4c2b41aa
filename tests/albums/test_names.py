from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from gallery.albums.names import LONGEST, clean_name, new_photo_id
from gallery.models import Album, Photo


@pytest.mark.parametrize(
    ("came", "label"),
    [
        ("IMG_1.jpg", "IMG_1.jpg"),
        ("day 1/IMG_1.jpg", "day 1/IMG_1.jpg"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/./passwd", "etc/passwd"),
        ("C:\\Users\\me\\x.jpg", "Users/me/x.jpg"),
        ("..\\..\\x.jpg", "x.jpg"),
        ("a\x00b\x1b[31m\n.jpg", "ab[31m.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("caf\u0065\u0301.jpg", "caf\u00e9.jpg"),
        ("bad\udcff.jpg", "bad.jpg"),
        ("مجلس.jpg", "مجلس.jpg"),
        (" / .. / ", "unnamed"),
        ("", "unnamed"),
    ],
)
def test_a_name_is_only_a_label_and_leads_nowhere(came: str, label: str) -> None:
    assert clean_name(came) == label


def test_a_cleaned_name_stays_as_it_is() -> None:
    for name in ("a/b.jpg", "é" * 400 + ".jpeg", "…/x", ".DS_Store"):
        assert clean_name(clean_name(name)) == clean_name(name)


def test_two_long_names_stay_two_and_keep_their_ending() -> None:
    first, second = clean_name("é" * 400 + "1.jpeg"), clean_name("é" * 400 + "2.jpeg")

    assert first != second
    assert first.endswith(".jpeg")
    assert len(first) <= LONGEST


def test_an_id_that_a_photo_has_is_not_given_again(
    session: Session, album: Album, now: datetime
) -> None:
    session.add(Photo(id="2bcd34", album_id=album.id, sha256="0", file="x", bytes=1, added_at=now))
    session.flush()
    drawn = iter(["2bcd34", "9wxz87"])

    assert new_photo_id(session, lambda: next(drawn)) == "9wxz87"


def test_ids_have_six_signs_that_nobody_misreads(session: Session) -> None:
    ids = {new_photo_id(session) for _ in range(50)}

    assert len(ids) == 50
    assert all(len(photo_id) == 6 and not set(photo_id) & set("01ilouaey") for photo_id in ids)
