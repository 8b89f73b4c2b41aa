"""The headers of every answer, and whose word we take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask, request

from gallery import create_app
from gallery.models import Model
from gallery.settings import Settings
from gallery.web import headers
from tests.web.public.scene import Scene

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@contextmanager
def app_with(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    Model.metadata.create_all(app.extensions["gallery"].db.engine)
    yield app
    app.extensions["gallery"].close()


def test_every_answer_carries_the_policy(app: Flask) -> None:
    scene = Scene(app)
    album = scene.album()
    photo = scene.photo(album)

    for path in (
        "/", f"/a/{album.slug}", f"/a/{album.slug}/{photo.id}", "/nowhere", "/feed.atom",
        f"/m/{photo.id}/{photo.edit}/640.jpg", "/static/app.css", "/studio/sign-in", "/healthz",
    ):  # fmt: skip
        answer = scene.visitor().get(path)
        assert answer.headers["Content-Security-Policy"] == POLICY, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Referrer-Policy"] in (
            "strict-origin-when-cross-origin",
            "no-referrer",
        )
        assert "Strict-Transport-Security" not in answer.headers


def test_pages_are_asked_for_anew_and_differ_by_cookie(app: Flask) -> None:
    scene = Scene(app)
    album = scene.album()

    public = scene.visitor().get(f"/a/{album.slug}")
    personal = scene.person().get(f"/a/{album.slug}")

    assert public.headers["Cache-Control"] == "no-cache"
    assert personal.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in public.vary
    assert "Set-Cookie" not in public.headers


def test_files_with_a_mark_of_their_content_are_kept_for_ever(app: Flask) -> None:
    client = Scene(app).visitor()

    assert client.get("/static/app.css?v=0").headers["Cache-Control"] == headers.FOR_EVER
    assert client.get("/static/app.css").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/none.css?v=0").headers["Cache-Control"] == "no-store"


def test_https_sites_ask_to_be_reached_by_https_alone(settings: Settings) -> None:
    with app_with(replace(settings, public_url="https://photos.example.org")) as app:
        answer = app.test_client().get("/healthz", base_url="https://photos.example.org")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_form_may_lead_to_another_site_only_where_a_view_says_so(app: Flask) -> None:
    def view() -> str:
        headers.forms_may_lead_to("https://www.facebook.com/v26.0/dialog/oauth?x=1")
        return "x"

    app.add_url_rule("/form", "form", view)

    policy = app.test_client().get("/form").headers["Content-Security-Policy"]

    assert "form-action 'self' https://www.facebook.com;" in policy


@pytest.mark.parametrize("host", ["evil.example", "photos.example.org.evil.example", "10.0.0.1"])
def test_a_host_that_is_not_ours_is_refused(app: Flask, host: str) -> None:
    assert app.test_client().get("/", base_url=f"http://{host}").status_code == 400


@pytest.mark.parametrize(
    ("bind", "public_url", "names"),
    [
        ("127.0.0.1:8000", "", ["127.0.0.1", "localhost", "127.0.0.1", "[::1]"]),
        ("localhost:8000", "https://a.example", ["a.example", "localhost", "127.0.0.1", "[::1]"]),
        (
            "0.0.0.0:80",
            "https://a.example:8443/p",
            ["a.example", "localhost", "127.0.0.1", "[::1]"],
        ),
        ("10.1.2.3:80", "https://a.example", ["a.example"]),
        ("web.internal:80", "https://a.example", ["a.example"]),
        ("[::1]:80", "http://[2001:db8::1]", ["[2001:db8::1]", "localhost", "127.0.0.1", "[::1]"]),
    ],
)
def test_we_answer_to_our_public_name_and_where_we_listen_on_loopback_to_its_names(
    settings: Settings, bind: str, public_url: str, names: list[str]
) -> None:
    ours = Settings(secret_key=settings.secret_key, bind=bind, public_url=public_url)

    assert headers.trusted_hosts(ours) == names


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_forwarded_addresses_are_believed_only_behind_a_proxy_we_were_told_of(
    settings: Settings, proxies: int, seen: str
) -> None:
    with app_with(replace(settings, proxies=proxies)) as app:
        app.add_url_rule("/who", "who", lambda: str(request.remote_addr))
        answer = app.test_client().get("/who", headers={"X-Forwarded-For": "203.0.113.9"})

    assert answer.text == seen
