"""An album's write-up: Markdown in, safe HTML out. The only place that makes Markup."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markupsafe import Markup

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol",
    "p", "pre", "s", "strong", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}}


def _markdown() -> MarkdownIt:
    """No raw HTML, and no pictures: a page asks no other host for anything."""
    made = MarkdownIt("commonmark", {"html": False, "breaks": True})
    made.enable("strikethrough").disable("image")
    made.core.ruler.push("lower_headings", _lower_headings)
    return made


def _lower_headings(state: StateCore) -> None:
    """The page's own title is its first heading: a write-up's begin one level below."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + 1, 6)}"


_MARKDOWN = _markdown()


def html(write_up: str) -> Markup:
    """A write-up for a page. Whatever it holds, nothing of it runs, and links lead nowhere odd."""
    return Markup(  # noqa: S704
        nh3.clean(
            _MARKDOWN.render(write_up),
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow ugc noopener",
        )
    )
