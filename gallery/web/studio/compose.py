"""Composing posts: where, what, which photos, when; a preview of exactly what would go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from gallery.albums import opening
from gallery.albums.arrange import photos_in_order
from gallery.errors import Conflict, FieldErrors, InvalidInput
from gallery.models import Account, AccountState, Album, PhotoState
from gallery.people import audit
from gallery.people.site import needs_approval
from gallery.publishing import accounts, compose, orders
from gallery.web.context import services, utcnow
from gallery.web.studio import queries, standing
from gallery.web.studio.base import bp, errors_of, page, who
from gallery.web.studio.post_form import PostForm, draft_named


@bp.get("/a/<album_id>/post")
def post(album_id: str) -> ResponseReturnValue:
    """The form of a draft, filled from last time, with its preview."""
    with services().db.read() as session:
        album = opening.by_id(session, album_id)
        draft = draft_named(request.args.get("draft"))
        words = compose.wording(session, album, draft)
        ticked = standing.last_posted_to(session, album.id)
        return _page(session, album, PostForm(ticked, words, {}, draft))


@bp.post("/a/<album_id>/post/preview")
def preview(album_id: str) -> ResponseReturnValue:
    """Only the preview: our script asks for it while somebody types."""
    with services().db.read() as session:
        album = opening.by_id(session, album_id)
        try:
            form = PostForm.sent()
        except FieldErrors as error:
            return page("_previews.html", previews=[], label="Post", problem=str(error))
        rows = standing.accounts_in_use(session)
        edits = queries.edits_of(session, album.id)
        return page(
            "_previews.html", album=album, edits=edits, **_previewed(session, album, form, rows)
        )


@bp.post("/a/<album_id>/post")
def send(album_id: str) -> ResponseReturnValue:
    """Order the posts, or (the second button) only show the preview; a worker sends them."""
    with services().db.read() as session:
        album = opening.by_id(session, album_id)
        try:
            form = PostForm.sent()
            if request.form.get("do") == "preview":
                return _page(session, album, form)
            form.insist_on_preview()
        except InvalidInput as error:
            return _page(session, album, PostForm.as_typed(), errors_of(error), status=422)
    try:
        ordered, new = _order(album_id, form)
    except (Conflict, InvalidInput) as error:
        status = 422 if isinstance(error, FieldErrors) else 409
        with services().db.read() as session:
            album = opening.by_id(session, album_id)
            return _page(session, album, form, errors_of(error), status=status)
    for delivery_id in ordered:
        services().bell.carry(delivery_id)
    return _follow(album_id, ordered, new)


def _follow(album_id: str, ordered: list[str], new: bool) -> ResponseReturnValue:
    if not new:
        flash("This was ordered already; here is where it stands.", "warn")
    if len(ordered) == 1:
        return redirect(url_for("studio.delivery", delivery_id=ordered[0]), code=303)
    return redirect(url_for("studio.posts", album=album_id), code=303)


def _order(album_id: str, form: PostForm) -> tuple[list[str], bool]:
    """Ids of the deliveries, and whether any is new. All are ordered, or none."""
    parts = services()
    now, by = utcnow(), who()
    ordered, any_new = [], False
    with parts.db.write() as session:
        album = opening.by_id(session, album_id)
        draft = compose.save(session, album, form.words, form.draft)
        approval = needs_approval(session, by)
        times = form.times(album.zone, now)
        for account_id, when in zip(form.ticked, times, strict=True):
            account = accounts.by_id(session, account_id)
            seen_hash, seen_round = form.seen[account_id]
            delivery, new = orders.order(
                session,
                parts.settings,
                album=album,
                draft=draft,
                account=account,
                limits=accounts.connector(parts.vault, parts.settings, account).limits(),
                now=now,
                by=by.id,
                seen_hash=seen_hash,
                seen_round=seen_round,
                again=account_id in form.again,
                when=when,
                approval=approval,
            )
            ordered.append(delivery.id)
            if new:
                audit.note(
                    session, "post ordered", now=now, by=by.id, about=accounts.name_of(account)
                )
            any_new = any_new or new
    return ordered, any_new


def _previewed(
    session: Session, album: Album, form: PostForm, rows: Sequence[Account]
) -> dict[str, Any]:
    ticked = [row for row in rows if row.id in form.ticked]
    parts = services()
    shown = compose.previews(
        session, parts.vault, parts.settings, album, form.words, ticked,
        now=utcnow(), name=form.draft,
    )  # fmt: skip
    return {
        "previews": shown,
        "label": form.label(shown, approval=needs_approval(session, who())),
        "earlier": standing.deliveries(session, [one.earlier for one in shown if one.earlier]),
        "form_again": form.again,
        "problem": "" if form.ticked else "Tick an account to see what would go out there.",
    }


def _page(
    session: Session,
    album: Album,
    form: PostForm,
    errors: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> ResponseReturnValue:
    rows = standing.accounts_in_use(session)
    usable = [row.id for row in rows if row.state is AccountState.OK]
    if not form.ticked and request.method == "GET" and len(usable) == 1:
        form = replace(form, ticked=tuple(usable))
    photos = photos_in_order(session, album.id, (PhotoState.READY, PhotoState.WAITING))
    ready = [photo for photo in photos if photo.state is PhotoState.READY]
    return page(
        "compose.html",
        status=status,
        album=album,
        accounts=[accounts.view_of(row) for row in rows],
        drafts=[draft.name for draft in compose.drafts_of(session, album)],
        form_sent=form,
        errors=errors or {},
        photos=ready,
        edits={photo.id: photo.edit for photo in ready},
        waiting=len(photos) - len(ready),
        **_previewed(session, album, form, rows),
    )
