"""One walk through everything that publishing promises, in a real browser, on a pretended Page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from gallery.models import Album, PhotoState
from tests.browser.steps import articles, standing, tick_only, wait_until_asked
from tests.browser.windows import OpenWindow, Window
from tests.fakes.facebook import FacebookFake, SeenPost
from tests.server.stock import Stock, utcnow

pytestmark = pytest.mark.browser

PAGE = "Brunei SME Network"


@pytest.fixture
def album(stock: Stock, photos: list[Path], fake: FacebookFake) -> Album:
    """An album of three photos, and a Page to post it to."""
    stock.page(fake)
    return stock.filled_album("Trusted", photos[:3])


def seen(fake: FacebookFake, album: Album) -> list[SeenPost]:
    """What strangers see of the album on the Page."""
    return [post for post in fake.visible_posts if post.message.startswith(album.title)]


def compose(owner: Window, album: Album) -> Page:
    """Open the form with the Page ticked and its preview shown."""
    page = owner.go(f"/studio/a/{album.id}/post")
    tick_only(page, PAGE)
    expect(page.get_by_role("heading", name=f"Facebook Page: {PAGE}")).to_be_visible()
    expect(articles(page)).to_have_count(1)
    return page


def main_button(page: Page, name: str) -> Locator:
    return page.get_by_role("main").get_by_role("button", name=name, exact=True)


def schedule_and_cancel(owner: Window, stock: Stock, fake: FacebookFake, album: Album) -> None:
    """It is to go out tomorrow; then it is not."""
    page = compose(owner, album)
    expect(articles(page).get_by_role("listitem")).to_have_count(3)
    tomorrow = utcnow() + timedelta(days=1)
    page.get_by_label("Day and time").fill(f"{tomorrow:%Y-%m-%dT09:00}")
    main_button(page, "Schedule for 1 account").click()
    expect(standing(page)).to_contain_text("Goes out")
    page.get_by_role("button", name="Cancel").click()
    expect(standing(page)).to_have_text("Cancelled; nothing was posted.")
    assert [one.state for one in stock.deliveries(album)] == ["cancelled"]
    assert seen(fake, album) == []


def publish_with_a_lost_answer(
    owner: Window, stock: Stock, fake: FacebookFake, album: Album
) -> None:
    """The post is there, nobody can tell; a person looks, and says so."""
    fake.fault("POST", "/feed$", "cut_after_commit")
    fake.fault("GET", "published_posts", "e500_before", times=None)
    fake.fault("GET", r"/\d+$", "e500_before", times=None)
    page = compose(owner, album)
    page.get_by_role("button", name="Post to 1 account").click()
    wait_until_asked(owner, stock, album)
    card = page.locator(".ask")
    expect(card.get_by_role("heading", name="Did this appear?")).to_be_visible()
    expect(card.get_by_role("button")).to_have_text(["It is there", "It is not there"])
    look = card.get_by_role("link", name=f"Look at {PAGE}")
    expect(look).to_have_attribute("target", "_blank")
    expect(card.get_by_role("listitem")).to_have_count(3)
    fake.control.faults.clear()
    expect(card.get_by_label("Address of the post")).to_have_count(0)
    card.get_by_role("button", name="It is there").click()
    expect(standing(page)).to_have_text("Published.")
    assert len(seen(fake, album)) == 1


def amend_a_caption(owner: Window, stock: Stock, fake: FacebookFake, album: Album) -> None:
    """A caption is mended, the album shows that the Page differs, and the Page is put right."""
    first = stock.photos(album)[0]
    page = owner.go(f"/studio/a/{album.id}/captions")
    page.locator(f"#caption-{first.id}").fill("The prize is given")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"/studio/a/{album.id}")
    page.get_by_role("link", name="See what differs, and change it there").click()
    card = page.get_by_role("article").filter(has_text=PAGE)
    expect(card).to_contain_text("The prize is given")
    change_there(page, card)
    owner.wait(lambda: [p.photos[0].caption for p in seen(fake, album)] == ["The prize is given"])
    expect(standing(page)).to_have_text("Published.", timeout=60_000)


def change_there(page: Page, card: Locator) -> None:
    """By whichever way the Page can."""
    in_place = card.get_by_role("button", name="Change it there")
    if in_place.count():
        in_place.click()
        return
    card.get_by_text("Take it back and post anew").click()
    card.get_by_role("button", name="Yes, post it anew").click()


def take_down_one_photo(
    owner: Window, visitor: Window, stock: Stock, fake: FacebookFake, album: Album
) -> None:
    """A visitor asks, an editor decides, and the photo is nowhere."""
    second = stock.photos(album)[1]
    page = visitor.go(f"/a/{album.slug}/{second.id}")
    page.get_by_role("link", name="Ask us to remove this photo").click()
    page.get_by_label("I am in it").check()
    page.get_by_label("What should we know?").fill("Please take it down.")
    page.get_by_role("button", name="Ask to remove it").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    visitor.expect("status of 404")
    answer = page.goto(f"/a/{album.slug}/{second.id}")
    assert answer is not None
    assert answer.status == 404

    page = owner.go("/studio")
    page.get_by_role("link", name="1 photo is asked to be removed").click()
    request = page.get_by_role("article").filter(has_text="Please take it down.")
    expect(request).to_contain_text(PAGE)
    request.get_by_text("Take it down everywhere").first.click()
    request.get_by_role("button", name="Yes, take it down everywhere").click()
    expect(page.get_by_role("status").first).to_contain_text("Taken down")
    owner.wait(lambda: [post.photo_count for post in seen(fake, album)] == [2], 60)
    storage = stock.site.services.storage
    assert not storage.has_bytes_of(second.sha256)
    assert stock.photos(album)[1].state is PhotoState.HIDDEN

    def closed() -> bool:
        page.goto("/studio/requests")
        return page.get_by_text("removed", exact=True).count() > 0

    owner.wait(closed, 60)


def withdraw_everywhere(owner: Window, stock: Stock, fake: FacebookFake, album: Album) -> None:
    """What will happen is shown first; then nothing of the album is on any network."""
    page = owner.go(f"/studio/a/{album.id}")
    page.get_by_role("link", name="Take posts back").click()
    expect(page.get_by_text("is removed", exact=True).first).to_be_visible()
    main_button(page, "Take back what is ticked").click()
    owner.wait(lambda: seen(fake, album) == [], 60)
    owner.wait(lambda: stock.deliveries(album)[0].state == "retracted", 60)
    page.goto(f"/studio/a/{album.id}/withdraw")
    expect(page.get_by_text("Nothing of this album is on a network")).to_be_visible()


def test_a_post_is_trusted_from_its_preview_to_its_end(
    owner: Window, open_window: OpenWindow, stock: Stock, fake: FacebookFake, album: Album
) -> None:
    visitor = open_window()

    schedule_and_cancel(owner, stock, fake, album)
    publish_with_a_lost_answer(owner, stock, fake, album)
    amend_a_caption(owner, stock, fake, album)
    take_down_one_photo(owner, visitor, stock, fake, album)
    withdraw_everywhere(owner, stock, fake, album)

    page = owner.go(f"/studio/posts/{stock.deliveries(album)[0].id}")
    page.get_by_role("link", name="What happened, step by step").click()
    expect(page.get_by_role("main")).to_contain_text("is gone from the network.")
