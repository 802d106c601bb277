"""Where value sets, code systems and concept maps come from: the store, files, R4's own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

import structlog

from ..definitions.library import Library
from ..errors import FhirError
from ..model.json import decode_object
from ..model.versions import VersionKey, version_key
from ..storage.base import Store, Stored
from ..storage.plan import Cursor, Match, Plan, Test

Json: TypeAlias = dict[str, Any]
Kind: TypeAlias = Literal["ValueSet", "CodeSystem", "ConceptMap"]
KINDS: tuple[Kind, ...] = ("ValueSet", "CodeSystem", "ConceptMap")
MAX_VERSIONS = 200  # resources of one url that are looked at
MAX_KEPT = 64  # resources that stay decoded
log = structlog.get_logger("fhir_server.terminology")


class Source(Protocol):
    """Errors of each: store-down."""

    async def find(self, kind: Kind, url: str, version: str) -> Json | None:
        """By canonical url; without a version the latest."""

    async def versions(self, kind: Kind, url: str) -> list[Json]:
        """All versions of a canonical url."""

    async def read(self, kind: Kind, id: str) -> Json | None: ...

    async def supplements(self, url: str) -> list[Json]:
        """The CodeSystems that add to the one of this url."""

    async def whole(self, url: str) -> Json | None:
        """The CodeSystem that names this as the value set of all its codes."""

    async def maps(self, system: str, *, to: bool) -> list[Json]:
        """The ConceptMaps from a code system, or to it."""

    async def systems(self) -> list[tuple[str, str]]:
        """(url, version) of the code systems here."""


def latest(found: Sequence[Json], version: str) -> Json | None:
    """The version asked for, or the latest; an active one before a draft or a retired one."""
    if version:
        found = [r for r in found if r.get("version") == version]
    return max(found, key=_rank, default=None)


def _rank(resource: Json) -> tuple[bool, VersionKey, str]:
    key = version_key(resource.get("version", ""))
    return resource.get("status") == "active", key, str(resource.get("date", ""))


def goes(concept_map: Json, system: str, *, to: bool) -> bool:
    """Does a ConceptMap lead from a code system, or to it?"""
    name = "target" if to else "source"
    return any(g.get(name) == system for g in concept_map.get("group", ()))


class StoreSource:
    """What clients have written."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # A large code system takes longer to decode than to read.
        self._kept: OrderedDict[tuple[str, str, int, int], Json] = OrderedDict()

    async def find(self, kind: Kind, url: str, version: str) -> Json | None:
        return latest(await self.versions(kind, url), version)

    async def versions(self, kind: Kind, url: str) -> list[Json]:
        return await self._search(kind, Match("url", "uri", ((Test("value", "=", url),),)))

    async def read(self, kind: Kind, id: str) -> Json | None:
        found = await self._store.current(kind, id)
        return None if found is None or found.deleted else self._resource(found)

    async def supplements(self, url: str) -> list[Json]:
        row = (Test("type", "=", ""), Test("id", "=", ""), Test("url", "=", url))
        found = await self._search("CodeSystem", Match("supplements", "reference", (row,)))
        return [r for r in found if r.get("status") != "retired"]

    async def whole(self, url: str) -> Json | None:
        found = await self._all()
        return latest([r for r in found if r.get("valueSet") == url], "")

    async def maps(self, system: str, *, to: bool) -> list[Json]:
        code = "target-system" if to else "source-system"
        return await self._search(
            "ConceptMap", Match(code, "uri", ((Test("value", "=", system),),))
        )

    async def systems(self) -> list[tuple[str, str]]:
        return [(r["url"], r.get("version", "")) for r in await self._all() if "url" in r]

    async def _all(self) -> list[Json]:
        """Every stored CodeSystem."""
        out: list[Json] = []
        after: Cursor | None = None
        while True:
            page = await self._store.search(Plan("CodeSystem", (), limit=MAX_VERSIONS, after=after))
            out += map(self._resource, page.matches)
            after = page.after
            if after is None:
                return out

    async def _search(self, kind: Kind, where: Match) -> list[Json]:
        page = await self._store.search(Plan(kind, (where,), limit=MAX_VERSIONS))
        return [self._resource(each) for each in page.matches]

    def _resource(self, found: Stored) -> Json:
        # An id may have been purged and used again: the time tells.
        key = (found.resource_type, found.id, found.version, found.updated)
        known = self._kept.get(key)
        if known is None:
            known = self._kept[key] = found.resource
            if len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return known


class ResourcesSource:
    """Resources at hand, as those of a package."""

    def __init__(self, resources: Iterable[Json]) -> None:
        self._given = resources

    @cached_property
    def _held(self) -> dict[str, list[Json]]:
        out: dict[str, list[Json]] = {kind: [] for kind in KINDS}
        for each in self._given:
            if each.get("resourceType") in out:
                out[each["resourceType"]].append(each)
        return out

    @cached_property
    def _by_url(self) -> dict[tuple[str, str], list[Json]]:
        out: dict[tuple[str, str], list[Json]] = {}
        for kind, resources in self._held.items():
            for each in resources:
                out.setdefault((kind, each.get("url", "")), []).append(each)
        return out

    async def find(self, kind: Kind, url: str, version: str) -> Json | None:
        return latest(self._by_url.get((kind, url), ()), version)

    async def versions(self, kind: Kind, url: str) -> list[Json]:
        return self._by_url.get((kind, url), [])

    async def read(self, kind: Kind, id: str) -> Json | None:
        return next((r for r in self._held[kind] if r.get("id") == id), None)

    async def supplements(self, url: str) -> list[Json]:
        found = self._held["CodeSystem"]
        return [r for r in found if str(r.get("supplements", "")).partition("|")[0] == url]

    async def whole(self, url: str) -> Json | None:
        return latest([r for r in self._held["CodeSystem"] if r.get("valueSet") == url], "")

    async def maps(self, system: str, *, to: bool) -> list[Json]:
        return [r for r in self._held["ConceptMap"] if goes(r, system, to=to)]

    async def systems(self) -> list[tuple[str, str]]:
        return [(r["url"], r.get("version", "")) for r in self._held["CodeSystem"] if "url" in r]


class FolderSource(ResourcesSource):
    """JSON files in the folders ValueSet, CodeSystem and ConceptMap of a folder; read once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(())
        self._folder = folder

    @cached_property
    def _held(self) -> dict[str, list[Json]]:
        return {kind: list(self._files(kind)) for kind in KINDS}

    def _files(self, kind: Kind) -> Iterator[Json]:
        """One that cannot be read is told of in the log, and the others serve."""
        for path in sorted((self._folder / kind).glob("*.json")):
            try:
                found = decode_object(path.read_bytes())
            except (FhirError, OSError):
                log.warning("terminology file not read", file=str(path))
                continue
            if found.get("resourceType") == kind and type(found.get("url")) is str:
                yield found


class LibrarySource:
    """What R4 itself defines."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._kept: OrderedDict[tuple[str, str], Json] = OrderedDict()

    async def find(self, kind: Kind, url: str, version: str) -> Json | None:
        return self._find(kind, url, version)

    def _find(self, kind: str, url: str, version: str = "") -> Json | None:
        known = self._kept.get((kind, url))
        if known is None:
            known = self._library.find(kind, url)
            if known is None:
                return None
            self._kept[kind, url] = known
            if len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return known if version in ("", known.get("version")) else None

    async def versions(self, kind: Kind, url: str) -> list[Json]:
        found = self._find(kind, url)
        return [found] if found is not None else []

    async def read(self, kind: Kind, id: str) -> Json | None:
        url = self._library.url_of(kind, id)
        return self._find(kind, url) if url else None

    async def supplements(self, url: str) -> list[Json]:
        return []

    async def whole(self, url: str) -> Json | None:
        return None  # R4 lists these value sets

    async def maps(self, system: str, *, to: bool) -> list[Json]:
        every = [self._find("ConceptMap", url) for url in self._library.urls("ConceptMap")]
        return [r for r in every if r is not None and goes(r, system, to=to)]

    async def systems(self) -> list[tuple[str, str]]:
        return self._library.listed("CodeSystem")
