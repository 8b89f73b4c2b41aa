"""Who is calling, and whether they may."""

from __future__ import annotations

import hashlib
import hmac

from tests.fakes.facebook.envelope import Call, GraphError, invalid
from tests.fakes.facebook.world import APP_ID, APP_SECRET, Page, Token, World

COMMON = {"access_token", "appsecret_proof", "fields"}
LISTS = ("limit", "after", "summary")  # every list takes these; the SDK always sends `summary`


def allow(call: Call, *names: str) -> None:
    """Refuse parameters that this endpoint does not have."""
    for name in call.params:
        if name.split("[")[0] not in {*COMMON, *names}:
            raise invalid(f"Unexpected parameter {name}")


def token_of(world: World, call: Call) -> Token:
    """The living token of this call. Raises code 190, or 100 for a bad appsecret_proof."""
    if not call.token:
        raise GraphError(104, "An access token is required to request this resource.", status=401)
    token = world.tokens.get(call.token)
    if token is None:
        raise GraphError(190, "Invalid OAuth access token.", status=401)
    if token.dead is not None:
        raise GraphError(190, "Error validating access token.", subcode=token.dead, status=401)
    if token.ends_at is not None and token.ends_at <= world.now():
        raise GraphError(190, "Session has expired.", subcode=463, status=401)
    _prove(world, call)
    return token


def _prove(world: World, call: Call) -> None:
    given = call.param("appsecret_proof")
    if world.require_proof and not given:
        raise GraphError(
            100,
            "API calls from the server require an appsecret_proof argument",
            kind="GraphMethodException",
        )
    right = hmac.new(APP_SECRET.encode(), call.token.encode(), hashlib.sha256).hexdigest()
    if given and not hmac.compare_digest(given, right):
        raise GraphError(
            100,
            "Invalid appsecret_proof provided in the API argument",
            kind="GraphMethodException",
        )


def page_token(world: World, call: Call, page: Page | None, scope: str) -> Token:
    """A token of this very Page with that scope."""
    token = token_of(world, call)
    if token.kind != "page":
        if call.method == "GET":
            raise GraphError(210, "A page access token is required to request this resource.")
        raise GraphError(
            190,
            "User Access Token Is Not Supported",
            subcode=2069032,
            user_msg="A Page access token is required for this call.",
        )
    if page is None or token.owner != page.id:
        raise GraphError(200, "The user hasn't authorized the application to act for this Page")
    if scope not in token.scopes:
        code = 10 if call.method == "GET" else 200
        raise GraphError(code, f"Requires {scope} permission", status=403)
    return token


def user_token(world: World, call: Call, scope: str) -> Token:
    """A person's token with that scope."""
    token = token_of(world, call)
    if token.kind != "user":
        raise GraphError(100, "Tried accessing nonexisting field on node type (Page)")
    if scope and scope not in token.scopes:
        raise GraphError(10, f"Requires {scope} permission", status=403)
    return token


def app_token(call: Call) -> None:
    """The app's own token: id, a bar, secret."""
    if not hmac.compare_digest(call.token.encode(), f"{APP_ID}|{APP_SECRET}".encode()):
        raise GraphError(190, "Invalid OAuth access token.", status=401)
