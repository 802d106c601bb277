"""Where value sets and code systems come from: the store, files, the R4 definitions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

from ..definitions import Definitions
from ..model.json import decode_object
from ..model.versions import VersionKey, version_key
from ..storage.base import Store
from ..storage.plan import Match, Plan, Test

Json: TypeAlias = dict[str, Any]
Kind: TypeAlias = Literal["ValueSet", "CodeSystem"]
MAX_VERSIONS = 200  # resources of one url that are looked at


class Source(Protocol):
    """Errors of each: store-down."""

    async def find(self, kind: Kind, url: str, version: str) -> Json | None:
        """By canonical url; without a version the latest."""

    async def read(self, kind: Kind, id: str) -> Json | None: ...


def latest(found: Sequence[Json], version: str) -> Json | None:
    """The version asked for, or the latest; an active one before a draft or a retired one."""
    if version:
        found = [r for r in found if r.get("version") == version]
    return max(found, key=_rank, default=None)


def _rank(resource: Json) -> tuple[bool, VersionKey, str]:
    key = version_key(resource.get("version", ""))
    return resource.get("status") == "active", key, str(resource.get("date", ""))


class StoreSource:
    """What clients have written."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, kind: Kind, url: str, version: str) -> Json | None:
        where = Match("url", "uri", ((Test("value", "=", url),),))
        page = await self._store.search(Plan(kind, (where,), limit=MAX_VERSIONS))
        return latest([each.resource for each in page.matches], version)

    async def read(self, kind: Kind, id: str) -> Json | None:
        found = await self._store.current(kind, id)
        return None if found is None or found.deleted else found.resource


class FolderSource:
    """JSON files in the folders ValueSet and CodeSystem of a folder; read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _resources(self) -> dict[str, list[Json]]:
        out: dict[str, list[Json]] = {}
        for kind in ("ValueSet", "CodeSystem"):
            for path in sorted((self._folder / kind).glob("*.json")):
                out.setdefault(kind, []).append(decode_object(path.read_bytes()))
        return out

    async def find(self, kind: Kind, url: str, version: str) -> Json | None:
        return latest([r for r in self._resources.get(kind, ()) if r.get("url") == url], version)

    async def read(self, kind: Kind, id: str) -> Json | None:
        return next((r for r in self._resources.get(kind, ()) if r.get("id") == id), None)


class DefinitionsSource:
    """The required value sets of R4, and of their code systems the codes that they name."""

    def __init__(self, definitions: Definitions) -> None:
        self._value_sets = definitions.value_sets

    @cached_property
    def _systems(self) -> dict[str, dict[str, None]]:
        out: dict[str, dict[str, None]] = {}
        for systems in self._value_sets.values():
            for system, codes in systems.items():
                out.setdefault(system, {}).update(dict.fromkeys(codes))
        return out

    async def find(self, kind: Kind, url: str, version: str) -> Json | None:
        if version not in ("", "4.0.1"):
            return None
        if kind == "CodeSystem":
            codes = self._systems.get(url)
            if codes is None:
                return None
            concepts = [{"code": code} for code in codes]
            return {"resourceType": kind, "url": url, "content": "fragment", "concept": concepts}
        listed = self._value_sets.get(url)
        if listed is None:
            return None
        include = [{"system": s, "concept": [{"code": c} for c in cs]} for s, cs in listed.items()]
        return {"resourceType": kind, "url": url, "version": "4.0.1", "status": "active",
                "compose": {"include": include}}  # fmt: skip

    async def read(self, kind: Kind, id: str) -> Json | None:
        return None
