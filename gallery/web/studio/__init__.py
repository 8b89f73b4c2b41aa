"""The studio: where people who sign in make albums and post them."""

from __future__ import annotations

from flask import Flask

from gallery.settings import Settings
from gallery.web.room import UploadRequest
from gallery.web.studio import (
    accounts,
    add,
    album,
    albums,
    calendar,
    captions,
    changes,
    compose,
    cover,
    deliveries,
    dialogs,
    fitted,
    histories,
    left_out,
    one_post,
    order,
    people,
    removing,
    samples,
    scheduling,
    site,
    you,
)
from gallery.web.studio.base import bp

__all__ = [
    "accounts", "add", "album", "albums", "calendar", "captions", "changes", "compose", "cover", "deliveries", "dialogs",
    "fitted", "histories", "install", "left_out", "one_post", "order", "people", "removing", "samples", "scheduling", "site", "you",
]  # fmt: skip


def install(app: Flask, settings: Settings) -> None:  # noqa: ARG001
    """Give `app` the studio's pages; who may open which, web.guards decides."""
    app.config["SAMPLE_PHOTOS"] = 12
    app.request_class = UploadRequest
    app.register_blueprint(bp)
