"""Questions about value sets and code systems, answered from all sources in turn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias

from ..errors import FhirError
from . import failures  # noqa: F401  # its rows
from .concepts import CodeSystem
from .expansion import Expander, Expansion, Wanted
from .implicit import implied
from .sources import Kind, Source, latest
from .systems import System

Json: TypeAlias = dict[str, Any]
MAX_KEPT = 64  # code systems that stay read
_LITERAL = re.compile(r"(?:(https?://.+)/)?(ValueSet|CodeSystem|ConceptMap)/([A-Za-z0-9\-.]{1,64})")


class Loaded(Protocol):
    """Code systems of the embedded terminology file."""

    def find(self, url: str, version: str) -> System | None: ...

    def listed(self) -> list[tuple[str, str]]:
        """(url, version) of each."""


class Terminology:
    """What comes first among the sources wins: a stored resource before a file of the product.

    A code system of the embedded file comes before all of them.
    """

    def __init__(
        self, sources: Sequence[Source], base_url: str = "", loaded: Loaded | None = None
    ) -> None:
        self.sources = sources
        self.loaded = loaded
        self._base_url = base_url
        # By the identity of the resources, which are held here so that it stays theirs.
        self._systems: dict[tuple[int, ...], tuple[CodeSystem, list[Json]]] = {}

    async def resource(self, kind: Kind, url: str, version: str = "", on: str = "") -> Json | None:
        """By canonical url and version; the latest, of those from before a date where one is given.

        Shape of `on`: a FHIR date or dateTime, or "". Errors: terminology-date.
        """
        if not on:
            return await self._find(kind, url, version)
        every = [r for s in self.sources for r in await s.versions(kind, url)]
        of_time = [r for r in every if str(r.get("date", ""))[: len(on)] <= on]
        if every and not of_time:
            raise FhirError("terminology-date")
        return latest(of_time, version)

    async def read(self, kind: Kind, id: str) -> Json | None:
        """By id, as of the store or of the files of the product."""
        for source in self.sources:
            found = await source.read(kind, id)
            if found is not None:
                return found
        return None

    async def value_set(self, url: str, on: str = "") -> Json:
        """By `url|version`, or `ValueSet/id` of this server; implicit ones, too.

        Errors: terminology-unknown, terminology-ecl, terminology-date.
        """
        plain, _, version = url.partition("|")
        found = await self.resource("ValueSet", plain, version, on)
        if found is None:
            found = await implied(url, self.code_system) or await self._whole(plain, version)
        if found is None:
            found = await self.literal("ValueSet", url)
        if found is None:
            raise FhirError("terminology-unknown", kind="ValueSet")
        return found

    async def literal(self, kind: Kind, reference: str) -> Json | None:
        """By `Type/id`, or an address of this server."""
        found = _LITERAL.fullmatch(reference)
        if found is None or found[2] != kind or (found[1] or "") not in ("", self._base_url):
            return None
        return await self.read(kind, found[3])

    async def _whole(self, url: str, version: str) -> Json | None:
        """All codes of the code system that names this value set as that."""
        for source in self.sources:
            found = await source.whole(url)
            if found is not None and version in ("", found.get("version")):
                return whole_of(found, url)
        return None

    async def code_system(self, url: str, version: str = "", on: str = "") -> System | None:
        """None where no source has it. Errors: terminology-date."""
        if self.loaded is not None:
            loaded = self.loaded.find(url, version)
            if loaded is not None:
                return loaded
        found = await self.resource("CodeSystem", url, version, on)
        return None if found is None else await self.system_of(found)

    async def system_of(self, resource: Json) -> System:
        """A CodeSystem resource with all that supplements add to it."""
        url = resource.get("url", "")
        held: dict[tuple[Any, ...], Json] = {}
        for source in self.sources:
            for each in await source.supplements(url):
                if _supplements(each, resource):  # of one in several sources the first
                    held.setdefault((each.get("url", id(each)), each.get("version")), each)
        more = list(held.values())
        key = (id(resource), *map(id, more))
        known = self._systems.get(key)
        if known is None:
            if len(self._systems) >= MAX_KEPT:
                self._systems.clear()
            known = self._systems[key] = (CodeSystem(resource, more), [resource, *more])
        return known[0]

    def expander(self, wanted: Wanted | None = None) -> Expander:
        return Expander(self.code_system, self.value_set, wanted)

    async def expand(self, value_set: Json) -> Expansion:
        """Errors: terminology-unknown, terminology-incomplete, terminology-filter,
        terminology-too-costly.
        """
        return await self.expander().expand(value_set)

    async def codes(self, url: str) -> Mapping[str, frozenset[str]]:
        """The codes of a value set by system. Errors: as `value_set` and `expand`."""
        out: dict[str, set[str]] = {}
        for system, code in await self.expand(await self.value_set(url)):
            out.setdefault(system, set()).add(code)
        return {system: frozenset(codes) for system, codes in out.items()}

    async def related(
        self, direction: Literal["above", "below"], system: str, code: str
    ) -> frozenset[str]:
        """A code with all that subsume it, or all that it subsumes. Errors: terminology-unknown."""
        url, _, version = system.partition("|")
        found = await self.code_system(url, version)
        if found is None:
            raise FhirError("terminology-unknown", kind="CodeSystem")
        return frozenset(found.above(code) if direction == "above" else found.below(code))

    async def _find(self, kind: Kind, url: str, version: str) -> Json | None:
        for source in self.sources:
            found = await source.find(kind, url, version)
            if found is not None:
                return found
        return None


def _supplements(supplement: Json, resource: Json) -> bool:
    """Is it of this version, or of any?"""
    version = str(supplement.get("supplements", "")).partition("|")[2]
    return version in ("", resource.get("version", ""))


def whole_of(system: Json, url: str) -> Json:
    """The value set of all codes of a code system."""
    version = system.get("version")
    include = {"system": system["url"], **({"version": version} if version else {})}
    return {
        "resourceType": "ValueSet",
        "url": url,
        **({"version": version} if version else {}),
        "status": system.get("status", "active"),
        "compose": {"include": [include]},
    }
