"""Value sets as the list of their codes.

Spec: http://hl7.org/fhir/R4/valueset.html#compositions
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..errors import FhirError
from . import failures  # noqa: F401  # its rows
from .concepts import CodeSystem, Concept

Json: TypeAlias = dict[str, Any]
MAX_CODES = 20_000  # of one value set, its parts included
MAX_NESTING = 20  # value sets inside value sets


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of an expansion. `concept` is None where the code system is not here."""

    system: str
    code: str
    display: str = ""
    version: str = ""
    concept: Concept | None = None
    inactive: bool = False
    abstract: bool = False


Expansion: TypeAlias = dict[tuple[str, str], Entry]
FindSystem: TypeAlias = Callable[[str, str], Awaitable[CodeSystem | None]]
FindSet: TypeAlias = Callable[[str], Awaitable[Json]]


class Expander:
    """Expands one value set; `sets` being expanded are passed down, so that a cycle ends."""

    def __init__(self, find_system: FindSystem, find_set: FindSet) -> None:
        self._find_system, self._find_set = find_system, find_set
        self._under_way: list[str] = []

    async def expand(self, value_set: Json) -> Expansion:
        """Errors: terminology-unknown, terminology-incomplete, terminology-filter,
        terminology-too-costly.
        """
        compose = value_set.get("compose")
        if compose is None:
            return _stated(value_set)
        name = value_set.get("url") or value_set.get("id") or ""
        if name in self._under_way:
            return {}
        if len(self._under_way) >= MAX_NESTING:
            raise FhirError("terminology-too-costly", limit=MAX_CODES)
        self._under_way.append(name)
        try:
            return await self._compose(compose)
        except FhirError as error:
            # An expansion that came with the resource serves where this server lacks the system.
            if error.code in ("terminology-incomplete", "terminology-unknown"):
                stated = _stated(value_set)
                if stated:
                    return stated
            raise
        finally:
            self._under_way.pop()

    async def _compose(self, compose: Json) -> Expansion:
        out: Expansion = {}
        for include in compose.get("include", ()):
            out.update(await self._include(include))
            if len(out) > MAX_CODES:
                raise FhirError("terminology-too-costly", limit=MAX_CODES)
        for exclude in compose.get("exclude", ()):
            for key in await self._include(exclude):
                out.pop(key, None)
        if compose.get("inactive") is False:
            out = {key: entry for key, entry in out.items() if not entry.inactive}
        return out

    async def _include(self, include: Json) -> Expansion:
        """Of a system and of value sets: what is in both. Several value sets: what is in any."""
        imported: Expansion | None = None
        for url in include.get("valueSet", ()):
            found = await self.expand(await self._find_set(url))
            imported = {**(imported or {}), **found}
        system = include.get("system")
        if system is None:
            return imported or {}
        own = await self._of_system(system, include.get("version", ""), include)
        if imported is None:
            return own
        return {key: entry for key, entry in own.items() if key in imported}

    async def _of_system(self, url: str, version: str, include: Json) -> Expansion:
        system = await self._find_system(url, version)
        listed: Sequence[Json] = include.get("concept", ())
        if listed:
            entries = (_listed(url, version, each, system) for each in listed if "code" in each)
            return {(url, each.code): each for each in entries}
        if system is None or not system.complete:
            raise FhirError("terminology-incomplete")
        codes = set(system.concepts)
        for each in include.get("filter", ()):
            codes &= system.filtered(
                each.get("property", ""), each.get("op", ""), str(each.get("value", ""))
            )
        return {
            (url, code): _entry(url, system, concept)
            for code, concept in system.concepts.items()
            if code in codes
        }


def _entry(url: str, system: CodeSystem, concept: Concept, display: str = "") -> Entry:
    return Entry(
        url,
        concept.code,
        display or concept.display,
        system.version,
        concept,
        concept.inactive,
        concept.abstract,
    )


def _listed(url: str, version: str, each: Json, system: CodeSystem | None) -> Entry:
    known = system.concepts.get(each["code"]) if system else None
    if system is not None and known is not None:
        return _entry(url, system, known, each.get("display", ""))
    return Entry(url, each["code"], each.get("display", ""), version)


def _stated(value_set: Json) -> Expansion:
    """The expansion that the resource carries."""
    out: Expansion = {}
    for each in _contains(value_set.get("expansion", {}).get("contains", ())):
        if "code" in each and not each.get("abstract"):
            entry = Entry(
                each.get("system", ""),
                each["code"],
                each.get("display", ""),
                each.get("version", ""),
                inactive=each.get("inactive", False),
            )
            out[entry.system, entry.code] = entry
        if len(out) > MAX_CODES:
            raise FhirError("terminology-too-costly", limit=MAX_CODES)
    return out


def _contains(rows: Sequence[Json]) -> Iterator[Json]:
    waiting = list(reversed(rows))
    while waiting:
        row = waiting.pop()
        yield row
        waiting += reversed(row.get("contains", ()))
