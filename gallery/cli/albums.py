"""Commands about albums: take a folder in, set captions, list photos."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from gallery.albums import arrange, describe, importing, opening
from gallery.albums.importing import Importer, Report, Wish
from gallery.cli.common import Failed, command, json_option, print_json, say, services
from gallery.errors import InvalidInput
from gallery.models import Photo


@command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--title", required=True, help="The album's title.")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The event's first day."
)
@click.option("--venue", default="", help="Where it was.")
@click.option("--slug", default="", help="The album's address; else made of the title.")
@click.option("--public", is_flag=True, help="Open the album to everybody.")
@json_option
def import_(
    folder: Path, title: str, day: datetime, venue: str, slug: str, public: bool, as_json: bool
) -> None:
    """Take in every photo below FOLDER and make its renditions.

    Run it again after an interruption: it goes on, and doubles nothing.
    """
    parts = services()
    wish = Wish(title, day.date(), venue, slug, public)
    files = importing.files_of(folder)
    with click.progressbar(length=len(files), label="Photos", file=sys.stderr) as bar:
        importer = Importer(
            parts.db, parts.storage, parts.renderer, clock=parts.clock.now, progress=bar.update
        )
        report = importer.run(folder, files, wish)
    _answer(report, as_json)
    if not report.photos:
        raise Failed(f"None of the {len(files)} files became a photo; the album is empty.")


def _answer(report: Report, as_json: bool) -> None:
    if report.waiting:
        say(f"{report.waiting} photos still wait for their renditions; run this again.")
    if as_json:
        rows = [{"file": f.file, "outcome": f.outcome, "reason": f.reason} for f in report.files]
        print_json({"album": report.slug, "photos": rows})
        return
    for file in report.files:
        if file.outcome == "rejected":
            say(f"Left out: {file.file}: {file.reason}")
    count = Counter(file.outcome for file in report.files)
    click.echo(
        f"{report.slug}: {count['added']} added, {count['duplicate']} already there, "
        f"{count['rejected']} left out; {report.photos} photos in the album."
    )


@command("caption")
@click.argument("slug")
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def caption(slug: str, table: Path) -> None:
    """Set captions, alt texts and credits of the album SLUG from the CSV file TABLE.

    Its first line names the columns: file, and of caption, alt_text, credit those to set.
    """
    try:
        words = table.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{table} is not in UTF-8; save it as “CSV UTF-8”.") from error
    with services().db.write() as session:
        done = describe.from_csv(session, opening.by_slug(session, slug), words)
    for file in done.unknown:
        say(f"Not in the album: {file}")
    if not done.matched:
        raise Failed("None of the files in the table is in the album; nothing was changed.")
    click.echo(f"{done.matched} photos found, {done.changed} of them changed.")


@command("photos")
@click.argument("slug")
@json_option
def photos(slug: str, as_json: bool) -> None:
    """List the photos of the album SLUG in its order, and the files that were left out."""
    with services().db.read() as session:
        album = opening.by_slug(session, slug)
        rows = arrange.photos_in_order(session, album.id, arrange.ALL)
    if as_json:
        print_json({"photos": [_row(photo) for photo in rows]})
        return
    for photo in rows:
        about = photo.reason or photo.caption
        click.echo(f"{photo.id}  {photo.state.value:8}  {photo.file}  {about}".rstrip())


def _row(photo: Photo) -> dict[str, Any]:
    plain = ("id", "file", "sha256", "reason", "caption", "alt_text", "credit")
    return {
        **{name: getattr(photo, name) for name in plain},
        "state": photo.state.value,
        "taken_at": photo.taken_at.isoformat() if photo.taken_at else None,
    }
