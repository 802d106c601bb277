"""The committed package, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from fhir_server.model.json import decode_object

Json: TypeAlias = dict[str, Any]
ROOT = Path(__file__).parent.parent.parent
PROFILES = ROOT / "profiles"
PACKAGE = PROFILES / "package"


def read(path: Path) -> Json:
    return decode_object(path.read_bytes())


@cache
def conformance() -> tuple[Json, ...]:
    found = [read(path) for path in sorted(PACKAGE.glob("*-*.json"))]
    return tuple(r for r in found if "resourceType" in r)


@cache
def profiles() -> dict[str, Json]:
    """The profiles of resources by id."""
    rows = [r for r in conformance() if r["resourceType"] == "StructureDefinition"]
    return {r["id"]: r for r in rows if r["type"] != "Extension"}


@cache
def extensions() -> dict[str, Json]:
    """The extensions by id."""
    rows = [r for r in conformance() if r["resourceType"] == "StructureDefinition"]
    return {r["id"]: r for r in rows if r["type"] == "Extension"}


@cache
def examples() -> dict[str, Json]:
    """By "Type/id"."""
    found = [read(path) for path in sorted((PACKAGE / "example").glob("*-*.json"))]
    return {f"{r['resourceType']}/{r['id']}": r for r in found}


@cache
def instances() -> dict[str, Json]:
    """Examples, and what the package defines by its own profiles (the measures)."""
    own = {
        f"{r['resourceType']}/{r['id']}": r for r in conformance() if "profile" in r.get("meta", {})
    }
    return {**examples(), **own}


def claimed(resource: Json) -> list[str]:
    """The ids of the profiles in meta.profile."""
    urls = resource.get("meta", {}).get("profile", [])
    return [url.rpartition("/")[2].partition("|")[0] for url in urls]
