"""Which collections and indexes there are. docs/mongodb.md says which search each index serves."""

from __future__ import annotations

import asyncio
from typing import Any

import pymongo
from pymongo import IndexModel
from pymongo.errors import CollectionInvalid, OperationFailure
from pymongo.read_concern import ReadConcern

from .documents import OPTIONS, RAW
from .failures import NAMESPACE_EXISTS

GUARDS = "_guards"
NOTES = "_notes"
HISTORY = "_history"
BUILD_SECONDS = 3600.0  # an index on a large collection takes its time
AT_ONCE = 8  # collections that are prepared at the same time

# All entries of one kind are in one array, so one index a kind serves all search parameters of a
# type. `_id` stands behind what is usually compared with "=", so that a page in default order
# needs no sorting; what is left behind it is checked in the index.
_KINDS = {
    "token": ("code", "value", "_id", "system"),
    "reference": ("code", "id", "url", "_id", "type"),
    "uri": ("code", "value", "_id"),
    "string": ("code", "folded", "exact"),
    "date": ("code", "low", "high"),
    "number": ("code", "low", "high"),
}
CURRENT = (
    *(
        IndexModel([(f if f == "_id" else f"index.{kind}.{f}", 1) for f in fields], name=kind)
        for kind, fields in _KINDS.items()
    ),
    IndexModel([("updated", 1), ("_id", 1)], name="updated"),
    IndexModel([("updated", -1), ("_id", 1)], name="newest"),
)
PAST = (IndexModel([("id", 1), ("version", -1)], name="versions"),)
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
        """The resource types that have a collection."""
        found = await self._database.list_collection_names()
        return {name for name in found if name.isalpha()}

    async def open(self) -> None:
        """Add the indexes that a newer version of this program wants on existing collections."""
        names = await self._database.list_collection_names()
        with pymongo.timeout(BUILD_SECONDS):
            await self.prepare({n for n in names if n.isalpha() and n + HISTORY in names})

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
            await self._database[name].create_indexes(list(indexes))
