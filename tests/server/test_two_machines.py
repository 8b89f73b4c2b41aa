"""Two machines share a PostgreSQL and a folder of photos: both carry, either may die, one post each."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.site import environment
from gallery.settings import ROOT
from tests.fakes.facebook import FacebookFake
from tests.faults.ground import wait_until
from tests.postgres.cluster import Cluster
from tests.samples import make_photos
from tests.server.running import Site
from tests.server.stock import Stock

pytestmark = pytest.mark.server

ALBUMS = 6


@pytest.fixture
def site(tmp_path: Path, facebook_fake: FacebookFake, postgres: Cluster) -> Iterator[Site]:
    """A site whose database is on PostgreSQL."""
    name = postgres.new(like="template0")
    made = Site(
        tmp_path,
        database_url=postgres.url(name),
        queue_url=postgres.url(name),
        facebook_graph_url=facebook_fake.url,
    )
    yield made
    made.close()
    postgres.drop(name)


@pytest.fixture
def worker(site: Site, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`flask worker` on another machine: locks, clock and heartbeat of its own."""
    there = replace(site.settings, instance=tmp_path / "there")
    log = tmp_path / "worker.log"
    with log.open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "worker"],
            cwd=ROOT,
            env=environment(there),
            stderr=err,
        )
    wait_until(lambda: b"At work." in log.read_bytes() or process.poll() is not None, 60)
    assert process.poll() is None, log.read_text(encoding="utf-8")
    yield process
    process.kill()
    process.wait()


def test_both_carry_and_one_of_them_is_killed_in_the_middle(
    site: Site, stock: Stock, facebook_fake: FacebookFake, worker: subprocess.Popen[bytes]
) -> None:
    site.start()
    files = make_photos(site.folder, 2, megapixels=0.3)
    albums = [stock.filled_album(f"Evening {n}", files) for n in range(ALBUMS)]
    account = stock.page(facebook_fake)
    facebook_fake.control.latency_s = 0.1

    ordered = [stock.order(album, account) for album in albums]
    wait_until(lambda: len(facebook_fake.visible_posts) >= 2)
    worker.kill()

    for delivery in ordered:
        stock.published(delivery)
    assert len(facebook_fake.visible_posts) == ALBUMS


def test_a_worker_alone_does_what_is_rung_for_elsewhere_and_ends_when_it_is_told_to(
    site: Site, stock: Stock, facebook_fake: FacebookFake, worker: subprocess.Popen[bytes]
) -> None:
    album = stock.filled_album("Evening", make_photos(site.folder, 2, megapixels=0.3))

    delivery = stock.order(album, stock.page(facebook_fake))

    assert stock.published(delivery).posts[0].url is not None
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(40) == 0
