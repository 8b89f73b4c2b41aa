"""Commands about people."""

from __future__ import annotations

import sys

import click

from gallery.cli.common import command, services, utcnow
from gallery.errors import InvalidInput
from gallery.models import Role
from gallery.people import people
from gallery.people.passwords import Passwords


@command("add")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", default="", help="Their name; else the address's first part.")
def add(email: str, role: str, name: str) -> None:
    """Add somebody who signs in as EMAIL. The password comes on standard input."""
    password_hash = Passwords().hash(_password())
    with services().db.write() as session:
        person = people.add(
            session,
            name=name or email.partition("@")[0],
            email=email,
            password_hash=password_hash,
            role=Role(role),
            now=utcnow(),
        )
    click.echo(f"{person.name} ({person.email}) can sign in as {role}.")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise InvalidInput("The password is missing; give it on standard input.")
    return password


person = click.Group("person", help="People who sign in.", commands=[add])
