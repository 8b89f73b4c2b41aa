"""The same by keyboard alone: looking, sharing, describing, composing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from gallery.models import Album
from tests.browser.steps import articles, standing
from tests.browser.windows import Window
from tests.server.stock import Stock

pytestmark = pytest.mark.browser

MOST_STEPS = 80
FOCUSED = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


@pytest.fixture(scope="module")
def album(stock: Stock, photos: list[Path]) -> Album:
    """A public album of six photos."""
    return stock.filled_album("By keyboard", photos[:6])


def tab_to(page: Page, target: Locator, key: str = "Tab") -> Locator:
    """Press Tab until the target has the focus; every stop on the way is in sight and outlined."""
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        here = page.evaluate(FOCUSED)
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert here["seen"], f"focus out of sight: {where}"
        assert here["outline"] >= 2, f"focus without outline: {where}"
        if has_focus(target):
            return target
    raise AssertionError("the focus never came there")


def has_focus(target: Locator) -> bool:
    """Whether it is there and has the focus."""
    return target.count() == 1 and bool(target.evaluate("(e) => e === document.activeElement"))


def test_a_visitor_skips_to_the_photos_opens_one_and_goes_on(window: Window, album: Album) -> None:
    page = window.go(f"/a/{album.slug}")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Share"))
    tab_to(page, page.locator("ul.grid a").first)
    tab_to(page, page.locator("ul.grid a").nth(1))
    tab_to(page, page.locator("ul.grid a").first, key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 6", exact=True)).to_be_visible()

    tab_to(page, page.get_by_role("link", name="Next"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 of 6", exact=True)).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Back to By keyboard"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("By keyboard")


def test_the_share_panel_opens_takes_the_focus_and_gives_it_back(
    window: Window, album: Album
) -> None:
    window.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = window.go(f"/a/{album.slug}")
    share = tab_to(page, page.get_by_role("button", name="Share", exact=True))

    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Share this album")
    expect(panel).to_be_visible()
    tab_to(page, panel.get_by_role("button", name="Copy link"))
    page.keyboard.press("Enter")
    expect(panel.get_by_role("status")).to_have_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.keyboard.press("Escape")

    expect(panel).to_be_hidden()
    expect(share).to_be_focused()


def test_captions_are_written_without_leaving_the_keys(
    owner: Window, stock: Stock, album: Album
) -> None:
    page = owner.go(f"/studio/a/{album.id}/captions")
    captions = page.get_by_label("Caption, shown to all")

    tab_to(page, captions.first)
    page.keyboard.type("Opening speech")
    page.keyboard.press("Enter")
    expect(captions.nth(1)).to_be_focused()
    expect(page.locator("[data-said]")).to_have_text("Photo 1 is saved.")
    page.keyboard.press("Control+Enter")
    expect(captions.nth(2)).to_be_focused()
    expect(page.locator("[data-said]")).to_have_text("Photo 2 is saved.")
    page.keyboard.type("First line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    page.keyboard.press("Alt+ArrowUp")
    expect(captions.nth(1)).to_be_focused()
    expect(page.locator("[data-said]")).to_have_text("Photo 3 is saved.")

    kept = [photo.caption for photo in stock.photos(album)[:3]]
    assert kept == ["Opening speech", "Opening speech", "First line\nsecond line"]


def test_photos_are_ordered_without_dragging(
    owner: Window, stock: Stock, photos: list[Path]
) -> None:
    album = stock.filled_album("Ordered by keyboard", photos[:4])
    first, *others, last = [photo.id for photo in stock.photos(album)]
    page = owner.go(f"/studio/a/{album.id}/order")

    tab_to(page, page.get_by_role("button", name="Photo 4: first"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_have_text("Now at place 1; not saved yet.")
    moved = page.get_by_role("button", name="Photo 1: first")
    expect(moved).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Save the order"), key="Shift+Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Ordered by hand.")).to_be_visible()
    assert [photo.id for photo in stock.photos(album)] == [last, first, *others]


def test_an_album_is_composed_and_posted(owner: Window, stock: Stock, photos: list[Path]) -> None:
    stock.connect("practice", {"name": "Keys"})
    album = stock.filled_album("Composed by keyboard", photos[:2])
    page = owner.go(f"/studio/a/{album.id}/post")

    mine = page.get_by_role("checkbox", name="Keys")
    for box in page.get_by_role("group", name="Where").get_by_role("checkbox").all():
        tab_to(page, box)
        if box.is_checked() != has_focus(mine):
            page.keyboard.press("Space")
    tab_to(page, page.get_by_label("Text"))
    page.keyboard.press("Control+End")
    page.keyboard.type("\nWritten by keyboard")
    expect(articles(page).first).to_contain_text("Written by keyboard")
    tab_to(page, page.get_by_role("button", name="Post to"))
    page.keyboard.press("Enter")

    expect(standing(page)).to_have_text("Published.")


def test_nothing_covers_what_has_the_focus_on_a_small_screen(owner: Window, album: Album) -> None:
    """The desk's sticky bar leaves the field in sight that the focus moves to (WCAG 2.4.11)."""
    owner.page.set_viewport_size({"width": 390, "height": 700})
    page = owner.go(f"/studio/a/{album.id}/captions")

    tab_to(page, page.get_by_label("Caption, shown to all").last)
    covered = """() => {
      const box = document.activeElement.getBoundingClientRect();
      const top = document.elementFromPoint(box.left + box.width / 2, Math.max(box.top, 0) + 2);
      return top !== document.activeElement;
    }"""
    for field in reversed(page.locator("li[data-photo] textarea").all()):
        field.focus()
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('textarea')"):
            assert not page.evaluate(covered), page.evaluate("document.activeElement.id")
