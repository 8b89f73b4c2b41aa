"""The dialog, the trade of codes for tokens, and what a person's token may list."""

from __future__ import annotations

import secrets
from html import escape
from urllib.parse import urlencode, urlsplit

from tests.fakes.facebook.access import LISTS, allow, app_token, token_of, user_token
from tests.fakes.facebook.envelope import Call, GraphError, Json, Reply, invalid
from tests.fakes.facebook.fields import parse, pick
from tests.fakes.facebook.graph import paged
from tests.fakes.facebook.world import APP_ID, APP_SECRET, SCOPES, Code, Page, Token, World

LONG_S = 5_183_944
SHORT_S = 5_400
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Log in with Facebook</title>
<h1>Afterglow would like to manage your Pages</h1>
<p>This is a pretended Facebook, for trying things out.</p>
<form action="{action}" method="get">{hidden}
{scopes}<p><button type="submit">Allow</button> <a href="{cancel}">Cancel</a></p></form></html>"""


def dialog(world: World, call: Call) -> Reply:
    """GET /dialog/oauth: a page with a box for each permission, Allow and Cancel."""
    redirect, state = _checked(world, call)
    scopes = [scope for scope in call.param("scope").split(",") if scope]
    if unknown := [scope for scope in scopes if scope not in SCOPES]:
        return _page(400, f"<h1>Invalid Scopes: {escape(', '.join(unknown))}</h1>")
    denied = {
        "error": "access_denied",
        "error_code": "200",
        "error_description": "Permissions error",
        "error_reason": "user_denied",
        "state": state,
    }
    hidden = {"client_id": APP_ID, "redirect_uri": redirect, "state": state}
    return _page(
        200,
        PAGE.format(
            action="allow",
            cancel=escape(f"{redirect}?{urlencode(denied)}"),
            hidden="".join(
                f'<input type="hidden" name="{name}" value="{escape(value)}">'
                for name, value in hidden.items()
            ),
            scopes="".join(
                f'<p><label><input type="checkbox" name="granted" value="{scope}" checked> {scope}'
                "</label></p>"
                for scope in scopes
            ),
        ),
    )


def allowed(world: World, call: Call, granted: list[str]) -> Reply:
    """GET /dialog/allow: the Allow button; back to the program with a code."""
    redirect, state = _checked(world, call)
    code = f"AQfake{secrets.token_urlsafe(24)}"
    world.codes[code] = Code(redirect, {"public_profile", *granted})
    return Reply(302, b"", {"Location": f"{redirect}?{urlencode({'code': code, 'state': state})}"})


def _checked(world: World, call: Call) -> tuple[str, str]:
    redirect, state = call.param("redirect_uri"), call.param("state")
    parts = urlsplit(redirect)
    if call.param("client_id") != APP_ID:
        raise GraphError(101, "Invalid App ID")
    if call.param("response_type") not in ("", "code"):
        raise invalid("response_type must be code")
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.fragment:
        raise GraphError(191, "Can't load URL: the domain of this URL isn't included")
    if world.redirect_uris and redirect not in world.redirect_uris:
        raise GraphError(191, "URL blocked: the redirect URI is not whitelisted")
    if len(state) < 22:
        raise invalid("state must be unguessable: at least 128 bits")
    return redirect, state


def _page(status: int, html: str) -> Reply:
    return Reply(status, html.encode(), {"Content-Type": "text/html; charset=utf-8"})


def access_token(world: World, call: Call) -> Json:
    """GET /oauth/access_token: a code for a short token, a short one for a long one."""
    allow(
        call,
        *("client_id", "client_secret", "redirect_uri", "code", "grant_type"),
        "fb_exchange_token",
    )
    if call.param("client_id") != APP_ID:
        raise GraphError(101, "Error validating application. Invalid application ID.")
    if call.param("client_secret") != APP_SECRET:
        raise GraphError(1, "Error validating client secret.")
    if call.param("grant_type") == "fb_exchange_token":
        call.token = call.param("fb_exchange_token")
        return _give(world, user_token(world, call, "").scopes, LONG_S)
    code = world.codes.get(call.param("code"))
    if code is None or code.used:
        raise GraphError(100, "This authorization code has been used.", subcode=36009)
    if code.redirect_uri != call.param("redirect_uri"):
        raise GraphError(
            100,
            "Error validating verification code. Please make sure your redirect_uri is identical",
            subcode=36008,
        )
    code.used = True
    return _give(world, code.scopes, SHORT_S)


def _give(world: World, scopes: set[str], lives_s: int) -> Json:
    value = f"EAAfakeUser{secrets.token_hex(12)}"
    ends_at = world.now() + lives_s
    world.tokens[value] = Token(value, "user", world.user[0], set(scopes), ends_at)
    return {"access_token": value, "token_type": "bearer", "expires_in": lives_s}


def debug_token(world: World, call: Call) -> Json:
    """GET /debug_token, with the app's own token."""
    allow(call, "input_token")
    app_token(call)
    token = world.tokens.get(call.param("input_token"))
    if token is None:
        error = {"code": 190, "message": "Invalid OAuth access token."}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    return {
        "data": {
            "app_id": APP_ID,
            "type": token.kind.upper(),
            "is_valid": token.dead is None,
            "expires_at": int(token.ends_at or 0),
            "data_access_expires_at": int(world.now()) + 90 * 86_400,
            "scopes": sorted(token.scopes),
            "user_id": world.user[0],
            **({"profile_id": token.owner} if token.kind == "page" else {}),
        }
    }


def me(world: World, call: Call) -> Json:
    """GET /me: a person or a Page, as the token is."""
    allow(call)
    token = token_of(world, call)
    fields = parse(call.param("fields") or "id,name")
    if token.kind == "page":
        return pick(page_node(world.pages[token.owner]), "Page", fields)
    link = "https://www.facebook.com/siti"
    return pick({"id": world.user[0], "name": world.user[1], "link": link}, "User", fields)


def page_node(page: Page) -> Json:
    """What everybody may read of a Page."""
    address = f"https://www.facebook.com/{page.username}"
    return {"id": page.id, "name": page.name, "username": page.username, "link": address}


def permissions(world: World, call: Call) -> Json:
    """GET /me/permissions."""
    allow(call, "permission", "status", *LISTS)
    token = user_token(world, call, "")
    return {
        "data": [
            {"permission": scope, "status": "granted" if scope in token.scopes else "declined"}
            for scope in ("public_profile", *SCOPES)
        ]
    }


def pages(world: World, call: Call, business: str = "") -> Json:
    """GET /me/accounts, and a portfolio's /owned_pages: Pages, each with its token."""
    allow(call, *LISTS)
    token = user_token(world, call, "business_management" if business else "pages_show_list")
    fields = parse(call.param("fields") or "id,name,access_token,tasks")
    listed = [
        {
            **page_node(page),
            "tasks": list(page.tasks),
            "access_token": world.page_token(page, token.scopes),
        }
        for page in world.pages.values()
        if page.business == business
    ]
    picked = [pick(node, "Page", fields) for node in listed]
    return paged(call, picked, int(call.param("limit") or 25))


def client_pages(world: World, call: Call) -> Json:
    """GET /{business-id}/client_pages: none."""
    allow(call, *LISTS)
    user_token(world, call, "business_management")
    return {"data": []}


def businesses(world: World, call: Call) -> Json:
    """GET /me/businesses."""
    allow(call, *LISTS)
    user_token(world, call, "business_management")
    fields = parse(call.param("fields") or "id,name")
    listed = [{"id": number, "name": name} for number, name in world.businesses.items()]
    return {"data": [pick(node, "Business", fields) for node in listed]}
