"""What every answer carries: the content policy, cache rules, and whom we believe."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from gallery.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'{forms}; frame-ancestors 'none'; base-uri 'none'"
)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
FOR_EVER = "public, max-age=31536000, immutable"
PRIVATE = "private, no-store"


def install(app: Flask, settings: Settings) -> None:
    """Believe only our own names and the proxies we were told of; give answers their headers."""
    app.config["TRUSTED_HOSTS"] = trusted_hosts(settings)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    app.after_request(_protect)
    app.after_request(_cache)
    if settings.https:
        app.after_request(_https_only)


def trusted_hosts(settings: Settings) -> list[str]:
    """The names we answer to: the public one, and loopback names where we listen there."""
    name = urlsplit(settings.public_url).hostname or ""
    own = f"[{name}]" if ":" in name else name
    return [own, *(LOOPBACK if _listens_on_loopback(settings.bind) else ())]


def forms_may_lead_to(address: str) -> None:
    """Let this answer's forms end on another site's pages: a sign-in there that starts with a POST."""
    parts = urlsplit(address)
    g.forms_lead_to = f" {parts.scheme}://{parts.netloc}"


def no_referrer(response: Response) -> Response:
    """Mark an answer whose address is a secret: no Referer, no search engine."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _listens_on_loopback(bind: str) -> bool:
    host = bind.rpartition(":")[0].strip("[]")
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified


def _protect(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = POLICY.format(forms=g.get("forms_lead_to", ""))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    return response


def _cache(response: Response) -> Response:
    """Pages are asked for anew each time; what a signed-in person sees is kept nowhere."""
    if request.endpoint == "static" and response.status_code < 400:
        response.headers["Cache-Control"] = FOR_EVER if "v" in request.args else "no-cache"
        return response
    personal = g.get("person") is not None
    if response.mimetype == "text/html":
        response.vary.add("Cookie")
        response.headers.setdefault("Cache-Control", PRIVATE if personal else "no-cache")
    return response


def _https_only(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
