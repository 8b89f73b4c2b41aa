"""Small rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.house

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*ml"))
PYTHON = [
    path for path in sorted((ROOT / "gallery").rglob("*.py")) if "migrations" not in path.parts
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle=|\son[a-z]+=|<style\b", text)
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or "application/ld+json" in tag, tag


def test_markup_is_made_in_one_place_only() -> None:
    makers = [
        path.relative_to(ROOT).as_posix()
        for path in PYTHON
        if re.search(r"\bMarkup\(", path.read_text(encoding="utf-8"))
    ]
    safe = [
        path for path in TEMPLATES if re.search(r"\|\s*safe\b", path.read_text(encoding="utf-8"))
    ]

    assert makers == ["gallery/albums/writeup.py"]
    assert safe == []


def test_lock_files_name_no_registry_and_pin_every_package_with_hashes() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://|--(extra-)?index-url", text), path
        pinned = re.findall(r"^[a-z0-9][^=\s]*==[^\s]+", text, flags=re.M)
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)


def test_a_function_is_read_in_one_look() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {node.name} has {lines} lines"
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 40
    ]

    assert long == []


def test_a_file_is_read_in_one_sitting() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in PYTHON
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 300
    ]

    assert long == []
