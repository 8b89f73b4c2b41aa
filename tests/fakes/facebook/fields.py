"""The `fields` parameter: names with what is wanted inside them in braces."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.facebook.envelope import Json, invalid

Fields = dict[str, "Fields"]
_NAME = re.compile(r"\s*([A-Za-z_]\w*)((?:\.\w+\([^)]*\))*)\s*")

NODES: dict[str, set[str]] = {
    "Page": {"id", "name", "link", "username", "category", "access_token", "tasks", "about"},
    "User": {"id", "name", "link", "email"},
    "Business": {"id", "name"},
    "Photo": {
        *("id", "name", "alt_text", "alt_text_custom", "created_time", "updated_time"),
        *("page_story_id", "width", "height", "link", "album", "from"),
    },
    "PagePost": {
        *("id", "message", "created_time", "updated_time", "permalink_url", "is_published"),
        *("is_hidden", "attachments", "from", "full_picture", "shares", "status_type"),
    },
    "Attachment": {
        "description",
        "media",
        "media_type",
        "subattachments",
        "target",
        "title",
        "type",
        "url",
    },
    "Target": {"id", "url"},
}
INSIDE = {"attachments": "Attachment", "subattachments": "Attachment", "target": "Target"}


def parse(text: str) -> Fields:
    """`a,b{c,d}` as nested dicts. Raises code 100 for anything malformed."""
    fields, at = _level(text, 0)
    if at != len(text):
        raise invalid(f"Syntax error at position {at} of fields")
    return fields


def _level(text: str, at: int) -> tuple[Fields, int]:
    found: Fields = {}
    while name := _NAME.match(text, at):
        at = name.end()
        found[name[1]] = {}
        if text[at : at + 1] == "{":
            found[name[1]], at = _level(text, at + 1)
            if text[at : at + 1] != "}":
                raise invalid("Syntax error: a brace is open in fields")
            at += 1
        if text[at : at + 1] != ",":
            return found, at
        at += 1
    raise invalid("Syntax error: a name is missing in fields")


def pick(node: Json, kind: str, fields: Fields) -> Json:
    """What was asked of a node. Raises code 100 for a field that this kind does not have."""
    if unknown := [name for name in fields if name not in NODES[kind]]:
        raise invalid(f"Tried accessing nonexisting field ({unknown[0]}) on node type ({kind})")
    picked = {
        name: _inside(node[name], name, wanted) for name, wanted in fields.items() if name in node
    }
    return picked if kind in ("Attachment", "Target") else {**picked, "id": node["id"]}


def _inside(value: Any, name: str, wanted: Fields) -> Any:
    if not wanted or name not in INSIDE:
        return value
    kind = INSIDE[name]
    if "data" in value:
        return {"data": [pick(item, kind, wanted) for item in value["data"]]}
    return pick(value, kind, wanted)
