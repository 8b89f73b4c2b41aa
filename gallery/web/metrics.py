"""/metrics for Prometheus: off unless a token is set, and given to nobody without it.

What stands in the database is read when it is asked for, so several processes tell the same; only
requests are counted here, each process its own. No label comes from a person.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterable, Iterator

from flask import Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gallery.publishing import figures
from gallery.services import Services
from gallery.settings import Settings
from gallery.web.context import services, utcnow

PLAIN = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


def install(app: Flask, settings: Settings) -> None:
    """Count requests by the pattern of their route, if anybody is to see it."""
    if not settings.metrics_token.reveal():
        return
    registry = CollectorRegistry()
    registry.register(_Standing(app.extensions["gallery"]))
    labels = ("route", "method", "status")
    requests = Counter("afterglow_requests", "Answered requests.", labels, registry=registry)
    seconds = Histogram(
        "afterglow_request_seconds",
        "Seconds until an answer began.",
        ("route",),
        buckets=SECONDS,
        registry=registry,
    )
    app.extensions["metrics"] = registry

    @app.before_request
    def begin() -> None:
        g.begun = time.monotonic()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
        requests.labels(route, method, str(response.status_code)).inc()
        seconds.labels(route).observe(time.monotonic() - g.get("begun", time.monotonic()))
        return response


def metrics() -> ResponseReturnValue:
    """Everything, for who has the token; otherwise there is no such page."""
    token = services().settings.metrics_token.reveal()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)
    response = Response(generate_latest(current_app.extensions["metrics"]), content_type=PLAIN)
    response.headers["Cache-Control"] = "no-store"
    return response


class _Standing(Collector):
    """What the database, the disk and the workers' sign of life say at this moment."""

    def __init__(self, parts: Services) -> None:
        self._parts = parts

    def describe(self) -> Iterable[Metric]:
        """Nothing ahead of time: no query before anybody asks."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """One family a figure."""
        parts = self._parts
        with parts.db.read() as session:
            found = figures.figures(session, utcnow())
        yield from _of_deliveries(found)
        yield from _of_accounts(found.accounts)
        free = parts.storage.free_bytes()
        yield _gauge("free_bytes", "Free bytes where originals are kept.", free)
        try:
            beat = time.time() - parts.settings.heartbeat_file.stat().st_mtime
        except FileNotFoundError:
            return
        yield _gauge("heartbeat_age_seconds", "Seconds since the workers' sign of life.", beat)


def _of_deliveries(found: figures.Figures) -> Iterator[Metric]:
    states = _family("deliveries", "Deliveries by network and state.", "network", "state")
    for network, state, count in found.deliveries:
        states.add_metric([network, state], count)
    yield states
    ready = found.oldest_ready_s
    yield _gauge("oldest_ready_seconds", "Since when something is due and idle.", ready)
    yield _gauge("unknown_outcomes", "Posts that may be out or not.", found.unknown)


def _of_accounts(accounts: Iterable[figures.AccountFigures]) -> Iterator[Metric]:
    usable = _family("account_usable", "1: it may be posted to.", "account", "network", "state")
    resting = _family("account_resting", "1: its breaker is open.", "account", "network")
    days = _family("token_days_left", "Days until the connection ends.", "account", "network")
    for one in accounts:
        usable.add_metric([one.id, one.network, one.state], one.state == "ok")
        resting.add_metric([one.id, one.network], one.resting)
        if one.days_left is not None:
            days.add_metric([one.id, one.network], one.days_left)
    yield from (usable, resting, days)


def _family(name: str, says: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"afterglow_{name}", says, labels=labels)


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"afterglow_{name}", says, value=value)
