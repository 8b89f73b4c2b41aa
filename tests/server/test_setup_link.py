"""The link that the server prints: one at a time, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import select

from gallery.models import Album, Person, Role
from tests.server.client import Client
from tests.server.running import Site

pytestmark = pytest.mark.server

OWNER = {
    "site_name": "Brunei SME Network",
    "name": "Siti",
    "email": "siti@example.org",
    "password": "five quiet boats at noon",
}


def path_of(link: str) -> str:
    """The link without its host."""
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


def set_up(site: Site, link: str, email: str = "siti@example.org") -> requests.Response:
    """Open the link in a browser of its own and fill the form in."""
    client = Client(site.url)
    with client.session:
        token = parse_qs(urlsplit(link).query)["token"][0]
        answers = {**OWNER, "email": email, "token": token}
        return client.post("/setup", answers, page=path_of(link))


def status_of(site: Site, link: str) -> int:
    """How the server answers to the link."""
    client = Client(site.url)
    with client.session:
        return client.get(path_of(link)).status_code


def test_each_start_prints_one_link_and_the_older_ones_are_dead(site: Site) -> None:
    first = site.start().setup_link()
    assert status_of(site, first) == 200
    assert site.stop() == 0
    second = site.start().setup_link()

    assert first != second
    assert (status_of(site, first), status_of(site, second)) == (404, 200)
    assert site.told().count("/setup?token=") == 1


def test_a_link_makes_one_owner_however_many_use_it_at_once(site: Site) -> None:
    link = site.start().setup_link()

    with ThreadPoolExecutor(6) as threads:
        answers = list(
            threads.map(lambda n: set_up(site, link, f"p{n}@example.org").status_code, range(6))
        )

    assert sorted(answers) == [303] + [404] * 5
    with site.services.db.read() as session:
        (owner,) = session.scalars(select(Person)).all()
        assert owner.role is Role.OWNER
        assert len(session.scalars(select(Album)).all()) == 1
    assert status_of(site, link) == 404


def test_once_somebody_is_there_no_link_is_printed(site: Site) -> None:
    link = site.start().setup_link()
    assert set_up(site, link).status_code == 303
    assert site.stop() == 0

    site.start()

    assert "/setup" not in site.told()
    assert f"Afterglow is at {site.url}" in site.told()
    assert status_of(site, link) == 404
