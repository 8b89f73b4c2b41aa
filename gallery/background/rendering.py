"""The render side of the workers: what their threads do, once each time.

A ring only says where to look. Whatever was killed, the sweep finds it again.
"""

from __future__ import annotations

from gallery.albums import avif, cards, health, renditions, tombstones
from gallery.errors import NotFound
from gallery.models import PhotoState
from gallery.services import Services

SWEEP_AT_ONCE = 4  # a lost ring is rare: the others are still in the bell


def take_up(services: Services) -> None:
    """When the workers start: whoever had photos in hand before is gone."""
    with services.db.write() as session:
        renditions.forget_claims(session)


def render_one(services: Services, photo_id: str) -> PhotoState | None:
    """Make one photo's renditions if it still waits for them; its state, None if it is gone."""
    parts = (services.db, services.storage, services.renderer)
    try:
        return renditions.work(*parts, photo_id, clock=services.clock.now)
    except NotFound:
        return None


def sweep_photos(services: Services) -> list[str]:
    """Photos that wait and that nobody has: their ring was lost, or who had them was killed."""
    with services.db.read() as session:
        return renditions.waiting(session, services.clock.now(), SWEEP_AT_ONCE)


def idle_one(services: Services) -> bool:
    """Draw one card or make one photo's AVIFs; whether there may be more to do."""
    parts = (services.db, services.storage, services.renderer)
    with services.db.read() as session:
        busy = bool(renditions.waiting(session, services.clock.now(), 1))
        albums = [] if busy else cards.cards_due(session, 1)
        photos = [] if busy or albums else avif.without_avif(session, services.clock.now(), 1)
    for album_id in albums:
        return cards.ensure_card(*parts, album_id) is not None
    for photo_id in photos:
        return avif.make_avif(*parts, photo_id, clock=services.clock.now)
    return False


def tidy(services: Services) -> int:
    """Delete bytes that nobody has used for a day; how many files. For once an hour or so.

    Pictures that were taken down go too, whatever a restored database says of them.
    """
    now = services.clock.now()
    tombstones.reapply(services.db, services.storage, now=now)
    gone = tombstones.purge(services.db, services.storage)
    return gone + health.sweep(services.db, services.storage, now=now)
