"""The first minute of a newcomer: from the link in the log to an album that everybody can see."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from gallery.networks import practice
from tests.browser.steps import articles, standing
from tests.browser.windows import OpenWindow
from tests.server.running import Site

pytestmark = pytest.mark.browser

SAMPLES_MS = 60_000  # twelve photos are drawn, then prepared


def set_up(page: Page, link: str) -> None:
    """Answer the four questions of the first page."""
    page.goto(link)
    page.get_by_label("Name of your site").fill("Brunei SME Network")
    page.get_by_label("Your name").fill("Siti Aminah")
    page.get_by_label("Your e-mail").fill("siti@example.org")
    page.get_by_label("Password").fill("five quiet boats at noon")
    page.get_by_role("button", name="Open my first album").click()


def use_practice(page: Page, *, lost_answers: bool) -> None:
    """Connect the practice account from where posts are composed."""
    if not lost_answers:
        page.get_by_role("button", name="Use the practice account").click()
        return
    page.get_by_role("link", name="Connect an account").click()
    form = page.get_by_role("region", name="Practice")
    form.get_by_label("Lose answers now and then").check()
    form.get_by_role("button", name="Connect").click()
    page.get_by_role("navigation", name="Studio").get_by_role("link", name="Albums").click()
    page.get_by_role("link", name="My first album").click()
    page.get_by_role("region", name="Photos that came last").get_by_role(
        "link", name="Post"
    ).click()


@pytest.mark.parametrize("lost_answers", [False, True], ids=["plain", "lost answers"])
def test_a_newcomer_gets_from_the_link_in_the_log_to_a_public_album(
    fresh: Site, open_window: OpenWindow, lost_answers: bool
) -> None:
    page = open_window(fresh.url).page
    set_up(page, fresh.setup_link())
    expect(page.get_by_role("heading", name="My first album", level=1)).to_be_visible()
    today = datetime.now(ZoneInfo("Asia/Brunei")).date().isoformat()
    expect(page.get_by_label("First day")).to_have_value(today)

    page.get_by_role("button", name="Try with 12 sample photos").click(timeout=60_000)
    arriving = page.get_by_role("region", name="Photos that came last")
    expect(arriving.get_by_role("status")).to_have_text(
        "12 photos in this album, all ready.", timeout=SAMPLES_MS
    )
    expect(arriving.get_by_role("listitem")).to_have_count(12)
    arriving.get_by_role("link", name="Post").click()
    use_practice(page, lost_answers=lost_answers)
    expect(articles(page)).to_have_count(2)
    page.get_by_role("button", name="Post to 1 account").click()

    stands = page.get_by_role("region", name="Where it stands")
    expect(standing(page)).to_have_text("Published.", timeout=SAMPLES_MS)
    posts = stands.get_by_role("link", name="Live: see it on Practice")
    expect(posts).to_have_count(2)
    shown = practice.recent(practice.folder_of(fresh.settings))
    assert sorted((post["nth"], len(post["photos"])) for post in shown) == [(1, 6), (2, 6)]
    posts.first.click()
    expect(page.get_by_role("heading", name="Practice", level=1)).to_be_visible()
    expect(page.get_by_role("article").get_by_role("img")).to_have_count(6)

    page.goto(fresh.url + "/studio")
    page.get_by_role("link", name="My first album").click()
    page.get_by_role("button", name="Make public").click()
    expect(page.get_by_role("status").first).to_contain_text("This album is public now.")
    address = page.get_by_label("Its address").input_value()

    visitor = open_window(fresh.url).go("/")
    visitor.get_by_role("link", name="My first album").click()
    expect(visitor).to_have_url(address)
    expect(visitor.get_by_role("main").get_by_text("12 photos")).to_be_visible()
    expect(visitor.locator("ul.grid img")).to_have_count(12)
