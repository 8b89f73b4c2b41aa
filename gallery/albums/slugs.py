"""Slugs: an album's place in addresses, now and for ever."""

from __future__ import annotations

import itertools
import re
import unicodedata
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import InvalidInput
from gallery.models import Album, OldSlug

LONGEST = 60
SHORTEST = 3
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def from_title(title: str) -> str:
    """ASCII letters and digits of a title, joined by hyphens; may be too short to be a slug."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", ascii_only.replace("'", "")))
    if len(words) > LONGEST:
        words = words[: LONGEST + 1].rpartition("-")[0] or words[:LONGEST]
    return words


def enough(slug: str) -> bool:
    """Whether there is enough of it to be an address."""
    return len(slug.replace("-", "")) >= SHORTEST


def typed(slug: str) -> str:
    """A slug that a person chose. Raises InvalidInput, with one that would do where there is one."""
    if _SLUG.fullmatch(slug) and enough(slug) and len(slug) <= LONGEST:
        return slug
    better = from_title(slug)
    hint = f" “{better}” would do." if enough(better) else ""
    raise InvalidInput(
        "An address has 3 to 60 small letters a-z and digits, with single hyphens between." + hint
    )


def without_letters(day: date, album_id: str) -> str:
    """The slug of an album whose title has no ASCII letters to speak of."""
    return f"{day.isoformat()}-{album_id[:6]}"


def candidates(slug: str) -> itertools.chain[str]:
    """The slug itself, then with -2, -3 and so on."""
    return itertools.chain([slug], (f"{slug}-{n}" for n in itertools.count(2)))


def holder(session: Session, slug: str) -> Album | None:
    """The album that has this slug, or once had it."""
    album = session.scalar(select(Album).where(Album.slug == slug))
    if album is None and (old := session.get(OldSlug, slug)) is not None:
        album = session.get(Album, old.album_id)
    return album


def free(session: Session, slug: str) -> str:
    """The slug, or with the first number that no album has or ever had."""
    return next(s for s in candidates(slug) if holder(session, s) is None)


def available(session: Session, album: Album, slug: str) -> str:
    """A slug that this album may take. Raises InvalidInput if another one has or ever had it."""
    slug = typed(slug)
    if holder(session, slug) not in (None, album):
        raise InvalidInput("Another album has this address, or once had it; choose another.")
    return slug


def rename(session: Session, album: Album, slug: str) -> None:
    """Give an album another slug; the old one leads to it for ever. Raises InvalidInput."""
    if slug == album.slug:
        return
    slug = available(session, album, slug)
    if (own := session.get(OldSlug, slug)) is not None:
        session.delete(own)
    session.add(OldSlug(slug=album.slug, album_id=album.id))
    album.slug = slug
