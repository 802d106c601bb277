"""What `_include` and `_revinclude` add to a page. Spec: http://hl7.org/fhir/R4/search.html#include"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..errors import FhirError
from ..search import Include, Parameter, Query
from ..storage.base import Stored
from ..storage.plan import Match, Plan, Test
from .call import Service

MAX_INCLUDES = 1000  # included resources on one page
MAX_ROUNDS = 8  # steps that `:iterate` goes on from what was included
Key = tuple[str, str]


def key(found: Stored) -> Key:
    return found.resource_type, found.id


@dataclass
class Including:
    """One page's included resources, each once, none of them a match."""

    service: Service
    query: Query
    seen: set[Key]
    out: list[Stored] = field(default_factory=list)

    async def round(self, front: Sequence[Stored], *, first: bool) -> list[Stored]:
        """What the resources of `front` bring in. Errors: search-too-costly."""
        found: dict[Key, Stored] = {}
        wanted: dict[Key, None] = {}
        urls: dict[tuple[str, str], None] = {}
        for include in self.query.includes:
            if first or include.iterate:
                for each in front:
                    self._references(include, each, wanted, urls)
        fresh = [k for k in wanted if k not in self.seen]
        self._bound(len(fresh))
        found.update((key(each), each) for each in await self.service.store.many(fresh))
        for each in await self._canonical(list(urls)):
            found.setdefault(key(each), each)
        for include in self.query.revincludes:
            if first or include.iterate:
                for each in await self._pointing(include, front, found):
                    found.setdefault(key(each), each)
        new = [found[k] for k in found if k not in self.seen]
        self.seen.update(map(key, new))
        self.out += new
        self._bound(0)
        return new

    def _bound(self, more: int) -> None:
        if len(self.out) + more > MAX_INCLUDES:
            raise FhirError("search-too-costly", "_include")

    def _references(
        self,
        include: Include,
        found: Stored,
        wanted: dict[Key, None],
        urls: dict[tuple[str, str], None],
    ) -> None:
        """Local references as type and id, canonical ones as type and url."""
        for parameter in include.parameters(self.service.registry, found.resource_type):
            keys = self.service.indexer.references(found.resource, parameter)
            wanted.update((k, None) for k in keys if not include.target or k[0] == include.target)
            for url in self.service.indexer.canonicals(found.resource, parameter):
                for target in _named(parameter, include.target):
                    urls[target, url] = None

    async def _canonical(self, urls: list[tuple[str, str]]) -> list[Stored]:
        """The resources that canonical references name, of that version if they state one."""
        out: list[Stored] = []
        for target in dict.fromkeys(t for t, _ in urls):
            if "url" not in self.service.registry.of(target):
                continue
            wanted = [u for t, u in urls if t == target]
            plain = tuple(dict.fromkeys(u.partition("|")[0] for u in wanted))
            where = Match("url", "uri", tuple((Test("value", "=", u),) for u in plain))
            page = await self.service.store.search(Plan(target, (where,), limit=MAX_INCLUDES))
            for each in page.matches:
                url, version = each.resource.get("url"), each.resource.get("version")
                if url in wanted or f"{url}|{version}" in wanted:
                    out.append(each)
        return out

    async def _pointing(
        self, include: Include, front: Sequence[Stored], found: dict[Key, Stored]
    ) -> list[Stored]:
        """Resources whose reference parameters point to the front."""
        targets = [key(m) for m in front if not include.target or m.resource_type == include.target]
        if not targets:
            return []
        types = {t for t, _ in targets}
        params = {
            source: codes
            for source in self._sources(include)
            if (codes := self._codes(include, source, types))
        }
        limit = MAX_INCLUDES + len(self.seen) + 1
        keys = await self.service.store.pointers(params, targets, limit=limit)
        fresh = sorted({k for k in keys if k not in self.seen and k not in found})
        self._bound(len(fresh))
        by_key = {key(each): each for each in await self.service.store.many(fresh)}
        return [by_key[k] for k in fresh if k in by_key]

    def _sources(self, include: Include) -> Iterable[str]:
        return (include.source,) if include.source else self.service.definitions.resource_types

    def _codes(self, include: Include, source: str, types: set[str]) -> tuple[str, ...]:
        known = include.parameters(self.service.registry, source)
        return tuple(p.code for p in known if not p.targets or types & set(p.targets))


def _named(parameter: Parameter, target: str) -> tuple[str, ...]:
    return (target,) if target else parameter.targets


async def included(service: Service, query: Query, matches: Sequence[Stored]) -> list[Stored]:
    """Each resource once. Errors: search-too-costly."""
    including = Including(service, query, {key(each) for each in matches})
    iterates = any(i.iterate for i in (*query.includes, *query.revincludes))
    front = await including.round(matches, first=True)
    for _ in range(MAX_ROUNDS if iterates else 0):
        if not front:
            break
        front = await including.round(front, first=False)
    return including.out
