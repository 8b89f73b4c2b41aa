"""Which call goes where."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.fakes.facebook import graph, sign_in
from tests.fakes.facebook.envelope import Call, GraphError, Json, Reply, reply, usage
from tests.fakes.facebook.world import PAGE_ID, World

OLDEST, NEWEST = 21, 27
Handler = Callable[[World, Call], Json]

_FIXED: dict[tuple[str, ...], Handler] = {
    ("GET", "me"): sign_in.me,
    ("GET", "me", "accounts"): sign_in.pages,
    ("GET", "me", "permissions"): sign_in.permissions,
    ("GET", "me", "businesses"): sign_in.businesses,
    ("GET", "debug_token"): sign_in.debug_token,
    ("GET", "oauth", "access_token"): sign_in.access_token,
}
_PAGE_EDGES = {
    ("POST", "photos"): graph.post_photo,
    ("POST", "feed"): graph.post_feed,
    ("GET", "published_posts"): graph.published_posts,
}
_NODES: dict[str, Handler] = {
    "GET": graph.read_node,
    "POST": graph.change_post,
    "DELETE": graph.delete,
}


def answer(world: World, call: Call) -> Reply:
    """Do what is asked, at once and whole, or answer in Meta's envelope."""
    try:
        with world.lock:
            return reply(_body(world, call), PAGE_ID, more=_usage(world))
    except GraphError as error:
        return refusal(error)


def _usage(world: World) -> dict[str, str]:
    return usage(PAGE_ID, world.used, world.app_used, world.regain_minutes)


def refusal(error: GraphError) -> Reply:
    """A no as an answer."""
    return reply({"error": error.error}, PAGE_ID, status=error.status, more=error.headers)


def _body(world: World, call: Call) -> Json:
    if fixed := _FIXED.get((call.method, *call.path)):
        return fixed(world, call)
    if len(call.path) == 2:
        return _edge(world, call)
    if len(call.path) == 1 and call.path[0] in world.pages and call.method == "GET":
        return sign_in.me(world, call)
    if len(call.path) == 1 and call.method in _NODES:
        return _NODES[call.method](world, call)
    raise GraphError(2500, "Unknown path components")


def _edge(world: World, call: Call) -> Json:
    node, edge = call.path
    if node in world.businesses and edge == "owned_pages":
        return sign_in.pages(world, call, business=node)
    if node in world.businesses and edge == "client_pages":
        return sign_in.client_pages(world, call)
    if handler := _PAGE_EDGES.get((call.method, edge)):
        return handler(world, call, world.pages.get(node))
    raise GraphError(2500, f"Unknown path components: /{edge}")


def without_version(path: str) -> tuple[str, ...]:
    """The parts of a path after its version. Raises GraphError for a version that is gone."""
    parts = tuple(part for part in path.split("/") if part)
    version = re.fullmatch(r"v(\d+)\.0", parts[0]) if parts else None
    if version is None:
        raise GraphError(2500, "A version is missing in the path")
    if not OLDEST <= int(version[1]) <= NEWEST:
        raise GraphError(2635, "You are calling a deprecated version of the API.")
    return parts[1:]
