"""The studio: where people who sign in make albums and post them."""

from __future__ import annotations

from flask import Flask

from gallery.settings import Settings
from gallery.web.studio import (
    add,
    album,
    albums,
    captions,
    cover,
    left_out,
    order,
    people,
    site,
)
from gallery.web.studio.base import bp

__all__ = [
    "add", "album", "albums", "captions", "cover", "install", "left_out", "order", "people", "site",
]  # fmt: skip


def install(app: Flask, settings: Settings) -> None:  # noqa: ARG001
    """Give `app` the studio's pages; who may open which, web.guards decides."""
    app.register_blueprint(bp)
