"""Good photos with odd names: a name is a label, nothing more."""

from __future__ import annotations

import os

from tests.samples.pictures import SIZE, jpeg
from tests.samples.sample import READY, Sample

_SENT = (
    "../escape.jpg",
    "../../../../etc/passwd.jpg",
    "/etc/cron.d/photo.jpg",
    "day/../../photo.jpg",
    "cut\0off.jpg",
    "a" * 296 + ".jpg",
)
_STORED = (
    "Cafe\u0301 De\u0301ja\u0300.jpg",  # accents as separate marks, as a Mac writes them
    "Café Déjà vu.jpg",
    "مجليس ڤمبوكاءن.jpg",
    "青年工作坊.jpg",
    "party 🎉.jpg",
    "b" * 240 + ".jpg",
    "c" * 180 + "/" + "d" * 180 + ".jpg",
    "deep/er/and/deeper/photo.jpg",
    "deep/er/photo.jpg",
    ".hidden.jpg",
    ".hidden/photo.jpg",
    "-rf.jpg",
    "--help",
    " spaces .jpg",
    "dots....jpg",
    "line\nbreak.jpg",
    "tab\tstop.jpg",
    "bell\x07.jpg",
    "tnelis\u202egpj.exe",  # shows as tnelisexe.jpg
    "C:\\fakepath\\photo.jpg",
    "CON.jpg",
    "quote'\"<script>alert(1)</script>.jpg".replace("/", "\u2215"),
    "percent%2e%2e%2fescape.jpg",
    "semi;colon&amp=1.jpg",
    "=HYPERLINK(1).jpg",
    "double.jpg.exe",
    os.fsdecode(b"latin-caf\xe9.jpg"),
)


def samples() -> list[Sample]:
    """All of them."""
    return [Sample(file, READY, "name", jpeg, SIZE, corners=True) for file in (*_SENT, *_STORED)]
