"""Commands that keep the site well: upgrade, doctor."""

from __future__ import annotations

import click

from gallery.albums import health, renditions
from gallery.albums.health import Health
from gallery.cli.common import Failed, command, say, services, utcnow
from gallery.cli.findings import look
from gallery.models import schema


@command("upgrade", any_schema=True)
@click.option("--quiet", is_flag=True, help="Say nothing when there is nothing to do.")
def upgrade(quiet: bool) -> None:
    """Bring the database up to date, after a checked copy of it."""
    done = schema.upgrade(services().db, now=utcnow())
    if done.before is None:
        say("The database was made.")
    elif not done.changed:
        if not quiet:
            say("The database is up to date.")
    elif done.backup is None:
        say(f"The database was upgraded from {done.before} to {done.after}.")
    else:
        say(
            f"The database was upgraded from {done.before} to {done.after}; "
            f"how it was before is kept in {done.backup}."
        )


@command("doctor")
@click.option("--deep", is_flag=True, help="Read every original too, to see that it is sound.")
@click.option("--repair", is_flag=True, help="Set right what can be.")
def doctor(deep: bool, repair: bool) -> None:
    """Say whether all is well, and if not, what to do. Exit code 1 if something is wrong."""
    found = look(services(), now=utcnow(), deep=deep)
    if repair and not found.health.well:
        _repair(found.health)
        found = look(services(), now=utcnow(), deep=deep)
    for sentence in found.notes:
        click.echo(f"note: {sentence}")
    for sentence in found.troubles:
        click.echo(f"trouble: {sentence}")
    if found.troubles:
        raise Failed(f"{len(found.troubles)} things need you; the lines above say what to do.")
    click.echo("All is well.")


def _repair(sick: Health) -> None:
    parts = services()
    health.repair(parts.db, parts.storage, sick)
    waiting = [*sick.idle, *(photo.id for photo in sick.bare)]
    for photo_id in waiting:
        renditions.work(
            parts.db, parts.storage, parts.renderer, photo_id, clock=parts.clock.now, take_over=True
        )
    say("Repaired what could be.")
