"""Commands that connect accounts and post albums; they do what the studio does."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from gallery.albums import opening
from gallery.cli.answers import answer, exit_as, views_of
from gallery.cli.common import Failed, command, json_option, print_json, services, utcnow
from gallery.cli.waiting import carry_until
from gallery.models import Delivery
from gallery.people import audit
from gallery.publishing import accounts, compose, ledger, orders, schedule, views, withdrawing


@command("connect")
@click.argument("network")
@click.option("--page", help="Facebook: the Page's ID.")
@click.option("--name", help="Practice: what the account is called.")
@click.option("--lost-answers", is_flag=True, help="Practice: lose the first answer of each post.")
def connect(network: str, page: str | None, name: str | None, lost_answers: bool) -> None:
    """Connect an account of NETWORK. Its secret, if it has one, comes on standard input."""
    parts = services()
    given = {"page_id": page, "name": name, "lost_answers": "yes" if lost_answers else None}
    credential = {key: value for key, value in given.items() if value}
    if "secret" in accounts.secret_fields(network):
        credential["secret"] = _secret_from_stdin()
    profile = accounts.check(parts.settings, network, credential)
    with parts.db.write() as session:
        now = utcnow()
        account = accounts.connect(session, parts.vault, network, credential, profile, now=now)
        name = accounts.name_of(account)
        audit.note(session, "account connected", now=now, about=name)
    click.echo(f"Connected {name}.")


@command("accounts")
@json_option
def list_accounts(as_json: bool) -> None:
    """List the connected accounts by the names that `publish --to` takes."""
    with services().db.read() as session:
        listed = accounts.listed(session)
    if as_json:
        rows = [
            {"name": a.name, "network": a.network, "handle": a.handle, "state": a.state.value}
            for a in listed
        ]
        print_json({"accounts": rows})
        return
    for account in listed:
        click.echo(f"{account.name}  {account.state.value}  {account.why}".rstrip())


@command("publish")
@click.argument("slug")
@click.option("--to", "names", multiple=True, required=True, help="An account; may be repeated.")
@click.option("--text", help="What the posts say; kept for next time.")
@click.option("--draft", "draft_name", default="main", help="The draft's name.")
@click.option("--at", help="When, like '2026-11-25 09:00' in the album's time zone; else now.")
@click.option("--again", is_flag=True, help="Post once more what is out already.")
@click.option("--preview", is_flag=True, help="Show what would be posted, and post nothing.")
@click.option("--wait", is_flag=True, help="Carry it, and return when it stands.")
@click.option("--timeout", "timeout_s", default=600.0, help="With --wait: seconds at most.")
@json_option
def publish(
    slug: str,
    names: Sequence[str],
    text: str | None,
    draft_name: str,
    at: str | None,
    again: bool,
    preview: bool,
    wait: bool,
    timeout_s: float,
    as_json: bool,
) -> None:
    """Post the album SLUG to one or more accounts: every photo once, in order."""
    if preview:
        _show_previews(slug, names, text, draft_name, as_json)
        return
    ids = _order(slug, names, text, draft_name, at, again=again)
    if wait:
        carry_until(services(), ids, timeout_s)
    else:
        for id_ in ids:
            services().bell.carry(id_)
    shown = views_of(ids)
    answer(shown, as_json)
    if wait:
        exit_as(shown)


@command("deliveries")
@click.argument("slug", required=False)
@json_option
def deliveries(slug: str | None, as_json: bool) -> None:
    """Show where deliveries stand: all, or those of the album SLUG."""
    with services().db.read() as session:
        album_id = opening.by_slug(session, slug).id if slug else None
        answer(views.views(session, now=utcnow(), album_id=album_id), as_json)


@command("settle")
@click.argument("delivery_id", metavar="ID")
@click.option(
    "--seen", is_flag=False, flag_value="", help="It is there, at this address; none: look it up."
)
@click.option("--not-seen", is_flag=True, help="It is not there; post it again.")
@json_option
def settle(delivery_id: str, seen: str | None, not_seen: bool, as_json: bool) -> None:
    """Answer the question of the delivery ID, whether its post appeared."""
    if (seen is not None) == not_seen:
        raise click.UsageError("Say either --seen URL or --not-seen.")
    parts = services()
    with parts.db.write() as session:
        ledger.settle(session, delivery_id, seen, lives=parts.lives, now=utcnow())
    parts.bell.carry(delivery_id)
    answer(views_of([delivery_id]), as_json)


@command("retract")
@click.argument("delivery_id", metavar="ID")
@click.option("--post", "nth", type=int, help="Only this post of it; the others stay.")
@click.option("--timeout", "timeout_s", default=120.0, help="Seconds to carry it at most.")
@json_option
def retract(delivery_id: str, nth: int | None, timeout_s: float, as_json: bool) -> None:
    """Take everything of the delivery ID back from its network, or one post of it."""
    parts = services()
    with parts.db.write() as session:
        if nth is None:
            ledger.retract(session, delivery_id, now=utcnow())
        else:
            withdrawing.withdraw(session, delivery_id, nth, now=utcnow())
    carry_until(parts, [delivery_id], timeout_s)
    shown = views_of([delivery_id])
    answer(shown, as_json)
    if nth is None:
        exit_as(shown, fine=("cancelled",))
    elif any(post.nth == nth and post.state == "withdrawing" for post in shown[0].posts):
        click.echo(f"{shown[0].account.name}: {shown[0].sentence}", err=True)
        sys.exit(3 if shown[0].question else 4)


def _secret_from_stdin() -> str:
    secret = sys.stdin.readline().strip()
    if not secret:
        raise Failed("The secret is missing; give it on standard input. Nothing was connected.")
    return secret


def _order(
    slug: str,
    names: Sequence[str],
    text: str | None,
    draft_name: str,
    at: str | None,
    *,
    again: bool,
) -> list[str]:
    parts = services()
    with parts.db.write() as session:
        album = opening.by_slug(session, slug)
        words = compose.wording(session, album, draft_name)
        if text is not None:
            words = replace(words, text=text)
        draft = compose.save(session, album, words, draft_name)
        rows = [accounts.named(session, name) for name in dict.fromkeys(names)]
        when = schedule.parse(at, album.zone, utcnow()) if at else None
        ordered: list[Delivery] = []
        for row in rows:
            limits = accounts.connector(parts.vault, parts.settings, row).limits()
            delivery, _new = orders.order(
                session,
                parts.settings,
                album=album,
                draft=draft,
                account=row,
                limits=limits,
                now=utcnow(),
                by=None,
                again=again,
                when=when,
            )
            ordered.append(delivery)
    return [delivery.id for delivery in ordered]


def _show_previews(
    slug: str, names: Sequence[str], text: str | None, draft_name: str, as_json: bool
) -> None:
    parts = services()
    with parts.db.read() as session:
        album = opening.by_slug(session, slug)
        words = compose.wording(session, album, draft_name)
        if text is not None:
            words = replace(words, text=text)
        rows = [accounts.named(session, name) for name in dict.fromkeys(names)]
        shown = compose.previews(
            session, parts.vault, parts.settings, album, words, rows, now=utcnow(), name=draft_name
        )
    broken = next((preview.error for preview in shown if preview.error), None)
    if broken:
        raise Failed(broken)
    if as_json:
        print_json({"previews": [_preview_json(preview) for preview in shown]})
        return
    for preview in shown:
        click.echo(preview.account.name)
        for post in preview.plan.posts if preview.plan else ():
            click.echo(f"  {post.nth}/{post.of}: {post.text}")
            for photo in post.photos:
                click.echo(f"    {photo.file}: {photo.caption}")
        for warning in preview.plan.warnings if preview.plan else ():
            click.echo(f"  note: {warning}")


def _preview_json(preview: compose.Preview) -> dict[str, Any]:
    made = preview.plan.to_json() if preview.plan else {"posts": [], "warnings": []}
    return {
        "account": preview.account.name,
        "hash": preview.plan.hash if preview.plan else None,
        **made,
    }
