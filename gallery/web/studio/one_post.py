"""Withdrawing one post of a delivery, after a page that says what this does."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from gallery.errors import Conflict, DeliveryError, InvalidInput, NotFound
from gallery.models import Account
from gallery.people import audit
from gallery.publishing import accounts, views, withdrawing
from gallery.publishing.told import PostView
from gallery.publishing.views import DeliveryView
from gallery.web.context import services, utcnow
from gallery.web.studio import queries
from gallery.web.studio.base import bp, done, errors_of, page, who


@bp.get("/posts/<delivery_id>/<nth>/withdraw")
def withdraw_post(delivery_id: str, nth: str) -> ResponseReturnValue:
    """What will happen to this post and to the others, before anything is done."""
    return _page(delivery_id, _number(nth), {})


@bp.post("/posts/<delivery_id>/<nth>/withdraw")
def post_withdrawn(delivery_id: str, nth: str) -> ResponseReturnValue:
    """Take this post back; the others stay."""
    number, now = _number(nth), utcnow()
    try:
        with services().db.write() as session:
            withdrawing.withdraw(session, delivery_id, number, now=now)
            what, post = "one post withdrawn", str(number)
            audit.note(session, what, now=now, by=who().id, about=delivery_id, post=post)
    except Conflict as error:
        return _page(delivery_id, number, errors_of(error), status=409)
    services().bell.carry(delivery_id)
    return done(f"Post {number} is being withdrawn.", "delivery", delivery_id=delivery_id)


def by_hand(session: Session, account_id: str) -> bool:
    """Whether this account's network lets no program remove a post."""
    parts = services()
    limits_of = accounts.limits_of(parts.vault, parts.settings)
    try:
        return limits_of(session.get_one(Account, account_id)).retract == "by_hand"
    except (InvalidInput, DeliveryError):
        return False


def _number(nth: str) -> int:
    return int(nth) if nth.isascii() and nth.isdecimal() and len(nth) < 6 else 0


def _page(
    delivery_id: str, nth: int, errors: dict[str, str], *, status: int = 200
) -> ResponseReturnValue:
    with services().db.read() as session:
        found = views.view(session, delivery_id, now=utcnow())
        post = next((post for post in found.posts if post.nth == nth), None)
        if post is None:
            raise NotFound("There is no such post.")
        return page(
            "withdraw_post.html",
            status=status,
            delivery=found,
            post=post,
            later=_later(found, post),
            by_hand=post.remote_id is None or by_hand(session, found.account.id),
            edits=queries.edits_of(session, found.album_id),
            errors=errors,
        )


def _later(delivery: DeliveryView, post: PostView) -> bool:
    """Whether posts that came after it are out."""
    return any(other.nth > post.nth and other.state == "live" for other in delivery.posts)
