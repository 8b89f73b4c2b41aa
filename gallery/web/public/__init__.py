"""What visitors see: the addresses, and the view behind each."""

from __future__ import annotations

from flask import Blueprint, Flask

from gallery.settings import Settings
from gallery.web.metrics import metrics
from gallery.web.public import (
    assets,
    errors,
    feeds,
    health,
    links,
    media,
    practice,
    removing,
    views,
)

ADDRESSES = (
    ("/", "home", views.home),
    ("/a/<slug>", "album", views.album),
    ("/a/<slug>/<photo>", "photo", views.photo),
    ("/a/<slug>/remove", "remove_choose", removing.choose),
    ("/a/<slug>/remove/asked", "remove_asked", removing.asked),
    ("/a/<slug>/<photo>/remove", "remove", removing.form),
    ("/l/<token>", "link", links.link),
    ("/l/<token>/<edit>.jpg", "link_card", links.card),
    ("/m/<photo>/<edit>/<name>", "media", media.rendition),
    ("/m/card/<album_id>/<edit>.jpg", "card", media.card),
    ("/practice/<id>", "practice", practice.post),
    ("/practice/<id>/<name>", "practice_picture", practice.picture),
    ("/feed.atom", "feed", feeds.feed),
    ("/sitemap.xml", "sitemap", feeds.sitemap),
    ("/robots.txt", "robots", feeds.robots),
    ("/healthz", "healthz", health.alive),
    ("/readyz", "readyz", health.ready),
    ("/metrics", "metrics", metrics),
)


def install(app: Flask, settings: Settings) -> None:  # noqa: ARG001
    """Give `app` the public pages, the error pages and what every template may use."""
    assets.install(app)
    errors.install(app)
    blueprint = Blueprint("public", __name__)
    for rule, endpoint, view in ADDRESSES:
        blueprint.add_url_rule(rule, endpoint, view)
    blueprint.add_url_rule("/a/<slug>/<photo>/remove", "ask", removing.ask, methods=["POST"])
    app.register_blueprint(blueprint)
