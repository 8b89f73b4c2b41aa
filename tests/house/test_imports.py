"""Who may know whom. The table is the design; a module that is not in it fails."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.house

ROOT = Path(__file__).resolve().parents[2]
GALLERY = ROOT / "gallery"

# room -> rooms of ours that it may import; everybody may import settings and errors
MAY_KNOW: dict[str, set[str]] = {
    "errors": set(),
    "settings": set(),
    "models": set(),
    "storage": set(),
    "imaging": set(),
    "networks": set(),
    "people": {"models"},
    "albums": {"models", "storage", "imaging"},
    "publishing": {"albums", "models", "storage", "imaging", "networks.contract"},
    "publishing.carry": {"networks"},
    "publishing.accounts": {"networks"},
    "background": {"publishing", "mail", "albums", "models", "storage", "imaging", "services"},
    "mail": set(),
    "bell": set(),
    "services": {"bell", "publishing", "models", "storage", "imaging"},
    "web": {
        *("publishing", "people", "albums", "background", "models", "storage", "services"),
        "networks.contract",
    },
    "web.public.practice": {"networks.practice"},
    "cli": {
        *("publishing", "people", "albums", "background", "models", "storage", "services"),
        "imaging",
    },
    "server": {"background", "people", "models"},
    "migrations": {"models"},
    "": {"web", "cli", "services"},  # gallery/__init__.py: create_app
}
EVERYBODY = {"errors", "settings"}
ONLY_IN = {
    "flask": ("web", "cli", ""),
    "PIL": ("imaging",),
    "pillow_heif": ("imaging",),
    "requests": ("networks",),
}


def _modules() -> dict[str, Path]:
    """Every module of the package by its name below `gallery`."""
    found = {}
    for path in sorted(GALLERY.rglob("*.py")):
        parts = path.relative_to(GALLERY).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = path
    return found


MODULES = _modules()


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full.removeprefix("gallery.") in MODULES else node.module


def _room(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def _allowed(module: str) -> set[str]:
    """What this module may import: what its room may, and what is its own exception."""
    own = {name for name in MAY_KNOW if name == _room(module)}
    exact = {name for name in MAY_KNOW if module == name or module.startswith(f"{name}.")}
    return EVERYBODY.union(*(MAY_KNOW[name] for name in own | exact))


def _within(target: str, allowed: set[str]) -> bool:
    return any(target == name or target.startswith(f"{name}.") for name in allowed)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_room_may_know(module: str) -> None:
    assert _room(module) in MAY_KNOW, "give this room its row in the table, and in the design"
    wrong = []
    for name in _imports(MODULES[module]):
        if name == "gallery" or name.startswith("gallery."):
            target = name.removeprefix("gallery").removeprefix(".")
            if _room(target) != _room(module) and not _within(target, _allowed(module)):
                wrong.append(name)
        rooms = ONLY_IN.get(name.split(".", maxsplit=1)[0])
        if rooms is not None and _room(module) not in rooms:
            wrong.append(name)

    assert wrong == []


def test_no_circle_of_modules() -> None:
    graph = {
        module: {
            name.removeprefix("gallery").removeprefix(".")
            for name in _imports(path)
            if name == "gallery" or name.startswith("gallery.")
        }
        - {module}
        for module, path in MODULES.items()
    }
    seen: set[str] = set()
    path: list[str] = []

    def visit(module: str) -> None:
        assert module not in path, f"a circle: {' -> '.join([*path, module])}"
        if module in seen or module not in graph:
            return
        path.append(module)
        for target in graph[module]:
            visit(target)
        path.pop()
        seen.add(module)

    for module in graph:
        visit(module)

    assert seen == set(graph)
