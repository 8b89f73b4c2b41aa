"""What several journeys do alike."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from gallery.models import Album
from tests.browser.windows import Window
from tests.server.stock import Stock

ASKED = "This needs you: nobody can tell yet whether it appeared."


def tick_only(page: Page, account: str) -> None:
    """Of the accounts to post to, tick this one; those of last time are ticked when it opens."""
    boxes = page.get_by_role("group", name="Where").get_by_role("checkbox")
    for box in boxes.all():
        box.set_checked(False)
    boxes.and_(page.get_by_role("checkbox", name=account)).check()


def standing(page: Page) -> Locator:
    """The sentence about where a delivery stands."""
    return page.get_by_role("region", name="Where it stands").get_by_role("status")


def articles(page: Page) -> Locator:
    """The posts of the preview."""
    return page.get_by_role("complementary", name="Preview").get_by_role("article")


def wait_until_asked(window: Window, stock: Stock, album: Album) -> None:
    """Stand on the page of an album's newest delivery until it asks a person.

    Each look at the network is rung for, instead of left to the sweep.
    """
    bell = stock.site.services.bell

    def asks() -> bool:
        newest = stock.deliveries(album)[:1]
        for delivery in newest:
            bell.carry(delivery.id)
        return any(delivery.question is not None for delivery in newest)

    window.wait(asks, 60)
    expect(standing(window.page)).to_contain_text(ASKED)
