"""Mail: handed to a real server on a loopback socket, or kept for the next try."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gallery import mail
from gallery.settings import Secret, Settings
from tests.fakes.smtp import SmtpFake


def _settings(settings: Settings, url: str, **more: str) -> Settings:
    return replace(settings, smtp_url=Secret(url), **more)  # type: ignore[arg-type]


def test_a_message_is_handed_to_the_server_once_for_all(
    settings: Settings, smtp_fake: SmtpFake
) -> None:
    there = _settings(settings, f"smtp://{smtp_fake.host}", mail_from="site@example.org")

    sent = mail.send(there, ["a@example.org", "b@example.org"], "Hello\nyou", "Über all.\n.\nEnd\n")

    assert sent
    (taken,) = smtp_fake.box.taken
    assert (taken.sender, taken.to) == ("site@example.org", ["a@example.org", "b@example.org"])
    assert taken.message["Subject"] == "Hello you"
    assert taken.message["Message-ID"].endswith("@photos.example.org>")
    assert taken.message.get_content().splitlines() == ["Über all.", ".", "End"]


def test_it_signs_in_where_a_name_and_a_password_are_set(
    settings: Settings, smtp_fake: SmtpFake
) -> None:
    smtp_fake.box.password = "site:p@ss"
    right = _settings(settings, f"smtp://site:p%40ss@{smtp_fake.host}")
    wrong = _settings(settings, f"smtp://site:other@{smtp_fake.host}")

    assert not mail.send(wrong, ["a@example.org"], "Hello", "Hello")
    assert mail.send(right, ["a@example.org"], "Hello", "Hello")
    assert [taken.sender for taken in smtp_fake.box.taken] == ["afterglow@photos.example.org"]


def test_what_is_not_taken_is_told_without_secrets(
    settings: Settings, smtp_fake: SmtpFake, caplog: pytest.LogCaptureFixture
) -> None:
    smtp_fake.box.full = True
    there = _settings(settings, f"smtp://site:canary-4711@{smtp_fake.host}")
    away = _settings(settings, "smtp://127.0.0.1:9")

    assert not mail.send(there, ["a@example.org"], "Hello", "Hello")
    assert not mail.send(away, ["a@example.org"], "Hello", "Hello")

    assert caplog.text.count("could not be sent") == 2
    assert "canary" not in caplog.text


def test_a_password_never_leaves_this_machine_in_clear(
    settings: Settings, smtp_fake: SmtpFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = _settings(settings, f"smtp://site:secret@{smtp_fake.host}")
    monkeypatch.setattr(mail, "_here", lambda _host: False)

    assert not mail.send(there, ["a@example.org"], "Hello", "Hello")
    assert smtp_fake.box.taken == []


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("mx", False)],
)
def test_only_loopback_is_here(host: str, here: bool) -> None:
    assert mail._here(host) is here


def test_tls_from_the_start_is_not_spoken_to_a_server_without(
    settings: Settings, smtp_fake: SmtpFake
) -> None:
    assert not mail.send(
        _settings(settings, f"smtps://{smtp_fake.host}"), ["a@example.org"], "Hello", "Hello"
    )


def test_without_a_server_or_anybody_to_write_to_nothing_is_sent(
    settings: Settings, smtp_fake: SmtpFake
) -> None:
    assert not mail.send(settings, ["a@example.org"], "Hello", "Hello")
    assert not mail.send(_settings(settings, f"smtp://{smtp_fake.host}"), [], "Hello", "Hello")
    assert smtp_fake.box.taken == []
