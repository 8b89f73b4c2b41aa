"""How commands answer with deliveries, and the exit codes that say how they stand."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence

import click

from gallery.cli.common import print_json, services, utcnow
from gallery.publishing import views
from gallery.publishing.views import DeliveryView

EXIT_CODES = {
    **{"published": 0, "retracted": 0, "partial": 3, "missed": 3, "needs_human": 3},
    **{"proposed": 3, "scheduled": 4},
    **{"retract_unknown": 3, "waiting": 4, "ready": 4, "editing": 4, "retracting": 4},
}


def views_of(ids: Sequence[str]) -> list[DeliveryView]:
    """These deliveries as they stand now."""
    with services().db.read() as session:
        return [views.view(session, id_, now=utcnow()) for id_ in ids]


def answer(shown: Sequence[DeliveryView], as_json: bool) -> None:
    """Print these deliveries, in words or in JSON."""
    if as_json:
        print_json({"deliveries": [delivery.to_json() for delivery in shown]})
        return
    for delivery in shown:
        click.echo(f"{delivery.id}  {delivery.account.name}  {delivery.sentence}")
        for post in delivery.posts:
            click.echo(f"  {post.nth}/{post.of}  {post.state}  {post.url or ''}".rstrip())
        for warning in delivery.warnings:
            click.echo(f"  note: {warning}")


def exit_as(shown: Sequence[DeliveryView], *, fine: Collection[str] = ()) -> None:
    """End with the exit code that says how these stand: the highest counts.

    What waits for one that a person must decide about waits for that person. `fine` are states
    that were wanted.
    """
    codes = {delivery.id: _exit_code(delivery, fine) for delivery in shown}
    for delivery in shown:
        if codes[delivery.id] == 4 and codes.get(delivery.replaces or "") == 3:
            codes[delivery.id] = 3
        if codes[delivery.id]:
            click.echo(f"{delivery.account.name}: {delivery.sentence}", err=True)
    if any(codes.values()):
        sys.exit(max(codes.values()))


def _exit_code(delivery: DeliveryView, fine: Collection[str]) -> int:
    if delivery.state in fine:
        return 0
    if delivery.state == "waiting" and "reconnect" in delivery.offers:
        return 3
    return EXIT_CODES.get(delivery.state, 1)
