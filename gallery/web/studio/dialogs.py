"""Connecting by a network's own dialog: off to it with a secret state, and back with a code.

What comes back are credentials. Until the owner has chosen, they are only in the page, sealed and
bound to this session, and good for ten minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from flask import redirect, request, url_for
from flask import session as form_session
from flask.typing import ResponseReturnValue

from gallery.errors import DeliveryError, InvalidInput, NotFound
from gallery.networks.contract import Credential, OAuth, Profile
from gallery.people import audit
from gallery.publishing import accounts as publishing
from gallery.web.context import services, utcnow
from gallery.web.session import sign_in
from gallery.web.studio.base import bp, done, page, who

GOOD_FOR = timedelta(minutes=10)
STRAY = "This answer does not belong to a connection that was begun here; nothing was connected."


@bp.post("/accounts/<network>/start")
def oauth_start(network: str) -> ResponseReturnValue:
    """Off to the network's dialog, with a state that only this session knows, once."""
    oauth = _oauth_of(network)
    state = secrets.token_urlsafe(32)
    form_session["dialog"] = [_mark(network, state), (utcnow() + GOOD_FOR).isoformat()]
    return redirect(oauth.start(services().settings, _back_to(network), state), code=303)


@bp.get("/accounts/<network>/back")
def oauth_back(network: str) -> ResponseReturnValue:
    """Trade the code for the accounts to choose from."""
    oauth = _oauth_of(network)
    if not _was_begun_here(network, request.args.get("state", "")):
        return done(STRAY, "accounts", "bad")
    code = request.args.get("code", "")
    if not code:
        return done("The dialog was closed; nothing was connected.", "accounts", "warn")
    try:
        found = oauth.finish(services().settings, _back_to(network), code)
    except DeliveryError as error:
        return done(str(error), "accounts", "bad")
    return page("choose.html", network=publishing.network_of(network), choices=_sealed(found))


@bp.post("/accounts/<network>/choose")
def choose(network: str) -> ResponseReturnValue:
    """Connect the accounts that were ticked."""
    picked = [_opened(text) for text in request.form.getlist("choice")]
    if not picked:
        return done("Nothing was ticked, so nothing was connected.", "accounts", "warn")
    parts = services()
    names = []
    with parts.db.write() as session:
        for profile, credential in picked:
            account = publishing.connect(
                session, parts.vault, network, credential, profile, now=utcnow()
            )
            names.append(publishing.name_of(account))
            audit.note(session, "account connected", now=utcnow(), by=who().id, about=names[-1])
    return done(f"Connected {', '.join(names)}.", "accounts")


def _oauth_of(network: str) -> OAuth:
    try:
        found = publishing.network_of(network).oauth
    except InvalidInput as error:
        raise NotFound(str(error)) from error
    if found is None or not found.ready(services().settings):
        raise NotFound("This network has no dialog here, or its app is not in the settings.")
    return found


def _back_to(network: str) -> str:
    return services().settings.public_url + url_for("studio.oauth_back", network=network)


def _session_mark() -> str:
    row = sign_in()
    return row.token_hash if row else ""


def _mark(network: str, state: str) -> str:
    """What the form cookie holds of a state: bound to the network and to this session."""
    return hashlib.sha256(f"{network} {_session_mark()} {state}".encode()).hexdigest()


def _was_begun_here(network: str, state: str) -> bool:
    mark, until = form_session.pop("dialog", ["", ""])
    if not mark or datetime.fromisoformat(until) < utcnow():
        return False
    return hmac.compare_digest(mark, _mark(network, state))


def _sealed(found: Sequence[tuple[Profile, Credential]]) -> list[tuple[Profile, str]]:
    until = (utcnow() + GOOD_FOR).isoformat()
    choices = []
    for profile, credential in found:
        kept = {
            "until": until,
            "profile": json.dumps(asdict(profile), default=datetime.isoformat),
            "credential": json.dumps(dict(credential)),
        }
        choices.append((profile, services().vault.seal(_session_mark(), kept).decode()))
    return choices


def _opened(text: str) -> tuple[Profile, Credential]:
    kept = services().vault.open(_session_mark(), text.encode())
    if datetime.fromisoformat(kept["until"]) < utcnow():
        raise InvalidInput("This choice is older than ten minutes; connect again.")
    fields = json.loads(kept["profile"])
    if fields["expires_at"]:
        fields["expires_at"] = datetime.fromisoformat(fields["expires_at"])
    return Profile(**fields), json.loads(kept["credential"])
