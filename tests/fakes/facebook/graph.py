"""A Page's photos and posts: what may be made, read, changed and deleted."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

from tests.fakes.facebook.access import LISTS, allow, page_token
from tests.fakes.facebook.envelope import Call, GraphError, Json, invalid, missing
from tests.fakes.facebook.fields import parse, pick
from tests.fakes.facebook.pictures import Picture, look_at
from tests.fakes.facebook.world import Page, Photo, Post, World

MOST_BYTES = 4_000_000
MOST_TEXT = 63_206
WRITE, READ = "pages_manage_posts", "pages_read_engagement"


def post_photo(world: World, call: Call, page: Page | None) -> Json:
    """POST /{page-id}/photos."""
    allow(call, *("published", "caption", "alt_text_custom", "temporary", "no_story", "url"))
    token = page_token(world, call, page, WRITE)
    picture = _picture(call)
    if len(call.param("caption")) > MOST_TEXT:
        raise invalid("Param caption must be shorter")
    photo = Photo(
        id=world.number(),
        page=token.owner,
        data=call.files[0],
        picture=picture,
        caption=call.param("caption"),
        alt_text=call.param("alt_text_custom"),
        made_at=world.now(),
    )
    world.photos[photo.id] = photo
    world.uploads += 1
    if not _truth(call, "published", default=True):
        return {"id": photo.id}
    post = world.add_post(token.owner, photo.caption, [photo.id])
    return {"id": photo.id, "post_id": post.id}


def _picture(call: Call) -> Picture:
    if call.param("url") or len(call.files) != 1:
        raise GraphError(324, "Missing or invalid image file")
    picture = look_at(call.files[0])
    if picture is None:
        raise GraphError(324, "Missing or invalid image file")
    if len(call.files[0]) > MOST_BYTES or picture.kind not in ("jpeg", "png"):
        raise GraphError(
            324,
            "Missing or invalid image file",
            subcode=1366046,
            user_msg="Photos should be smaller than 4 MB and saved as JPG, PNG.",
        )
    return picture


def post_feed(world: World, call: Call, page: Page | None) -> Json:
    """POST /{page-id}/feed."""
    allow(call, "message", "link", "attached_media", "published")
    token = page_token(world, call, page, WRITE)
    message, attached = call.param("message"), _attached(call)
    if not (message or call.param("link") or attached):
        raise invalid("You must provide a message, a link or media.")
    if len(message) > MOST_TEXT:
        raise invalid("Param message must be shorter")
    if len(attached) > world.most_attached:
        raise invalid("Too many photos in attached_media")
    fields = parse(call.param("fields") or "id")
    _check_photos(world, token.owner, attached)
    if not attached:
        _check_not_repeated(world, token.owner, message)
    published = _truth(call, "published", default=True)
    post = world.add_post(token.owner, message, attached, published=published)
    return pick(post_node(world, post), "PagePost", fields)


def _attached(call: Call) -> list[str]:
    """One JSON array, or attached_media[0], attached_media[1] …."""
    texts = call.params.get("attached_media")
    indexed = sorted(
        (int(found[1]), value)
        for name, value in call.params.items()
        if (found := re.fullmatch(r"attached_media\[(\d+)\]", name))
    )
    try:
        media = json.loads(texts) if texts else [json.loads(value) for _, value in indexed]
        return [str(one["media_fbid"]) for one in media]
    except (ValueError, KeyError, TypeError):
        raise invalid("Param attached_media must be an array of {media_fbid}") from None


def _check_photos(world: World, page: str, attached: list[str]) -> None:
    if len(set(attached)) != len(attached):
        raise invalid("A photo stands twice in attached_media")
    for photo_id in attached:
        photo = world.photo(photo_id)
        if photo is None or photo.page != page:
            raise invalid(f"Param attached_media holds a photo that can't be used: {photo_id}")
        if photo.post is not None:
            raise GraphError(
                100,
                "Invalid parameter",
                subcode=1366051,
                user_msg="These photos were already posted.",
            )


def _check_not_repeated(world: World, page: str, message: str) -> None:
    before = [post for post in world.posts.values() if post.page == page]
    if before and before[-1].message == message and not before[-1].photos:
        raise GraphError(506, "Duplicate status message")


def published_posts(world: World, call: Call, page: Page | None) -> Json:
    """GET /{page-id}/published_posts: newest first, up to 100 at once."""
    allow(call, *LISTS, "include_hidden", "show_expired", "since", "until")
    token = page_token(world, call, page, READ)
    fields = parse(call.param("fields") or "id,created_time,message")
    limit = int(call.param("limit") or 25)
    if not 1 <= limit <= 100:
        raise invalid("Param limit must be from 1 to 100")
    seen_until = world.now() - world.lag_s
    posts = [
        post
        for post in reversed(world.posts.values())
        if post.page == token.owner and post.published and post.made_at <= seen_until
    ]
    return paged(call, [pick(post_node(world, post), "PagePost", fields) for post in posts], limit)


def paged(call: Call, items: list[Json], limit: int) -> Json:
    """One answer of a list, with the address of the next, token and all, as Meta gives it."""
    start = int(call.param("after") or 0)
    answer: Json = {"data": items[start : start + limit]}
    if start + limit < len(items):
        after = str(start + limit)
        query = {**call.params, "after": after, "access_token": call.token}
        address = f"https://graph.facebook.com/v26.0/{'/'.join(call.path)}"
        answer["paging"] = {"cursors": {"after": after}, "next": f"{address}?{urlencode(query)}"}
    return answer


def read_node(world: World, call: Call) -> Json:
    """GET of a photo or a post."""
    allow(call)
    kind, thing = _thing(world, call.path[0])
    page_token(world, call, world.pages[thing.page], READ)
    node = photo_node(world, thing) if isinstance(thing, Photo) else post_node(world, thing)
    return pick(node, kind, parse(call.param("fields") or "id,created_time"))


def change_post(world: World, call: Call) -> Json:
    """POST /{page-post-id}."""
    allow(call, "message", "is_hidden", "is_published")
    _, post = _thing(world, call.path[0])
    page_token(world, call, world.pages[post.page], WRITE)
    if isinstance(post, Photo):
        raise invalid("A photo can't be changed")
    if len(call.param("message")) > MOST_TEXT:
        raise invalid("Param message must be shorter")
    post.message = call.params.get("message", post.message)
    post.published = _truth(call, "is_published", default=post.published)
    post.hidden = _truth(call, "is_hidden", default=post.hidden)
    post.changes += 1
    return {"success": True}


def delete(world: World, call: Call) -> Json:
    """DELETE of a photo or a post; the photos of a deleted post stay until they are deleted."""
    allow(call)
    _, thing = _thing(world, call.path[0])
    page_token(world, call, world.pages[thing.page], WRITE)
    if isinstance(thing, Post):
        del world.posts[thing.id]
        return {"success": True}
    del world.photos[thing.id]
    for post in world.posts.values():
        post.photos = [photo for photo in post.photos if photo != thing.id]
    return {"success": True}


def _thing(world: World, thing: str) -> tuple[str, Photo | Post]:
    if post := world.posts.get(thing):
        return "PagePost", post
    if photo := world.photo(thing):
        return "Photo", photo
    raise missing(thing)


def _truth(call: Call, name: str, *, default: bool) -> bool:
    text = call.params.get(name)
    if text is None:
        return default
    if text.lower() not in ("true", "false", "1", "0"):
        raise invalid(f"Param {name} must be a boolean")
    return text.lower() in ("true", "1")


def photo_node(world: World, photo: Photo) -> Json:
    """A photo with all its fields."""
    node: dict[str, Any] = {
        "id": photo.id,
        "created_time": world.when(photo.made_at),
        "name": photo.caption,
        "alt_text_custom": photo.alt_text,
        "width": photo.picture.width,
        "height": photo.picture.height,
        "link": f"https://www.facebook.com/photo.php?fbid={photo.id}",
    }
    post = world.posts.get(photo.post or "")
    if post and post.published and post.made_at <= world.now() - world.story_lag_s:
        node["page_story_id"] = post.id
    return node


def post_node(world: World, post: Post) -> Json:
    """A post with all its fields."""
    node: dict[str, Any] = {
        "id": post.id,
        "created_time": world.when(post.made_at),
        "permalink_url": world.permalink(post),
        "is_published": post.published,
        "is_hidden": post.hidden,
    }
    if post.message:
        node["message"] = post.message
    if post.photos:
        photos = [_attachment(world, photo) for photo in post.photos if photo in world.photos]
        album = {"type": "album", "target": {"id": post.id}, "subattachments": {"data": photos}}
        node["attachments"] = {"data": [album] if len(photos) > 1 else photos}
    return node


def _attachment(world: World, photo_id: str) -> Json:
    photo = world.photos[photo_id]
    address = f"https://www.facebook.com/photo.php?fbid={photo_id}"
    return {
        "description": photo.caption,
        "media": {"image": {"width": photo.picture.width, "height": photo.picture.height}},
        "target": {"id": photo_id, "url": address},
        "type": "photo",
        "url": address,
    }
