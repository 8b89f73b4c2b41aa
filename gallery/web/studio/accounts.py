"""Accounts: who we are on which network, connecting and disconnecting; for owners."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from flask.typing import ResponseReturnValue

from gallery.errors import DeliveryError, InvalidInput
from gallery.people import audit
from gallery.publishing import accounts as publishing
from gallery.publishing import leaving
from gallery.web.context import services, utcnow
from gallery.web.headers import forms_may_lead_to
from gallery.web.origin import own_path
from gallery.web.studio.base import bp, done, done_at, page, who


@bp.get("/accounts")
def accounts() -> ResponseReturnValue:
    """All accounts, and for each network how to connect one."""
    return _page({})


@bp.post("/accounts/connect")
def connect() -> ResponseReturnValue:
    """Connect by what was pasted, after asking the network who that is."""
    parts = services()
    name = request.form.get("network", "")
    try:
        credential = _typed(name, request.form)
        profile = publishing.check(parts.settings, name, credential)
    except (InvalidInput, DeliveryError) as error:
        return _page({f"{name}-form": str(error)}, status=422)
    with parts.db.write() as session:
        account = publishing.connect(session, parts.vault, name, credential, profile, now=utcnow())
        said = publishing.name_of(account)
        audit.note(session, "account connected", now=utcnow(), by=who().id, about=said)
    return done_at(f"Connected {said}.", own_path(request.form.get("next"), ""), "accounts")


@bp.post("/accounts/<account_id>/disconnect")
def disconnect(account_id: str) -> ResponseReturnValue:
    """Use this account no more until it is connected again."""
    parts = services()
    with parts.db.write() as session:
        name = publishing.name_of(publishing.by_id(session, account_id))
        to_carry = leaving.disconnect(session, parts.vault, account_id, now=utcnow())
        audit.note(session, "account disconnected", now=utcnow(), by=who().id, about=name)
    for delivery_id in to_carry:
        parts.bell.carry(delivery_id)
    return done(
        f"Disconnected {name}. What was not out yet is cancelled; what is out there stays.",
        "accounts",
    )


def _typed(network: str, form: Mapping[str, str]) -> dict[str, str]:
    fields = publishing.secret_fields(network)
    typed = {name: form.get(name, "").strip() for name in fields}
    if "secret" in fields and not all(typed.values()):
        raise InvalidInput("Fill in every field, then press Connect again; nothing was connected.")
    return {name: value for name, value in typed.items() if value}


def _page(errors: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    settings = services().settings
    networks = publishing.networks()
    by_dialog = {n.name: n.oauth for n in networks if n.oauth and n.oauth.ready(settings)}
    for oauth in by_dialog.values():
        forms_may_lead_to(oauth.start(settings, settings.public_url, "-"))
    with services().db.read() as session:
        return page(
            "accounts.html",
            status=status,
            accounts=publishing.listed(session),
            networks=networks,
            by_dialog=by_dialog,
            errors=errors,
            typed={
                name: form_value for name, form_value in request.form.items() if name != "secret"
            },
            now=utcnow(),
        )
