"""The docs say what the code has: every setting, every command, every network, and no more."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest
from flask import Flask

from gallery.cli import COMMANDS
from gallery.networks import NETWORKS
from gallery.settings import Settings

pytestmark = pytest.mark.house

ROOT = Path(__file__).resolve().parents[2]
NAMES = {f"GALLERY_{field.name.upper()}" for field in fields(Settings)}


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _settings_in(text: str) -> set[str]:
    names = set(re.findall(r"GALLERY_[A-Z0-9_]*[A-Z0-9]", text))
    return {name for name in names if not name.endswith("_FILE")}


def _leaves(command: click.Command, name: str) -> list[str]:
    if isinstance(command, click.Group):
        return [
            leaf for sub in command.commands.values() for leaf in _leaves(sub, f"{name} {sub.name}")
        ]
    return [name]


def test_the_example_names_every_setting_once() -> None:
    lines = [line for line in _text(".env.example").splitlines() if line.startswith("GALLERY_")]

    assert sorted(line.partition("=")[0] for line in lines) == sorted(NAMES)
    assert all(line.endswith("=") for line in lines)


def test_operating_names_every_setting() -> None:
    assert _settings_in(_text("docs/operating.md")) == NAMES


@pytest.mark.parametrize("path", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=str)
def test_no_document_names_a_setting_that_is_not_there(path: Path) -> None:
    assert _settings_in(path.read_text(encoding="utf-8")) <= NAMES


def test_operating_tells_every_command_and_option() -> None:
    text = _text("docs/operating.md")
    told = []
    for command in COMMANDS:
        for leaf in _leaves(command, str(command.name)):
            told.append(f"flask {leaf}")
    options = {
        option
        for command in COMMANDS
        for param in command.params
        if isinstance(param, click.Option)
        for option in param.opts
    }

    assert [name for name in told if name not in text] == []
    assert [option for option in sorted(options) if f"`{option}" not in text] == []


def test_no_document_names_a_command_that_is_not_there(app: Flask) -> None:
    known = set(app.cli.commands) | {"run", "shell", "routes"}
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        named = set(re.findall(r"\bflask ([a-z-]+)\b", path.read_text(encoding="utf-8")))
        assert named <= known, path


def test_networks_tells_every_network() -> None:
    text = _text("docs/networks.md")

    assert [network.label for network in NETWORKS.values() if network.label not in text] == []


def test_every_link_between_documents_leads_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path}: {target}"
