"""Leaves nothing in texts and stored answers that could be a secret. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

GONE = "***"
TELLING = re.compile(
    r"token|secret|password|passwd|authori[sz]ation|credential|cookie|signature|proof|api_?key",
    re.IGNORECASE,
)
PAIR = re.compile(
    r"([\w-]*(?:token|secret|password|signature|proof|api_?key)[\w-]*[\"']?\s*[=:]\s*[\"']?)[^&\s\"',;]+",
    re.IGNORECASE,
)
SCHEME = re.compile(r"\b(bearer|basic|oauth|bot(?=\d+:))\s*[\w+/=.:~-]{8,}", re.IGNORECASE)
LINK = re.compile(r"(/(?:l|p|add)/)[\w-]{20,}")  # our own secret addresses
RUN = re.compile(r"[A-Za-z0-9_-]{24,}")
ADDRESSES = ("url", "remote_id")  # what proves a post: networks put long ids into them
SHORTEST = 6  # characters; a shorter secret would blot out words


@dataclass(frozen=True)
class Scrubber:
    """Takes these secrets out, and all else that looks like one."""

    secrets: tuple[str, ...] = ()

    @classmethod
    def of(cls, secrets: Iterable[str]) -> Scrubber:
        """The longest first, so that none is left in part."""
        known = {secret for secret in secrets if len(secret) >= SHORTEST}
        return cls(tuple(sorted(known, key=len, reverse=True)))

    def text(self, text: str) -> str:
        """A sentence without anything that could be a secret."""
        return RUN.sub(_unless_words, self.address(text))

    def address(self, text: str) -> str:
        """An address or an id: known secrets and what is named as one go, long ids stay."""
        for secret in self.secrets:
            text = text.replace(secret, GONE)
        text = PAIR.sub(rf"\1{GONE}", text)
        text = SCHEME.sub(rf"\1 {GONE}", text)
        return LINK.sub(rf"\1{GONE}", text)

    def value(self, value: Any, name: str = "") -> Any:
        """A stored answer of any depth; what its name says is secret is gone whole."""
        if TELLING.search(name) and value not in (None, "", True, False):
            return GONE
        if isinstance(value, dict):
            return {self.address(str(key)): self.value(one, str(key)) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(one, name) for one in value]
        if isinstance(value, str):
            return self.address(value) if name in ADDRESSES else self.text(value)
        return value


def _unless_words(run: re.Match[str]) -> str:
    """Long runs of letters and digits are tokens; words with hyphens between them are not."""
    mixed = any(
        len(piece) >= 24 and re.search(r"\d", piece) and re.search(r"[A-Za-z]", piece)
        for piece in re.split("[-_]", run[0])
    )
    return GONE if mixed else run[0]
