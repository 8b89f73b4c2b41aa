"""What can be read of a Page's posts, to tell whether one of them is ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from gallery.errors import DeliveryError
from gallery.networks.contract import Absent, CannotTell, Json, Part, Receipt
from gallery.networks.facebook_errors import Gone
from gallery.networks.facebook_graph import Graph, dicts, inside, part_of_path

LOOK_BACK = timedelta(days=1)  # a wrong clock must not hide a post
PAGES, PER_PAGE = 4, 25
SEEN = "id,message,created_time,permalink_url,attachments{target{id},subattachments{target{id}}}"


class Reader:
    """Reads one Page; `page` is its id as a part of a path."""

    def __init__(self, graph: Graph, page: str) -> None:
        self._graph = graph
        self._page = page

    def story(self, photos: Sequence[str], *, forgive: bool = True) -> str | None:
        """The post that the first readable photo is in; only published photos have one."""
        for photo in photos:
            try:
                seen = self._graph.read(part_of_path(photo), fields="id,page_story_id")
            except Gone:
                if not forgive:
                    raise
            else:
                story = seen.get("page_story_id")
                return str(story) if story else None
        return None

    def post(self, post_id: str) -> Json:
        """A post that is there for sure, with as much as can be read of it."""
        try:
            return {**self._graph.read(part_of_path(post_id), fields=SEEN), "id": post_id}
        except DeliveryError:
            return {"id": post_id}

    def look_through(self, part: Part, photos: Sequence[str]) -> Receipt | Absent | CannotTell:
        """Look for our photos in the Page's posts, newest first, back to a day before the call.

        The same text without any photo to be seen proves nothing, but forbids "not there".
        """
        since = (part.sent_at or part.opened_at) - LOOK_BACK
        found: Absent | CannotTell = Absent()
        path, limit = f"{self._page}/published_posts", str(PER_PAGE)
        posts = self._graph.listed(path, pages=PAGES, fields=SEEN, limit=limit)
        for count, post in enumerate(posts, 1):
            attached = attached_to(post)
            if attached & set(photos):
                return receipt_of(post, photos)
            if _made_at(post) < since:
                return found
            if count == PAGES * PER_PAGE or (
                not attached and post.get("message") == part.post.text
            ):
                found = CannotTell()
        return found


def receipt_of(post: Json, photos: Sequence[str]) -> Receipt:
    """The receipt of a post that is there, as far as it could be read."""
    post_id, url = post.get("id"), post.get("permalink_url")
    return Receipt(
        str(post_id) if post_id else None,
        str(url) if url else None,
        {"photos": list(photos)},
    )


def attached_to(post: Json) -> set[str]:
    """The ids of the photos that can be seen in a post."""
    found = set()
    for attachment in dicts(inside(post, "attachments", "data")):
        parts = dicts(inside(attachment, "subattachments", "data"))
        found |= {str(inside(part, "target", "id")) for part in parts or [attachment]}
    return found - {"None"}


def _made_at(post: Json) -> datetime:
    try:
        return datetime.fromisoformat(str(post.get("created_time"))).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)
