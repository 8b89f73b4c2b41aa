"""Home, album and photo pages: complete without a script, in a fixed number of queries."""

from __future__ import annotations

import gzip
import random
from datetime import date, time

import pytest
from sqlalchemy import insert

from gallery.albums.look import PHOTOS_A_PAGE
from gallery.models import Album, Photo, PhotoState, Visibility
from tests.web.public.scene import Page, Scene, at


def read(scene: Scene, path: str, *, signed_in: bool = False) -> Page:
    client = scene.person() if signed_in else scene.visitor()
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def queries(scene: Scene, path: str) -> int:
    with scene.queries() as asked:
        assert scene.visitor().get(path).status_code == 200
    return len(asked)


def test_an_empty_site_says_what_will_be_here_and_where_to_sign_in(scene: Scene) -> None:
    page = read(scene, "/")

    assert page.words["h1"] == ["Nothing here yet"]
    assert page.all("a", href="/studio/sign-in")
    assert not page.all("img")


def test_home_shows_the_newest_event_wide_and_the_others_by_year(scene: Scene) -> None:
    for title, day in (
        ("Old", date(2025, 3, 1)),
        ("Newest", date(2026, 11, 2)),
        ("Newer", date(2026, 2, 1)),
    ):
        scene.photo(scene.album(title, first_day=day, venue="Bandar"))

    page = read(scene, "/")

    assert page.words["h2"] == ["2026", "2025"]
    assert page.words["h3"] == ["Newest", "Newer", "Old"]
    assert page.all("li", class_="first") == [{"class": "first"}]
    assert page.words["h1"] == ["Albums"]
    assert [img.get("fetchpriority") for img in page.all("img")] == ["high", None, None]
    assert [img.get("loading") for img in page.all("img")] == [None, "lazy", "lazy"]


def test_a_home_page_holds_24_albums_and_leads_to_the_older_ones(scene: Scene) -> None:
    for number in range(25):
        scene.album(f"Event {number:02}", first_day=date(2026, 1, 1 + number))

    first, second = read(scene, "/"), read(scene, "/?page=2")

    assert len(first.words["h3"]) == 24
    assert first.all("a", rel="next")[0]["href"] == "/?page=2"
    assert second.words["h3"] == ["Event 00"]
    assert second.all("a", rel="prev")[0]["href"] == "/"
    assert scene.visitor().get("/?page=3").status_code == 404


def test_a_page_number_that_is_none_is_not_found(scene: Scene) -> None:
    album = scene.album()

    for page in ("0", "-1", "x", "", "²", "1000000"):
        assert scene.visitor().get(f"/?page={page}").status_code == 404
        assert scene.visitor().get(f"/a/{album.slug}?page={page}").status_code == 404


def test_the_number_of_queries_does_not_depend_on_albums_or_photos(scene: Scene) -> None:
    album = scene.album()
    first = scene.photo(album)
    addresses = ("/", f"/a/{album.slug}", f"/a/{album.slug}/{first.id}", "/feed.atom")
    few = [queries(scene, path) for path in addresses]

    scene.photos(album, 2)
    for number in range(2):
        scene.photos(scene.album(f"Another {number}"), 3)
    many = [queries(scene, path) for path in addresses]

    assert many == few
    assert few[:3] == [3, 4, 4]


def test_an_unlisted_album_costs_one_more_query_for_its_link(scene: Scene) -> None:
    album = scene.album(visibility=Visibility.UNLISTED)
    scene.photos(album, 3)
    client = scene.visitor(scene.link(album))

    with scene.queries() as asked:
        assert client.get(f"/a/{album.slug}").status_code == 200

    assert len(asked) == 5


def test_an_album_without_a_script_shows_and_links_every_photo(scene: Scene) -> None:
    album = scene.album(write_up="We **met**.", venue="BIT Centre", organiser="The Network")
    photos = scene.photos(album, 5)

    page = read(scene, f"/a/{album.slug}")

    hrefs = [a["href"] for a in page.all("a")]
    assert [h for h in hrefs if h in {f"/a/{album.slug}/{p.id}" for p in photos}] == [
        f"/a/{album.slug}/{p.id}" for p in photos
    ]
    assert [li["id"] for li in page.all("li") if "id" in li] == [f"p-{p.id}" for p in photos]
    assert page.words["strong"] == ["met"]
    assert page.words["h1"] == ["Open day"]
    assert "5 photos" in page.words["bdi"]
    scripts = page.all("script")
    assert [s.get("type") for s in scripts] == ["application/ld+json", None]
    assert "defer" in scripts[1]
    assert not [t for t, a in page.tags if t == "style" or "style" in a]
    assert not [n for _, a in page.tags for n in a if n.startswith("on")]


def test_only_the_hero_loads_eagerly_and_nothing_moves_while_loading(scene: Scene) -> None:
    album = scene.album()
    scene.photos(album, 3, width=2000, height=3000)

    hero, *grid = read(scene, f"/a/{album.slug}").all("img")

    assert hero["fetchpriority"] == "high"
    assert "loading" not in hero
    assert all(img["loading"] == "lazy" and img["decoding"] == "async" for img in grid)
    assert [(img["width"], img["height"]) for img in grid] == [("427", "640")] * 3
    assert all("1280" not in img["srcset"] for img in grid)
    assert grid[0]["srcset"].endswith("/960.jpg 640w")
    assert hero["alt"] == ""


def test_avif_is_offered_only_once_it_is_there(scene: Scene) -> None:
    album = scene.album()
    scene.photo(album)
    scene.photo(album, has_avif=True)

    page = read(scene, f"/a/{album.slug}")

    sources = page.all("source")
    assert len(sources) == 1
    assert ["srcset" in img for img in page.all("img")] == [True, True, False]
    assert sources[0]["type"] == "image/avif"
    assert sources[0]["srcset"].count(".avif ") == 3


def test_alt_text_comes_before_the_caption_and_a_number_stands_in_for_both(scene: Scene) -> None:
    album = scene.album()
    scene.photo(album, alt_text="Two speakers", caption="Opening")
    scene.photo(album, caption="Tea <break>")
    scene.photo(album)

    page = read(scene, f"/a/{album.slug}")

    assert [img["alt"] for img in page.all("img")][1:] == [
        "Two speakers",
        "Tea <break>",
        "Photo 3 of 3, Open day",
    ]
    assert "DSC_" not in " ".join(str(tag) for tag in page.tags)


def test_classes_carry_ratio_and_colour_since_the_policy_allows_no_style(scene: Scene) -> None:
    album = scene.album()
    scene.photo(album, width=4000, height=3000, colour="310")
    scene.photo(album, width=900, height=9000, colour="")

    page = read(scene, f"/a/{album.slug}")

    assert [li["class"] for li in page.all("li") if "id" in li] == ["r135 k310", "r40"]


def test_an_album_without_photos_says_that_they_are_on_their_way(scene: Scene) -> None:
    album = scene.album(write_up="Soon.")

    page = read(scene, f"/a/{album.slug}")

    assert "Photos are on their way." in page.words["bdi"]
    assert not page.all("img")
    assert read(scene, "/").words["h3"] == ["Open day"]


def test_one_photo_is_the_hero_and_there_is_no_grid(scene: Scene) -> None:
    album = scene.album()
    photo = scene.photo(album, caption="The certificate")

    page = read(scene, f"/a/{album.slug}")

    assert [img["alt"] for img in page.all("img")] == ["The certificate"]
    assert page.all("a", href=f"/a/{album.slug}/{photo.id}")
    assert not page.all("ul", class_="grid")


def test_people_who_sign_in_see_what_is_being_prepared_and_visitors_do_not(scene: Scene) -> None:
    album = scene.album()
    scene.photos(album, 2)
    waiting = scene.photo(album, state=PhotoState.WAITING, width=0, height=0, colour="")
    inside = read(scene, f"/a/{album.slug}", signed_in=True)
    outside = read(scene, f"/a/{album.slug}")

    assert inside.words["span"].count("Being prepared") == 1
    assert f"p-{waiting.id}" in [li.get("id") for li in inside.all("li")]
    assert f"p-{waiting.id}" not in [li.get("id") for li in outside.all("li")]
    assert "2 photos" in inside.words["bdi"]


def test_thirty_photos_are_divided_into_parts_of_the_day(scene: Scene) -> None:
    album = scene.album(first_day=date(2026, 11, 24))
    for number in range(30):
        scene.photo(album, taken_at=at(8 + number // 2) if number != 3 else None)

    page = read(scene, f"/a/{album.slug}")

    assert page.words["h2"] == ["Morning", "Afternoon", "Evening", "Share this album"]
    assert len(page.all("ul", class_="grid")) == 3


def test_an_event_of_several_days_has_days_above_their_parts(scene: Scene) -> None:
    album = scene.album(first_day=date(2026, 11, 24), last_day=date(2026, 11, 25))
    for number in range(30):
        scene.photo(album, taken_at=at(9 + number % 15 // 2, day=24 + number // 15))

    page = read(scene, f"/a/{album.slug}")

    assert page.words["h2"][:2] == ["Tuesday 24 November 2026", "Wednesday 25 November 2026"]
    assert page.words["h3"] == ["Morning", "Afternoon", "Morning", "Afternoon"]


@pytest.mark.parametrize(("number", "by_hand"), [(29, False), (30, True)])
def test_few_photos_or_an_order_by_hand_have_no_parts(
    scene: Scene, number: int, by_hand: bool
) -> None:
    album = scene.album(by_hand=by_hand)
    for n in range(number):
        scene.photo(album, taken_at=at(8 + n % 12))

    page = read(scene, f"/a/{album.slug}")

    assert page.words["h2"] == ["Photos", "Share this album"]


def test_sixty_photos_are_laid_out_together(scene: Scene) -> None:
    album = scene.album()
    scene.photos(album, 62)

    page = read(scene, f"/a/{album.slug}")

    assert len(page.all("div", class_="sec")) == 1
    assert len(page.all("ul", class_="grid")) == 2


def test_more_than_a_page_of_photos_leads_on_and_counts_on(scene: Scene) -> None:
    album = scene.album(write_up="Only on the first page.")
    _fill(scene, album, PHOTOS_A_PAGE + 1)

    first, second = read(scene, f"/a/{album.slug}"), read(scene, f"/a/{album.slug}?page=2")

    assert len([li for li in first.all("li") if "id" in li]) == PHOTOS_A_PAGE
    assert first.all("a", rel="next")[0]["href"] == f"/a/{album.slug}?page=2"
    assert second.all("a", rel="prev")[0]["href"] == f"/a/{album.slug}"
    assert [img["alt"] for img in second.all("img")] == ["Photo 601 of 601, Open day"]
    assert not second.all("div", class_="write")
    assert scene.visitor().get(f"/a/{album.slug}?page=3").status_code == 404


def test_event_data_stands_on_the_album_page(scene: Scene) -> None:
    album = scene.album(
        first_day=date(2026, 11, 24), first_time=time(9), last_time=time(17, 30),
        venue="BIT Centre", organiser="The Network", organiser_url="https://example.org",
    )  # fmt: skip

    page = read(scene, f"/a/{album.slug}")

    assert page.all("time", datetime="2026-11-24")
    assert page.words["time"] == ["Tuesday 24 November 2026"]
    assert ", 09:00–17:30" in page.words["bdi"]
    assert page.all("a", href="https://example.org")[0]["rel"] == "nofollow noopener"


def test_a_long_title_drops_one_step(scene: Scene) -> None:
    album = scene.album("A" * 61)

    assert read(scene, f"/a/{album.slug}").all("h1", class_="long")


def test_a_jawi_album_is_read_from_the_right_and_our_own_words_say_their_language(
    scene: Scene,
) -> None:
    album = scene.album("Jawi", language="ms-Arab")
    photo = scene.photo(album)

    for path in (f"/a/{album.slug}", f"/a/{album.slug}/{photo.id}"):
        page = read(scene, path)
        assert page.all("html") == [{"lang": "ms-Arab", "dir": "rtl"}]
        assert page.all("footer")[0]["lang"] == "en"
    assert read(scene, "/").all("html") == [{"lang": "en", "dir": "ltr"}]


def test_a_photo_page_says_where_in_the_album_it_stands_and_leads_to_its_neighbours(
    scene: Scene,
) -> None:
    album = scene.album(credit="Awang")
    one, two, three = scene.photos(album, 3, caption="Opening", camera="Canon", taken_at=at(9))
    scene.change(two, title="Remarks", credit="Hajah")

    page = read(scene, f"/a/{album.slug}/{two.id}")

    assert "2 of 3" in page.words["bdi"]
    assert [a["href"] for a in page.all("a", rel="prev")] == [f"/a/{album.slug}/{one.id}"]
    assert [a["href"] for a in page.all("a", rel="next")] == [f"/a/{album.slug}/{three.id}"]
    assert page.all("link", rel="prefetch") == [
        {"rel": "prefetch", "as": "image", "href": f"/m/{three.id}/{three.edit}/1280.jpg"}
    ]
    assert page.words["h1"] == ["Remarks"]
    assert "Opening" in page.words["p"]
    assert "Hajah" in page.words["bdi"]
    assert page.words["time"] == ["24 November 2026, 09:00"]
    assert page.all("body") == [{"class": "photo"}]
    assert page.all("a", href=f"/a/{album.slug}#p-{two.id}")


def test_the_first_and_the_last_photo_have_one_neighbour(scene: Scene) -> None:
    album = scene.album()
    one, two = scene.photos(album, 2)
    scene.photo(album, state=PhotoState.HIDDEN)

    first, last = (read(scene, f"/a/{album.slug}/{p.id}") for p in (one, two))

    assert (len(first.all("a", rel="prev")), len(first.all("a", rel="next"))) == (0, 1)
    assert (len(last.all("a", rel="prev")), len(last.all("a", rel="next"))) == (1, 0)
    assert "2 of 2" in last.words["bdi"]


def test_a_photo_without_words_is_named_by_its_number(scene: Scene) -> None:
    album = scene.album(credit="Awang")
    photo = scene.photo(album)

    page = read(scene, f"/a/{album.slug}/{photo.id}")

    assert page.words["h1"] == ["Photo 1 of 1"]
    assert page.all("img")[0]["alt"] == "Photo 1 of 1, Open day"
    assert "Awang" in page.words["bdi"]


def test_strangers_words_stay_words(scene: Scene) -> None:
    nasty = '"><script>alert(1)</script>'
    album = scene.album(f"Title {nasty}", venue=nasty, organiser=nasty, write_up=nasty)
    photo = scene.photo(
        album, caption=nasty, alt_text=nasty, title=nasty, credit=nasty, camera=nasty
    )
    scene.photo(album, caption=nasty)

    for path in ("/", f"/a/{album.slug}", f"/a/{album.slug}/{photo.id}"):
        page = read(scene, path)
        assert [s.get("type") for s in page.all("script") if "src" not in s] in (
            [],
            ["application/ld+json"],
        )


def test_a_draft_has_no_share_panel_and_leads_to_the_studio(scene: Scene) -> None:
    album = scene.album(visibility=Visibility.DRAFT)
    photo = scene.photo(album)

    page = read(scene, f"/a/{album.slug}", signed_in=True)
    alone = read(scene, f"/a/{album.slug}/{photo.id}", signed_in=True)

    assert not page.all("dialog")
    assert not alone.all("dialog")
    assert page.all("a", href=f"/studio/a/{album.id}")


def _fill(scene: Scene, album: Album, number: int) -> None:
    """Rows alone, no two alike: these photos are listed, never looked at."""
    template = scene.photo(album, has_avif=True)
    columns = {c.name: getattr(template, c.name) for c in template.__table__.columns}
    chance = random.Random(1)
    words = ["opening", "remarks", "guests", "arrive", "courtyard", "speaker", "tea", "closing"]
    rows = [
        {
            **columns,
            "id": f"{chance.randrange(16**3):03x}{n:03x}",
            "sha256": f"{n:064}",
            "edit": f"{chance.getrandbits(48):012x}",
            "position": 1000 + n,
            "caption": " ".join(chance.sample(words, 5)) if n % 2 == 0 else "",
        }
        for n in range(number - 1)
    ]
    with scene.services.db.write() as session:
        session.execute(insert(Photo), rows)


def test_the_page_of_500_photos_stays_within_its_budget(scene: Scene) -> None:
    album = scene.album()
    _fill(scene, album, 500)

    html = scene.visitor().get(f"/a/{album.slug}").data

    assert len(gzip.compress(html)) <= 30_000
