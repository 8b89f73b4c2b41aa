"""Who gets in where: the password page, the wrong password, and what each role is shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gallery.models import Role, Visibility
from tests.browser.windows import OpenWindow, Window
from tests.server.stock import Stock
from tests.web.browser import PASSWORD

pytestmark = pytest.mark.browser

NAVIGATION = {
    Role.OWNER: ["Albums", "Posts", "Requests", "Accounts", "People", "Settings", "You"],
    Role.EDITOR: ["Albums", "Posts", "Requests", "You"],
    Role.UPLOADER: ["Albums", "You"],
}


@pytest.fixture(scope="module")
def album_id(stock: Stock) -> str:
    """A draft."""
    return stock.album("Behind doors", visibility=Visibility.DRAFT).id


def test_who_is_signed_out_is_asked_for_the_password_and_led_on(
    window: Window, stock: Stock, album_id: str
) -> None:
    person = stock.person(Role.EDITOR, "Led")
    wanted = f"/studio/a/{album_id}/captions"
    page = window.go(wanted)

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_label("E-mail")).to_be_focused()
    window.expect("status of 422")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill("not this one, surely")
    page.get_by_role("button", name="Sign in").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("do not belong together. Check both and try again.")
    expect(alert).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_value(person.email)
    expect(page.get_by_label("Password")).to_have_value("")

    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url(f"{window.base}{wanted}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Captions")


def test_who_signs_out_is_out(owner: Window, album_id: str) -> None:
    page = owner.go(f"/studio/a/{album_id}")

    page.get_by_role("button", name="Sign out").click()

    expect(page).to_have_url(f"{owner.base}/")
    owner.go(f"/studio/a/{album_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.mark.parametrize("role", NAVIGATION)
def test_each_role_is_led_to_its_own_pages_and_each_of_them_opens(
    open_window: OpenWindow, stock: Stock, role: Role
) -> None:
    window = open_window()
    window.sign_in(stock.session_of(stock.person(role)))
    page = window.go("/studio")
    links = page.get_by_role("navigation", name="Studio").get_by_role("link")

    expect(links).to_have_text(NAVIGATION[role])
    for address in [link.get_attribute("href") for link in links.all()]:
        page.goto(str(address))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("is not for")).to_have_count(0)


def test_an_uploader_adds_photos_and_nothing_else(
    open_window: OpenWindow, stock: Stock, album_id: str
) -> None:
    window = open_window()
    window.sign_in(stock.session_of(stock.person(Role.UPLOADER)))
    window.expect("status of 403")
    page = window.go("/studio")

    page.get_by_role("link", name="Behind doors").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add photos")
    tabs = page.get_by_role("navigation", name="This album").get_by_role("link")
    expect(tabs).to_have_text(["Add photos", "Look at it"])
    window.go(f"/studio/a/{album_id}/post")
    expect(page.get_by_role("main")).to_contain_text("This page is not for uploaders")


def test_a_draft_is_missing_for_a_visitor(window: Window, album_id: str, stock: Stock) -> None:
    window.expect("status of 404")
    page = window.go("/a/behind-doors")

    expect(page.get_by_role("heading", level=1)).not_to_have_text("Behind doors")
    page.get_by_role("link", name="All albums").click()
    expect(page.get_by_role("link", name="Behind doors")).to_have_count(0)
