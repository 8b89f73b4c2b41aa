"""The whole way without JavaScript: look, sign in, upload, caption, order, preview, post."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gallery.models import Role
from gallery.networks import practice
from tests.browser.steps import articles, tick_only
from tests.browser.windows import OpenWindow, Window
from tests.server.stock import Stock
from tests.web.browser import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(open_window: OpenWindow) -> Window:
    """A window of a browser without JavaScript."""
    return open_window(java_script_enabled=False)


def look_again_until(page: Page, words: str, seconds: float = 60.0) -> None:
    """Press “Look again” until the page says these words."""
    deadline = time.monotonic() + seconds
    while not page.get_by_role("status").filter(has_text=words).count():
        assert time.monotonic() < deadline, page.get_by_role("status").all_inner_texts()
        page.get_by_role("link", name="Look again").click()


def sign_in(page: Page, stock: Stock) -> None:
    """Come by the link at the foot of the first page."""
    person = stock.person(Role.EDITOR, "Plain")
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_visitor_looks_at_home_album_and_photos(
    plain: Window, stock: Stock, photos: list[Path]
) -> None:
    stock.filled_album("Looked at plainly", photos[:3])
    page = plain.go("/")

    page.get_by_role("link", name="Looked at plainly").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Looked at plainly")
    page.locator("ul.grid a").first.click()
    expect(page.get_by_text("1 of 3", exact=True)).to_be_visible()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("2 of 3", exact=True)).to_be_visible()
    shown = page.locator("figure img")
    assert shown.evaluate("(image) => image.complete && image.naturalWidth > 0")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("link", name="WhatsApp")).to_be_visible()


def test_an_editor_makes_and_posts_an_album(
    plain: Window, stock: Stock, photos: list[Path]
) -> None:
    stock.connect("practice", {"name": "Plain practice"})
    page = plain.page
    sign_in(page, stock)
    page.get_by_text("New album").click()
    page.get_by_label("Title").fill("Made plainly")
    page.get_by_role("button", name="Make an album").click()

    page.set_input_files("#photos", photos[3:6])
    page.get_by_role("button", name="Add photos").click()
    expect(page.get_by_role("heading", name="3 arrived")).to_be_visible()
    look_again_until(page, "3 photos in this album, all ready.")

    tabs = page.get_by_role("navigation", name="This album")
    tabs.get_by_role("link", name="Captions").click()
    for number, field in enumerate(page.get_by_label("Caption, shown to all").all(), 1):
        field.fill(f"Number {number}")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_have_text("Saved: 3 photos changed.")

    tabs.get_by_role("link", name="Order").click()
    page.get_by_role("button", name="Photo 3: first").click()
    expect(page.get_by_role("listitem").first).to_contain_text("Number 3")
    page.get_by_role("button", name="Photo 2: one later").click()
    expect(page.get_by_text("Ordered by hand.")).to_be_visible()

    tabs.get_by_role("link", name="Post").click()
    tick_only(page, "Plain practice")
    page.get_by_label("Text").fill("Posted plainly")
    page.get_by_role("button", name="Preview").click()
    article = articles(page)
    expect(article).to_contain_text("Posted plainly")
    captions = [item.inner_text().split("\n")[0] for item in article.get_by_role("listitem").all()]
    assert captions == ["Number 3", "Number 2", "Number 1"]
    page.get_by_role("button", name="Post to 1 account").click()
    look_again_until(page, "Published.")

    page.get_by_role("link", name="Live: see it on Practice").click()
    expect(page.get_by_role("article")).to_contain_text("Posted plainly")
    (post,) = [
        post
        for post in practice.recent(practice.folder_of(stock.site.settings))
        if post["account"] == "Plain practice"
    ]
    assert [photo["caption"] for photo in post["photos"]] == captions
