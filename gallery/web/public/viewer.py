"""Who is looking: a signed-in person, or a visitor with the secret links this browser has used."""

from __future__ import annotations

import re

from flask import Response, request

from gallery.albums.look import Viewer
from gallery.models import Album, Visibility
from gallery.web.context import person, services, utcnow
from gallery.web.headers import no_referrer

MOST_LINKS = 20
KEPT_S = 90 * 24 * 3600
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,43}")


def viewer() -> Viewer:
    """The viewer of this request. The cookie only carries tokens: rows decide what they open."""
    return Viewer(now=utcnow(), signed_in=person() is not None, tokens=_tokens())


def remember(response: Response, token: str) -> Response:
    """Keep a secret link in this browser, before those it had; the oldest falls out."""
    tokens = [token, *(other for other in _tokens() if other != token)][:MOST_LINKS]
    response.set_cookie(
        _cookie(),
        ".".join(tokens),
        max_age=KEPT_S,
        secure=services().settings.https,
        httponly=True,
        samesite="Lax",
    )
    return response


def guarded(response: Response, album: Album) -> Response:
    """Keep pages of albums that are not public out of caches, search engines and Referers."""
    if album.visibility is not Visibility.PUBLIC:
        no_referrer(response)
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _tokens() -> tuple[str, ...]:
    sent = request.cookies.get(_cookie(), "").split(".")
    return tuple(token for token in sent[:MOST_LINKS] if TOKEN.fullmatch(token))


def _cookie() -> str:
    return "__Host-links" if services().settings.https else "links"
