"""The fonts that captions and cards are drawn with, and which of them has which letter.

All come from packages: Noto Sans, Noto Sans Arabic (Jawi letters too) and Noto Sans CJK.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import noto_cjk_sans_otc
from PIL import ImageFont

REGULAR, STRONG = 400, 600  # weights
_MISSING = "\U0010fffe"  # a code point that no font may have
_TRIAL_SIZE = 16  # px
_EMBOLDEN = 0.024  # stroke in em for strong CJK, whose font has one weight
_PATHS = {
    "latin": fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf",
    "arabic": fontpkg_noto_sans_arabic.ROOT / "files" / "NotoSansArabic[wdth,wght].ttf",
    "cjk": Path(str(noto_cjk_sans_otc.FONT_PATH)),
}
_CJK_FACES = {"ja": 0, "ko": 1, "zh": 2, "zh-hant": 3, "zh-tw": 3, "zh-hk": 4, "zh-mo": 4}


class Script(StrEnum):
    """One font each."""

    LATIN = "latin"  # and Greek, Cyrillic, digits, signs
    ARABIC = "arabic"
    CJK = "cjk"


@dataclass(frozen=True)
class Type:
    """How text is set: size in px, weight, and the language that chooses among CJK shapes."""

    size: int
    weight: int = REGULAR
    language: str = "en"

    def stroke(self, script: Script) -> float:
        """Width in px by which letters are fattened where the font has no strong weight."""
        strong = script is Script.CJK and self.weight >= STRONG
        return self.size * _EMBOLDEN if strong else 0


def font(script: Script, type_: Type) -> ImageFont.FreeTypeFont:
    """The font for `script`, ready to draw with."""
    if script is Script.CJK:
        return _load(script, type_.size, REGULAR, _cjk_face(type_.language))
    return _load(script, type_.size, type_.weight, 0)


@lru_cache(maxsize=64)
def _load(script: Script, size: int, weight: int, face: int) -> ImageFont.FreeTypeFont:
    loaded = ImageFont.truetype(
        str(_PATHS[script]), size, index=face, layout_engine=ImageFont.Layout.RAQM
    )
    if script is not Script.CJK:
        loaded.set_variation_by_axes([weight, 100])
    return loaded


def _cjk_face(language: str) -> int:
    parts = language.lower().split("-")
    return _CJK_FACES.get("-".join(parts[:2]), _CJK_FACES.get(parts[0], _CJK_FACES["zh"]))


@lru_cache(maxsize=32768)
def has_letter(script: Script, letter: str) -> bool:
    """Whether the font for `script` draws `letter` as something other than its empty box."""
    return _shape(script, letter) != _shape(script, _MISSING)


@lru_cache(maxsize=256)
def _shape(script: Script, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font(script, Type(_TRIAL_SIZE)).getmask(letter)
    return mask.size, bytes(mask)


def script_of(letter: str, before: Script | None) -> Script | None:
    """The font to draw `letter` with; None if we have none for it, so that it is left out.

    Spaces, signs and marks stay with the font of the letter before them if it has them.
    """
    order = list(Script)
    if before is not None and unicodedata.category(letter)[0] in "ZPSMC":
        order.sort(key=lambda script: script is not before)
    return next((script for script in order if has_letter(script, letter)), None)
