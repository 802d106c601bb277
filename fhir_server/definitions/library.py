"""Profiles, extensions, value sets, code systems, concept maps of R4 (4.0.1), read when asked for.

`r4-library.zip` is made by tools/build_definitions.py from the official hl7.fhir.r4.core package:
differentials of the constraining StructureDefinitions, compositions of the value sets, codes and
displays of the code systems, the groups of the concept maps; no prose.
"""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

Json: TypeAlias = dict[str, Any]


class Library:
    """Read access to the file. Every answer is read anew: who needs it twice keeps it."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        # Shape: {kind: {url: [version, name of the file]}}
        self._index: dict[str, dict[str, list[str]]] = msgspec.json.decode(
            self._archive.read("index.json")
        )

    def urls(self, kind: str) -> tuple[str, ...]:
        """The canonical urls of one resource type."""
        return tuple(self._index.get(kind, ()))

    def listed(self, kind: str) -> list[tuple[str, str]]:
        """(url, version) of the resources of one type."""
        return [(url, row[0]) for url, row in self._index.get(kind, {}).items()]

    def url_of(self, kind: str, id: str) -> str:
        """The canonical url of the resource with an id; "" where there is none."""
        name = f"{kind}/{id}.json"
        return next((u for u, row in self._index.get(kind, {}).items() if row[1] == name), "")

    def find(self, kind: str, url: str, version: str = "") -> Json | None:
        """A resource by canonical url; None where it is unknown, or of another version."""
        row = self._index.get(kind, {}).get(url)
        if row is None or version not in ("", row[0]):
            return None
        found: Json = msgspec.json.decode(self._archive.read(row[1]))
        return found


@lru_cache(1)
def r4_library() -> Library:
    """The library that ships with the package."""
    return Library(Path(__file__).with_name("r4-library.zip"))
