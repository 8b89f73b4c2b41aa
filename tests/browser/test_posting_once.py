"""However often somebody presses, and whatever becomes of the answer, a post goes out once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from gallery.models import Album, Role
from tests.browser.steps import articles, standing, tick_only, wait_until_asked
from tests.browser.windows import OpenWindow, Window
from tests.fakes.facebook import FacebookFake, SeenPost
from tests.server.stock import Stock

pytestmark = pytest.mark.browser

NewAlbum = Callable[[str], Album]


@pytest.fixture
def new_album(stock: Stock, photos: list[Path], fake: FacebookFake) -> NewAlbum:
    """Makes albums of two photos, and connects the Page to post them to."""
    stock.page(fake)
    return lambda title: stock.filled_album(title, photos[:2])


def compose(window: Window, album: Album) -> Page:
    """Open the form with the Page ticked and its preview shown."""
    page = window.go(f"/studio/a/{album.id}/post")
    tick_only(page, "Brunei SME Network")
    expect(articles(page)).to_have_count(1)
    return page


def button(page: Page) -> Locator:
    """What is pressed to post."""
    return page.get_by_role("button", name="Post to 1 account")


def posted(fake: FacebookFake, album: Album) -> list[SeenPost]:
    """What strangers see of an album on the Page."""
    return [post for post in fake.visible_posts if post.message.startswith(album.title)]


def test_a_double_click_posts_once(
    owner: Window, fake: FacebookFake, stock: Stock, new_album: NewAlbum
) -> None:
    album = new_album("Clicked twice")
    page = compose(owner, album)

    button(page).dblclick()

    expect(standing(page)).to_have_text("Published.")
    assert len(stock.deliveries(album)) == 1
    assert [post.photo_count for post in posted(fake, album)] == [2]


def test_going_back_and_pressing_again_leads_to_the_same_post(
    owner: Window, fake: FacebookFake, stock: Stock, new_album: NewAlbum
) -> None:
    album = new_album("Gone back")
    page = compose(owner, album)
    button(page).click()
    expect(standing(page)).to_have_text("Published.")
    followed = page.url

    page.go_back()
    expect(page.get_by_text("This draft is there already, or on its way")).to_be_visible()
    button(page).click()

    expect(page).to_have_url(followed)
    expect(page.get_by_role("status").first).to_have_text(
        "This was ordered already; here is where it stands."
    )
    assert len(stock.deliveries(album)) == len(posted(fake, album)) == 1


def test_the_same_form_in_two_windows_posts_once(
    open_window: OpenWindow, fake: FacebookFake, stock: Stock, new_album: NewAlbum
) -> None:
    album = new_album("Two windows")
    pages = []
    for _ in range(2):
        window = open_window()
        window.sign_in(stock.session_of(stock.person(Role.OWNER)))
        pages.append(compose(window, album))

    for page in pages:
        button(page).click()

    for page in pages:
        expect(standing(page)).to_have_text("Published.")
    assert pages[0].url == pages[1].url
    assert len(stock.deliveries(album)) == len(posted(fake, album)) == 1


def test_whoever_wants_a_second_post_says_so_and_gets_one(
    owner: Window, fake: FacebookFake, stock: Stock, new_album: NewAlbum
) -> None:
    album = new_album("Once more")
    page = compose(owner, album)
    button(page).click()
    expect(standing(page)).to_have_text("Published.")

    page = compose(owner, album)
    page.get_by_label("Post it there once more").check()
    button(page).click()

    expect(standing(page)).to_have_text("Published.")
    assert len(stock.deliveries(album)) == len(posted(fake, album)) == 2


def test_a_lost_answer_ends_published_once(
    owner: Window, fake: FacebookFake, new_album: NewAlbum
) -> None:
    album = new_album("Lost answer")
    lost = fake.fault("POST", "/feed$", "cut_after_commit", how="rst")
    page = compose(owner, album)

    button(page).click()

    expect(standing(page)).to_have_text("Published.")
    (post,) = posted(fake, album)
    link = page.get_by_role("link", name="Live: see it on Facebook Page")
    expect(link).to_have_attribute("href", post.permalink_url)
    assert lost.hits == 1


def test_a_refusal_is_shown_in_a_sentence_and_can_be_tried_again(
    owner: Window, fake: FacebookFake, stock: Stock, new_album: NewAlbum
) -> None:
    album = new_album("Refused")
    fake.fault("POST", "/feed$", "error", code=200)
    page = compose(owner, album)

    button(page).click()

    expect(standing(page)).to_contain_text("Nothing was posted. Facebook did not allow this")
    assert posted(fake, album) == []
    page.get_by_role("link", name="Post again").click()
    tick_only(page, "Brunei SME Network")
    button(page).click()
    expect(standing(page)).to_have_text("Published.")
    assert len(posted(fake, album)) == 1
    assert len(stock.deliveries(album)) == 2


def test_a_photo_that_was_refused_is_pointed_at(
    owner: Window, fake: FacebookFake, new_album: NewAlbum
) -> None:
    album = new_album("Refused photo")
    fake.fault("POST", "/photos$", "error", code=324)
    page = compose(owner, album)

    button(page).click()

    expect(standing(page)).to_contain_text("Facebook did not take this photo; nothing was posted.")
    expect(page.get_by_role("article").get_by_text("refused", exact=True)).to_have_count(1)
    assert posted(fake, album) == []


def test_who_finds_the_post_there_says_where_and_it_stays_one(
    owner: Window, fake: FacebookFake, stock: Stock, new_album: NewAlbum
) -> None:
    album = new_album("It was there")
    fake.fault("POST", "/feed$", "cut_after_commit")
    fake.fault("GET", "published_posts", "e500_before", times=None)
    fake.fault("GET", r"/\d+$", "e500_before", times=None)
    page = compose(owner, album)
    button(page).click()
    wait_until_asked(owner, stock, album)

    page.get_by_role("button", name="It is there").click()
    expect(page.get_by_label("Address of the post")).to_be_visible()
    owner.expect("status of 422")
    page.get_by_role("button", name="It is there").click()
    expect(page.get_by_role("alert")).to_contain_text("Paste the address of the post")
    (post,) = posted(fake, album)
    page.get_by_label("Address of the post").fill(post.permalink_url)
    page.get_by_role("button", name="It is there").click()

    expect(standing(page)).to_have_text("Published.")
    link = page.get_by_role("link", name="Live: see it on Facebook Page")
    expect(link).to_have_attribute("href", post.permalink_url)
    assert len(posted(fake, album)) == 1


def test_who_does_not_find_it_has_it_posted(
    owner: Window, fake: FacebookFake, stock: Stock, new_album: NewAlbum
) -> None:
    album = new_album("It was not there")
    fake.fault("POST", "/feed$", "code_1", times=None)
    page = compose(owner, album)
    button(page).click()
    wait_until_asked(owner, stock, album)
    assert posted(fake, album) == []

    fake.control.faults.clear()
    page.get_by_role("button", name="It is not there").click()

    expect(standing(page)).to_have_text("Published.")
    assert [post.photo_count for post in posted(fake, album)] == [2]
