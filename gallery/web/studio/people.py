"""Who may sign in here: for owners."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from gallery.errors import Conflict, InvalidInput
from gallery.models import Role
from gallery.people import audit
from gallery.people import people as everyone
from gallery.web import session as sign_ins
from gallery.web.context import services, utcnow
from gallery.web.studio.base import bp, done, errors_of, page, who

ROLES = (
    (Role.EDITOR, "Editor: albums, photos, captions, posts"),
    (Role.UPLOADER, "Uploader: may only add photos"),
    (Role.OWNER, "Owner: everything, accounts and people too"),
)


@bp.get("/people")
def people() -> ResponseReturnValue:
    """Everybody with their role, a form for one more, and what was done lately."""
    with services().db.read() as session:
        return _page(session, {})


@bp.post("/people")
def add_person() -> ResponseReturnValue:
    """Add a person with a first password, which the owner tells them."""
    try:
        password_hash = sign_ins.passwords().hash(request.form.get("password", ""))
        with services().db.write() as session:
            added = everyone.add(
                session,
                name=request.form.get("name", ""),
                email=request.form.get("email", ""),
                password_hash=password_hash,
                role=everyone.role_named(request.form.get("role", "")),
                now=utcnow(),
                by=who().id,
            )
    except InvalidInput as error:
        with services().db.read() as session:
            return _page(session, errors_of(error), status=422)
    return done(f"{added.name} can sign in now. Tell them the password yourself.", "people")


@bp.post("/people/<person_id>")
def change_person(person_id: str) -> ResponseReturnValue:
    """Change a person's role, or stop or allow signing in; their sessions end."""
    action = request.form.get("do", "")
    try:
        with services().db.write() as session:
            said = _change(session, person_id, action)
    except Conflict as error:
        with services().db.read() as session:
            return _page(session, errors_of(error), status=409)
    return done(said, "people")


@bp.post("/people/<person_id>/password")
def new_password(person_id: str) -> ResponseReturnValue:
    """Give a person a new password; all their sessions end."""
    try:
        password_hash = sign_ins.passwords().hash(request.form.get("password", ""))
    except InvalidInput as error:
        wrong = {f"password-{person_id}": sentence for sentence in errors_of(error).values()}
        with services().db.read() as session:
            return _page(session, wrong, status=422)
    with services().db.write() as session:
        person = everyone.by_id(session, person_id)
        everyone.set_password(session, person, password_hash, now=utcnow(), by=who().id)
    return done(f"{person.name} has a new password and must sign in again.", "people")


def _change(session: Session, person_id: str, action: str) -> str:
    person = everyone.by_id(session, person_id)
    if action == "disable":
        everyone.disable(session, person, now=utcnow(), by=who().id)
        return f"{person.name} can't sign in any more; what they added stays."
    if action == "enable":
        everyone.enable(session, person, now=utcnow(), by=who().id)
        return f"{person.name} can sign in again."
    role = everyone.role_named(request.form.get("role", ""))
    everyone.set_role(session, person, role, now=utcnow(), by=who().id)
    return f"{person.name} is {role.value} now and must sign in again."


def _page(session: Session, errors: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    everybody = everyone.everybody(session)
    return page(
        "people.html",
        status=status,
        people=everybody,
        roles=ROLES,
        typed=request.form,
        errors=errors,
        audit=audit.latest(session),
        names={person.id: person.name for person in everybody},
    )
