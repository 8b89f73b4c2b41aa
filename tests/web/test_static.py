"""Our own files: small, complete, and without what the pages' rules forbid."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from gallery.settings import ROOT
from gallery.web.public.assets import static_url
from tools.grid_css import TARGET, grid_css

STATIC = ROOT / "gallery" / "static"
CSS = (STATIC / "app.css").read_text(encoding="utf-8")
PHYSICAL = re.compile(r"(?:margin|padding|border)-(?:left|right)|[{;]\s*(?:left|right)\s*:|float")


def compressed(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def test_styles_and_script_stay_within_their_budgets() -> None:
    assert compressed("app.css", "grid.css") <= 6_000
    assert compressed("public.js") <= 6_000


def test_the_grid_s_classes_are_what_their_maker_makes() -> None:
    assert TARGET.read_text(encoding="ascii") == grid_css()
    assert ".r40{--r:0.4}" in grid_css()
    assert ".k333{--k:#d8d8d8}" in grid_css()
    assert ".y10{--y:100%}" in grid_css()


def test_styles_know_no_left_and_right_and_ask_nobody() -> None:
    assert not PHYSICAL.search(CSS)
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_every_colour_pair_is_legible() -> None:
    tokens = dict(re.findall(r"--(\w[\w-]*): light-dark\((#\w+, #\w+)\)", CSS))
    for theme in (0, 1):
        colour = {name: pair.split(", ")[theme] for name, pair in tokens.items()}
        for ground in ("paper", "surface", "sunk"):
            for text in ("ink", "muted", "accent", "ok", "warn", "bad"):
                assert contrast(colour[text], colour[ground]) >= 5.2, (theme, text, ground)
            assert contrast(colour["edge"], colour[ground]) >= 3.4
            assert contrast(colour["focus"], colour[ground]) >= 3
        assert contrast(colour["on-accent"], colour["accent"]) >= 5.5


def test_a_file_s_address_changes_with_its_content(app: Flask, tmp_path: Path) -> None:
    with app.test_request_context():
        before = static_url("app.css")
        assert re.fullmatch(r"/static/app\.css\?v=[0-9a-f]{10}", before)
        assert static_url("grid.css") != before
        app.static_folder = str(tmp_path)
        (tmp_path / "app.css").write_text("other")
        assert static_url("app.css") != before


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda p: p.name)
def test_templates_hold_no_inline_script_or_style_and_trust_no_text(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|\|\s*safe|javascript:", source)
    for opening in re.findall(r"<script[^>]*>", source):
        assert "src=" in opening or 'type="application/' in opening


def contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _light(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb, by WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(d * 2 for d in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
