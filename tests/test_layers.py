"""Imports point down only. Spec: CONTRIBUTING.md, "How the parts fit" """

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "fhir_server"
# From the top; a package may import those of lower rows, and of its own row nothing but itself.
ROWS = (
    {"cli"},
    {"cli_validate", "cli_terminology"},
    {"cli_store"},
    {"app"},
    {"backends"},
    {"commands", "http", "web"},
    {"guide"},
    {"operations"},
    {"interactions"},
    {"exchange"},
    {"referral"},
    {"search", "validation", "mapping", "security", "xml", "patch"},
    {"terminology", "conformance"},
    {"storage", "fhirpath"},
    {"definitions"},
    {"settings"},
    {"model"},
    {"errors"},
)
LEVEL = {name: i for i, row in enumerate(ROWS) for name in row}
# Only these may import what is named: the web framework, and the two MongoDB drivers.
ONLY = {
    "fastapi": {"http", "app"},
    "starlette": {"http", "app"},
    "uvicorn": {"app", "http/direct.py", "http/joining.py"},
    "motor": {"storage/mongodb/driver.py"},
    "pymongo": {"storage/mongodb"},
    "bson": {"storage/mongodb"},
    "sqlite3": {"storage/sqlite", "terminology/file"},
    "typer": {"cli"},
}


def imports(source: str, module: tuple[str, ...]) -> list[str]:
    """Modules a source file imports, ours as `fhir_server.…`. `module` is its own dotted path."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(module[: len(module) - node.level]) if node.level else []
            base += node.module.split(".") if node.module else []
            if len(base) == 1 and base[0] == "fhir_server":
                found += [f"fhir_server.{alias.name}" for alias in node.names]
            else:
                found.append(".".join(base))
    return found


def violations(path: str, source: str) -> list[str]:
    """Shape of `path`: relative to the package, such as `search/index.py`."""
    parts = path.removesuffix(".py").split("/")
    own = parts[0]
    if own == "__init__":
        return []
    out = []
    for name in imports(source, ("fhir_server", *parts)):
        head, _, rest = name.partition(".")
        target = rest.partition(".")[0]
        if head == "fhir_server" and target in LEVEL and target != own:
            if LEVEL[target] <= LEVEL[own]:
                out.append(f"{path} imports {name}")
        elif head in ONLY and not any(path.startswith(p) for p in ONLY[head]):
            out.append(f"{path} imports {name}")
    return out


def modules() -> list[str]:
    return [str(p.relative_to(PACKAGE)) for p in sorted(PACKAGE.rglob("*.py"))]


def test_every_part_has_a_row() -> None:
    tops = {m.split("/")[0].removesuffix(".py") for m in modules()} - {"__init__"}
    assert tops <= set(LEVEL)


@pytest.mark.parametrize("path", modules())
def test_imports_point_down(path: str) -> None:
    assert violations(path, (PACKAGE / path).read_text("utf-8")) == []


BAD = [
    ("search/x.py", "from ..http import fhir"),
    ("search/x.py", "from ..mapping import Form"),
    ("search/x.py", "from fhir_server.validation import structure"),
    ("model/x.py", "from ..errors import FhirError\nfrom ..search import Query"),
    ("interactions/x.py", "from fastapi import Request"),
    ("storage/x.py", "import motor.motor_asyncio"),
    ("storage/mongodb/x.py", "from motor import motor_asyncio"),
    ("exchange/x.py", "import sqlite3"),
    ("exchange/x.py", "from .. import app"),
]


@pytest.mark.parametrize(("path", "source"), BAD)
def test_a_wrong_import_is_seen(path: str, source: str) -> None:
    assert len(violations(path, source)) == 1


SIZES = [p for p in modules() if not p.startswith("definitions/")]


@pytest.mark.parametrize("path", SIZES)
def test_a_file_is_one_room(path: str) -> None:
    assert len((PACKAGE / path).read_text("utf-8").splitlines()) <= 400
