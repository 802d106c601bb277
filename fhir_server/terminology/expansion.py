"""Value sets as the list of their codes.

Spec: http://hl7.org/fhir/R4/valueset.html#compositions
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..errors import FhirError
from . import failures  # noqa: F401  # its rows
from .matching import TextFilter
from .systems import Concept, Filter, Selection, System

Json: TypeAlias = dict[str, Any]
MAX_CODES = 20_000  # of one value set, its parts included
MAX_NESTING = 20  # value sets inside value sets
MAX_READ = 10 * MAX_CODES  # codes of all parts together, those that are left out again included


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of an expansion. `concept` is None where the code system is not here; `listed` is
    the entry of the composition that names it."""

    system: str
    code: str
    display: str = ""
    version: str = ""
    concept: Concept | None = None
    inactive: bool = False
    abstract: bool = False
    listed: Json | None = field(default=None, repr=False, compare=False)

    @property
    def designations(self) -> list[Json]:
        """Those of the value set, then those of the code system."""
        own: list[Json] = (self.listed or {}).get("designation", [])
        return [*own, *(self.concept.designations if self.concept else ())]

    @property
    def texts(self) -> list[str]:
        out = [self.display, *(str(d.get("value", "")) for d in self.designations)]
        return [*out, self.concept.display] if self.concept else out


@dataclass(frozen=True, slots=True)
class Versions:
    """Which versions of code systems to use. Shape of each: {system: version}.

    `default` where the value set names none; `check`: another one is an error; `force`: always.
    """

    default: Mapping[str, str] = field(default_factory=dict)
    check: Mapping[str, str] = field(default_factory=dict)
    force: Mapping[str, str] = field(default_factory=dict)

    def pick(self, system: str, stated: str) -> str:
        """Errors: terminology-version."""
        forced = self.force.get(system)
        if forced is not None:
            return forced
        wanted = self.check.get(system)
        if wanted is not None and stated not in ("", wanted):
            raise FhirError("terminology-version", expected=wanted)
        return stated or wanted or self.default.get(system, "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a value set is wanted. `partial`: code systems that are here only in part count."""

    text: TextFilter | None = None
    active_only: bool = False
    selectable_only: bool = False
    offset: int = 0
    count: int | None = None
    exclude: tuple[str, ...] = ()
    versions: Versions = field(default_factory=Versions)
    partial: bool = False


@dataclass(slots=True)
class Used:
    """What an expansion was made from: canonicals in the order of their use."""

    systems: dict[str, System | None] = field(default_factory=dict)
    sets: dict[str, Json] = field(default_factory=dict)
    partial: dict[str, None] = field(default_factory=dict)


Expansion: TypeAlias = dict[tuple[str, str], Entry]
FindSystem: TypeAlias = Callable[[str, str], Awaitable[System | None]]
FindSet: TypeAlias = Callable[[str], Awaitable[Json]]


class Expander:
    """Expands one value set; `sets` being expanded are passed down, so that a cycle ends."""

    def __init__(
        self, find_system: FindSystem, find_set: FindSet, wanted: Wanted | None = None
    ) -> None:
        self._find_system, self._find_set = find_system, find_set
        self._wanted = wanted or Wanted()
        self._under_way: list[str] = []
        self._made: dict[str, Expansion] = {}  # value sets may be imported along many ways
        self._read = 0
        self.used = Used()

    async def expand(self, value_set: Json) -> Expansion:
        """Errors: terminology-unknown, terminology-incomplete, terminology-filter,
        terminology-too-costly, terminology-version.
        """
        compose = value_set.get("compose")
        if compose is None:
            return self._kept(_stated(value_set))
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
                    return self._kept(stated)
            raise
        finally:
            self._under_way.pop()

    async def page(self, value_set: Json) -> tuple[int, list[Entry]]:
        """How many codes there are, and those of the page that is wanted.

        Of a whole code system, or a filtered part, no more than the page is read. Errors: as
        `expand`.
        """
        wanted = self._wanted
        one = await self._only_include(value_set)
        if one is not None:
            return await self._page_of_system(*one)
        found = list((await self.expand(value_set)).values())
        if wanted.text is not None:
            rank = wanted.text.rank
            found.sort(key=lambda entry: rank(entry.display))
        end = None if wanted.count is None else wanted.offset + wanted.count
        return len(found), found[wanted.offset : end]

    async def _only_include(self, value_set: Json) -> tuple[Json, bool] | None:
        """The include of a value set that is nothing but a part of one code system.

        And: are only its active codes in the value set?
        """
        active, seen = False, 0
        while seen < MAX_NESTING:
            compose = value_set.get("compose") or {}
            includes = compose.get("include", ())
            if len(includes) != 1 or compose.get("exclude") or value_set.get("expansion"):
                return None
            active = active or compose.get("inactive") is False
            include = includes[0]
            if "system" in include:
                listed = include.get("valueSet") or include.get("concept")
                return None if listed else (include, active)
            urls = include.get("valueSet", ())
            if len(urls) != 1:
                return None
            value_set, seen = await self._set(urls[0]), seen + 1
        return None

    async def _page_of_system(self, include: Json, active: bool) -> tuple[int, list[Entry]]:
        url, wanted = include["system"], self._wanted
        if _excluded(wanted.exclude, url, ""):
            return 0, []
        system = await self._system(url, include.get("version", ""))
        if _excluded(wanted.exclude, url, system.version):
            return 0, []
        count = MAX_CODES + 1 if wanted.count is None else wanted.count
        chosen = Selection(
            _filters(include),
            wanted.text,
            wanted.active_only or active,
            wanted.selectable_only,
            wanted.offset,
            count,
        )
        total, found = system.select(chosen)
        if len(found) > MAX_CODES:
            raise FhirError("terminology-too-costly", limit=MAX_CODES)
        return total, [_entry(url, system, each) for each in found]

    async def _compose(self, compose: Json) -> Expansion:
        out: Expansion = {}
        for include in compose.get("include", ()):
            for key, entry in (await self._include(include)).items():
                out.setdefault(key, entry)
            if len(out) > MAX_CODES:
                raise FhirError("terminology-too-costly", limit=MAX_CODES)
        for exclude in compose.get("exclude", ()):
            for key in await self._include(exclude):
                out.pop(key, None)
        if compose.get("inactive") is False:
            out = {key: entry for key, entry in out.items() if not entry.inactive}
        return out

    async def _include(self, include: Json) -> Expansion:
        """Of a system and of value sets: what is in both. Several value sets: what is in any.

        Spec: http://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.valueSet
        """
        imported: Expansion | None = None
        for url in include.get("valueSet", ()):
            if url not in self._made:
                self._made[url] = await self.expand(await self._set(url))
            imported = {**(imported or {}), **self._made[url]}
            self._count(len(imported))
        system = include.get("system")
        if system is None:
            return imported or {}
        own = await self._of_system(system, include.get("version", ""), include)
        if imported is None:
            return own
        return {key: entry for key, entry in own.items() if key in imported}

    async def _of_system(self, url: str, stated: str, include: Json) -> Expansion:
        wanted = self._wanted
        if _excluded(wanted.exclude, url, ""):
            return {}
        if include.get("concept"):
            return await self._listed(url, stated, include["concept"])
        system = await self._system(url, stated)
        if _excluded(wanted.exclude, url, system.version):
            return {}
        chosen = Selection(
            _filters(include),
            wanted.text,
            wanted.active_only,
            wanted.selectable_only,
            count=MAX_CODES + 1,
        )
        total, found = system.select(chosen)
        if total > MAX_CODES:
            raise FhirError("terminology-too-costly", limit=MAX_CODES)
        # Looking through a whole code system for a few costs about as much as a tenth of it.
        self._count(len(found) + len(system) // 10)
        return {(url, each.code): _entry(url, system, each) for each in found}

    def _count(self, codes: int) -> None:
        """Errors: terminology-too-costly."""
        self._read += codes
        if self._read > MAX_READ:
            raise FhirError("terminology-too-costly", limit=MAX_CODES)

    async def _listed(self, url: str, stated: str, listed: Sequence[Json]) -> Expansion:
        version = self._wanted.versions.pick(url, stated)
        system = await self._find_system(url, version)
        if _excluded(self._wanted.exclude, url, system.version if system else version):
            return {}
        self._note(url, version, system)
        entries = (_listed(url, version, each, system) for each in listed if "code" in each)
        return self._kept({(url, each.code): each for each in entries})

    async def _system(self, url: str, stated: str) -> System:
        """Errors: terminology-incomplete, terminology-version."""
        version = self._wanted.versions.pick(url, stated)
        system = await self._find_system(url, version)
        if system is None or not system.complete:
            if system is None or not self._wanted.partial or not len(system):
                raise FhirError("terminology-incomplete", expected=url)
            self.used.partial[_canonical(url, system.version)] = None
        self._note(url, version, system)
        return system

    async def _set(self, url: str) -> Json:
        found = await self._find_set(url)
        self.used.sets[_canonical(found.get("url") or url, found.get("version", ""))] = found
        return found

    def _note(self, url: str, version: str, system: System | None) -> None:
        self.used.systems[_canonical(url, system.version if system else version)] = system

    def _kept(self, found: Expansion) -> Expansion:
        """Without what is not wanted."""
        wanted = self._wanted
        text = wanted.text
        return {
            key: entry
            for key, entry in found.items()
            if not (wanted.active_only and entry.inactive)
            and not (wanted.selectable_only and entry.abstract)
            and not _excluded(wanted.exclude, entry.system, entry.version)
            and (text is None or text.fits(entry.code, entry.texts))
        }


def _canonical(url: str, version: str) -> str:
    return f"{url}|{version}" if version else url


def _excluded(exclude: Sequence[str], url: str, version: str) -> bool:
    """Shape of `exclude`: `system`, or `system|version`."""
    return url in exclude or bool(version and f"{url}|{version}" in exclude)


def _filters(include: Json) -> tuple[Filter, ...]:
    return tuple(
        (each.get("property", ""), each.get("op", ""), str(each.get("value", "")))
        for each in include.get("filter", ())
    )


def _entry(url: str, system: System, concept: Concept, listed: Json | None = None) -> Entry:
    display = (listed or {}).get("display") or concept.display
    return Entry(
        url,
        concept.code,
        display,
        system.version,
        concept,
        concept.inactive,
        concept.abstract,
        listed,
    )


def _listed(url: str, version: str, each: Json, system: System | None) -> Entry:
    known = system.get(each["code"]) if system else None
    if system is not None and known is not None:
        return _entry(url, system, known, each)
    return Entry(url, each["code"], each.get("display", ""), version, listed=each)


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
                listed=each,
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
