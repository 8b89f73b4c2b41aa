"""What the studio's views share: the blueprint, finding an album, saying what happened."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from gallery.errors import Conflict, FieldErrors, InvalidInput
from gallery.models import Account, Person
from gallery.publishing import expiry
from gallery.web.context import person, services, utcnow
from gallery.web.guards import may
from gallery.web.studio import standing

bp = Blueprint("studio", __name__, url_prefix="/studio")


NAVIGATION = (
    ("studio.albums", "Albums"),
    ("studio.posts", "Posts"),
    ("studio.requests", "Requests"),
    ("studio.accounts", "Accounts"),
    ("studio.people", "People"),
    ("studio.settings", "Settings"),
    ("studio.you", "You"),
)


@bp.context_processor
def for_templates() -> dict[str, Any]:
    """What every studio page may ask for: `may(endpoint)`, its navigation, accounts in trouble."""
    return {
        "may": may,
        "nav_items": lambda: [(to, label) for to, label in NAVIGATION if may(to)],
        "accounts_to_reconnect": _accounts_to_reconnect,
        "connections_ending": _connections_ending,
    }


def _accounts_to_reconnect() -> list[Account]:
    if not may("studio.post"):
        return []
    with services().db.read() as session:
        return standing.to_reconnect(session)


def _connections_ending() -> list[expiry.Ending]:
    if request.endpoint not in ("studio.albums", "studio.accounts") or not may("studio.post"):
        return []
    with services().db.read() as session:
        return expiry.ending(session, utcnow())


def who() -> Person:
    """Who is signed in; the guard let nobody else through."""
    found = person()
    if found is None:
        raise RuntimeError("a studio view ran for somebody who is not signed in")
    return found


def page(template: str, *, status: int = 200, **values: Any) -> Response:
    """A studio page; kept by no cache."""
    response = make_response(render_template(f"studio/{template}", **values), status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def done(sentence: str, endpoint: str, kind: str = "ok", **values: Any) -> ResponseReturnValue:
    """Say what happened and go on to a page; `_anchor` among the values works too."""
    flash(sentence, kind)
    return redirect(url_for(f"studio.{endpoint}", **values), code=303)


def done_at(sentence: str, path: str, otherwise: str) -> ResponseReturnValue:
    """Say what happened and go on to a path of ours; without one, to `otherwise`."""
    flash(sentence, "ok")
    return redirect(path or url_for(f"studio.{otherwise}"), code=303)


def errors_of(error: InvalidInput | Conflict) -> dict[str, str]:
    """What is wrong, by field; under `form` where it is no single field."""
    return error.errors if isinstance(error, FieldErrors) else {"form": str(error)}
