"""Mail to people of the site, where the operator has set an SMTP server."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from gallery.settings import Settings

log = logging.getLogger(__name__)
WITHIN_S = 20.0


def send(settings: Settings, to: Sequence[str], subject: str, text: str) -> bool:
    """Hand one message to the server; False if there is none or it did not take it.

    smtps:// speaks TLS from the start, smtp:// turns to it where the server can. A password is
    given over TLS only, or to this machine itself.
    """
    server = urlsplit(settings.smtp_url.reveal())
    if not server.hostname or not to:
        return False
    try:
        with _line(server) as line:
            line.send_message(_message(settings, to, subject, text))
    except (OSError, smtplib.SMTPException) as error:
        log.warning("A mail could not be sent, and will be tried again: %s", type(error).__name__)
        return False
    return True


@contextmanager
def _line(server: SplitResult) -> Iterator[smtplib.SMTP]:
    host, context = str(server.hostname), ssl.create_default_context()
    if server.scheme == "smtps":
        made: smtplib.SMTP = smtplib.SMTP_SSL(
            host, server.port or 465, timeout=WITHIN_S, context=context
        )
    else:
        made = smtplib.SMTP(host, server.port or 25, timeout=WITHIN_S)
    with made as line:
        line.ehlo()
        if server.scheme == "smtp" and line.has_extn("starttls"):
            line.starttls(context=context)
            line.ehlo()
        elif server.scheme == "smtp" and server.password and not _here(host):
            raise smtplib.SMTPNotSupportedError("no TLS for the password")
        if server.username and server.password:
            line.login(unquote(server.username), unquote(server.password))
        yield line


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _message(settings: Settings, to: Sequence[str], subject: str, text: str) -> EmailMessage:
    host = str(urlsplit(settings.public_url).hostname)
    message = EmailMessage()
    message["From"] = settings.mail_from or f"afterglow@{host}"
    message["To"] = ", ".join(to)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=host)
    message.set_content(text)
    return message
