"""Secret links: what opens an unlisted album, and what preview crawlers find behind one."""

from __future__ import annotations

import re

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gallery.albums import look
from gallery.models import Album
from gallery.web.context import services
from gallery.web.headers import PRIVATE, no_referrer
from gallery.web.public import media, previews
from gallery.web.public.assets import reading
from gallery.web.public.viewer import guarded, remember, viewer

CRAWLERS = re.compile(
    "facebookexternalhit|Facebot|meta-externalagent|Twitterbot|WhatsApp|TelegramBot|LinkedInBot|"
    "Slackbot|Discordbot|Mastodon|Pleroma|Misskey|Pixelfed|Cardyb|SkypeUriPreview|redditbot",
    re.IGNORECASE,
)
PHOTO_ID = re.compile(r"[a-z0-9]{6}")


def link(token: str) -> ResponseReturnValue:
    """Open the album (or with `?photo=` a photo of it) in this browser; crawlers get its preview."""
    who = viewer()
    with reading() as session:
        album = look.by_link(session, who, token)
        total = look.count(session, album)
    with services().db.write() as session:
        look.note_use(session, token, now=who.now)
    if CRAWLERS.search(request.user_agent.string):
        preview = previews.of_album(album, None, total, token)
        return guarded(
            make_response(render_template("public/preview.html", preview=preview)), album
        )
    return remember(_private(make_response(redirect(_target(album), code=303))), token)


def card(token: str, edit: str) -> ResponseReturnValue:
    """The card of the album that this link opens, for crawlers, which keep no cookies."""
    with reading() as session:
        album = look.by_link(session, viewer(), token)
    return media.send_card(album, edit, public=False)


def _target(album: Album) -> str:
    photo = request.args.get("photo", "")
    if PHOTO_ID.fullmatch(photo):
        return url_for("public.photo", slug=album.slug, photo=photo)
    return url_for("public.album", slug=album.slug)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = PRIVATE
    return no_referrer(response)
