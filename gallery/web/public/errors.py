"""Pages for what goes wrong: what happened, what is safe, what to do next."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, make_response, render_template
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from gallery.errors import Conflict, GalleryError, InvalidInput, NoRoom, NotFound, Unreadable

log = logging.getLogger(__name__)

STATUS: dict[type[GalleryError], int] = {
    NotFound: 404,
    InvalidInput: 400,
    Unreadable: 400,
    Conflict: 409,
    NoRoom: 507,
}
TITLES = {
    400: "That can’t be used as it is",
    403: "This page is not for you",
    404: "Nothing is at this address",
    405: "This page can’t do that",
    409: "Somebody else was faster",
    413: "That is too much at once",
    429: "Too often",
    507: "The disk is full",
}
SENTENCES = {
    400: "Something in what was sent can’t be read; nothing was changed. Go back and try again.",
    403: "You are not allowed to do this; nothing was changed. Ask an owner of this site.",
    404: "The page may have moved, or it was never here. Look among the albums.",
    405: "The address is right, but not for this; nothing was changed. Go back and try again.",
    413: "What was sent is larger than this page takes; nothing was kept. Send fewer at a time.",
    429: "There were too many requests from here; wait a minute, then try again.",
}

EXPLAINING = ("Allow", "Retry-After", "Content-Range")


def install(app: Flask) -> None:
    """Answer our own errors, those of HTTP, and everything unforeseen with a page."""
    app.register_error_handler(GalleryError, _explained)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(InternalServerError, _broken)


def not_found(sentence: str, back: str = "", back_label: str = "") -> Response:
    """The page for what is not there, with a link to where the visitor can go on."""
    return _page(404, sentence, back=back, back_label=back_label)


def _explained(error: GalleryError) -> Response:
    for kind, status in STATUS.items():
        if isinstance(error, kind):
            return _page(status, str(error))
    return _broken(InternalServerError(original_exception=error))


def _refused(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):  # no page: its addresses would be under that host
        return Response("This is not the site of that name.\n", 400, mimetype="text/plain")
    response = _page(error.code or 400, SENTENCES.get(error.code or 400, SENTENCES[400]))
    for name, value in error.get_headers():
        if name in EXPLAINING:
            response.headers[name] = value
    return response


def _broken(error: InternalServerError) -> Response:
    """Tell the visitor only an id, which the log knows too."""
    number = secrets.token_hex(4)
    log.error("error %s", number, exc_info=error.original_exception)
    return make_response(render_template("errors/broken.html", number=number), 500)


def _page(status: int, sentence: str, back: str = "", back_label: str = "") -> Response:
    page = render_template(
        "errors/error.html",
        title=TITLES.get(status, TITLES[400]),
        sentence=sentence,
        back=back,
        back_label=back_label,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
