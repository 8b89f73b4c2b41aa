"""Many deliveries to a network that answers in 50 ms: how much of what its waits allow we reach."""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path

from bench.carrying import Ground, ground, others, picture_of, working
from bench.report import at_most, figure, machine, section
from gallery.publishing.rules import Rules
from tests.postgres.cluster import Cluster

DELIVERIES = 500
PHOTOS = 20
ACCOUNTS = 1
LATENCY_S = 0.05
LEAST_SHARE = 0.8
MOST_GROWTH = 1.1


def main() -> None:
    """Print the share and the memory."""
    parser = argparse.ArgumentParser(prog="python -m bench.many")
    parser.add_argument("--deliveries", type=int, default=DELIVERIES)
    parser.add_argument("--accounts", type=int, default=ACCOUNTS)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL started for it")
    parser.add_argument("--workers", type=int, default=1, help="processes, with --postgres")
    given = parser.parse_args()
    machine()
    with database(given.postgres) as more, ground(**more) as site:
        measure(site, given.deliveries, given.accounts, given.workers)


@contextmanager
def database(postgres: bool) -> Iterator[dict[str, object]]:
    """The settings of where the rows are. This PostgreSQL waits for no disk."""
    if not postgres:
        yield {}
        return
    cluster = Cluster.joined()
    name = cluster.new()
    try:
        yield {"database_url": cluster.url(name)}
    finally:
        cluster.drop(name)
        cluster.leave()


def measure(site: Ground, deliveries: int, accounts: int, workers: int) -> None:
    """Order, carry, and look at the clock and at our memory on the way."""
    section(
        f"{deliveries} deliveries of {PHOTOS} photos, {accounts} accounts, {LATENCY_S:g} s an answer, "
        f"{site.services.db.engine.name}, processes: {workers}"
    )
    site.tell(latency_s=LATENCY_S)
    ids = [site.account()[0] for _ in range(accounts)]
    for album in site.albums(deliveries // accounts, PHOTOS):
        site.order(album, ids)
    picture_of(site.services)
    with others(site.services, workers - 1), working(site.services):
        begun, cpu = time.monotonic(), time.process_time()
        site.wait_for(ids, deliveries // 5)
        early = resident_mb()
        site.wait_for(ids, deliveries)
        wall_s, cpu_s = time.monotonic() - begun, time.process_time() - cpu
        late = resident_mb()
    ideal_s = deliveries / accounts * least_s()
    figure("requests", str(site.tell()["requests"]))
    figure("from the first claim to the last published", f"{wall_s:.1f} s")
    figure("what the waits allow", f"{ideal_s:.1f} s")
    figure("CPU of this process for each delivery", f"{1000 * cpu_s / deliveries:.0f} ms")
    share = ideal_s / wall_s
    figure("share", f"{share:.3f}", f"at least {LEAST_SHARE:g}", share >= LEAST_SHARE)
    at_most("memory at the end : after a fifth", late / early, MOST_GROWTH)
    figure("memory", f"{late:.0f} MB")


def least_s() -> float:
    """How long one delivery takes if nothing but the network takes time."""
    posts = ceil(PHOTOS / 10)
    return posts * (ceil(10 / Rules().uploads_at_once) + 1) * LATENCY_S


def resident_mb() -> float:
    """The memory that this process has now."""
    gc.collect()
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1024


if __name__ == "__main__":
    main()
