"""The calendar: a month in the site's zone, and what is coming."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from gallery.models import Delivery, State
from tests.web.browser import Browser, counted, parts_of, utcnow

AT = "/studio/posts/calendar"


def due(app: Flask, at: datetime, state: State = State.SCHEDULED) -> None:
    """The one delivery is due at this time."""
    with parts_of(app).db.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        delivery.state, delivery.due_at = state, at


def days_of(page: str) -> dict[str, str]:
    """What stands in each day's cell."""
    return dict(re.findall(r'<time datetime="([\d-]+)">.*?</time>(.*?)</td>', page, re.S))


def test_a_delivery_stands_at_its_day_in_the_zone_of_the_site(
    app: Flask, owner: Browser, here: str
) -> None:
    due(app, datetime(2027, 2, 9, 20, 30, tzinfo=UTC))  # half past four of the next day in Brunei

    page = owner.get(f"{AT}?month=2027-02").text

    days = days_of(page)
    assert len(days) == 28
    assert f'href="{here}"' in days["2027-02-10"]
    assert "04:30" in days["2027-02-10"]
    assert "Sports Day" in days["2027-02-10"]
    assert "scheduled" in days["2027-02-10"]
    assert [day for day, text in days.items() if text.strip()] == ["2027-02-10"]
    assert '<h2 id="month">February 2027</h2>' in page
    for month in ("2027-01", "2027-03"):
        assert f"month={month}" in page
    assert 'abbr title="Monday"' in page


def test_the_days_around_a_month_belong_to_it_too(app: Flask, owner: Browser, here: str) -> None:
    due(app, datetime(2027, 4, 1, 1, 0, tzinfo=UTC))

    march = days_of(owner.get(f"{AT}?month=2027-03").text)

    assert "Sports Day" in march["2027-04-01"]
    assert next(iter(march)) == "2027-03-01"


@pytest.mark.parametrize("typed", ["", "soon", "2027-13", "0001-01", "9999-12"])
def test_without_a_month_it_is_this_one(typed: str, app: Flask, owner: Browser) -> None:
    page = owner.get(f"{AT}?month={typed}").text

    assert page.count('aria-current="date"') == 1
    assert "Nothing is planned." in page


@pytest.mark.parametrize(
    ("state", "coming"),
    [
        (State.SCHEDULED, True),
        (State.PROPOSED, True),
        (State.MISSED, True),
        (State.PUBLISHED, False),
        (State.CANCELLED, False),
    ],
)
def test_what_is_coming_is_what_has_not_begun(
    state: State, coming: bool, app: Flask, owner: Browser, here: str
) -> None:
    due(app, utcnow() + timedelta(days=400), state)

    page = owner.get(AT).text

    assert (f'href="{here}"' in page) is coming


def test_what_was_cancelled_stands_in_no_day(app: Flask, owner: Browser, here: str) -> None:
    due(app, datetime(2027, 2, 9, 9, 0, tzinfo=UTC), State.CANCELLED)

    assert here not in owner.get(f"{AT}?month=2027-02").text


def test_the_list_of_posts_leads_to_it_and_it_takes_few_queries(
    app: Flask, owner: Browser, here: str
) -> None:
    assert f'href="{AT}"' in owner.get("/studio/posts").text

    with counted(app) as statements:
        assert owner.get(AT).status_code == 200

    assert len(statements) <= 8
