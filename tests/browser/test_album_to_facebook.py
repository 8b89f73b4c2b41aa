"""Twenty-four photos: into an album, described, previewed, posted to a Page, each exactly once."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from gallery.albums.renditions import path_of
from gallery.models import Album
from tests.browser.steps import articles, standing, tick_only
from tests.browser.windows import Window
from tests.fakes.facebook import FacebookFake, SeenPost
from tests.server.stock import Stock

pytestmark = pytest.mark.browser

COUNT = 24
HEADINGS = """() => {
  window.headings = [];
  const total = document.querySelector("[data-total]");
  new MutationObserver(() => window.headings.push(total.textContent)).observe(total, { childList: true });
}"""


@pytest.fixture
def album(stock: Stock) -> Album:
    """A public album without photos."""
    return stock.album("Youth entrepreneurship workshop", venue="Design & Technology Building")


def upload(page: Page, files: list[Path]) -> list[str]:
    """Choose all files at once and wait until each has arrived; what the heading said meanwhile."""
    page.evaluate(HEADINGS)
    page.set_input_files("#photos", files)
    rows = page.get_by_role("list", name="Photos on their way").get_by_role("listitem")
    expect(rows).to_have_count(len(files))
    total = page.locator("[data-total]")
    expect(total).to_have_text(f"{len(files)} of {len(files)} · done", timeout=60_000)
    expect(rows.locator(".pill")).to_have_text(["arrived"] * len(files))
    return list(page.evaluate("window.headings"))


def describe(page: Page) -> None:
    """Give every photo a caption and an alt text in one save, and half of them one credit."""
    for number, row in enumerate(page.locator("li[data-photo]").all(), 1):
        row.get_by_label("Caption, shown to all").fill(f"Caption {number} — Kita boleh!")
        row.get_by_label("Alt text, for those").fill(f"People around table {number}")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_have_text(f"Saved: {COUNT} photos changed.")
    for box in page.locator("li[data-photo]").get_by_role("checkbox").all()[::2]:
        box.check()
    page.get_by_text(f"For selected ({COUNT // 2})").click()
    page.get_by_label("Same credit").fill("Photo: Siti Aminah")
    page.get_by_role("button", name="Put into the selected").click()
    expect(page.get_by_role("status").first).to_have_text(
        f"Put into {COUNT // 2} photos, and saved."
    )


def shown_in(article: Locator) -> tuple[str, list[tuple[str, str, str]]]:
    """A post of the preview: its text, and each photo's id, caption and alt text."""
    photos = []
    for item in article.get_by_role("listitem").all():
        source = item.get_by_role("presentation").get_attribute("src") or ""
        caption, alt_text = item.locator("> span").inner_text().split("\n")
        photos.append((source.split("/")[2], caption, alt_text.removeprefix("Alt text: ")))
    return article.locator("> p").inner_text(), photos


def arrived(
    stock: Stock, album: Album, posts: list[SeenPost]
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The same of what strangers see; a photo's id is known by the bytes that were to go out."""
    storage = stock.site.services.storage
    ids = {
        hashlib.sha256(path_of(storage, photo, "1920.jpg").read_bytes()).hexdigest(): photo.id
        for photo in stock.photos(album)
    }
    return [
        (post.message, [(ids[p.sha256], p.caption, p.alt_text) for p in post.photos])
        for post in posts
    ]


def test_an_album_goes_out_to_a_page_exactly_as_previewed(
    owner: Window, fake: FacebookFake, stock: Stock, album: Album, photos: list[Path]
) -> None:
    stock.page(fake)
    before = len(fake.visible_posts)
    page = owner.go(f"/studio/a/{album.id}/add")
    headings = upload(page, photos)
    assert any(re.match(rf"\d+ of {COUNT}$", heading) for heading in headings), headings
    expect(
        page.get_by_role("region", name="Photos that came last").get_by_role("status")
    ).to_have_text(f"{COUNT} photos in this album, all ready.", timeout=60_000)

    page.get_by_role("link", name="Captions").click()
    describe(page)
    expect(page.get_by_text(f"{COUNT} of {COUNT} alt texts")).to_be_visible()
    credits = [photo.credit for photo in stock.photos(album)]
    assert credits == ["Photo: Siti Aminah", ""] * (COUNT // 2)

    page.get_by_role("navigation", name="This album").get_by_role("link", name="Post").click()
    tick_only(page, "Brunei SME Network")
    expect(articles(page)).to_have_count(3)
    page.get_by_label("Text").fill("A day at the workshop\nThank you, all!")
    expect(articles(page).first).to_contain_text("Thank you, all!")
    preview = [shown_in(article) for article in articles(page).all()]
    page.get_by_role("button", name="Post to 1 account").click()

    stands = page.get_by_role("region", name="Where it stands")
    expect(standing(page)).to_have_text("Published.", timeout=60_000)
    assert arrived(stock, album, fake.visible_posts[before:]) == preview
    assert [photo for _, post in preview for photo, *_ in post] == [
        photo.id for photo in stock.photos(album)
    ]
    expect(stands.locator(".pill")).to_have_text(["live"] * COUNT)

    addresses = [post.permalink_url for post in fake.visible_posts[before:]]
    page.goto(f"/studio/a/{album.id}")
    links = page.get_by_role("region", name="Where it stands").get_by_role("link", name="See post")
    assert [link.get_attribute("href") for link in links.all()] == addresses


def test_a_delivery_is_followed_photo_by_photo_without_a_reload(
    owner: Window, fake: FacebookFake, stock: Stock, photos: list[Path]
) -> None:
    """Photos go up one by one while Facebook is slow; the page tells it by itself."""
    album = stock.filled_album("Followed live", photos[:4])
    delivery = stock.order(album, stock.page(fake))
    held = fake.fault("POST", "/feed$", "hang", seconds=60)
    page = owner.go(f"/studio/posts/{delivery}")
    page.evaluate("window.sameDocument = true")

    stands = page.get_by_role("region", name="Where it stands")
    expect(standing(page)).to_have_text("On its way. 4 of 4 photos up.")
    expect(stands.locator(".pill")).to_have_text(["up, not shown yet"] * 4)
    owner.wait(lambda: held.hits == 1)
    fake.release()

    expect(standing(page)).to_have_text("Published.", timeout=30_000)
    assert page.evaluate("window.sameDocument") is True
