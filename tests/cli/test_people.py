from __future__ import annotations

from flask import Flask

from gallery.models import Role
from gallery.people import people
from gallery.people.passwords import Passwords
from gallery.services import Services
from tests.cli.running import done, flask, refused

PASSWORD = "correct horse battery staple"


def test_a_person_is_added_with_the_password_from_standard_input(app: Flask) -> None:
    said = done(app, "person", "add", "Siti@Example.org", "--role", "editor", stdin=PASSWORD + "\n")

    assert said == "Siti (siti@example.org) can sign in as editor.\n"
    parts: Services = app.extensions["gallery"]
    with parts.db.read() as session:
        person = people.by_email(session, "siti@example.org")
    assert person is not None
    assert person.role is Role.EDITOR
    assert Passwords().matches(person.password_hash, PASSWORD)
    assert PASSWORD not in said


def test_a_name_may_be_given(app: Flask) -> None:
    said = done(app, "person", "add", "a@b.org", "--role", "owner", "--name", "Ali", stdin=PASSWORD)

    assert said == "Ali (a@b.org) can sign in as owner.\n"


def test_what_can_not_be_used_is_refused(app: Flask) -> None:
    words = ("person", "add", "a@b.org", "--role", "owner")

    assert "standard input" in refused(app, *words)
    assert "at least 12" in refused(app, *words, stdin="short\n")
    done(app, *words, stdin=PASSWORD)
    assert "is here already" in refused(app, *words, stdin=PASSWORD)


def test_wrong_usage_exits_with_2(app: Flask) -> None:
    assert flask(app, "person", "add", "a@b.org", "--role", "king").exit_code == 2
    assert flask(app, "person", "add", "a@b.org").exit_code == 2
