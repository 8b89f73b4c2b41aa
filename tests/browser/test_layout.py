"""Every main page fits every screen, in both themes and both directions, and holds still.

With BROWSER_SHOTS=FOLDER in the environment the pages are also photographed into that folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from gallery.albums.describe import Change
from gallery.albums.removals import Request
from gallery.models import Album, Delivery, Post, PostState, State
from gallery.publishing import accounts, takedown
from tests.browser.windows import Window
from tests.fakes.facebook import FacebookFake
from tests.samples import make_odd_files
from tests.server.stock import Stock, utcnow

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 1280)
SHOTS = os.environ.get("BROWSER_SHOTS")
PAPER = {"light": "rgb(251, 250, 247)", "dark": "rgb(21, 19, 16)"}
VIEWER = "rgb(14, 13, 11)"
PAINTED = "performance.getEntriesByName('first-contentful-paint').length"
PUSH = """() => {
  scrollTo(0, 0);
  document.body.prepend(Object.assign(document.createElement("h1"), { textContent: "!" }));
}"""
JAWI = "بڠكل اوساهاون موده ٢٠٢٦"
LONG = "Closing ceremony of the seventh national youth entrepreneurship and digital skills workshop"
CAPTION = (
    "Prize giving at https://example.org/a-very-long-address-that-has-no-place-to-break-at-all"
)
SIDEWAYS = """() => {
  const root = document.documentElement;
  const scrolls = (e) => e && (getComputedStyle(e).overflowX === "auto" || scrolls(e.parentElement));
  const out = [...document.querySelectorAll("body *")].filter((e) => {
    const box = e.getBoundingClientRect();
    if (box.width < 2 || !e.checkVisibility() || scrolls(e)) return false;
    const rtl = getComputedStyle(e).direction === "rtl";
    return rtl ? box.left < -1 : box.right > root.clientWidth + 1;
  });
  const told = out.slice(0, 4).map((e) => e.outerHTML.slice(0, 90));
  return root.scrollWidth > root.clientWidth ? [`${root.scrollWidth} px`, ...told] : told;
}"""
CUT = """() => {
  const cut = [];
  for (const list of document.querySelectorAll(".meta")) {
    const box = list.getBoundingClientRect();
    const em = parseFloat(getComputedStyle(list).fontSize);
    const rtl = list.matches(":dir(rtl)");
    const range = document.createRange();
    for (const item of list.children) {
      range.selectNodeContents(item);
      for (const line of range.getClientRects()) {
        const inside = rtl ? line.right <= box.right - em + 1 : line.left >= box.left + em - 1;
        if (!inside) cut.push(item.textContent.trim());
      }
    }
  }
  return cut;
}"""
TURNED = """() => {
  const turned = [];
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const place = (node, at) => {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  const runs = /[a-z0-9]+([ ,:]+[a-z0-9]+)*[.:]?/gi;
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    if (!node.parentElement.checkVisibility()) continue;
    for (const run of node.data.matchAll(runs)) {
      if (!/[a-z]/i.test(run[0])) continue;
      const places = [...run[0].matchAll(/[a-z0-9]+|[.:]$/gi)].map((word) => place(node, run.index + word.index));
      const wrong = places.some((one, nth) => nth && one.top === places[nth - 1].top && one.left < places[nth - 1].left);
      if (wrong) turned.push(run[0]);
    }
  }
  return turned;
}"""
PUBLIC = (
    "home", "album", "photo", "jawi-album", "jawi-photo", "practice", "sign-in", "missing",
    "which-photo", "remove",
)  # fmt: skip
STUDIO = (
    "albums", "event", "add", "captions", "order", "cover", "left-out", "post", "jawi-event",
    "jawi-captions", "jawi-post", "posts", "delivery", "jawi-delivery", "accounts", "people",
    "settings", "you", "confirm", "question", "history", "requests", "take-down", "changes",
    "withdraw",
)  # fmt: skip
ENGLISH_AMONG_JAWI = (
    "home",
    "jawi-album",
    "jawi-photo",
    "jawi-event",
    "jawi-post",
    "jawi-delivery",
)
Pages = Mapping[str, str]
OpenPage = Callable[[str], Page]


def _caption(stock: Stock, album: Album, caption: str) -> None:
    """Describe every second photo."""
    words = Change(caption=caption, alt_text="A hall full of people", credit="Siti Aminah")
    stock.describe(album, {photo.id: words for photo in stock.photos(album)[::2]})


def _in_question(stock: Stock, album: Album) -> str:
    """A delivery that differs from its album, and another that nobody can tell about."""
    stock.published(stock.order(album, stock.connect("practice", {"name": "Differs"})))
    _caption(stock, album, CAPTION)
    delivery_id = stock.order(album, stock.connect("practice", {"name": "Asks"}))
    stock.published(delivery_id)
    with stock.site.services.db.write() as session:
        delivery = session.get_one(Delivery, delivery_id)
        delivery.state = State.NEEDS_HUMAN
        delivery.question = "Did this appear? The network does not say. Look, then answer."
        for post in session.scalars(select(Post).where(Post.delivery_id == delivery_id)):
            post.state, post.receipt = PostState.PENDING, None
    return delivery_id


def _ask_to_remove(stock: Stock, album: Album) -> None:
    """A visitor asks for its first photo to go."""
    parts = stock.site.services
    request = Request("child", "siti@example.org", "She is seven.\nPlease take it down.")
    limits_of = accounts.limits_of(parts.vault, parts.settings)
    with parts.db.write() as session:
        photo = stock.photos(album)[0].id
        takedown.ask(session, parts.settings, limits_of, photo, request, now=utcnow())


@pytest.fixture(scope="module")
def pages(
    stock: Stock,
    photos: list[Path],
    far_side: FacebookFake,
    tmp_path_factory: pytest.TempPathFactory,
) -> Pages:
    """The addresses of a site on which something has happened."""
    album = stock.filled_album(
        LONG,
        photos,
        first_day=date(2027, 6, 20),
        venue="Design & Technology Building, Universiti Brunei Darussalam",
        organiser="SME Network",
        write_up="**Three days** of work.\n\n- Talks\n- Stalls\n\nhttps://example.org/a/long/address",
    )
    _caption(stock, album, CAPTION)
    jawi = stock.filled_album(JAWI, photos[:7], language="ms-Arab", venue="بندر سري بڬاوان")
    _caption(stock, jawi, "اوچڤن ڤمبوكاءن")
    odd = make_odd_files(tmp_path_factory.mktemp("odd"))
    refused = stock.album("Left out")
    stock.take_in(refused, [one.path for one in odd if one.outcome == "rejected"][:8])
    practice = stock.order(album, stock.connect("practice", {"name": "Layout"}))
    delivery = stock.published(practice)
    facebook = stock.published(stock.order(jawi, stock.page(far_side)))
    asked = stock.filled_album("Asked about", photos[:3])
    question = _in_question(stock, asked)
    _ask_to_remove(stock, asked)
    studio, jawi_studio = f"/studio/a/{album.id}", f"/studio/a/{jawi.id}"
    return {
        "home": "/",
        "album": f"/a/{album.slug}",
        "photo": f"/a/{album.slug}/{stock.photos(album)[0].id}",
        "jawi-album": f"/a/{jawi.slug}",
        "jawi-photo": f"/a/{jawi.slug}/{stock.photos(jawi)[0].id}",
        "practice": str(delivery.posts[0].url).removeprefix(stock.site.url),
        "sign-in": "/studio/sign-in",
        "missing": f"/a/{album.slug}/none",
        "which-photo": f"/a/{album.slug}/remove",
        "remove": f"/a/{jawi.slug}/{stock.photos(jawi)[0].id}/remove",
        "question": f"/studio/posts/{question}",
        "history": f"/studio/posts/{facebook.id}/history",
        "requests": "/studio/requests",
        "take-down": f"{studio}/take-down/{stock.photos(album)[0].id}",
        "changes": f"/studio/a/{asked.id}/changes",
        "withdraw": f"{studio}/withdraw",
        "withdraw-post": f"/studio/posts/{delivery.id}/2/withdraw",
        "albums": "/studio",
        "event": studio,
        "add": f"{studio}/add",
        "captions": f"{studio}/captions",
        "order": f"{studio}/order",
        "cover": f"{studio}/cover",
        "left-out": f"/studio/a/{refused.id}/left-out",
        "post": f"{studio}/post",
        "jawi-event": jawi_studio,
        "jawi-captions": f"{jawi_studio}/captions",
        "jawi-post": f"{jawi_studio}/post",
        "posts": "/studio/posts",
        "delivery": f"/studio/posts/{delivery.id}",
        "jawi-delivery": f"/studio/posts/{facebook.id}",
        "accounts": "/studio/accounts",
        "people": "/studio/people",
        "settings": "/studio/settings",
        "you": "/studio/you",
        "confirm": "/studio/confirm",
    }


@pytest.fixture
def open_page(window: Window, owner: Window, pages: Pages) -> OpenPage:
    """Opens a page by its name: public ones as a visitor, the others as an owner."""

    def open_(name: str) -> Page:
        window.expect("status of 404")
        return (window if name in PUBLIC else owner).go(pages[name])

    return open_


def photograph(page: Page, name: str, width: int) -> None:
    """Save pictures of the whole page in both themes, if somebody wants to look."""
    if not SHOTS or width == min(WIDTHS):
        return
    page.evaluate("for (const image of document.images) image.loading = 'eager'")
    page.evaluate(
        "Promise.all([...document.images].map((image) => image.decode().catch(() => {})))"
    )
    for theme in PAPER:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.screenshot(path=f"{SHOTS}/{name}-{width}-{theme}.png", full_page=True)


@pytest.mark.parametrize("name", [*PUBLIC, *STUDIO])
def test_no_page_scrolls_sideways(open_page: OpenPage, name: str) -> None:
    page = open_page(name)

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(SIDEWAYS) == [], f"at {width} px"
        assert page.evaluate(CUT) == [], f"at {width} px"
        photograph(page, name, width)
    page.set_viewport_size({"width": 640, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(SIDEWAYS) == [], "at 640 px with text of double size"


@pytest.mark.parametrize(("name", "viewer"), [("album", False), ("event", False), ("photo", True)])
def test_pages_follow_the_theme_and_photos_stand_in_the_dark(
    open_page: OpenPage, name: str, viewer: bool
) -> None:
    page = open_page(name)

    for theme, paper in PAPER.items():
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert found == (VIEWER if viewer else paper), theme


class HeldPhotos:
    """Photos of a page that do not come before they are let go."""

    def __init__(self, page: Page) -> None:
        self.asked: list[Route] = []
        self._held = True
        page.route("**/m/**", self._answer)

    def _answer(self, route: Route) -> None:
        if self._held:
            self.asked.append(route)
        else:
            route.continue_()

    def let_go(self) -> None:
        """Let all of them come, now and from now on."""
        self._held = False
        for route in self.asked:
            route.continue_()


@pytest.mark.parametrize(
    ("name", "width"), [("album", 390), ("jawi-album", 390), ("home", 390), ("album", 1280)]
)
def test_nothing_moves_while_photos_load_and_only_the_first_is_eager(
    window: Window, pages: Pages, name: str, width: int
) -> None:
    page = window.page
    page.set_viewport_size({"width": width, "height": 800})
    photos = HeldPhotos(page)
    page.goto(pages[name], wait_until="commit")
    window.wait(lambda: bool(photos.asked and page.evaluate(PAINTED)))
    photos.let_go()
    page.wait_for_load_state("load")

    images = page.get_by_role("main").locator("img")
    loading = [image.get_attribute("loading") for image in images.all()]
    assert loading == [None, *["lazy"] * (len(loading) - 1)]
    expect(images.first).to_have_attribute("fetchpriority", "high")
    for _ in range(12):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(50)
    page.wait_for_load_state("networkidle")
    moved = page.evaluate("window.shifts")
    page.evaluate(PUSH)
    window.wait(lambda: page.evaluate("window.shifts") != moved)
    assert moved == []
    assert all(image.evaluate("(i) => i.complete && i.naturalWidth > 0") for image in images.all())


def test_a_jawi_album_reads_from_right_to_left_and_its_arrows_turn(open_page: OpenPage) -> None:
    page = open_page("jawi-photo")

    assert page.evaluate("getComputedStyle(document.documentElement).direction") == "rtl"
    following = page.get_by_role("link", name="Next").bounding_box()
    back = page.get_by_role("link", name="Back to").bounding_box()
    assert following is not None
    assert back is not None
    assert following["x"] < back["x"]


@pytest.mark.parametrize("name", ENGLISH_AMONG_JAWI)
def test_our_english_words_keep_their_order_among_jawi(open_page: OpenPage, name: str) -> None:
    assert open_page(name).evaluate(TURNED) == []
