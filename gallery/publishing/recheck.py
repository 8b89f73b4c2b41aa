"""Whether a delivery may still go out as it was ordered: its inputs are compared, not its hashes.

Its inputs are the album, the draft, the link that its posts carry, and the network's limits. Only
when one of them changed the plan is made afresh; if that gives the same plan nobody is asked. So
no other way to plan, after an upgrade, recalls what was approved.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import InvalidInput
from gallery.models import Aim, Album, Delivery, Draft, State, Verb
from gallery.networks.contract import Limits
from gallery.publishing import compose
from gallery.publishing.difference import difference
from gallery.publishing.plan import Plan, fits
from gallery.settings import Settings

REASON_LENGTH = 500


def revised(session: Session, delivery: Delivery) -> bool:
    """Whether somebody changed the album or the draft since this delivery was planned. One query."""
    now = session.execute(
        select(Album.revision, Draft.revision)
        .join(Draft, Draft.album_id == Album.id)
        .where(Draft.id == delivery.draft_id)
    ).one()
    return tuple(now) != (delivery.album_revision, delivery.draft_revision)


def may_go_on(
    session: Session,
    settings: Settings,
    delivery: Delivery,
    verb: Verb,
    limits: Limits,
    now: datetime,
    *,
    hidden: str | None,
) -> bool:
    """Whether a step of a delivery may be sent while nothing of it is visible yet.

    If an input is another and another plan comes of it, the delivery is proposed again. `hidden`
    is a photo of it that may not be shown any more. Its row is locked by the caller.
    """
    if delivery.aim is not Aim.PUBLISH:
        return True
    outdated = (
        hidden is not None
        or revised(session, delivery)
        or (verb is Verb.PUBLISH and unfit(session, settings, delivery, limits, now))
    )
    return not outdated or stands(session, settings, delivery, limits, now)


def unfit(
    session: Session, settings: Settings, delivery: Delivery, limits: Limits, now: datetime
) -> bool:
    """Whether the link that the posts carry is dead, or the network takes less than it did."""
    plan, (album, _draft) = Plan.from_json(delivery.plan), inputs(session, delivery)
    link = plan.posts[0].link
    return link != compose.link_to(session, settings, album, now, keep=link) or not fits(
        plan, limits
    )


def inputs(session: Session, delivery: Delivery) -> tuple[Album, Draft]:
    """What a delivery is made of, as it is now."""
    draft = session.get_one(Draft, delivery.draft_id)
    return session.get_one(Album, draft.album_id), draft


def afresh(
    session: Session,
    settings: Settings,
    delivery: Delivery,
    limits: Limits,
    now: datetime,
    *,
    anew: bool = False,
) -> Plan:
    """What would go out if it were ordered now. Raises InvalidInput if there is nothing to post.

    `anew`: in a round of its own, without the photos of posts that were withdrawn on purpose.
    """
    album, draft = inputs(session, delivery)
    source = compose.source(session, settings, album, now)
    return once_more(source, draft, Plan.from_json(delivery.plan), limits, anew=anew)


def once_more(
    source: compose.Source, draft: Draft, before: Plan, limits: Limits, *, anew: bool = False
) -> Plan:
    """What `before` would be now, with the link that its posts carry while that is valid. Pure."""
    out, link = before.left_out(anew=anew), before.posts[0].link
    words = compose.words_of(draft)
    made = compose.made_of(source, words, limits, keep=link, leave_out=out)
    return replace(made, withdrawn=before.withdrawn)


def stands(
    session: Session, settings: Settings, delivery: Delivery, limits: Limits, now: datetime
) -> bool:
    """Whether this delivery may go out as it is, though an input changed.

    If not, it is proposed again and says what is different. Its row is locked by the caller, and
    nothing of it was visible yet.
    """
    try:
        fresh = afresh(session, settings, delivery, limits, now)
    except InvalidInput as error:
        propose(delivery, str(error))
        return False
    if fresh.hash != delivery.plan_hash:
        propose(delivery, " ".join(difference(Plan.from_json(delivery.plan), fresh)))
        return False
    up_to_date(session, delivery)
    return True


def up_to_date(session: Session, delivery: Delivery) -> None:
    """Write down that its plan is made of the album and the draft as they are now."""
    album, draft = inputs(session, delivery)
    delivery.album_revision, delivery.draft_revision = album.revision, draft.revision


def propose(delivery: Delivery, because: str) -> None:
    """Wait for a person to approve it."""
    delivery.state, delivery.wake_at = State.PROPOSED, None
    delivery.why, delivery.reason = "changed", _shortened(because)


def _shortened(text: str) -> str:
    return text if len(text) <= REASON_LENGTH else text[: REASON_LENGTH - 1] + "…"
