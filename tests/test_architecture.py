"""Imports run one way, along the way of the data; modules stay small."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "synth_magic"

# Each line may import from the lines above it. What shares a line does not know its neighbours.
STATIONS = [
    {"errors"},
    {"spec"},
    {"description"},
    {"catalogue", "sampling"},
    {"learning"},
    {"engines"},
    {"evaluation"},
    {"frame"},
    {"api", "files"},
    {"cli", "notebook"},
    {"__init__", "__main__"},
]
# What may reach ahead, and why.
AHEAD = {
    # `CohortSpec.fit` stands where users look for it; what learns is imported when it is called.
    "synth_magic/spec/cohort.py": {"learning"},
}
# The rooms of the notebook, likewise; types alone may be known before.
ROOMS = ["plots", "pages", "commands", "panel"]
LEVEL = {station: level for level, stations in enumerate(STATIONS) for station in stations}

MODULES = sorted(PACKAGE.rglob("*.py"))
PACKAGES = [path for path in MODULES if path.name == "__init__.py"]
PUBLISHERS = [path.parent for path in PACKAGES if "__all__" in path.read_text(encoding="utf-8")]


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def station(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_stations(path: Path) -> set[str]:
    """The stations that a module imports anywhere, also inside functions and for types only."""
    dotted_names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            dotted_names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            source = ".".join([*parents, *filter(None, [node.module])])
            dotted_names += [f"{source}.{alias.name}" for alias in node.names]
    inside = [dotted.split(".") for dotted in dotted_names if dotted.split(".")[0] == PACKAGE.name]
    names = {parts[1] if parts[1:] else "__init__" for parts in inside}
    names.discard("__version__")  # set before anything is imported, so any station may read it
    return {name if name in LEVEL else "__init__" for name in names}


def imported_too_early(path: Path) -> set[str]:
    here = station(path)
    allowed = {here} | AHEAD.get(place(path), set())
    return {other for other in imported_stations(path) - allowed if LEVEL[other] >= LEVEL[here]}


def test_every_module_has_a_station() -> None:
    assert {station(path) for path in MODULES} == LEVEL.keys()


def test_a_module_imports_only_from_its_own_station_and_from_earlier_ones() -> None:
    assert {place(path): early for path in MODULES if (early := imported_too_early(path))} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_of_the_notebook_imports_only_from_earlier_ones(room: str) -> None:
    later = {f"synth_magic.notebook.{other}" for other in ROOMS[ROOMS.index(room) + 1 :]}
    for path in sorted((PACKAGE / "notebook" / room).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for_types = [node for node in tree.body if isinstance(node, ast.If)]
        known = {id(node) for block in for_types for node in ast.walk(block)}
        imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module]
        sources = {".".join((n.module or "").split(".")[:3]) for n in imports if id(n) not in known}
        assert sources.isdisjoint(later), path.name


@pytest.mark.parametrize("folder", PUBLISHERS, ids=place)
def test_every_public_name_exists(folder: Path) -> None:
    package = importlib.import_module(".".join(folder.relative_to(ROOT).parts))
    missing = [public for public in package.__all__ if not hasattr(package, public)]
    assert not missing


def test_no_module_is_over_400_lines() -> None:
    modules = [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))]
    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {path: length for path, length in lengths.items() if length > 400} == {}
