"""Afterglow: a photo gallery and social cross-poster for events."""

from __future__ import annotations

from flask import Flask

from gallery import cli, web
from gallery.services import Services
from gallery.settings import ROOT, Settings


def create_app(settings: Settings) -> Flask:
    """Assemble the app; the only place where all parts meet. Starts no thread and no process."""
    app = Flask("gallery", template_folder=str(ROOT / "templates"), root_path=str(ROOT / "gallery"))
    app.extensions["gallery"] = Services.build(settings)
    web.install(app, settings)
    cli.install(app)
    return app
