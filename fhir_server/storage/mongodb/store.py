"""The MongoDB store. Spec of behaviour: storage/base.py; of the documents: docs/mongodb.md."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pymongo
from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError
from pymongo.uri_parser import parse_uri

from ...errors import FhirError
from ...model.json import canonical, decode_stored
from ..base import (
    Change,
    Conflict,
    Feed,
    Guard,
    HistoryPlan,
    Page,
    Requirement,
    Stored,
    Texts,
    Unreferenced,
)
from ..plan import KINDS, Kind, Plan, Value
from .documents import FIELDS, Json, index_of, past_filter, unpack
from .driver import Connection, connect, settle
from .failures import Away, explained
from .feed import MongoFeed
from .history import purge, read_history
from .layout import BUILD_SECONDS, Collections
from .lower import references
from .matching import some
from .pointers import find_pointers, find_values
from .requirements import referrer
from .restore import restore
from .searching import Searching
from .sharding import run_steps
from .transaction import write_all
from .write import write_one

RESTORE_SECONDS = 120.0  # for versions by the hundred, with all their entries


class MongoStore:
    """Units: `timeout_ms` bounds each operation but searches, and for these the choice of a server
    only; a search may take `search_seconds`.

    Searches have connections of their own, so that slow ones cannot use up those of the others.
    """

    name = "mongodb"
    capabilities = frozenset(
        {"Match", "Near", "Ids", "OfType", "Updated", "Chain", "Has", "AnyOf", "Not"}
        | {"Sort", "types", "backward", "total", "transactions"}
    )

    def __init__(
        self,
        uri: str,
        *,
        database: str | None = None,
        driver: str = "pymongo",
        timeout_ms: int = 5000,
        search_seconds: float = 10.0,
        texts: Texts | None = None,
        connection: Connection | None = None,
    ) -> None:
        self._uri, self._driver = uri, driver
        self._database = database or parse_uri(uri)["database"] or "fhir"
        self._timeout_ms, self._search_ms = timeout_ms, max(1, int(search_seconds * 1000))
        self._texts, self._connection = texts, connection or Connection()
        self.kinds = frozenset(KINDS) - (frozenset() if texts else {"text"})
        self._clients: list[Any] = []
        self._transactions = False
        self._away = Away()

    async def open(self) -> None:
        """Does not fail where the server is out of reach: it may come later, and /ready says so."""
        self._clients = [
            connect(self._uri, self._driver, self._timeout_ms, self._connection),
            connect(self._uri, self._driver, self._timeout_ms, self._connection, self._search_ms),
        ]
        self._own, self._searched = (Collections(c[self._database]) for c in self._clients)
        try:
            await self._look()
            with explained():
                await self._own.open()
        except FhirError as error:
            if error.code != "store-down":
                raise

    async def close(self) -> None:
        clients, self._clients = self._clients, []
        for client in clients:
            await settle(client.close())

    def _open(self) -> Any:
        if not self._clients:
            raise FhirError("store-down")
        return self._clients[0]

    async def _look(self) -> None:
        client = self._open()
        with explained():
            hello: Json = await client.admin.command("hello")
        self._transactions = "setName" in hello or hello.get("msg") == "isdbgrid"

    async def ready(self) -> dict[str, Any]:
        await self._look()
        facts = {"store": self.name, "driver": self._driver, "transactions": self._transactions}
        if not self._transactions:
            facts["warning"] = (
                "standalone MongoDB: transactions and conditional creates are refused"
            )
        return facts

    async def current(self, resource_type: str, id: str) -> Stored | None:
        self._open()
        with self._away.watched():
            found = await self._own.current(resource_type).find_one({"_id": id}, FIELDS)
        return unpack(resource_type, found) if found else None

    async def version(self, resource_type: str, id: str, version: int) -> Stored | None:
        current = await self.current(resource_type, id)
        if current is None or version > current.version:
            return None
        if version == current.version:
            return current
        with self._away.watched():
            past = self._own.past(resource_type)
            found = await past.find_one(past_filter(id, version))
        return unpack(resource_type, found) if found else None

    async def history(self, plan: HistoryPlan) -> Page:
        self._open()
        with self._away.watched(slow="search-too-costly"):
            # The versions of one resource are read where it is read itself.
            collections = self._own if plan.id else self._searched
            return await read_history(collections, plan, self._search_ms)

    async def purge(self, resource_type: str, id: str, *, history_only: bool) -> int:
        self._open()
        with self._away.watched():
            return await purge(self._own, resource_type, id, history_only)

    async def search(self, plan: Plan) -> Page:
        self._open()
        with self._away.watched(slow="search-too-costly"):
            return await self._searching(plan).page()

    async def explain(self, plan: Plan) -> Json:
        self._open()
        with self._away.watched(slow="search-too-costly"):
            return {"store": self.name, **await self._searching(plan).explained()}

    def _searching(self, plan: Plan) -> Searching:
        if plan.fresh:  # the bound of all operations holds
            return Searching(self._own, plan)
        return Searching(self._searched, plan, seconds=self._search_ms / 1000)

    async def many(self, keys: Sequence[tuple[str, str]]) -> list[Stored]:
        by_type: dict[str, list[str]] = {}
        for resource_type, id in keys:
            by_type.setdefault(resource_type, []).append(id)
        finds = (self._live(t, {"_id": {"$in": ids}}) for t, ids in by_type.items())
        return [each for found in await asyncio.gather(*finds) for each in found]

    async def referrers(
        self, resource_type: str, param: str, targets: Sequence[tuple[str, str]], *, limit: int
    ) -> list[Stored]:
        by_type: dict[str, list[str]] = {}
        for target, id in targets:
            by_type.setdefault(target, []).append(id)
        either = some([references(param, target, ids) for target, ids in by_type.items()])
        return await self._live(resource_type, either, limit=limit)

    async def pointers(
        self,
        params: Mapping[str, Sequence[str]],
        targets: Sequence[tuple[str, str]],
        *,
        limit: int,
    ) -> list[tuple[str, str]]:
        self._open()
        with self._away.watched():
            return await find_pointers(self._own, params, targets, limit)

    async def values(
        self, resource_types: Sequence[str], kind: Kind, code: str, *, limit: int
    ) -> list[tuple[Value, ...]]:
        self._open()
        with self._away.watched(slow="search-too-costly"):
            where = (self._searched, resource_types, kind, code)
            return await find_values(*where, limit, self._search_ms)

    async def _live(self, resource_type: str, where: Json, *, limit: int = 0) -> list[Stored]:
        self._open()
        with self._away.watched():
            cursor = self._own.current(resource_type).find({**where, "deleted": False}, FIELDS)
            found = await (cursor.sort("_id", 1).limit(limit) if limit else cursor).to_list(None)
        return [unpack(resource_type, each) for each in found]

    async def write(self, changes: Sequence[Change], guards: Sequence[Requirement] = ()) -> None:
        client = self._open()
        single = len(changes) == 1 and not guards
        if not self._transactions and not single:
            await self._look()
            if not self._transactions:
                await self._check_beforehand(changes, guards)
                single = True
        changes = [self._worded(change) for change in changes]
        own, seconds = self._own, self._timeout_ms / 1000
        with self._away.watched():
            await own.prepare({change.resource_type for change in changes})
            if single:
                await write_one(own, changes[0], majority=self._transactions, seconds=seconds)
            elif changes or guards:
                await write_all(client, own, changes, guards, self._guarded, seconds=seconds)

    async def _check_beforehand(
        self, changes: Sequence[Change], guards: Sequence[Requirement]
    ) -> None:
        """What a server without transactions can do. Errors: store-no-transaction, Conflict."""
        for each in guards:
            if len(changes) != 1 or not isinstance(each, Unreferenced) or each.strict:
                raise FhirError("store-no-transaction")
            with explained():
                found = await referrer(self._own, each, changes)
            if found is not None:
                raise Conflict(*found, "unreferenced")
        if len(changes) > 1:
            raise FhirError("store-no-transaction")

    async def reindex(self, changes: Sequence[Change]) -> int:
        self._open()
        by_type: dict[str, list[Any]] = {}
        for change in changes:
            same = {"_id": change.id, "version": change.version, "deleted": False}
            entries = {"$set": {"index": index_of(self._worded(change))}}
            by_type.setdefault(change.resource_type, []).append(UpdateOne(same, entries))
        count = 0
        with self._away.watched():
            for resource_type, updates in by_type.items():
                done = await self._own.current(resource_type).bulk_write(updates, ordered=False)
                count += done.matched_count
        return count

    async def restore(self, changes: Sequence[Change]) -> None:
        self._open()
        by_type: dict[str, list[Change]] = {}
        for change in changes:
            by_type.setdefault(change.resource_type, []).append(self._worded(change))
        with explained(), pymongo.timeout(RESTORE_SECONDS):
            await self._own.prepare(set(by_type))
            for resource_type, some in by_type.items():
                await restore(self._own, resource_type, some)

    @property
    def database(self) -> str:
        return self._database

    async def shard(self, resource_types: Sequence[str], tell: Callable[[str], None]) -> None:
        """Spread collections over the shards of a cluster; `tell` hears each command.

        Errors: store-no-shards.
        """
        client = self._open()
        with explained(), pymongo.timeout(BUILD_SECONDS):
            await self._look()
            await run_steps(client, self._database, self._own, resource_types, tell)

    def changes(self, after: str = "") -> Feed:
        self._open()
        # By the connections of searches: waiting for a change must not use up the others'.
        return MongoFeed(self._clients[1][self._database], after)

    async def note(self, key: str) -> Json | None:
        self._open()
        with self._away.watched():
            found = await self._own.notes().find_one({"_id": key})
        return decode_stored(found["value"].encode()) if found else None

    async def set_note(self, key: str, value: Json, *, instead_of: Json | None) -> bool:
        self._open()
        notes, text = self._own.notes(), canonical(value)
        with self._away.watched():
            if instead_of is None:
                try:
                    await notes.insert_one({"_id": key, "value": text})
                except DuplicateKeyError:
                    return False
                return True
            present = {"_id": key, "value": canonical(instead_of)}
            done = await notes.update_one(present, {"$set": {"value": text}})
        return bool(done.matched_count)

    async def drop_note(self, key: str) -> None:
        self._open()
        with explained():
            await self._own.notes().delete_one({"_id": key})

    def _worded(self, change: Change) -> Change:
        """With the words of the resource among its index entries."""
        if self._texts is None or change.resource is None:
            return change
        words = [*change.index.get("text", ()), *self._texts(change.resource)]
        return replace(change, index={**change.index, "text": words}) if words else change

    async def _guarded(self, guard: Guard, session: Any) -> tuple[str, str] | None:
        plan = replace(guard.plan, sort=(), limit=1, after=None, total=False, backward=False)
        # In a transaction the bound of all its operations holds.
        page = await Searching(self._own, plan, {"session": session}).page()
        return (page.matches[0].resource_type, page.matches[0].id) if page.matches else None
