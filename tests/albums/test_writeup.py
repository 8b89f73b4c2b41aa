from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from gallery.albums.writeup import html


def test_markdown_becomes_html_one_heading_level_below_the_title() -> None:
    made = html("# Day one\n\nSun **and** rain\nall day.\n\n* a\n* ~~b~~\n\n###### deep")

    assert isinstance(made, Markup)
    assert made == (
        "<h2>Day one</h2>\n<p>Sun <strong>and</strong> rain<br>\nall day.</p>\n"
        "<ul>\n<li>a</li>\n<li><s>b</s></li>\n</ul>\n<h6>deep</h6>\n"
    )


def test_links_are_followed_by_nobody_but_people() -> None:
    assert html("[us](https://example.org/?a=1&b=2)") == (
        '<p><a href="https://example.org/?a=1&amp;b=2" rel="nofollow ugc noopener">us</a></p>\n'
    )
    assert 'href="mailto:me@example.org"' in html("<me@example.org>")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](<java\nscript:alert(1)>)",
        "[x](data:text/html;base64,AAAA)",
        "[x](vbscript:x)",
        "<svg/onload=alert(1)>",
        '<a href="https://e.org" onclick="x()">y</a>',
        '[x](https://e.org "a\\" onmouseover=\\"x")',
        "<style>*{display:none}</style>",
        "```html\n<script>\n```",
    ],
)
def test_nothing_hostile_comes_through(hostile: str) -> None:
    seen = Seen()
    seen.feed(html(hostile))

    assert seen.tags <= {"p", "a", "pre", "code", "br"}
    assert seen.attributes.keys() <= {"href", "title", "rel"}
    assert re.match("https://|$", seen.attributes.get("href", ""))


class Seen(HTMLParser):
    """Tags and attributes that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep them."""
        self.tags.add(tag)
        self.attributes.update({name: value or "" for name, value in attrs})


def test_a_picture_of_another_host_is_only_a_link() -> None:
    assert "<img" not in html("![spy](https://e.org/pixel.png)")


def test_html_is_shown_as_it_was_typed() -> None:
    assert html("1 <b>2</b>") == "<p>1 &lt;b&gt;2&lt;/b&gt;</p>\n"


def test_links_of_other_kinds_than_web_and_mail_are_none() -> None:
    assert "href" not in html("[x](ftp://example.org/) [y](tel:123)")
