"""Which way letters run: the implicit rules of the Unicode Bidirectional Algorithm.

Source: Unicode Standard Annex 9, rules P2-P3, W1-W7, N1-N2, I1-I2, L1-L2. Embeddings, overrides
and isolates are taken out of texts before they come here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

_NEUTRAL = {"B", "S", "WS", "ON", "BN", "ES", "ET", "CS"}
_RIGHTWARD = {"R", "EN", "AN"}  # numbers count as right-to-left for what stands between


def is_rtl(paragraph: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    for letter in paragraph:
        kind = unicodedata.bidirectional(letter)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def levels(line: str, *, rtl: bool) -> list[int]:
    """The embedding level of each character: odd runs from right to left."""
    base = int(rtl)
    kinds = [unicodedata.bidirectional(letter) or "L" for letter in line]
    edge = "R" if rtl else "L"
    _weak(kinds, edge)
    _neutral(kinds, edge)
    found = [_level(kind, base) for kind in kinds]
    for at in range(len(line.rstrip()), len(line)):
        found[at] = base
    return found


def _weak(kinds: list[str], edge: str) -> None:
    """W1-W7: what numbers, their signs and marks belong to."""
    _marks(kinds, edge)
    strong = edge
    for at, kind in enumerate(kinds):
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kinds[at] = "AN"
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    _separators(kinds)
    _terminators(kinds)
    strong = edge
    for at, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"


def _marks(kinds: list[str], edge: str) -> None:
    before = edge
    for at, kind in enumerate(kinds):
        if kind == "NSM":
            kinds[at] = before
        before = kinds[at]


def _separators(kinds: list[str]) -> None:
    """A single sign between two numbers of a kind joins them."""
    for at in range(1, len(kinds) - 1):
        left, kind, right = kinds[at - 1 : at + 2]
        if left == right and (
            (kind in ("ES", "CS") and left == "EN") or (kind == "CS" and left == "AN")
        ):
            kinds[at] = left


def _terminators(kinds: list[str]) -> None:
    """Currency and percent signs beside a number belong to it."""
    for start, end in _spans(kinds, lambda kind: kind == "ET"):
        if "EN" in (*kinds[max(start - 1, 0) : start], *kinds[end : end + 1]):
            kinds[start:end] = ["EN"] * (end - start)


def _neutral(kinds: list[str], edge: str) -> None:
    """N1-N2: what stands between two texts of one direction takes it, else that of the line."""
    for start, end in _spans(kinds, lambda kind: kind in _NEUTRAL):
        before = _side(kinds[start - 1]) if start else edge
        after = _side(kinds[end]) if end < len(kinds) else edge
        kinds[start:end] = [before if before == after else edge] * (end - start)


def _side(kind: str) -> str:
    return "R" if kind in _RIGHTWARD else "L"


def _spans(kinds: list[str], wanted: Callable[[str], bool]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for at, kind in enumerate(kinds):
        if not wanted(kind):
            continue
        if spans and spans[-1][1] == at:
            spans[-1] = (spans[-1][0], at + 1)
        else:
            spans.append((at, at + 1))
    return spans


def _level(kind: str, base: int) -> int:
    if kind == "L":
        return base + base % 2
    if kind == "R":
        return base + 1 - base % 2
    return base + 2 - base % 2  # a number


def visual(runs: Sequence[T], level: Callable[[T], int]) -> list[T]:
    """L2: runs in the order in which they stand on the line, from left to right."""
    order = list(runs)
    for threshold in range(max(map(level, order), default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and level(order[end]) >= threshold:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = end + 1
    return order
