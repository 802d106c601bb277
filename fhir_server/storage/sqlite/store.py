"""The embedded store. Reads run on the event loop where an index bounds them; see architecture."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from ...errors import FhirError
from ...model.json import canonical, decode_stored
from ..base import Change, Feed, HistoryPlan, Json, Page, Requirement, Stored, Texts
from ..plan import KINDS, Kind, Plan, Value
from .budget import Budget, interrupted
from .explaining import describe
from .feed import SqliteFeed
from .history import read_history
from .lanes import Lanes, Work
from .lower import ParamId
from .pages import COLUMNS
from .params import Params
from .pointers import read_pointers, read_referrers, read_values
from .requirements import Requirements
from .restoring import restore
from .schema import connect, create, failure_of
from .searching import Search, stored
from .upkeep import Upkeep
from .words import asks_for_words
from .writer import Batch, Task, Writer

# Steps of SQLite (see budget.py) that one statement may take on the event loop, about 2 ms; a
# search that needs more goes to a thread with a deadline.
INLINE_LOOKS = 10
BEHIND = (
    "{} resources were written by an older program and cannot be found by every search parameter:"
    " POST [base]/$reindex"
)
GUARD_LOOKS, GUARD_SECONDS = 10_000, 2.0
T = TypeVar("T")


class SqliteStore:
    """Resources, versions and index entries in one file. Spec of behaviour: storage/base.py."""

    name = "sqlite"
    capabilities = frozenset(
        {"Match", "Near", "Ids", "OfType", "Updated", "Chain", "Has", "AnyOf", "Not"}
        | {"Sort", "types", "backward", "total", "transactions"}
    )

    def __init__(
        self,
        path: str,
        *,
        busy_seconds: float = 5.0,
        search_seconds: float = 10.0,
        search_rows: int = 5_000_000,
        texts: Texts | None = None,
        max_bytes: int = 0,
    ) -> None:
        """`search_rows`: about how many rows one search may look at. `max_bytes`: largest size of
        the file, 0 for what the disk holds."""
        self._path, self._max_bytes = path, max_bytes
        self._busy_seconds, self._search_seconds = busy_seconds, search_seconds
        self._search_rows = search_rows
        self._params = Params()
        check = Requirements(self._params, self._find).check
        self._writer = Writer(path, self._params, check, busy_seconds=busy_seconds)
        self._upkeep = Upkeep(texts, self._params, self._task) if texts else None
        self.kinds = frozenset(KINDS) - (frozenset() if texts else {"text"})
        self._lanes: Lanes | None = None
        self._db: sqlite3.Connection | None = None

    async def open(self) -> None:
        try:
            Path(self._path).parent.mkdir(parents=True, exist_ok=True)
            self._db = connect(self._path, busy_seconds=self._busy_seconds)
            create(self._db)
            self._params.load(self._db)
        except (sqlite3.Error, OSError) as error:
            raise _opening(error) from error
        connection = partial(connect, self._path, busy_seconds=self._busy_seconds)
        self._lanes = Lanes(connection, seconds=self._search_seconds, rows=self._search_rows)
        self._writer.start(asyncio.get_running_loop())
        if self._max_bytes:
            await self.limit(self._max_bytes)
        if self._upkeep is not None:
            self._upkeep.start(self._db)

    async def limit(self, max_bytes: int) -> None:
        """The file takes no more than so many bytes, as if the disk were full."""

        def task(batch: Batch) -> None:
            size = batch.db.execute("PRAGMA page_size").fetchone()[0]
            batch.db.execute(f"PRAGMA max_page_count = {max(1, max_bytes // size)}")

        await self._task(task)

    async def close(self) -> None:
        if self._upkeep is not None:
            await self._upkeep.stop()
        if self._lanes is not None:
            await self._writer.stop()
            await asyncio.to_thread(self._lanes.close)
            self._lanes = None
        if self._db is not None:
            self._db.close()
            self._db = None

    async def ready(self) -> dict[str, Any]:
        behind = self._run(lambda db: db.execute("SELECT count(*) FROM behind").fetchone()[0])
        facts = {"store": self.name, "transactions": True}
        if behind:
            facts["warning"] = BEHIND.format(behind)
        return facts

    def _run(self, read: Callable[[sqlite3.Connection], T]) -> T:
        if self._db is None:
            raise FhirError("store-down")
        try:
            return read(self._db)
        except sqlite3.Error as error:
            raise failure_of(error) from error

    async def current(self, resource_type: str, id: str) -> Stored | None:
        query = f"SELECT {COLUMNS} FROM resource WHERE type = ? AND id = ?"
        row = self._run(lambda db: db.execute(query, (resource_type, id)).fetchone())
        return stored(row) if row else None

    async def version(self, resource_type: str, id: str, version: int) -> Stored | None:
        query = (
            f"SELECT {COLUMNS} FROM resource WHERE type = ? AND id = ? AND version = ? UNION ALL"
            f" SELECT {COLUMNS} FROM history WHERE type = ? AND id = ? AND version = ?"
        )
        if version >= 2**63:
            return None
        args = (resource_type, id, version) * 2
        row = self._run(lambda db: db.execute(query, args).fetchone())
        return stored(row) if row else None

    async def history(self, plan: HistoryPlan) -> Page:
        if plan.id:  # bounded by the versions of one resource
            return self._run(lambda db: read_history(db, plan))
        key = ("history", replace(plan, after=None))
        return await self._long(key, lambda db, _: read_history(db, plan))

    async def search(self, plan: Plan) -> Page:
        if asks_for_words(plan.where):
            await self._words_ready()
        return await self._short_or_long(plan, lambda search: search.page(plan))

    async def _short_or_long(self, plan: Plan, run: Callable[[Search], T], log: bool = False) -> T:
        """On the event loop for as long as that holds up nobody, and then in a thread."""

        def short(db: sqlite3.Connection) -> T:
            budget = Budget(INLINE_LOOKS)
            with budget.on(db):
                return run(Search(db, self._known(db), budget, log=[] if log else None))

        def long(db: sqlite3.Connection, budget: Budget) -> T:
            return run(Search(db, self._known(db), budget, True, log=[] if log else None))

        try:
            return self._run(short)
        except FhirError as error:
            if error.code != "search-too-costly":
                raise
        key = (plan.resource_type, plan.types, plan.where, plan.sort, plan.total or not plan.limit)
        return await self._long(key, long)

    async def _long(self, key: Hashable, read: Work[T]) -> T:
        """In a thread, with a deadline; see lanes.py."""
        if self._lanes is None:
            raise FhirError("store-down")
        try:
            return await self._lanes.run(key, read)
        except sqlite3.Error as error:
            raise failure_of(error) from error

    async def explain(self, plan: Plan) -> Json:
        if asks_for_words(plan.where):
            await self._words_ready()

        def told(search: Search) -> Json:
            search.page(plan)
            return describe(search)

        return {"store": self.name, **await self._short_or_long(plan, told, log=True)}

    def _known(self, db: sqlite3.Connection) -> ParamId:
        return lambda resource_type, code: self._params.known(db, resource_type, code)

    async def _words_ready(self) -> None:
        if self._upkeep is None:
            raise FhirError("store-not-supported")
        if self._db is None:
            raise FhirError("store-down")
        await self._upkeep.catch_up(self._db, self._search_seconds)

    def _find(self, db: sqlite3.Connection, plan: Plan) -> tuple[str, str] | None:
        """What a guard finds, on the writer's connection; other writers wait meanwhile.

        Errors: search-too-costly, which concerns this guard only.
        """
        budget = Budget(GUARD_LOOKS, time.monotonic() + GUARD_SECONDS)
        with budget.on(db):
            try:
                return Search(db, self._known(db), budget, True).first(plan)
            except sqlite3.Error as error:
                if interrupted(error):
                    raise FhirError("search-too-costly") from None
                raise

    async def many(self, keys: Sequence[tuple[str, str]]) -> list[Stored]:
        out: list[Stored] = []
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            values = ",".join(["(?,?)"] * len(some))
            # Not `(type, id) IN (VALUES …)`, for which SQLite looks at every row of the table.
            query = (
                f"WITH wanted(t, i) AS (VALUES {values}) SELECT {COLUMNS} FROM wanted"
                " CROSS JOIN resource ON type = t AND id = i WHERE method <> 'DELETE'"
            )
            args = [part for key in some for part in key]
            rows = self._run(lambda db, q=query, a=args: db.execute(q, a).fetchall())  # type: ignore[misc]
            out.extend(map(stored, rows))
        return out

    async def referrers(
        self, resource_type: str, param: str, targets: Sequence[tuple[str, str]], *, limit: int
    ) -> list[Stored]:
        read = partial(read_referrers, params=self._params, limit=limit)
        return self._run(lambda db: read(db, resource_type, param, targets))

    async def pointers(
        self,
        params: Mapping[str, Sequence[str]],
        targets: Sequence[tuple[str, str]],
        *,
        limit: int,
    ) -> list[tuple[str, str]]:
        return self._run(lambda db: read_pointers(db, self._params, params, targets, limit))

    async def values(
        self, resource_types: Sequence[str], kind: Kind, code: str, *, limit: int
    ) -> list[tuple[Value, ...]]:
        read = partial(read_values, kind=kind, code=code, limit=limit)
        return self._run(lambda db: read(db, self._params, resource_types))

    async def write(self, changes: Sequence[Change], guards: Sequence[Requirement] = ()) -> None:
        _encode(changes)
        if self._db is None:
            raise FhirError("store-down")
        await self._writer.submit(changes, guards)
        if self._upkeep is not None:
            self._upkeep.written()

    async def purge(self, resource_type: str, id: str, *, history_only: bool) -> int:
        counts: list[int] = []
        await self._task(lambda batch: counts.append(batch.purge(resource_type, id, history_only)))
        return counts[0]

    async def reindex(self, changes: Sequence[Change]) -> int:
        counts: list[int] = []
        await self._task(lambda batch: counts.append(batch.reindex(changes)))
        return counts[0]

    async def restore(self, changes: Sequence[Change]) -> None:
        _encode(changes)
        await self._task(lambda batch: restore(batch, changes))

    def changes(self, after: str = "") -> Feed:
        return SqliteFeed(self._run, after)

    async def note(self, key: str) -> Json | None:
        query = "SELECT value FROM note WHERE key = ?"
        row = self._run(lambda db: db.execute(query, (key,)).fetchone())
        return decode_stored(row[0].encode()) if row else None

    async def set_note(self, key: str, value: Json, *, instead_of: Json | None) -> bool:
        counts: list[int] = []
        query = "INSERT OR IGNORE INTO note VALUES (?, ?)"
        args: tuple[str, ...] = (key, canonical(value))
        if instead_of is not None:
            query = "UPDATE note SET value = ?2 WHERE key = ?1 AND value = ?3"
            args = (*args, canonical(instead_of))
        await self._task(lambda batch: counts.append(batch.db.execute(query, args).rowcount))
        return counts[0] == 1

    async def drop_note(self, key: str) -> None:
        query = "DELETE FROM note WHERE key = ?"
        await self._task(lambda batch: batch.db.execute(query, (key,)).close())

    async def _task(self, task: Task) -> None:
        if self._db is None:
            raise FhirError("store-down")
        await self._writer.submit((), (), task)


def _encode(changes: Sequence[Change]) -> None:
    for change in changes:
        if change.body is None and change.resource is not None:
            change.body = Stored("", "", 0, 0, resource=change.resource).body


def _opening(error: Exception) -> FhirError:
    return failure_of(error) if isinstance(error, sqlite3.Error) else FhirError("store-down")
