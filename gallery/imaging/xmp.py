"""XMP: words in several languages, keywords, and a time. Source: ISO 16684-1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from PIL import Image

from gallery.imaging.moments import parse_iso

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_EXIF = "{http://ns.adobe.com/exif/1.0/}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MOST_ITEMS = 1000

Words = dict[str, str]  # language -> text


@dataclass(frozen=True)
class Packet:
    """What we take from an XMP packet; texts are raw."""

    descriptions: Words = field(default_factory=dict)
    titles: Words = field(default_factory=dict)
    creator: str = ""
    keywords: list[str] = field(default_factory=list)
    moment: datetime | None = None

    def description(self, language: str) -> str:
        """The caption: the default one, else the one in `language`, else the first."""
        return _choose(self.descriptions, language)

    def title(self, language: str) -> str:
        """Likewise the title."""
        return _choose(self.titles, language)


def read(image: Image.Image) -> Packet | None:
    """Read the packet of an opened picture; raises on what is no XML, or more than XML."""
    data = image.info.get("xmp")
    if not data:
        return None
    text = data if isinstance(data, str) else data.rstrip(b"\0 \t\r\n")
    root = fromstring(text)
    blocks = list(root.iter(_RDF + "Description"))
    return Packet(
        descriptions=_alternatives(blocks, _DC + "description"),
        titles=_alternatives(blocks, _DC + "title"),
        creator=", ".join(_items(blocks, _DC + "creator")),
        keywords=_items(blocks, _DC + "subject"),
        moment=_moment(blocks),
    )


def _choose(words: Words, language: str) -> str:
    for wanted in ("x-default", language.lower(), language.lower().partition("-")[0]):
        if words.get(wanted):
            return words[wanted]
    return next(iter(words.values()), "")


def _values(blocks: list[Element], name: str) -> Iterator[Element | str]:
    """A property stands as an attribute or as a child of any block."""
    for block in blocks:
        if name in block.attrib:
            yield block.attrib[name]
        yield from block.findall(name)


def _alternatives(blocks: list[Element], name: str) -> Words:
    found: Words = {}
    for language, text in _texts(blocks, name):
        found.setdefault(language, text)
    return found


def _items(blocks: list[Element], name: str) -> list[str]:
    return [text for _, text in _texts(blocks, name)][:_MOST_ITEMS]


def _texts(blocks: list[Element], name: str) -> Iterator[tuple[str, str]]:
    for value in _values(blocks, name):
        if isinstance(value, str):
            yield "x-default", value
            continue
        items = list(value.iter(_RDF + "li")) or [value]
        for item in items:
            if item.text and item.text.strip():
                yield item.get(_LANG, "x-default").lower(), item.text


def _moment(blocks: list[Element]) -> datetime | None:
    for name in (_PHOTOSHOP + "DateCreated", _EXIF + "DateTimeOriginal"):
        for _, text in _texts(blocks, name):
            if moment := parse_iso(text):
                return moment
    return None
