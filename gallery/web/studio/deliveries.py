"""Posts on their way and out there: in words, live, and with what can be done."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request
from flask.typing import ResponseReturnValue

from gallery.errors import Conflict, FieldErrors, InvalidInput
from gallery.people import audit
from gallery.publishing import copies, ledger, views
from gallery.web.context import services, utcnow
from gallery.web.studio import one_post, queries
from gallery.web.studio.base import bp, done, errors_of, page, who

MOST = 100  # newest first
WORD_FOR = {  # said of a post whose address is known
    "still": "still there",
    "changed": "changed by hand",
}
SAID = {
    "yes": "Noted: it is there.",
    "look": "Noted: it is there. It is looked up; you are asked for its address if need be.",
    "no": "Noted: it is not there. It is posted once more.",
    "gone": "Noted: it is gone.",
    "still": "Noted: it is still there. It is tried again.",
    "changed": "Noted: it is as it should be.",
    "again": "Noted: it is not. It is tried again.",
}


COPY_SAID = {
    "remove": ("second copy removed", "The second copy is being removed."),
    "keep": ("second copy kept", "Noted: the second copy stays."),
    "gone": ("second copy gone", "Noted: the second copy is gone."),
}


@bp.get("/posts")
def posts() -> ResponseReturnValue:
    """One row a delivery, newest first; `?album=` for one album's."""
    return _list("posts.html")


@bp.get("/posts/following")
def posts_following() -> ResponseReturnValue:
    """The rows alone, asked for again while one of them can change."""
    return _list("_posts.html")


@bp.get("/posts/<delivery_id>")
def delivery(delivery_id: str) -> ResponseReturnValue:
    """One delivery, photo by photo."""
    return _page(delivery_id, "delivery.html")


@bp.get("/posts/<delivery_id>/following")
def following(delivery_id: str) -> ResponseReturnValue:
    """The part that changes, asked for again while something can."""
    return _page(delivery_id, "_delivery.html")


@bp.post("/posts/<delivery_id>/settle")
def settle(delivery_id: str) -> ResponseReturnValue:
    """Take a person's answer to the question whether the post is there."""
    answer = request.form.get("answer", "")
    try:
        seen = _address() if answer == "yes" else WORD_FOR.get(answer)
        said = SAID["look"] if seen == "" else SAID.get(answer, SAID["no"])
        _settle(delivery_id, seen)
    except (InvalidInput, Conflict) as error:
        status = 409 if isinstance(error, Conflict) else 422
        return _page(delivery_id, "delivery.html", errors_of(error), status=status)
    return done(said, "delivery", delivery_id=delivery_id)


@bp.post("/posts/<delivery_id>/copies/<copy_id>")
def second_copy(delivery_id: str, copy_id: str) -> ResponseReturnValue:
    """Remove a second copy, keep it, or take a person's word that it is gone."""
    answer, now = request.form.get("answer", ""), utcnow()
    if answer not in COPY_SAID:
        raise InvalidInput("Choose whether the second copy goes or stays.")
    with services().db.write() as session:
        if answer == "remove":
            copies.remove(session, delivery_id, copy_id, now=now)
        elif answer == "keep":
            copies.keep(session, delivery_id, copy_id)
        else:
            copies.removed(session, delivery_id, copy_id, now=now)
        what, said = COPY_SAID[answer]
        audit.note(session, what, now=now, by=who().id, about=delivery_id)
    services().bell.carry(delivery_id)
    return done(said, "delivery", delivery_id=delivery_id)


@bp.post("/posts/<delivery_id>/retract")
def retract(delivery_id: str) -> ResponseReturnValue:
    """Take everything of a delivery back from its network."""
    with services().db.write() as session:
        ledger.retract(session, delivery_id, now=utcnow())
        audit.note(session, "post retracted", now=utcnow(), by=who().id, about=delivery_id)
    services().bell.carry(delivery_id)
    return done("It is being taken back.", "delivery", delivery_id=delivery_id)


@bp.post("/posts/<delivery_id>/cancel")
def cancel(delivery_id: str) -> ResponseReturnValue:
    """Stop a delivery of which nothing is out."""
    with services().db.write() as session:
        ledger.cancel(session, delivery_id, now=utcnow())
        audit.note(session, "post cancelled", now=utcnow(), by=who().id, about=delivery_id)
    services().bell.carry(delivery_id)
    return done("Cancelled; nothing was posted.", "delivery", delivery_id=delivery_id)


@bp.post("/posts/<delivery_id>/go-on")
def go_on(delivery_id: str) -> ResponseReturnValue:
    """Try the refused rest of a delivery again."""
    with services().db.write() as session:
        ledger.go_on(session, delivery_id, now=utcnow())
        audit.note(session, "post went on", now=utcnow(), by=who().id, about=delivery_id)
    services().bell.carry(delivery_id)
    return done("It goes on with the rest.", "delivery", delivery_id=delivery_id)


def _settle(delivery_id: str, seen: str | None) -> None:
    parts, now = services(), utcnow()
    with parts.db.write() as session:
        ledger.settle(session, delivery_id, seen, lives=parts.lives, now=now)
        told = "not there" if seen is None else seen or "there"
        audit.note(session, "post settled", now=now, by=who().id, about=delivery_id, told=told)
    parts.bell.carry(delivery_id)


def _list(template: str) -> ResponseReturnValue:
    album_id = request.args.get("album") or None
    with services().db.read() as session:
        found = views.views(session, now=utcnow(), album_id=album_id, limit=MOST)
        return page(template, deliveries=found, album_id=album_id)


def _address() -> str:
    """The address that was typed; none if the page did not ask for it."""
    if "seen" not in request.form:
        return ""
    typed = request.form["seen"].strip()
    parts = urlsplit(typed)
    if parts.scheme not in ("http", "https") or not parts.netloc or len(typed) > 500:
        raise FieldErrors({"seen": "Paste the address of the post: it begins with https://."})
    return typed


def _page(
    delivery_id: str, template: str, errors: dict[str, str] | None = None, *, status: int = 200
) -> ResponseReturnValue:
    with services().db.read() as session:
        found = views.view(session, delivery_id, now=utcnow())
        return page(
            template,
            status=status,
            delivery=found,
            edits=queries.edits_of(session, found.album_id),
            errors=errors or {},
            by_hand=bool(found.copies) and one_post.by_hand(session, found.account.id),
        )
