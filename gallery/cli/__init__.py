"""Commands for the operator: `flask …`."""

from __future__ import annotations

from flask import Flask

from gallery.cli import albums, people, publishing, scheduling, upkeep

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
    publishing.retract,
    upkeep.upgrade,
    upkeep.doctor,
)


def install(app: Flask) -> None:
    """Add our commands to `flask`."""
    for command in COMMANDS:
        app.cli.add_command(command)
