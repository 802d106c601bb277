"""The one writer of the file: all that waits goes into one transaction.

Jobs gather while a commit is under way, and after it as long as each turn of the event loop brings
more. Each is checked against the current versions, and the good ones are written with few large
statements: on the event loop where they are few, else in the writer's thread. The commit, which
waits for the disk, is always the thread's; then it wakes every waiter in one call to the loop.
"""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from ...errors import FhirError
from ...model.dates import now
from ..base import Change, Conflict, Requirement
from .composites import pack
from .feed import PURGED, last_number
from .full import is_full
from .inbox import TARGETS, Rows, pour
from .params import Params
from .schema import COLUMNS, connect, failure_of, is_busy

# Row numbers as one JSON parameter: the text of the statement stays the same, so it stays prepared.
LISTED = "(SELECT value FROM json_each(?))"
MAX_CHANGES = 512  # changes in one commit, unless a single job has more
MAX_HERE = 32  # changes that are written on the event loop, in about a millisecond
TURNS = 2  # of the event loop, for which a commit waits for what the answers of the last one bring

# Something else to do inside the transaction of the batch, in its turn.
Task = Callable[["Batch"], None]
Check = Callable[[sqlite3.Connection, Requirement, Sequence[Change]], None]


@dataclass(slots=True)
class Job:
    """One atomic batch and the future of its caller."""

    changes: Sequence[Change]
    guards: Sequence[Requirement]
    future: asyncio.Future[None]
    error: BaseException | None = None
    task: Task | None = None


class Writer:
    """Owns the writing connection. `check` raises Conflict where a guard does not hold.

    The event loop and the thread have the connection in turn: `_busy` says that it is the thread's.
    """

    def __init__(self, path: str, params: Params, check: Check, *, busy_seconds: float) -> None:
        self._path, self._params, self._check = path, params, check
        self._busy_seconds = busy_seconds
        self._gathered: list[Job] = []
        self._busy = False
        self._idle = asyncio.Event()
        self._queue: SimpleQueue[list[Job] | None] = SimpleQueue()
        self._closing = False
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._db: sqlite3.Connection | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._idle.set()
        # No patience in the connection: the event loop must never wait for another process.
        self._db = connect(self._path, busy_seconds=0)
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """Writes what still waits, then ends the thread."""
        self._closing = True
        await self._idle.wait()
        self._queue.put(None)
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)
        if self._db is not None:
            self._db.close()

    def submit(
        self, changes: Sequence[Change], guards: Sequence[Requirement], task: Task | None = None
    ) -> asyncio.Future[None]:
        """Errors of the future: Conflict, store-*."""
        assert self._loop is not None
        if self._closing:
            raise FhirError("store-down")
        job = Job(changes, guards, self._loop.create_future(), task=task)
        if not self._gathered and not self._busy:
            self._idle.clear()
            self._loop.call_soon(self._gather, 0, 0)
        self._gathered.append(job)
        return job.future

    def _gather(self, turns: int, seen: int) -> None:
        """Wait for some turns of the event loop, and on while each brings more, then go on.

        A commit costs as much as several creations. Clients that had their answers from the last
        one send their next requests now; without them, half of all clients would have a commit of
        their own, and the other half the next.
        """
        assert self._loop is not None
        count = len(self._gathered)
        if self._has_many() or (turns <= 0 and count == seen):
            self._next()
        else:
            self._loop.call_soon(self._gather, turns - 1, count)

    def _has_many(self) -> bool:
        """Is enough there for a commit of its own?"""
        waiting = self._gathered
        return len(waiting) >= MAX_HERE or sum(len(job.changes) for job in waiting) >= MAX_HERE

    def _next(self) -> None:
        """Hand over all that came, at once."""
        jobs = _take(self._gathered)
        self._busy = True
        if _is_small(jobs):
            self._write_here(jobs)
        self._queue.put(jobs)

    def _write_here(self, jobs: list[Job]) -> None:
        """Everything but the commit, on the event loop: for a few rows that is less than what the
        interpreter's lock costs when it goes to and fro between two threads.
        """
        assert self._db is not None
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._write(self._db, jobs)
        except Exception as error:
            if not is_busy(error):  # else another process is writing, and the thread can wait
                self._fail(self._db, jobs, error)

    def _run(self) -> None:
        while (jobs := self._queue.get()) is not None:
            self._commit(jobs)
            assert self._loop is not None
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._done, jobs)

    def _commit(self, jobs: list[Job]) -> None:
        db = self._db
        assert db is not None
        try:
            if not db.in_transaction:
                if all(job.error for job in jobs):
                    return
                self._begin(db)
                self._write(db, jobs)
            db.execute("COMMIT")
        except Exception as error:
            self._fail(db, jobs, error)

    def _begin(self, db: sqlite3.Connection) -> None:
        """Wait for other processes that write, as long as the settings say."""
        end = time.monotonic() + self._busy_seconds
        while True:
            try:
                db.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() > end:
                    raise
                time.sleep(random.uniform(0.0005, 0.003))

    def _done(self, jobs: list[Job]) -> None:
        assert self._loop is not None
        self._busy = False
        if self._has_many():
            self._next()  # and goes on while the callers of this one get their answers
        elif self._gathered:
            self._loop.call_soon(self._gather, TURNS, len(self._gathered))
        else:
            self._idle.set()
        _settle(jobs)

    def _write(self, db: sqlite3.Connection, jobs: list[Job]) -> None:
        # Another process may have written since.
        batch = Batch(db, self._params, last_number(db) + 1)
        for job in jobs:
            self._add(db, batch, job)
        batch.flush()

    def _add(self, db: sqlite3.Connection, batch: Batch, job: Job) -> None:
        try:
            rids = batch.check(job.changes)
            for guard in job.guards:
                batch.flush()
                self._check(db, guard, job.changes)
        except (Conflict, FhirError) as error:  # nothing of this job is written yet
            job.error = error
            return
        batch.add(job.changes, rids)
        if job.task is not None:
            batch.flush()
            job.task(batch)

    def _fail(self, db: sqlite3.Connection, jobs: list[Job], error: Exception) -> None:
        if isinstance(error, sqlite3.Error):
            try:
                error = FhirError("store-full") if is_full(self._path, error) else failure_of(error)
            except sqlite3.Error as fault:
                error = fault
        if db.in_transaction:
            db.execute("ROLLBACK")
        self._params.forget()  # numbers made in this transaction are gone
        for job in jobs:
            job.error = job.error or error


def _take(waiting: list[Job]) -> list[Job]:
    """Remove the first jobs, as many as make one commit."""
    size = 0
    for count, job in enumerate(waiting):
        size += len(job.changes)
        if count and size > MAX_CHANGES:
            break
    else:
        count = len(waiting)
    taken = waiting[:count]
    del waiting[:count]
    return taken


def _is_small(jobs: list[Job]) -> bool:
    """Few rows, and nothing that may have to look at many."""
    if any(job.task or job.guards for job in jobs):
        return False
    return sum(len(job.changes) for job in jobs) <= MAX_HERE


def _settle(jobs: list[Job]) -> None:
    for job in jobs:
        if job.future.done():
            continue
        if job.error is None:
            job.future.set_result(None)
        else:
            job.future.set_exception(job.error)


class Batch:
    """Rows that go into one transaction, gathered and then written by few statements."""

    def __init__(self, db: sqlite3.Connection, params: Params, first: int) -> None:
        self.db, self._params, self._next = db, params, first
        self._touched: set[tuple[str, str]] = set()
        self._updated: list[tuple[Any, ...]] = []
        self._rows: Rows = {}
        self._anew: Rows = {}  # index entries of the updated resources

    def check(self, changes: Sequence[Change]) -> list[int | None]:
        """Row numbers of what is there already. Errors: Conflict where a change does not follow
        the current version.
        """
        if any((c.resource_type, c.id) in self._touched for c in changes if not c.new_id):
            self.flush()
        out: list[int | None] = []
        for change in changes:
            # Nobody else can have a new id; the unique index would say so.
            row = None if change.new_id else self._current(change)
            if not change.new_id and change.version != (row[1] + 1 if row else 1):
                raise Conflict(change.resource_type, change.id)
            out.append(row[0] if row else None)
        return out

    def _current(self, change: Change) -> tuple[int, int] | None:
        query = "SELECT rid, version FROM resource WHERE type = ? AND id = ?"
        found: tuple[int, int] | None = self.db.execute(
            query, (change.resource_type, change.id)
        ).fetchone()
        return found

    def add(self, changes: Sequence[Change], rids: Sequence[int | None]) -> None:
        for change, rid in zip(changes, rids, strict=True):
            self._touched.add((change.resource_type, change.id))
            facts = (change.version, change.updated, change.method, change.body)
            if rid is not None:
                self._updated.append((*facts, rid))
                self._log(rid, change.version)
                self._add_index(change, rid, self._anew)
                continue
            values = self._rows.setdefault("resource", [])
            new, self._next = self._next, self._next + 1
            values += (new, change.resource_type, change.id, *facts)
            self._add_index(change, new, self._rows)
            if change.version > 1:  # restored
                self._log(new, change.version)

    def _log(self, rid: int, version: int) -> None:
        """A creation needs no row: the number of its own tells when it was."""
        values = self._rows.setdefault("log", [])
        values += (self._next, rid, version)
        self._next += 1

    def _add_index(self, change: Change, rid: int, rows: Rows) -> None:
        resource_type = change.resource_type
        known = self._params.of(resource_type)
        for kind, entries in change.index.items():
            if kind == "text":
                continue  # made later, see words.py
            values = rows.setdefault(kind, [])
            for entry in map(pack, entries) if kind == "composite" else entries:
                pid = known.get(entry[0])
                if pid is None:
                    pid = self._params.make(self.db, resource_type, entry[0])
                values += (rid, pid)
                values += entry[1:]
            if kind == "date" and len(entries) > 1:
                codes = [entry[0] for entry in entries]
                repeated = {code for code in codes if codes.count(code) > 1}
                self._params.note_several(self.db, (known[code] for code in repeated))

    def reindex(self, changes: Sequence[Change]) -> int:
        """New index entries for resources whose version is still that of the change."""
        found = [(change, self._current(change)) for change in changes]
        same = [(change, row[0]) for change, row in found if row and row[1] == change.version]
        for change, rid in same:
            self._add_index(change, rid, self._anew)
        self._exchange([rid for _, rid in same])
        self.flush()
        return len(same)

    def purge(self, resource_type: str, id: str, history_only: bool) -> int:
        """Forget versions for good; how many."""
        key = (resource_type, id)
        count = self.db.execute("DELETE FROM history WHERE type = ? AND id = ?", key).rowcount
        row = self.db.execute("SELECT rid FROM resource WHERE type = ? AND id = ?", key).fetchone()
        if history_only or row is None:
            return count
        self._exchange(row)
        self.db.execute("DELETE FROM resource WHERE rid = ?", row)
        self.db.execute(PURGED, (self._next, row[0], *key, now()))
        self._next += 1
        return count + 1

    def flush(self) -> None:
        if self._updated:
            self._replace()
        pour(self.db, self._rows)
        self._updated = []
        self._touched.clear()

    def _replace(self) -> None:
        rids = [row[-1] for row in self._updated]
        self.db.execute(
            "INSERT INTO history SELECT type, id, version, updated, method, body"
            f" FROM resource WHERE rid IN {LISTED}",
            (json.dumps(rids),),
        )
        self._exchange(rids)
        self.db.executemany(
            "UPDATE resource SET version = ?, updated = ?, method = ?, body = ? WHERE rid = ?",
            self._updated,
        )

    def _exchange(self, rids: Sequence[int]) -> None:
        """Leave those index entries that `_anew` has again: a new version has mostly the same."""
        listed = json.dumps(rids)
        self.db.execute(f"DELETE FROM behind WHERE rid IN {LISTED}", (listed,))
        for kind in COLUMNS:
            columns = TARGETS[kind]
            wanted = set(zip(*[iter(self._anew.get(kind, ()))] * len(columns), strict=True))
            query = f"SELECT {', '.join(columns)} FROM {kind} WHERE rid IN {LISTED}"
            found = set(self.db.execute(query, (listed,)))
            if found - wanted:
                same = " AND ".join(f"{column} IS ?" for column in columns)
                self.db.executemany(f"DELETE FROM {kind} WHERE {same}", found - wanted)
            if wanted - found:
                values = self._rows.setdefault(kind, [])
                values += [value for row in wanted - found for value in row]
        self._anew = {}
