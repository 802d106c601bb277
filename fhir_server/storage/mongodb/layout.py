"""Which collections and indexes there are. docs/mongodb.md says which search each index serves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import pymongo
from pymongo import IndexModel
from pymongo.errors import CollectionInvalid, OperationFailure
from pymongo.read_concern import ReadConcern

from .documents import OPTIONS, RAW, Json
from .failures import NAMESPACE_EXISTS

GUARDS = "_guards"
NOTES = "_notes"
HISTORY = "_history"
BUILD_SECONDS = 3600.0  # an index on a large collection takes its time
AT_ONCE = 8  # collections that are prepared at the same time

# All entries of one kind are in one array, so one index a kind serves all search parameters of a
# type. `_id` stands behind what is usually compared with "=", so that a page in default order
# needs no sorting; what is left behind it is checked in the index. References begin with the id, so
# that a `$lookup` from their target finds them, too.
_KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "token": ("token", ("code", "value", "_id", "system")),
    "string": ("string", ("code", "folded", "exact")),
    "pinyin": ("pinyin", ("code", "value")),
    "referenced": ("reference", ("id", "code", "type", "url", "_id")),
    "date": ("date", ("code", "low", "high")),
    "uri": ("uri", ("code", "value", "_id")),
    "number": ("number", ("code", "low", "high")),
    "quantity": ("quantity", ("code", "low", "high", "unit", "system")),
    "quantity_base": ("quantity", ("code", "base", "base_low", "base_high")),
    "position": ("position", ("code", "point")),
    "composite": ("composite", ("code", "p0.value", "p0.id", "p1.value")),
    "text": ("text", ("code", "grams")),
}


def _index(name: str, kind: str, fields: tuple[str, ...]) -> IndexModel:
    keys = [
        (f if f == "_id" else f"index.{kind}.{f}", "2dsphere" if f == "point" else 1)
        for f in fields
    ]
    return IndexModel(keys, name=name)


CURRENT = (
    *(_index(name, *of) for name, of in _KINDS.items()),
    IndexModel([("updated", 1), ("_id", 1)], name="updated"),
    IndexModel([("updated", -1), ("_id", 1)], name="newest"),
)
# Of earlier versions of this program.
RETIRED = ("reference",)
PAST = (
    IndexModel([("id", 1), ("version", -1)], name="versions"),
    IndexModel([("updated", 1), ("id", 1), ("version", 1)], name="updated"),
)
# A guard matters while two transactions hold it at once; a day later nobody does.
HELD = (IndexModel([("at", 1)], name="expire", expireAfterSeconds=86_400),)


class Collections:
    """The collections of one database, made when they are first written to.

    Before a transaction, not in it: building an index there would hold up everybody. Several
    processes may do this at once.
    """

    def __init__(self, database: Any) -> None:
        self._database = database
        self._ready: set[str] = set()
        self._lock = asyncio.Lock()

    def current(self, resource_type: str) -> Any:
        return self._database.get_collection(resource_type, codec_options=OPTIONS)

    def past(self, resource_type: str) -> Any:
        return self._database.get_collection(resource_type + HISTORY, codec_options=OPTIONS)

    def raw(self, resource_type: str, *, majority: bool = False) -> Any:
        """Current documents undecoded; `majority`: only what a failover cannot take back."""
        concern = ReadConcern("majority") if majority else None
        return self._database.get_collection(resource_type, codec_options=RAW, read_concern=concern)

    def notes(self) -> Any:
        return self._database.get_collection(NOTES)

    def guards(self) -> Any:
        return self._database.get_collection(GUARDS)

    async def names(self) -> set[str]:
        """The resource types that have ever been written."""
        found = set(await self._database.list_collection_names())
        return {name for name in found if name.isalpha() and name + HISTORY in found}

    async def open(self) -> None:
        """Add the indexes that a newer version of this program wants on existing collections."""
        with pymongo.timeout(BUILD_SECONDS):
            await self.prepare(await self.names())

    async def explained(self, command: Json) -> list[tuple[int, str, str]]:
        """The plan that the server chooses for a command: depth, stage, and its index."""
        told = await self._database.command("explain", command, verbosity="queryPlanner")
        return list(_stages(told))

    async def prepare(self, resource_types: set[str]) -> None:
        if resource_types <= self._ready:
            return
        async with self._lock:
            gate = asyncio.Semaphore(AT_ONCE)
            missing = sorted(resource_types - self._ready)
            if not self._ready:
                await self._make(GUARDS, HELD, gate)
            await asyncio.gather(
                *(self._make(each, CURRENT, gate) for each in missing),
                *(self._make(each + HISTORY, PAST, gate) for each in missing),
            )
            self._ready.update(missing)

    async def _make(
        self, name: str, indexes: tuple[IndexModel, ...], gate: asyncio.Semaphore
    ) -> None:
        async with gate:
            try:
                await self._database.create_collection(name)
            except CollectionInvalid:
                pass  # the driver looked first and it is there
            except OperationFailure as error:
                if error.code != NAMESPACE_EXISTS:  # another process was first
                    raise
            collection = self._database[name]
            there = await self._index(collection, indexes)
            if indexes is CURRENT:
                for each in there & set(RETIRED):
                    await collection.drop_index(each)

    async def _index(self, collection: Any, indexes: tuple[IndexModel, ...]) -> set[str]:
        """Make what is missing; the names of all there were or that another process has made.

        Two processes may make the same index at once, and a server may call the second attempt a
        conflict. Then what is there now is not asked for again; where nothing has come, it is one.
        """
        there = set(await collection.index_information())
        while missing := [each for each in indexes if each.document["name"] not in there]:
            try:
                await collection.create_indexes(missing)
            except OperationFailure:
                now = set(await collection.index_information())
                if not any(each.document["name"] in now for each in missing):
                    raise
                there = now
            else:
                break
        return there


def _stages(told: Any, depth: int = 0) -> Iterator[tuple[int, str, str]]:
    """Of the winning plans of an explanation, wherever in it they are.

    Spec: https://www.mongodb.com/docs/manual/reference/explain-results/
    """
    if isinstance(told, Mapping):
        if isinstance(told.get("stage"), str):
            yield depth, told["stage"], str(told.get("indexName", ""))
            depth += 1
        for key, value in told.items():
            if key != "rejectedPlans":
                yield from _stages(value, depth)
    elif isinstance(told, list):
        for each in told:
            yield from _stages(each, depth)
