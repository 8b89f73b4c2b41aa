"""What scripts add to the studio: uploads that wait, text that is kept, small helpers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from gallery.models import Album, PhotoState, Role
from tests.browser.steps import standing
from tests.browser.windows import OpenWindow, Window
from tests.fakes.facebook import FacebookFake
from tests.server.running import Site
from tests.server.stock import Stock

pytestmark = pytest.mark.browser

LEFT_OUT = "The file is larger than 60 MB; send a smaller version of it."


@pytest.fixture
def album(stock: Stock) -> Album:
    """An album without photos."""
    return stock.album("Helped by scripts")


def rows(page: Page) -> Locator:
    """The files on their way."""
    return page.get_by_role("list", name="Photos on their way").get_by_role("listitem")


def test_each_file_has_its_end_and_its_reason(
    owner: Window, stock: Stock, album: Album, photos: list[Path], tmp_path: Path
) -> None:
    page_file = tmp_path / "page.jpg"
    page_file.write_text("<!doctype html><title>Not a photo</title>")
    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(60_000_001)
    page = owner.go(f"/studio/a/{album.id}/add")

    page.set_input_files("#photos", photos[0])
    expect(rows(page).locator(".pill")).to_have_text(["arrived"])
    page.set_input_files("#photos", [photos[0], page_file, large, photos[1]])

    pills = ["arrived", "already here", "left out", "left out", "arrived"]
    expect(rows(page).locator(".pill")).to_have_text(pills)
    expect(rows(page).nth(1)).to_contain_text("This photo is already in the album.")
    expect(rows(page).nth(2)).to_contain_text("web page")
    expect(rows(page).nth(3)).to_contain_text(LEFT_OUT)
    expect(page.locator("[data-total]")).to_have_text("5 of 5 · done")
    stock.wait_until_ready(album, 2)


def test_a_whole_folder_keeps_its_names(
    owner: Window, stock: Stock, album: Album, photos: list[Path], tmp_path: Path
) -> None:
    for path in photos[:2]:
        (tmp_path / "Day one" / "stage").mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / "Day one" / "stage" / path.name)
    page = owner.go(f"/studio/a/{album.id}/add")

    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Choose a folder").click()
    chosen.value.set_files(tmp_path / "Day one")

    expect(rows(page).locator(".pill")).to_have_text(["arrived"] * 2)
    names = sorted(photo.file for photo in stock.photos(album))
    assert names == [f"Day one/stage/{path.name}" for path in photos[:2]]


def test_an_upload_outlives_a_server_that_was_killed(
    open_window: OpenWindow, fresh: Site, photos: list[Path]
) -> None:
    stock = Stock(fresh)
    album = stock.album("Interrupted")
    window = open_window(fresh.url)
    window.sign_in(stock.session_of(stock.person(Role.OWNER)))
    window.expect("ERR_")
    page = window.go(f"/studio/a/{album.id}/add")

    page.set_input_files("#photos", photos[:8])
    window.wait(lambda: len(stock.photos(album)) >= 2)
    fresh.kill()
    expect(rows(page).get_by_text("waiting for the connection").first).to_be_visible()
    fresh.start()

    expect(page.locator("[data-total]")).to_have_text("8 of 8 · done", timeout=60_000)
    stock.wait_until_ready(album, 8)


def test_text_that_was_not_saved_comes_back_and_can_be_forgotten(
    owner: Window, album: Album
) -> None:
    page = owner.go(f"/studio/a/{album.id}")
    page.get_by_label("Write-up").fill("Half a sentence")
    page.goto("/studio")

    page.goto(f"/studio/a/{album.id}")
    expect(page.get_by_label("Write-up")).to_have_value("Half a sentence")
    page.get_by_role("button", name="Forget it").click()
    expect(page.get_by_label("Write-up")).to_have_value("")
    page.reload()

    expect(page.get_by_label("Write-up")).to_have_value("")
    expect(page.get_by_text("Text that was not saved")).to_have_count(0)


def test_text_that_was_saved_or_left_behind_at_sign_out_is_not_kept(
    owner: Window, stock: Stock, album: Album
) -> None:
    page = owner.go(f"/studio/a/{album.id}")
    page.get_by_label("Write-up").fill("A whole sentence.")
    page.get_by_role("region", name="Event").get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_have_text("Saved.")
    assert page.evaluate("Object.keys(localStorage)") == []

    page.get_by_label("Venue").fill("Somewhere secret")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_the_point_of_the_cover_is_pressed_on_the_picture(
    owner: Window, stock: Stock, photos: list[Path]
) -> None:
    album = stock.filled_album("Covered", photos[:2])
    page = owner.go(f"/studio/a/{album.id}/cover")
    page.get_by_role("radio").nth(2).check()
    page.get_by_role("button", name="Save").click()
    picture = page.get_by_role("button", name="Press where the main thing is")

    box = picture.bounding_box()
    assert box is not None
    picture.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.8})
    expect(page.get_by_label("From the left, %")).to_have_value("25")
    expect(page.get_by_label("From the top, %")).to_have_value("80")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("status").first).to_have_text("The cover is saved.")
    saved = stock.by_slug(album.slug)
    assert (saved.focal_x, saved.focal_y) == (0.25, 0.8)
    assert saved.cover_id == stock.photos(album)[1].id


def test_the_address_is_copied_and_photos_are_hidden_together(
    owner: Window, stock: Stock, photos: list[Path]
) -> None:
    album = stock.filled_album("Copied and hidden", photos[:3])
    owner.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = owner.go(f"/studio/a/{album.id}")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{owner.base}/a/{album.slug}"

    page.goto(f"/studio/a/{album.id}/captions")
    page.get_by_label("All", exact=True).check()
    page.get_by_role("checkbox", name="Select photo 2").uncheck()
    page.get_by_text("For selected (2)").click()
    page.get_by_role("button", name="Hide them").click()

    expect(page.get_by_role("status").first).to_contain_text("2 photos hidden from visitors")
    states = [photo.state for photo in stock.photos(album)]
    assert states == [PhotoState.HIDDEN, PhotoState.READY, PhotoState.HIDDEN]


def test_a_part_that_changes_leaves_people_where_they_are(
    owner: Window, stock: Stock, album: Album, photos: list[Path], fake: FacebookFake
) -> None:
    stock.take_in(album, photos[2:4])
    stock.wait_until_ready(album, 2)
    held = fake.fault("POST", "/feed$", "hang", seconds=60)
    page = owner.go(f"/studio/posts/{stock.order(album, stock.page(fake))}")
    owner.wait(lambda: held.hits == 1)
    stands = page.get_by_role("region", name="Where it stands")
    unfold = stands.get_by_text("Take it back", exact=True)
    unfold.click()
    link = stands.get_by_role("link", name="What happened, step by step")
    link.focus()

    fake.release()

    expect(standing(page)).to_have_text("Published.")
    expect(link).to_be_focused()
    expect(stands.get_by_role("button", name="Yes, take it back")).to_be_visible()
