"""One album in the studio: its event, who may look, its links, what is still to be done."""

from __future__ import annotations

from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from gallery.albums import opening, slugs
from gallery.albums.opening import EventData
from gallery.errors import InvalidInput, NotFound
from gallery.models import Album, AlbumLink, Visibility
from gallery.people import audit
from gallery.web.context import services, utcnow
from gallery.web.studio import changes, event_form, queries, standing
from gallery.web.studio.base import bp, done, errors_of, page, who
from gallery.web.studio.site import LANGUAGES, zones

NEWEST = 24  # photos shown on the album's page
KEEP_FOR_DAYS = {"7": 7, "30": 30, "365": 365, "": None}
SAID = {
    Visibility.DRAFT: "This album is a draft again: only people who sign in see it.",
    Visibility.UNLISTED: "Visitors with a secret link can see this album now.",
    Visibility.PUBLIC: "This album is public now. Here is its address.",
}


@bp.get("/a/<album_id>")
def album(album_id: str) -> ResponseReturnValue:
    """The event form, photos, visibility, checklist, and where the album stands on each network."""
    with services().db.read() as session:
        return _page(session, opening.by_id(session, album_id), {})


@bp.get("/a/<album_id>/card")
def card(album_id: str) -> ResponseReturnValue:
    """The part of the album's page that waits for its card to be drawn."""
    with services().db.read() as session:
        return page("_card.html", album=opening.by_id(session, album_id))


@bp.post("/a/<album_id>")
def save_album(album_id: str) -> ResponseReturnValue:
    """Save the event form."""
    try:
        with services().db.write() as session:
            found = opening.by_id(session, album_id)
            data = event_form.read(request.form, EventData.of(found))
            opening.edit(session, found, _with_fitting_slug(session, found, data))
    except InvalidInput as error:
        with services().db.read() as session:
            return _page(session, opening.by_id(session, album_id), errors_of(error), status=422)
    return done("Saved.", "album", album_id=album_id)


@bp.post("/a/<album_id>/visibility")
def set_visibility(album_id: str) -> ResponseReturnValue:
    """Draft, unlisted or public. The first time unlisted, a link is made as well."""
    with services().db.write() as session:
        found = opening.by_id(session, album_id)
        try:
            chosen = Visibility(request.form.get("publish") or request.form.get("visibility", ""))
        except ValueError as error:
            raise InvalidInput("Choose draft, unlisted or public.") from error
        opening.set_visibility(session, found, chosen, now=utcnow())
        if chosen is Visibility.UNLISTED and not opening.links(session, found):
            opening.new_link(session, found, now=utcnow())
        _note(session, f"album {chosen.value}", found)
    return done(SAID[chosen], "album", album_id=album_id, _anchor="who")


@bp.post("/a/<album_id>/links")
def new_link(album_id: str) -> ResponseReturnValue:
    """One more secret link."""
    days = KEEP_FOR_DAYS.get(request.form.get("days", "30"), 30)
    with services().db.write() as session:
        found = opening.by_id(session, album_id)
        opening.new_link(session, found, now=utcnow(), days=days)
        _note(session, "link made", found)
    return done("There is a new link; copy it from the list.", "album", album_id=album_id,
                _anchor="who")  # fmt: skip


@bp.post("/a/<album_id>/links/revoke")
def revoke_link(album_id: str) -> ResponseReturnValue:
    """From now on this link leads nowhere."""
    with services().db.write() as session:
        link = session.get(AlbumLink, request.form.get("token", ""))
        if link is None or link.album_id != album_id:
            raise NotFound("There is no such link.")
        opening.revoke_link(session, link.token, now=utcnow())
        _note(session, "link revoked", opening.by_id(session, album_id))
    return done("That link leads nowhere now.", "album", album_id=album_id, _anchor="who")


def _note(session: Session, what: str, found: Album) -> None:
    audit.note(session, what, now=utcnow(), by=who().id, about=found.title)


def _with_fitting_slug(session: Session, found: Album, data: EventData) -> EventData:
    """A draft's address follows its title, until somebody chooses one or the album is shown."""
    made_of_title = slugs.from_title(found.title)
    untouched = data.slug in ("", found.slug) and data.title != found.title
    if found.opened_at or not untouched or not found.slug.startswith(made_of_title):
        return data
    wanted = slugs.from_title(data.title)
    if not slugs.enough(wanted) or wanted == made_of_title:
        return data
    return replace(data, slug=slugs.free(session, wanted))


def _page(
    session: Session, found: Album, errors: dict[str, str], *, status: int = 200
) -> ResponseReturnValue:
    stands = standing.stands(session, found.id)
    return page(
        "album.html",
        status=status,
        album=found,
        typed=event_form.typed_in(request.form, EventData.of(found)),
        errors=errors,
        counts=queries.counts_of(session, [found.id]).get(found.id, queries.Counts()),
        photos=queries.newest(session, found.id, NEWEST),
        links=opening.links(session, found),
        stands=stands,
        differing={one.delivery_id: one for one in changes.differences(session, found, stands)},
        zones=zones(),
        languages=LANGUAGES,
        now=utcnow(),
    )
