"""The MongoDB store. Spec of behaviour: storage/base.py; of the documents: docs/mongodb.md."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    DocumentTooLarge,
    ExecutionTimeout,
    InvalidOperation,
    OperationFailure,
    PyMongoError,
)
from pymongo.uri_parser import parse_uri

from ...errors import FhirError
from ..base import Change, Guard, Page, Stored
from ..plan import Clause, Plan
from .documents import FIELDS, Json, stored
from .driver import OPTIONS, connect, settle
from .lower import cursor_of, lower_where, pipeline
from .write import GUARDS, write_all, write_one

MAX_CHAIN = 10_000  # resources that the end of a chain may match
MAX_BYTES = 16 * 1024 * 1024
FULL = frozenset({14031})  # OutOfDiskSpace
NO_TRANSACTION = frozenset({20, 263})  # IllegalOperation, OperationNotSupportedInTransaction

# Every entry of one kind is in one array, so five indexes serve all search parameters of a type.
INDEXES = (
    IndexModel([("updated", ASCENDING), ("_id", ASCENDING)], name="updated"),
    IndexModel(
        [("index.token.code", 1), ("index.token.value", 1), ("index.token.system", 1)],
        name="token",
    ),
    IndexModel([("index.string.code", 1), ("index.string.folded", 1)], name="string"),
    IndexModel(
        [("index.reference.code", 1), ("index.reference.id", 1), ("index.reference.type", 1)],
        name="reference",
    ),
    IndexModel(
        [("index.date.code", 1), ("index.date.low", 1), ("index.date.high", 1)], name="date"
    ),
    IndexModel([("index.uri.code", 1), ("index.uri.value", 1)], name="uri"),
)
HISTORY_INDEXES = (IndexModel([("id", 1), ("version", -1)], name="versions"),)


class MongoStore:
    """Units: `timeout_ms` is how long an unreachable server is waited for."""

    name = "mongodb"
    capabilities = frozenset(
        {"Match", "Ids", "Updated", "Chain", "AnyOf", "Sort", "total", "transactions"}
    )

    def __init__(
        self,
        uri: str,
        *,
        database: str | None = None,
        driver: str = "pymongo",
        timeout_ms: int = 4000,
        search_seconds: float = 10.0,
    ) -> None:
        self._uri, self._driver = uri, driver
        self._database = database or parse_uri(uri)["database"] or "fhir"
        self._timeout_ms, self._search_ms = timeout_ms, int(search_seconds * 1000)
        self._client: Any = None
        self._transactions = False
        self._prepared: set[str] = set()
        self._preparing = asyncio.Lock()

    async def open(self) -> None:
        """Does not fail where the server is out of reach: it may come later, and /ready says so."""
        self._client = connect(self._uri, self._driver, self._timeout_ms)
        try:
            await self._look()
        except FhirError as error:
            if error.code != "store-down":
                raise

    async def close(self) -> None:
        if self._client is not None:
            await settle(self._client.close())
            self._client = None

    async def _look(self) -> Json:
        async with self._errors():
            hello: Json = await self._client.admin.command("hello")
        self._transactions = "setName" in hello or hello.get("msg") == "isdbgrid"
        return hello

    async def ready(self) -> dict[str, Any]:
        await self._look()
        facts = {"store": self.name, "driver": self._driver, "transactions": self._transactions}
        if not self._transactions:
            facts["warning"] = (
                "standalone MongoDB: transactions and conditional creates are refused"
            )
        return facts

    def _collection(self, name: str) -> Any:
        return self._client[self._database].get_collection(name, codec_options=OPTIONS)

    @asynccontextmanager
    async def _errors(self) -> AsyncIterator[None]:
        """What the driver raises as rows of the error table."""
        try:
            yield
        except (ConnectionFailure, ConfigurationError, InvalidOperation) as error:
            raise FhirError("store-down") from error
        except DocumentTooLarge as error:
            raise FhirError("store-too-large", limit=MAX_BYTES) from error
        except ExecutionTimeout as error:
            raise FhirError("search-too-costly") from error
        except OperationFailure as error:
            raise _explain(error) from error
        except PyMongoError as error:
            raise FhirError("store-down") from error

    async def current(self, resource_type: str, id: str) -> Stored | None:
        async with self._errors():
            found = await self._collection(resource_type).find_one({"_id": id}, FIELDS)
        return stored(resource_type, found) if found else None

    async def version(self, resource_type: str, id: str, version: int) -> Stored | None:
        current = await self.current(resource_type, id)
        if current is None or version > current.version:
            return None
        if version == current.version:
            return current
        async with self._errors():
            past = self._collection(resource_type + "_history")
            found = await past.find_one({"_id": f"{id}/{version}"})
        return stored(resource_type, found) if found else None

    async def history(
        self, resource_type: str, id: str, *, limit: int, before: int | None = None
    ) -> list[Stored]:
        current = await self.current(resource_type, id)
        if current is None or limit <= 0:
            return []
        out = [current] if before is None or current.version < before else []
        # A crash may have left the current version in the history as well; it is below by then.
        below = min(current.version, before if before is not None else current.version)
        async with self._errors():
            past = self._collection(resource_type + "_history")
            cursor = past.find({"id": id, "version": {"$lt": below}})
            found = await cursor.sort("version", -1).limit(limit).to_list(None)
        return (out + [stored(resource_type, each) for each in found])[:limit]

    async def history_count(self, resource_type: str, id: str) -> int:
        current = await self.current(resource_type, id)
        if current is None:
            return 0
        async with self._errors():
            past = self._collection(resource_type + "_history")
            where = {"id": id, "version": {"$lt": current.version}}
            return 1 + int(await past.count_documents(where))

    async def search(self, plan: Plan) -> Page:
        async with self._errors():
            return await self._search(plan, None)

    async def _search(self, plan: Plan, session: Any) -> Page:
        async def find_ids(target: str, clauses: Sequence[Clause]) -> list[str]:
            return await self._find_ids(target, clauses, session)

        where = await lower_where(plan.where, find_ids)
        target = self._collection(plan.resource_type)
        limits = {} if session is not None else {"maxTimeMS": self._search_ms}
        total = None
        if plan.total or not plan.limit:
            total = int(await target.count_documents(where, session=session, **limits))
        if not plan.limit:
            return Page([], None, total)
        cursor = await settle(
            target.aggregate(pipeline(plan, where), session=session, allowDiskUse=True, **limits)
        )
        found = await cursor.to_list(None)
        after = None
        if len(found) > plan.limit:
            found = found[: plan.limit]
            after = cursor_of(plan, found[-1])
        return Page([stored(plan.resource_type, each) for each in found], after, total)

    async def _find_ids(self, target: str, clauses: Sequence[Clause], session: Any) -> list[str]:
        async def deeper(further: str, inner: Sequence[Clause]) -> list[str]:
            return await self._find_ids(further, inner, session)

        where = await lower_where(clauses, deeper)
        cursor = self._collection(target).find(where, {"_id": 1}, session=session)
        found = await cursor.limit(MAX_CHAIN + 1).to_list(None)
        if len(found) > MAX_CHAIN:
            raise FhirError("search-too-costly")
        return [each["_id"] for each in found]

    async def many(self, keys: Sequence[tuple[str, str]]) -> list[Stored]:
        by_type: dict[str, list[str]] = {}
        for resource_type, id in keys:
            by_type.setdefault(resource_type, []).append(id)
        out: list[Stored] = []
        async with self._errors():
            for resource_type, ids in by_type.items():
                where = {"_id": {"$in": ids}, "deleted": False}
                found = await self._collection(resource_type).find(where, FIELDS).to_list(None)
                out += [stored(resource_type, each) for each in found]
        return out

    async def referrers(
        self, resource_type: str, param: str, targets: Sequence[tuple[str, str]], *, limit: int
    ) -> list[Stored]:
        if not targets:
            return []
        by_type: dict[str, list[str]] = {}
        for target, id in targets:
            by_type.setdefault(target, []).append(id)
        entries = [
            {"code": param, "id": {"$in": ids}, "type": target, "url": ""}
            for target, ids in by_type.items()
        ]
        where = {"$or": [{"index.reference": {"$elemMatch": e}} for e in entries], "deleted": False}
        async with self._errors():
            cursor = self._collection(resource_type).find(where, FIELDS).sort("_id", 1)
            found = await cursor.limit(limit).to_list(None)
        return [stored(resource_type, each) for each in found]

    async def write(self, changes: Sequence[Change], guards: Sequence[Guard] = ()) -> None:
        async with self._errors():
            await self._prepare({c.resource_type for c in changes})
            if len(changes) == 1 and not guards:
                await write_one(self._collection, changes[0])
                return
            if not self._transactions:
                await self._look()
                if not self._transactions:
                    raise FhirError("store-no-transaction")
            await write_all(self._client, self._collection, changes, guards, self._guarded)

    async def _guarded(self, guard: Guard, session: Any) -> tuple[str, str] | None:
        page = await self._search(guard.plan, session)
        return (guard.plan.resource_type, page.matches[0].id) if page.matches else None

    async def _prepare(self, resource_types: set[str]) -> None:
        """Collections and indexes of types that are written for the first time.

        Before a transaction, since building an index inside one would hold up everybody.
        """
        if resource_types <= self._prepared:
            return
        async with self._preparing:
            names = await self._client[self._database].list_collection_names()
            if GUARDS not in names:
                await self._create(GUARDS)
            for each in sorted(resource_types - self._prepared):
                for name in (each, each + "_history"):
                    if name not in names:
                        await self._create(name)
                await self._collection(each).create_indexes(list(INDEXES))
                await self._collection(each + "_history").create_indexes(list(HISTORY_INDEXES))
                self._prepared.add(each)

    async def _create(self, name: str) -> None:
        try:
            await self._client[self._database].create_collection(name)
        except OperationFailure as error:
            if error.code != 48:  # NamespaceExists: another process was first
                raise
        except PyMongoError as error:
            if "already exists" not in str(error):
                raise


def _explain(error: OperationFailure) -> FhirError:
    if error.code in FULL:
        return FhirError("store-full")
    if error.code in NO_TRANSACTION:
        return FhirError("store-no-transaction")
    if error.code in (10334, 17280, 17419, 17420):  # BSONObjectTooLarge and its older numbers
        return FhirError("store-too-large", limit=MAX_BYTES)
    return FhirError("store-down")
