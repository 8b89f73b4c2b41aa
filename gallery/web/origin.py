"""Requests that change something come from our own pages; addresses to go on to are our own."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import BadRequest

from gallery.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]{0,1000}")
STALE_FORM = (
    "This page was open for too long, or you signed in again meanwhile; nothing was changed. "
    "Go back, reload the page and send it once more."
)


class FromElsewhere(BadRequest):
    """A form of another site was aimed at us."""

    description = (
        "This was sent from another site, so nothing was changed. Use the form on this site."
    )


def install_check(app: Flask, settings: Settings) -> None:
    """First of all guards: what the browser itself says about where a request comes from."""
    ours = urlsplit(settings.public_url).netloc

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method not in SAFE_METHODS and not _from_here(ours):
            raise FromElsewhere

    app.register_error_handler(FromElsewhere, lambda error: _explain(str(error.description)))


def install_tokens(app: Flask) -> None:
    """Last of all guards, since it reads the whole body: the token in each form."""
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    CSRFProtect(app)
    app.register_error_handler(CSRFError, lambda _error: _explain(STALE_FORM))


def wants_json() -> bool:
    """Whether our own script asks, which reads JSON."""
    return request.accept_mimetypes.best == "application/json"


def own_path(text: str | None, otherwise: str) -> str:
    """`text` if it is a path on this site and nothing else, ready to redirect to."""
    return text if text and OWN_PATH.fullmatch(text) else otherwise


def page_behind(otherwise: str) -> str:
    """Our page to come back to: this one, or the one whose form was sent."""
    if request.method in SAFE_METHODS:
        return own_path(request.full_path.removesuffix("?"), otherwise)
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return otherwise
    return own_path(parts.path + (f"?{parts.query}" if parts.query else ""), otherwise)


def _from_here(ours: str) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc in (ours, request.host)


def _explain(sentence: str) -> Response:
    if wants_json():
        return make_response(jsonify(error=sentence), 400)
    return make_response(render_template("sign_in/stale.html", sentence=sentence), 400)
