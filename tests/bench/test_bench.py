"""What the measurements stand on; nothing here is timed."""

from __future__ import annotations

from typing import cast

import pytest
from flask import Flask

from bench import report
from bench.albums import add_album, first_photo
from bench.site import environment, wait_until
from gallery.services import Services
from gallery.settings import Settings


@pytest.fixture(autouse=True)
def _nothing_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "_missed", [])


def test_a_server_gets_the_very_settings_that_we_have(settings: Settings) -> None:
    assert Settings.from_env(environment(settings)) == settings


def test_full_pages_of_a_large_album_differ_in_ids_and_days_alone(app: Flask) -> None:
    services = cast(Services, app.extensions["gallery"])
    album = add_album(services.db, 1300)

    pages = [
        app.test_client().get(f"/a/{album.slug}?page={number}").get_data(as_text=True)
        for number in (1, 2, 3)
    ]

    assert [page.count('<li class="r') for page in pages] == [600, 600, 100]
    assert [page.count("image/avif") for page in pages] == [601, 600, 100]  # and the cover
    assert [page.count('class="hour"') for page in pages] == [3, 3, 1]
    assert f'id="p-{first_photo(services.db, album)}"' in pages[0]


def test_a_bar_that_does_not_hold_is_named_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    report.at_most("queries", 6, 6)
    report.at_most("share", 0.4501, 0.45, " s")
    report.summary()

    first, second, _, last = capsys.readouterr().out.splitlines()
    assert first.split() == ["queries", "6", "at", "most", "6", "holds"]
    assert second.endswith("0.450 s   at most 0.45 s   DOES NOT HOLD")
    assert last == "Does not hold: share."
    assert len({line.index("at most") for line in (first, second)}) == 1


def test_without_a_missed_bar_every_bar_holds(capsys: pytest.CaptureFixture[str]) -> None:
    report.at_most("queries", 4, 6)
    report.summary()

    assert capsys.readouterr().out.splitlines()[-1] == "Every bar holds."


def test_waiting_ends_by_itself() -> None:
    with pytest.raises(TimeoutError, match="did not happen"):
        wait_until(lambda: False, within_s=0.0)
