"""Photos in: the form of many files, its answers, and how far the pictures are."""

from __future__ import annotations

from collections import Counter
from typing import cast

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from gallery.albums import intake, opening
from gallery.albums.intake import Admission, Outcome
from gallery.web.context import services, utcnow
from gallery.web.origin import wants_json
from gallery.web.studio import queries, standing
from gallery.web.studio.base import bp, page, who

NEWEST = 60  # photos shown below the form
WORDS: dict[Outcome, str] = {
    "added": "arrived",
    "duplicate": "already here",
    "rejected": "left out",
}


@bp.get("/a/<album_id>/add")
def add(album_id: str) -> ResponseReturnValue:
    """The form, and the photos that came last."""
    return _page(album_id, [])


@bp.post("/a/<album_id>/add")
def receive(album_id: str) -> ResponseReturnValue:
    """Take photos in, one after the other; each is safe before the next begins.

    Our script gets JSON, one row a file; everybody else a page with the same rows.
    """
    with services().db.read() as session:
        opening.by_id(session, album_id)
    files = [file for file in request.files.getlist("photos") if file.filename]
    admissions = [_take_in(album_id, file) for file in files]
    if wants_json():
        return jsonify(files=[_row(admission) for admission in admissions])
    if not admissions:
        flash("No photos were chosen; choose some, then press Add.", "warn")
        return redirect(url_for("studio.add", album_id=album_id), code=303)
    return _page(album_id, admissions)


@bp.get("/a/<album_id>/arriving")
def arriving(album_id: str) -> ResponseReturnValue:
    """The part of pages that shows how far the newest photos are, asked for again and again."""
    with services().db.read() as session:
        album = opening.by_id(session, album_id)
        return page(
            "arriving.html",
            album=album,
            stands=standing.stands(session, album.id),
            photos=queries.newest(session, album.id, NEWEST),
            counts=queries.counts_of(session, [album.id]).get(album.id, queries.Counts()),
        )


def _take_in(album_id: str, file: FileStorage) -> Admission:
    """Stream one file in; only its row is written in a transaction."""
    parts = services()
    arrival = intake.receive(parts.storage, file.stream, cast(str, file.filename))
    file.close()
    with parts.db.write() as session:
        album = opening.by_id(session, album_id)
        admission = intake.admit(session, parts.storage, album, arrival, now=utcnow(), by=who().id)
        photo_id = admission.photo.id
    if admission.outcome == "added":
        parts.bell.render(photo_id)
    return admission


def _row(admission: Admission) -> dict[str, str]:
    return {
        "name": admission.file,
        "outcome": admission.outcome,
        "says": WORDS[admission.outcome],
        "reason": admission.reason,
        "photo": admission.photo.id,
    }


def _page(album_id: str, admissions: list[Admission]) -> ResponseReturnValue:
    with services().db.read() as session:
        album = opening.by_id(session, album_id)
        return page(
            "add.html",
            album=album,
            admissions=admissions,
            said=_in_all(admissions),
            words=WORDS,
            photos=queries.newest(session, album.id, NEWEST),
            counts=queries.counts_of(session, [album.id]).get(album.id, queries.Counts()),
        )


def _in_all(admissions: list[Admission]) -> str:
    """`3 arrived, 1 already here`."""
    outcomes = Counter(admission.outcome for admission in admissions)
    return ", ".join(f"{outcomes[o]} {words}" for o, words in WORDS.items() if outcomes[o])
