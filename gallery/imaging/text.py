"""Set text: in runs of one font and direction, broken into lines, drawn on a common baseline."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageDraw

from gallery.imaging.bidi import is_rtl, levels, visual
from gallery.imaging.fonts import Script, Type, font, script_of

_IDEOGRAPH = "\u2e80-\u2fff\u3040-\u30ff\u3100-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_OPENING, _CLOSING = "「『（〈《【〔“‘(\\[", "」』）〉》】〕”’、。，．：；！？ー…)\\],.!?:;"
# What may not be broken: an ideograph with the signs that cling to it, or a word.
_PIECE = re.compile(
    rf"[{_OPENING}]*[{_IDEOGRAPH}][{_CLOSING}]*|\s+|[^\s{_IDEOGRAPH}{_OPENING}]+|[{_OPENING}]"
)
_ELLIPSIS, _LOOSE = "…", " ,;:–·،؛，、；："
_JOINERS = "\u200c\u200d"  # they keep letters apart or together, and show nothing themselves


@dataclass(frozen=True)
class Run:
    """Letters of one font and one direction."""

    text: str
    script: Script
    level: int  # odd: from right to left

    @property
    def direction(self) -> str:
        """As the shaping engine wants it."""
        return "rtl" if self.level % 2 else "ltr"


@dataclass(frozen=True)
class Line:
    """One line; `rtl` is the direction of the paragraph that it belongs to."""

    text: str
    rtl: bool


def drawable(text: str) -> str:
    """What our fonts can draw of `text`, composed; emoji and scripts without a font are left out."""
    kept: list[str] = []
    before: Script | None = None
    for given in unicodedata.normalize("NFC", text):
        letter = " " if given.isspace() and given != "\n" else given
        script = script_of(letter, before) if letter.isprintable() else None
        joins = letter in _JOINERS and kept and kept[-1].isalnum()
        if script or joins or letter == "\n":
            kept.append(letter)
            before = script or before
    lines = (" ".join(line.split()) for line in "".join(kept).split("\n"))
    return "\n".join(line for line in lines if any(map(str.isalnum, line)))


@lru_cache(maxsize=4096)
def runs(line: str, *, rtl: bool) -> tuple[Run, ...]:
    """The runs of a line in the order in which they are read."""
    found: list[Run] = []
    script: Script | None = None
    for letter, level in zip(line, levels(line, rtl=rtl), strict=True):
        script = script_of(letter, script) or script or Script.LATIN
        if found and (found[-1].script, found[-1].level) == (script, level):
            found[-1] = Run(found[-1].text + letter, script, level)
        else:
            found.append(Run(letter, script, level))
    return tuple(found)


@lru_cache(maxsize=16384)
def run_width(run: Run, type_: Type) -> float:
    """In px."""
    return font(run.script, type_).getlength(run.text, direction=run.direction)


def line_width(text: str, type_: Type, *, rtl: bool) -> float:
    """In px."""
    return sum(run_width(run, type_) for run in runs(text, rtl=rtl))


def wrap(text: str, type_: Type, width: float, most: int) -> list[Line]:
    """At most `most` lines, each at most `width` px; an ellipsis says that there was more."""
    lines = [line for part in text.split("\n") for line in _wrap_paragraph(part, type_, width)]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _shortened(lines[most - 1], type_, width)]


def _wrap_paragraph(text: str, type_: Type, width: float) -> list[Line]:
    rtl = is_rtl(text)
    lines, line = [], ""
    for piece in _PIECE.findall(text):
        if line and line_width((line + piece).rstrip(), type_, rtl=rtl) > width:
            lines.append(line.strip())
            line = piece.lstrip()
        else:
            line += piece
        while line_width(line.rstrip(), type_, rtl=rtl) > width and len(line) > 1:
            fits = _longest(line, type_, width, rtl=rtl)
            lines.append(line[:fits])
            line = line[fits:]
    lines.append(line.strip())
    return [Line(line, rtl) for line in lines if line]


def _longest(line: str, type_: Type, width: float, *, rtl: bool) -> int:
    """How many letters of a word that is longer than a line stand on it: one at least."""
    fits = 1
    while line_width(line[: fits + 1], type_, rtl=rtl) <= width:
        fits += 1
    return fits


def _shortened(line: Line, type_: Type, width: float) -> Line:
    """The line with an ellipsis; what goes for it are whole words, if that leaves the most of it."""
    text = line.text
    while text and line_width(text + _ELLIPSIS, type_, rtl=line.rtl) > width:
        text = text[:-1]
    words = text.rpartition(" ")[0]
    if len(text) < len(line.text) and len(words) > len(line.text) // 2:
        text = words
    return Line(text.rstrip(_LOOSE) + _ELLIPSIS, line.rtl)


def draw_line(
    canvas: ImageDraw.ImageDraw,
    line: Line,
    type_: Type,
    *,
    left: float,
    width: float,
    baseline: float,
    fill: str,
    flush_right: bool | None = None,
) -> None:
    """Draw a line into the space from `left`, `width` px wide.

    It stands at the side where its paragraph begins, unless `flush_right` says otherwise.
    """
    x = left
    if line.rtl if flush_right is None else flush_right:
        x += width - line_width(line.text, type_, rtl=line.rtl)
    for run in visual(runs(line.text, rtl=line.rtl), lambda run: run.level):
        canvas.text(
            (x, baseline),
            run.text,
            font=font(run.script, type_),
            fill=fill,
            anchor="ls",
            direction=run.direction,
            stroke_width=type_.stroke(run.script),
        )
        x += run_width(run, type_)
