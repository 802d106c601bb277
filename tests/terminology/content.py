"""The files of terminology/, read once for the tests of its content."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from fhir_server.definitions.library import r4_library

Json = dict[str, Any]
FOLDER = Path(__file__).parents[2] / "terminology"
PATHS = sorted(FOLDER.glob("*/*.json"))
RESOURCES: dict[str, Json] = {
    path.relative_to(FOLDER).with_suffix("").as_posix(): json.loads(
        path.read_text("utf-8"), parse_float=Decimal
    )
    for path in PATHS
}
OID = "urn:oid:2.16.156.10011"


def of_type(kind: str) -> dict[str, Json]:
    """By id."""
    return {r["id"]: r for r in RESOURCES.values() if r["resourceType"] == kind}


def walk(concepts: list[Json]) -> Iterator[Json]:
    for each in concepts:
        yield each
        yield from walk(each.get("concept", []))


def concepts(code_system: Json) -> dict[str, Json]:
    return {each["code"]: each for each in walk(code_system["concept"])}


def properties(concept: Json, name: str) -> list[Any]:
    return [
        next(value for key, value in each.items() if key.startswith("value"))
        for each in concept.get("property", ())
        if each["code"] == name
    ]


def find_system(url: str, version: str = "") -> Json | None:
    """Ours, else that of R4."""
    for each in of_type("CodeSystem").values():
        if each["url"] == url and version in ("", each["version"]):
            return each
    return r4_library().find("CodeSystem", url)
