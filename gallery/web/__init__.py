"""Pages: public and studio, signing in, guards, feeds."""

from __future__ import annotations

from flask import Flask

from gallery.settings import Settings
from gallery.web import headers, metrics, public, sign_in, studio


def install(app: Flask, settings: Settings) -> None:
    """Give `app` its pages, its guards and its headers."""
    app.config.update(
        SECRET_KEY=settings.secret_key.reveal(),
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,  # views that take photos raise it for themselves
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_NAME="__Host-form" if settings.https else "form",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    metrics.install(app, settings)
    headers.install(app, settings)
    sign_in.install(app, settings)
    public.install(app, settings)
    studio.install(app, settings)
