"""Questions about value sets and code systems, answered from all sources in turn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from ..errors import FhirError
from . import failures  # noqa: F401  # its rows
from .concepts import CodeSystem
from .expansion import Expander, Expansion
from .sources import Kind, Source

Json: TypeAlias = dict[str, Any]
MAX_KEPT = 64  # code systems that stay read
_LITERAL = re.compile(r"(?:(https?://.+)/)?ValueSet/([A-Za-z0-9\-.]{1,64})").fullmatch
# Spec: http://hl7.org/fhir/R4/snomedct.html#implicit
_IMPLICIT = re.compile(r"(http://snomed\.info/sct[^?]*)\?fhir_vs(?:=isa/(\d{6,18}))?").fullmatch


class Terminology:
    """What comes first among the sources wins: a stored resource before a file of the product."""

    def __init__(self, sources: Sequence[Source], base_url: str = "") -> None:
        self._sources = sources
        self._base_url = base_url
        self._systems: dict[tuple[Any, ...], CodeSystem] = {}

    async def value_set(self, url: str) -> Json:
        """By `url|version`, or `ValueSet/id` of this server. Errors: terminology-unknown."""
        implicit = _IMPLICIT(url)
        if implicit is not None:
            return _implied(url, implicit[1], implicit[2])
        plain, _, version = url.partition("|")
        found = await self._find("ValueSet", plain, version)
        literal = _LITERAL(url)
        if found is None and literal is not None and (literal[1] or "") in ("", self._base_url):
            for source in self._sources:
                found = found or await source.read("ValueSet", literal[2])
        if found is None:
            raise FhirError("terminology-unknown", kind="ValueSet")
        return found

    async def code_system(self, url: str, version: str = "") -> CodeSystem | None:
        """None where no source has it."""
        found = await self._find("CodeSystem", url, version)
        if found is None:
            return None
        meta = found.get("meta", {})
        key = (url, found.get("id"), found.get("version"), meta.get("versionId"),
               meta.get("lastUpdated"), len(found.get("concept", ())))  # fmt: skip
        known = self._systems.get(key)
        if known is None:
            if len(self._systems) >= MAX_KEPT:
                self._systems.clear()
            known = self._systems[key] = CodeSystem(found)
        return known

    async def expand(self, value_set: Json) -> Expansion:
        """Errors: terminology-unknown, terminology-incomplete, terminology-filter,
        terminology-too-costly.
        """
        return await Expander(self.code_system, self.value_set).expand(value_set)

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
        for source in self._sources:
            found = await source.find(kind, url, version)
            if found is not None:
                return found
        return None


def _implied(url: str, system: str, root: str | None) -> Json:
    """All of SNOMED CT, or what is under one concept of it."""
    include: Json = {"system": system}
    if root:
        include["filter"] = [{"property": "concept", "op": "is-a", "value": root}]
    return {"resourceType": "ValueSet", "url": url, "compose": {"include": [include]}}
