"""Connecting a Page by Facebook's own dialog, and looking into a token with the app's secret.

Source: Meta, Facebook Login "Build a login flow", "Long-lived tokens" and "debug_token" (read
November 2026).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from gallery.errors import Refused
from gallery.networks.contract import Credential, Json, Profile
from gallery.networks.facebook_graph import Graph, inside, part_of_path
from gallery.settings import Settings

NEEDED = ("pages_show_list", "pages_manage_posts", "pages_read_engagement")
PORTFOLIO = "business_management"  # wanted for Pages that a business portfolio owns
TO_POST = ("pages_manage_posts", "pages_read_engagement")
TASK = "CREATE_CONTENT"
FIELDS = "id,name,link,username,access_token,tasks"
MOST_ANSWERS = 20  # of one list


def ready(settings: Settings) -> bool:
    """Whether the operator has set the Meta app's id and secret."""
    return bool(settings.facebook_app_id and settings.facebook_app_secret.reveal())


def start(settings: Settings, redirect: str, state: str) -> str:
    """The address of Facebook's dialog."""
    query = {
        "client_id": settings.facebook_app_id,
        "redirect_uri": redirect,
        "state": state,
        "response_type": "code",
        "scope": ",".join((*NEEDED, PORTFOLIO)),
    }
    base = f"{settings.facebook_dialog_url}/{settings.facebook_graph_version}"
    return f"{base}/dialog/oauth?{urlencode(query)}"


def finish(settings: Settings, redirect: str, code: str) -> Sequence[tuple[Profile, Credential]]:
    """Trade the code for the Pages on which this person may create posts."""
    graph = Graph(settings, _long_lived(settings, redirect, code))
    granted = _granted(graph)
    if missing := [name for name in NEEDED if name not in granted]:
        raise Refused(
            f"Facebook was not allowed to give us {' and '.join(missing)}; nothing was connected. "
            "Connect again and leave every permission ticked."
        )
    pages = {str(page.get("id")): page for page in _pages(graph, portfolio=PORTFOLIO in granted)}
    found = [_choice(page) for page in pages.values() if _usable(page)]
    if not found:
        raise Refused(
            "There is no Page on which you may create posts; nothing was connected. Ask the "
            "Page's owner for the task “Content”, or tick the Page in Facebook's dialog."
        )
    return found


def inspect_token(settings: Settings, token: str) -> datetime | None:
    """Ask Facebook about a Page token; give its end, None if it has none.

    Raises Refused if it is another app's, not a Page's, or lacks a permission.
    """
    app_token = f"{settings.facebook_app_id}|{settings.facebook_app_secret.reveal()}"
    graph = Graph(settings, app_token, proven=False)
    data = inside(graph.read("debug_token", verb="sign in", input_token=token), "data")
    if not inside(data, "is_valid") or inside(data, "app_id") != settings.facebook_app_id:
        raise Refused(
            "This token is not valid for the Meta app in the settings; nothing was connected. "
            "Make a new Page token with that app."
        )
    if inside(data, "type") != "PAGE":
        raise Refused(
            "This is not a Page's token but a person's; nothing was connected. Paste the Page's "
            "own access token."
        )
    scopes = inside(data, "scopes")
    given = scopes if isinstance(scopes, list) else []
    if missing := [name for name in TO_POST if name not in given]:
        raise Refused(
            f"This token lacks the permission {' and '.join(missing)}; nothing was connected. "
            "Make a new Page token with it."
        )
    ends = inside(data, "expires_at")
    return datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) and ends > 0 else None


def _long_lived(settings: Settings, redirect: str, code: str) -> str:
    graph = Graph(settings)
    app = {
        "client_id": settings.facebook_app_id,
        "client_secret": settings.facebook_app_secret.reveal(),
    }
    first = graph.read(
        "oauth/access_token", verb="sign in", **app, redirect_uri=redirect, code=code
    )
    second = graph.read(
        "oauth/access_token",
        verb="sign in",
        **app,
        grant_type="fb_exchange_token",
        fb_exchange_token=str(first.get("access_token")),
    )
    return str(second.get("access_token"))


def _granted(graph: Graph) -> set[str]:
    listed = graph.listed("me/permissions", pages=MOST_ANSWERS, verb="sign in")
    return {str(one.get("permission")) for one in listed if one.get("status") == "granted"}


def _pages(graph: Graph, *, portfolio: bool) -> Iterator[Json]:
    yield from _list(graph, "me/accounts", FIELDS)
    for business in _list(graph, "me/businesses", "id") if portfolio else ():
        for edge in ("owned_pages", "client_pages"):
            path = f"{part_of_path(str(business.get('id')))}/{edge}"
            yield from _list(graph, path, FIELDS)


def _list(graph: Graph, path: str, fields: str) -> Iterator[Json]:
    return graph.listed(path, pages=MOST_ANSWERS, verb="sign in", fields=fields, limit="100")


def _usable(page: Json) -> bool:
    tasks = page.get("tasks", [TASK])  # undocumented as a field: its absence says nothing
    return bool(page.get("access_token")) and isinstance(tasks, list) and TASK in tasks


def _choice(page: Json) -> tuple[Profile, Credential]:
    page_id = str(page["id"])
    url = str(page.get("link") or f"https://www.facebook.com/{page_id}")
    handle = str(page.get("username") or "")
    profile = Profile(page_id, str(page.get("name")), handle, url)
    return profile, {"page_id": page_id, "secret": str(page["access_token"])}
