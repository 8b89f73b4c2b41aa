"""Twenty accounts, one of them in trouble: whether the other nineteen notice.

For each kind of trouble two rounds are compared: nineteen accounts alone, and the same nineteen
beside one in trouble. Every account gets a few albums, and every album is carried.
"""

from __future__ import annotations

import time
from statistics import median

from bench.carrying import Ground, ground, picture_of, working
from bench.network import KINDS
from bench.report import at_most, figure, machine, section
from bench.site import free_port

OTHERS = 19
ALBUMS = 1
PHOTOS = 10
LATENCY_S = 1.0
MOST = 1.1
ROUNDS = 3
TROUBLES = (*KINDS, "refused")


def main() -> None:
    """Print how much later nineteen are done because of the twentieth."""
    machine()
    section(f"{OTHERS} accounts beside one in trouble: {ALBUMS} albums of {PHOTOS} photos each")
    with ground() as site:
        site.tell(latency_s=LATENCY_S)
        picture_of(site.services)
        with working(site.services):
            _round(site, None)  # warms up
            for trouble in TROUBLES:
                _compare(site, trouble)


def _compare(site: Ground, trouble: str) -> None:
    pairs = [(_round(site, None), _round(site, trouble)) for _ in range(ROUNDS)]
    alone, beside = median(a for a, _ in pairs), median(b for _, b in pairs)
    figure(f"{trouble}: alone, beside it", f"{alone:.2f} s, {beside:.2f} s")
    at_most(f"{trouble}: ratio", median(b / a for a, b in pairs), MOST)


def _round(site: Ground, trouble: str | None) -> float:
    """Seconds until the nineteen are done."""
    others = [site.account()[0] for _ in range(OTHERS)]
    bad = _in_trouble(site, trouble) if trouble else []
    albums = site.albums(ALBUMS, PHOTOS)
    begun = time.monotonic()
    for album in albums:
        site.order(album, bad + others)
    site.wait_for(others, ALBUMS * OTHERS)
    took_s = time.monotonic() - begun
    if bad and site.published(bad):
        raise RuntimeError(f"{trouble} was no trouble")
    site.leave(bad)
    site.tell(trouble={})
    return took_s


def _in_trouble(site: Ground, kind: str) -> list[str]:
    away = f"http://127.0.0.1:{free_port()}" if kind == "refused" else None
    account, page = site.account(away)
    site.tell(trouble={page: kind})
    return [account]


if __name__ == "__main__":
    main()
