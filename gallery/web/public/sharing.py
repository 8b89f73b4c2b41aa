"""The share panel: what a visitor does with a link. Plain links; nothing loads before a press."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class Share:
    """What is passed on: an address, its title, and for one photo the path of its file."""

    what: str  # "album" or "photo"
    url: str
    title: str
    file: str = ""
    unlisted: bool = False

    def links(self) -> list[tuple[str, str]]:
        """Where to, and the address that opens there with ours filled in."""
        return [
            ("WhatsApp", _with("https://wa.me/", text=f"{self.title} {self.url}")),
            ("Facebook", _with("https://www.facebook.com/sharer/sharer.php", u=self.url)),
            ("X", _with("https://x.com/intent/post", url=self.url, text=self.title)),
            ("Telegram", _with("https://t.me/share/url", url=self.url, text=self.title)),
            ("E-mail", _with("mailto:", subject=self.title, body=self.url)),
        ]


def _with(address: str, **values: str) -> str:
    return f"{address}?{urlencode(values, quote_via=quote)}"
