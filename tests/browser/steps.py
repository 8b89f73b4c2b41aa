"""What several journeys do alike."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


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
