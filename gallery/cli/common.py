"""What all commands share: the running parts, a schema that fits, answers and refusals."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import datetime
from typing import IO, Any, ParamSpec, cast

import click
from flask import current_app
from flask.cli import with_appcontext

from gallery.errors import GalleryError
from gallery.models import schema
from gallery.services import Services

P = ParamSpec("P")

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


class Failed(click.ClickException):
    """Refused: one sentence on standard error, exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Say the sentence, and nothing else."""
        click.echo(self.message, file=file, err=file is None)


def command(name: str, *, any_schema: bool = False) -> Callable[[Callable[P, None]], click.Command]:
    """A command of the operator.

    Before it runs, the schema is made in an empty database and checked in any other, unless the
    command can do with `any_schema`. What it can't do it says by raising a GalleryError.
    """

    def made(function: Callable[P, None]) -> click.Command:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                if not any_schema:
                    schema.make_or_check(services().db)
                function(*args, **kwargs)
            except GalleryError as error:
                raise Failed(str(error)) from error

        return click.command(name)(with_appcontext(run))

    return made


def services() -> Services:
    """The running parts."""
    return cast(Services, current_app.extensions["gallery"])


def utcnow() -> datetime:
    """This moment, aware, by the clock that everybody here goes by."""
    return services().clock.now()


def say(sentence: str) -> None:
    """Tell the person at the terminal something that is not the answer."""
    click.echo(sentence, err=True)


def print_json(answer: dict[str, Any]) -> None:
    """One JSON object on standard output."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
