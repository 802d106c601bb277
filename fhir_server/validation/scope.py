"""What a validator knows by canonical url: profiles, value sets, code systems, questionnaires."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from ..definitions.library import Library, r4_library
from ..model.versions import VersionKey, version_key

Json: TypeAlias = dict[str, Any]
Wanted: TypeAlias = tuple[str, str]  # resource type, canonical url without version
KINDS = frozenset(("StructureDefinition", "ValueSet", "CodeSystem", "Questionnaire"))


class Scope:
    """Resources given, then the library of R4. Several versions of one url live side by side."""

    def __init__(self, library: Library | None = None) -> None:
        self._library = library or r4_library()
        self._held: dict[tuple[str, str], list[Json]] = {}
        self._read: dict[tuple[str, str, str], Json | None] = {}
        self._missed: dict[Wanted, None] = {}

    def add(self, resources: Iterable[Json]) -> int:
        """How many of them are of use; resources inside a Bundle count. Others are passed over."""
        count = 0
        for each in resources:
            kind = each.get("resourceType")
            if kind == "Bundle":
                held = [e.get("resource") for e in each.get("entry", ()) if type(e) is dict]
                count += self.add([r for r in held if type(r) is dict])
            elif kind in KINDS and type(each.get("url")) is str:
                rows = self._held.setdefault((kind, each["url"]), [])
                rows[:] = [r for r in rows if r.get("version") != each.get("version")]
                rows.append(each)
                count += 1
        self._read.clear()
        self._missed.clear()
        return count

    def find(self, kind: str, url: str, version: str = "") -> Json | None:
        """By url and version; without a version the latest given, else that of R4."""
        key = (kind, url, version)
        if key not in self._read:
            self._read[key] = self._look(kind, url, version)
        return self._read[key]

    def profile(self, canonical: str) -> Json | None:
        """A StructureDefinition by canonical, `url` or `url|version`."""
        url, _, version = canonical.partition("|")
        return self.find("StructureDefinition", url, version)

    def questionnaire(self, canonical: str) -> Json | None:
        url, _, version = canonical.partition("|")
        return self.find("Questionnaire", url, version)

    def _look(self, kind: str, url: str, version: str) -> Json | None:
        rows = self._held.get((kind, url), [])
        fitting = [r for r in rows if version in ("", r.get("version")) or _begins(r, version)]
        if fitting:
            return max(fitting, key=_rank)
        found = self._library.find(kind, url, version)
        if found is None:
            self._missed[kind, url] = None
        return found

    def missed(self) -> list[Wanted]:
        """What was asked for and is not known here."""
        return list(self._missed)


def _begins(resource: Json, version: str) -> bool:
    """ "1.0" also means 1.0.3."""
    return str(resource.get("version", "")).startswith(version + ".")


def _rank(resource: Json) -> tuple[VersionKey, str]:
    return version_key(resource.get("version", "")), str(resource.get("date", ""))
