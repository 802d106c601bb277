"""The search index kept in step with the SearchParameter resources of the store.

Any process may add a parameter, and each of them writes resources. None may be missing from the
index, so the steps are those of a change of schema on line:

1. The process that wrote the SearchParameter finds it in the store, begins a new epoch in the note
   and indexes by it from now on.
2. Every other process sees the epoch within POLL, or before it writes when its knowledge is older
   than LEASE; it indexes by it, waits until its older writes are over, and says so in the note.
3. When all have said so, one of them goes through what was there before (reindexing.py). A process
   that says nothing for GRACE is dead, or will look at the note before it writes again.
4. When that is done, the parameter can be searched.

Taking a parameter away is the same, with nothing to wait for in step 4.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from ..conformance.search_parameter import incomplete, is_whole
from ..definitions import SearchParameter
from ..errors import FhirError, Issue
from ..search.custom import check_parameter, duplicate, fingerprint, parameter_of, restates
from ..search.parameters import Registry
from ..storage.base import Change
from ..storage.plan import Cursor, Match, Plan, Test
from .index_note import IndexNote, Moved, Wanted, progress
from .indexing import IndexingStore

Json = dict[str, Any]
POLL = 0.5  # seconds between two looks at the note
LEASE = 3.0  # seconds after which a write looks at the note before it
GRACE = 15.0  # seconds: LEASE, and what a write under way may take
FULL = 30.0  # seconds between two looks at all SearchParameters, which other tools may write too
AGREE = 3.0  # seconds that the writer of a SearchParameter waits for the other processes
STEPS = 60  # looks at the note in this time
ACTIVE = Match("status", "token", ((Test("value", "=", "active"),),))
log = structlog.get_logger("fhir_server.search")


@dataclass
class Chosen:
    """Out of some SearchParameters: those to have an effect, by url, each with the id of its
    resource, and the ids of others with what is wrong."""

    wanted: dict[str, SearchParameter]
    owners: dict[str, str] = field(default_factory=dict)
    refused: dict[str, list[Issue]] = field(default_factory=dict)


class Upkeep:
    """What this process knows of the search parameters in the store."""

    def __init__(self, store: IndexingStore, registry: Registry) -> None:
        self.store, self._registry = store, registry
        self.note = IndexNote(store)
        self.epoch = -1  # the one that this process has said to index by
        self.refused: dict[str, list[Issue]] = {}  # as in Chosen
        self.wake = asyncio.Event()
        self._owners: dict[str, str] = {}  # urls to ids of the SearchParameters in effect
        self._known = self._looked = float("-inf")
        self._lock = asyncio.Lock()
        self._late: dict[str, tuple[int, float]] = {}

    async def open(self) -> None:
        """Know the parameters before the first request."""
        self.store.keeper = self
        try:
            await self.sync()
        except FhirError as error:  # a store that is down is looked at again later
            log.warning("search parameters not read", code=error.code)

    async def close(self) -> None:
        self.store.keeper = None
        try:
            await self.note.leave()
        except FhirError as error:
            log.warning("search index not left", code=error.code)

    def check(self, changes: Sequence[Change]) -> None:
        """What is wrong with the SearchParameters of a batch, beside those that stay in effect.

        One that is not active, or says again what R4 has, changes nothing and is only kept.
        Errors: parameter-*.
        """
        mine = [c for c in changes if c.resource_type == "SearchParameter"]
        ids = {c.id for c in mine}
        stay = {u: p for u, p in self._registry.custom.items() if self._owners[u] not in ids}
        chosen = self._choose([c.resource for c in mine if c.resource is not None], stay)
        issues = [issue for issues in chosen.refused.values() for issue in issues]
        if issues:
            raise FhirError.of(issues)

    def problems(self, resource: Json, id: str = "") -> list[Issue]:
        """What would refuse a resource as a search parameter, stored under its own id or `id`.

        Shape: a resource without structural errors, of any type.
        """
        if resource["resourceType"] != "SearchParameter":
            return []
        named = id or resource.get("id", "")
        stay = {u: p for u, p in self._registry.custom.items() if self._owners[u] != named}
        found = self._choose([{**resource, "id": named}], stay).refused
        return found.get(named, [])

    def before(self) -> Awaitable[None] | None:
        """A write needs knowledge that is not older than LEASE."""
        return None if time.monotonic() - self._known < LEASE else self.look()

    async def after(self) -> None:
        """A SearchParameter was written: every process knows before the client has the answer."""
        try:
            await self.sync()
            for _ in range(STEPS):
                if not await self.laggards(self.epoch):
                    break
                await asyncio.sleep(AGREE / STEPS)
        except FhirError as error:  # the write itself was done
            log.warning("search parameters not read", code=error.code)
            self._looked = float("-inf")
        self.wake.set()

    async def ask(self, types: Sequence[str]) -> Json:
        """The entries of all resources of these types are to be made anew, in the background."""
        note = await self.note.ask(types)
        self.wake.set()
        return note

    async def refresh(self) -> bool:
        """Look now. Has anything changed?"""
        generation = self._registry.generation
        await self.look()
        return self._registry.generation != generation

    async def look(self) -> None:
        """See what other processes did. Errors: store-down."""
        async with self._lock:
            began = time.monotonic()
            note = await self.note.read()
            known = note["epoch"] == self.epoch and self.note.me in note["processes"]
            if known and began - self._looked < FULL:
                self._use(dict(self._registry.custom), note)
                self._known = began
                return
        await self.sync()

    async def sync(self) -> None:
        """Bring this process and the note in step with the resources. Errors: store-down."""
        async with self._lock:
            began = time.monotonic()
            note, chosen = await self.announce()
            self._owners, self.refused = chosen.owners, chosen.refused
            self._use(chosen.wanted, note)
            self._known = self._looked = began
        # From here on every write goes by these parameters; others may still be under way.
        if await self.store.drained(GRACE):
            await self.note.ack(note["epoch"])
            self.epoch = max(self.epoch, note["epoch"])

    async def announce(self) -> tuple[Json, Chosen]:
        """The note says by what the store is to be indexed. Errors: store-down."""
        while True:
            note = await self.note.read()
            chosen = await self.wanted()
            prints = prints_of(self._registry, chosen.wanted)
            try:
                return await self.note.announce(note["epoch"], prints), chosen
            except Moved:  # another process has seen more, or less: read again
                continue

    def _use(self, wanted: dict[str, SearchParameter], note: Json) -> None:
        rows = note["parameters"]
        waiting = {url: progress(note, url) for url in wanted if url in rows and rows[url]["waits"]}
        self._registry.use(wanted, waiting)

    async def wanted(self) -> Chosen:
        """The active parameters of clients in the store that have nothing wrong."""
        found: list[Json] = []
        after: Cursor | None = None
        while True:
            plan = Plan("SearchParameter", (ACTIVE,), limit=200, after=after)
            page = await self.store.search(plan)
            found += [each.resource for each in page.matches]
            after = page.after
            if after is None:
                break
        return self._choose(found, {})

    def _choose(self, resources: Sequence[Json], custom: Mapping[str, SearchParameter]) -> Chosen:
        """Of two that clash the first in the order of creation has an effect, everywhere."""
        chosen = Chosen(dict(custom))
        active = [r for r in resources if r.get("status") == "active"]
        whole = [r for r in active if is_whole(r)]
        chosen.refused = {r["id"]: [incomplete()] for r in active if not is_whole(r)}
        own = [r for r in whole if not restates(self._registry, r)]
        # Composites behind those they may be made of.
        for resource in sorted(own, key=lambda r: r["type"] == "composite"):
            if resource["url"] in chosen.wanted:
                issues = [duplicate()]
            else:
                issues = check_parameter(self._registry, chosen.wanted, resource)
            if issues:
                chosen.refused[resource["id"]] = issues
            else:
                chosen.wanted[resource["url"]] = parameter_of(resource)
                chosen.owners[resource["url"]] = resource["id"]
        return chosen

    async def laggards(self, epoch: int) -> list[str]:
        """The processes that may still write without the parameters of an epoch."""
        note = await self.note.read()
        late = _behind(note, epoch)
        looked = time.monotonic()
        # By the epoch where each stands, and since when it stands there.
        before, self._late = self._late, {}
        for name in late:
            stands = note["processes"][name]["epoch"]
            known = before.get(name)
            self._late[name] = known if known and known[0] == stands else (stands, looked)
        gone = [name for name in late if looked - self._late[name][1] > GRACE]
        if gone or self._late.keys() - before.keys():
            # At the first look, those that have ended on this machine are forgotten.
            note = await self.note.ack(self.epoch, gone)
        return _behind(note, epoch)


def prints_of(registry: Registry, wanted: Mapping[str, SearchParameter]) -> Wanted:
    """What the index depends on of each parameter, and the types it is of."""
    return {
        url: (fingerprint(each, wanted), registry.types_of(each)) for url, each in wanted.items()
    }


def _behind(note: Json, epoch: int) -> list[str]:
    return [name for name, row in note["processes"].items() if row["epoch"] < epoch]
