"""Commands for the operator: `flask …`."""

from __future__ import annotations

from flask import Flask

from gallery.cli import albums, changing, people, publishing, scheduling, upkeep, worker

COMMANDS = (
    albums.import_,
    albums.caption,
    albums.photos,
    people.person,
    publishing.connect,
    publishing.list_accounts,
    publishing.publish,
    publishing.deliveries,
    publishing.settle,
    scheduling.approve,
    scheduling.schedule,
    changing.amend_,
    publishing.retract,
    changing.take_down,
    upkeep.upgrade,
    upkeep.doctor,
    worker.worker,
)


def install(app: Flask) -> None:
    """Add our commands to `flask`."""
    for command in COMMANDS:
        app.cli.add_command(command)
