"""The embedded store. Reads run on the event loop where an index bounds them; see architecture."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from ...errors import FhirError
from ...model.json import canonical, decode_stored
from ..base import Change, Feed, Guard, HistoryPlan, Json, Page, Stored
from ..plan import Clause, Kind, Plan, Value
from .feed import SqliteFeed
from .history import read_history
from .lower import Lowering, Sql, lower_page, lower_stream, lower_total
from .pointers import read_pointers, read_values
from .schema import connect, create, explain
from .writer import Params, Task, Writer

# A set of at most this many resources is walked on the event loop (about 1 ms); more goes to a
# reader thread with a deadline.
INLINE_ROWS = 1000
COLUMNS = "type, id, version, updated, method, body"
T = TypeVar("T")


class SqliteStore:
    """Resources, versions and index entries in one file. Spec of behaviour: storage/base.py."""

    name = "sqlite"
    capabilities = frozenset(
        {"Match", "Ids", "Updated", "Chain", "AnyOf", "Sort", "total", "transactions"}
    )

    def __init__(
        self, path: str, *, busy_seconds: float = 5.0, search_seconds: float = 10.0
    ) -> None:
        self._path = path
        self._busy_seconds, self._search_seconds = busy_seconds, search_seconds
        self._params = Params()
        self._writer = Writer(path, self._params, self._find, busy_seconds=busy_seconds)
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._pool: ThreadPoolExecutor | None = None
        self._db: sqlite3.Connection | None = None

    async def open(self) -> None:
        try:
            Path(self._path).parent.mkdir(parents=True, exist_ok=True)
            self._db = connect(self._path, busy_seconds=self._busy_seconds)
            create(self._db)
            self._params.load(self._db)
        except (sqlite3.Error, OSError) as error:
            raise _opening(error) from error
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="sqlite-reader")
        self._writer.start(asyncio.get_running_loop())

    async def close(self) -> None:
        if self._pool is not None:
            await self._writer.stop()
            self._pool.shutdown(wait=True)
            self._pool = None
        for each in self._readers:
            each.close()
        self._readers.clear()
        if self._db is not None:
            self._db.close()
            self._db = None

    async def ready(self) -> dict[str, Any]:
        self._run(lambda db: db.execute("SELECT 1").fetchone())
        return {"store": self.name, "transactions": True}

    def _run(self, read: Callable[[sqlite3.Connection], T]) -> T:
        if self._db is None:
            raise FhirError("store-down")
        try:
            return read(self._db)
        except sqlite3.Error as error:
            raise explain(error) from error

    async def current(self, resource_type: str, id: str) -> Stored | None:
        query = f"SELECT {COLUMNS} FROM resource WHERE type = ? AND id = ?"
        row = self._run(lambda db: db.execute(query, (resource_type, id)).fetchone())
        return _stored(row) if row else None

    async def version(self, resource_type: str, id: str, version: int) -> Stored | None:
        query = (
            f"SELECT {COLUMNS} FROM resource WHERE type = ? AND id = ? AND version = ? UNION ALL"
            f" SELECT {COLUMNS} FROM history WHERE type = ? AND id = ? AND version = ?"
        )
        if version >= 2**63:
            return None
        args = (resource_type, id, version) * 2
        row = self._run(lambda db: db.execute(query, args).fetchone())
        return _stored(row) if row else None

    async def history(self, plan: HistoryPlan) -> Page:
        read = partial(read_history, plan=plan)
        if plan.id:  # bounded by the versions of one resource
            return self._run(read)
        assert self._pool is not None
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._long, read)

    def _long(self, read: Callable[[sqlite3.Connection], T]) -> T:
        """In a reader thread, with a deadline."""
        db = self._reader()
        deadline = time.monotonic() + self._search_seconds
        db.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
        try:
            return read(db)
        except sqlite3.Error as error:
            raise explain(error) from error
        finally:
            db.set_progress_handler(None, 0)

    async def search(self, plan: Plan) -> Page:
        stream = self._run(lambda db: self._stream(db, plan))
        if stream is not None:
            return stream
        lowering, lead, rest, bounded = self._run(lambda db: self._start(db, plan))
        if bounded:
            return self._run(lambda db: _page(db, plan, lowering, lead, rest))
        assert self._pool is not None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._slow, plan, lead, rest)

    def _stream(self, db: sqlite3.Connection, plan: Plan) -> Page | None:
        """A page that an index holds in order; None where the plan is not of that kind."""
        lowering = Lowering(plan.resource_type, lambda t, c: self._params.known(db, t, c))
        sql = lower_stream(plan, lowering)
        return None if sql is None else _read_page(db, plan, sql, None)

    def _start(
        self, db: sqlite3.Connection, plan: Plan
    ) -> tuple[Lowering, Sql | None, tuple[Clause, ...], bool]:
        """Which clause leads, and whether its set is small enough to be walked here and now."""
        lowering = Lowering(plan.resource_type, lambda t, c: self._params.known(db, t, c))
        best: tuple[int, int, Sql] | None = None
        for i, clause in enumerate(plan.where):
            each = lowering.as_set(clause)
            if each is None:
                continue
            probe = f"SELECT count(*) FROM (SELECT rid FROM ({each.text}) LIMIT ?)"
            size = db.execute(probe, (*each.args, INLINE_ROWS)).fetchone()[0]
            if best is None or size < best[0]:
                best = (size, i, each)
            if size < 100:
                break
        if best is not None and best[0] < INLINE_ROWS:
            return lowering, best[2], plan.where[: best[1]] + plan.where[best[1] + 1 :], True
        # Not bounded by a clause; a page in order of creation is bounded by itself only when
        # nothing filters it.
        bounded = not plan.where and not plan.sort and not plan.total
        return lowering, None, plan.where, bounded

    def _slow(self, plan: Plan, lead: Sql | None, rest: tuple[Clause, ...]) -> Page:
        def read(db: sqlite3.Connection) -> Page:
            lowering = Lowering(plan.resource_type, lambda t, c: self._params.known(db, t, c))
            return _page(db, plan, lowering, lead, rest)

        return self._long(read)

    def _reader(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = connect(self._path, busy_seconds=self._busy_seconds)
            self._readers.append(db)
        return db

    def _find(self, db: sqlite3.Connection, plan: Plan) -> tuple[str, str] | None:
        lowering, lead, rest, _ = self._start(db, plan)
        sql = lower_page(plan, lowering, lead, rest)
        row = db.execute(sql.text, sql.args).fetchone()
        return (row[0], row[1]) if row else None

    async def many(self, keys: Sequence[tuple[str, str]]) -> list[Stored]:
        out: list[Stored] = []
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            values = ",".join(["(?,?)"] * len(some))
            query = (
                f"SELECT {COLUMNS} FROM resource WHERE (type, id) IN (VALUES {values})"
                " AND method <> 'DELETE'"
            )
            args = [part for key in some for part in key]
            rows = self._run(lambda db, q=query, a=args: db.execute(q, a).fetchall())  # type: ignore[misc]
            out.extend(map(_stored, rows))
        return out

    async def referrers(
        self, resource_type: str, param: str, targets: Sequence[tuple[str, str]], *, limit: int
    ) -> list[Stored]:
        if not targets:
            return []

        def read(db: sqlite3.Connection) -> list[Any]:
            pid = self._params.known(db, resource_type, param)
            values = ",".join(["(?,'',?)"] * len(targets))
            query = (
                f"SELECT {COLUMNS} FROM resource WHERE rid IN (SELECT rid FROM reference"
                f" WHERE pid = ? AND (id, url, type) IN (VALUES {values}))"
                " AND method <> 'DELETE' ORDER BY rid LIMIT ?"
            )
            args = [part for target, id in targets for part in (id, target)]
            return db.execute(query, (pid, *args, limit)).fetchall()

        return [_stored(row) for row in self._run(read)]

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

    async def write(self, changes: Sequence[Change], guards: Sequence[Guard] = ()) -> None:
        for change in changes:
            if change.body is None and change.resource is not None:
                change.body = Stored("", "", 0, 0, resource=change.resource).body
        if self._db is None:
            raise FhirError("store-down")
        await self._writer.submit(changes, guards)

    async def purge(self, resource_type: str, id: str, *, history_only: bool) -> int:
        counts: list[int] = []
        await self._task(lambda batch: counts.append(batch.purge(resource_type, id, history_only)))
        return counts[0]

    async def reindex(self, changes: Sequence[Change]) -> int:
        counts: list[int] = []
        await self._task(lambda batch: counts.append(batch.reindex(changes)))
        return counts[0]

    async def changes(self, after: str = "") -> Feed:
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

    async def _task(self, task: Task) -> None:
        if self._db is None:
            raise FhirError("store-down")
        await self._writer.submit((), (), task)


def _opening(error: Exception) -> FhirError:
    return explain(error) if isinstance(error, sqlite3.Error) else FhirError("store-down")


def _stored(row: tuple[Any, ...]) -> Stored:
    return Stored(row[0], row[1], row[2], row[3], method=row[4], body=row[5])


def _page(
    db: sqlite3.Connection,
    plan: Plan,
    lowering: Lowering,
    lead: Sql | None,
    rest: tuple[Clause, ...],
) -> Page:
    total = None
    if plan.total or not plan.limit:
        count = lower_total(plan, lowering, lead, rest)
        total = int(db.execute(count.text, count.args).fetchone()[0])
    if not plan.limit:
        return Page([], None, total)
    return _read_page(db, plan, lower_page(plan, lowering, lead, rest), total)


def _read_page(db: sqlite3.Connection, plan: Plan, sql: Sql, total: int | None) -> Page:
    rows = db.execute(sql.text, sql.args).fetchall()
    after = None
    if len(rows) > plan.limit:
        rows = rows[: plan.limit]
        after = tuple(rows[-1][6:])
    return Page([_stored(row) for row in rows], after, total)
