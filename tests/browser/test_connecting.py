"""Connecting a Facebook Page: by Facebook's own dialog, and by pasting the Page's token."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from gallery.publishing import accounts
from tests.browser.windows import Window
from tests.fakes.facebook import FacebookFake
from tests.server.stock import Stock

pytestmark = pytest.mark.browser


def rows(page: Page) -> Locator:
    """The connected accounts."""
    return page.get_by_role("main").locator("ul.rows > li")


def dialog(owner: Window, fake: FacebookFake) -> Page:
    """Press the button and stand before Facebook's dialog, which is another site."""
    owner.hosts.add(urlsplit(fake.url).netloc)
    owner.expect(f"{fake.url}/favicon.ico")
    page = owner.go("/studio/accounts")
    page.get_by_role("button", name="Connect with Facebook").click()
    expect(page).to_have_title("Log in with Facebook")
    return page


def secret_of(stock: Stock) -> str:
    """The token of the one Page that is connected."""
    with stock.site.services.db.read() as session:
        account = accounts.named(session, "facebook:Brunei SME Network")
    return stock.site.services.vault.open(account.id, account.credential)["secret"]


def test_a_page_is_connected_by_facebooks_dialog(
    owner: Window, fake: FacebookFake, stock: Stock
) -> None:
    page = dialog(owner, fake)
    page.get_by_role("button", name="Allow").click()

    expect(page.get_by_role("heading", name="Which ones?")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(2)
    page.get_by_role("checkbox", name="Brunei SME Network").check()
    page.get_by_role("button", name="Connect", exact=True).click()

    expect(page.get_by_role("status")).to_have_text("Connected facebook:Brunei SME Network.")
    expect(rows(page).filter(has_text="Brunei SME Network")).to_contain_text("ready")
    assert fake.world.tokens[secret_of(stock)].kind == "page"
    assert secret_of(stock) not in page.content()
    assert all(logged.token_in != "address" for logged in fake.requests)


def test_whoever_cancels_the_dialog_has_connected_nothing(
    owner: Window, fake: FacebookFake, stock: Stock
) -> None:
    before = stock.accounts()
    page = dialog(owner, fake)
    page.get_by_role("link", name="Cancel").click()

    expect(page.get_by_role("status")).to_have_text("The dialog was closed; nothing was connected.")
    assert stock.accounts() == before


def test_a_permission_that_was_not_given_is_named(owner: Window, fake: FacebookFake) -> None:
    page = dialog(owner, fake)
    page.get_by_role("checkbox", name="pages_manage_posts").uncheck()
    page.get_by_role("button", name="Allow").click()

    expect(page.get_by_role("status")).to_contain_text("pages_manage_posts; nothing was connected")


def test_a_page_is_connected_by_its_pasted_token(
    owner: Window, fake: FacebookFake, stock: Stock
) -> None:
    page = owner.go("/studio/accounts")
    page.get_by_text("Paste a token instead").click()
    page.get_by_label("Page ID").fill(fake.page_id)
    page.get_by_label("Page access token").fill(fake.page_token)
    region = page.get_by_role("region", name="Facebook Page")
    region.get_by_role("button", name="Connect", exact=True).click()

    expect(page.get_by_role("status")).to_have_text("Connected facebook:Brunei SME Network.")
    assert secret_of(stock) == fake.page_token
    assert fake.page_token not in page.content()


def test_a_token_that_is_not_the_pages_is_refused_and_asked_for_again(
    owner: Window, fake: FacebookFake, stock: Stock
) -> None:
    owner.expect("status of 422")
    before = stock.accounts()
    page = owner.go("/studio/accounts")
    page.get_by_text("Paste a token instead").click()
    page.get_by_label("Page ID").fill(fake.page_id)
    page.get_by_label("Page access token").fill(fake.user_token)
    region = page.get_by_role("region", name="Facebook Page")
    region.get_by_role("button", name="Connect", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("not a Page's token but a person's")
    expect(page.get_by_label("Page ID")).to_have_value(fake.page_id)
    expect(page.get_by_label("Page access token")).to_have_value("")
    assert fake.user_token not in page.content()
    assert stock.accounts() == before
