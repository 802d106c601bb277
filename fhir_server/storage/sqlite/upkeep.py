"""Keeps the index of words (see words.py) up with the resources.

It works in the writer's thread, a few resources at a time, when nothing was written for a moment;
or at once, when a search asks for words. What is still to do is read from the file, so nothing is
lost with the process, and a second process takes its share.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Awaitable, Callable

import structlog

from ...errors import FhirError, define
from ...model.json import decode_stored
from ..base import Texts
from .params import Params
from .writer import Batch, Task

QUIET = 0.3  # seconds without a write before the index catches up
PATIENCE = 10.0  # seconds of writing without a pause, after which it catches up all the same
PAUSE = 0.02  # seconds between two slices of work that nobody waits for
RETRY = 5.0  # seconds after a failure of the storage
SLICE = 0.004  # seconds of one slice; the event loop may have to wait for so long
AT_ONCE = 50  # resources of one slice

define(
    "search-words-behind", "transient", 503,
    "全文索引正在更新，请稍后再试", "the index of words is catching up; try again later",
)  # fmt: skip

Target = tuple[int, int]


def behind(db: sqlite3.Connection) -> Target | None:
    """The last resource and the last mark that are still to do; None where all is done."""
    top, mark, stale = db.execute(
        "SELECT (SELECT max(rid) FROM resource), (SELECT rid FROM text_mark),"
        " (SELECT max(seq) FROM text_stale)"
    ).fetchone()
    return None if (top or 0) <= mark and stale is None else (top or 0, stale or 0)


def reached(db: sqlite3.Connection, target: Target) -> bool:
    mark, first = db.execute(
        "SELECT (SELECT rid FROM text_mark), (SELECT min(seq) FROM text_stale)"
    ).fetchone()
    return mark >= target[0] and (first is None or first > target[1])


class Upkeep:
    """`submit` puts a task into the writer's queue; `texts` makes the words of a resource."""

    def __init__(
        self, texts: Texts, params: Params, submit: Callable[[Task], Awaitable[None]]
    ) -> None:
        self._texts, self._params, self._submit = texts, params, submit
        self._stir = asyncio.Event()
        self._written = 0.0
        self._loop: asyncio.Task[None] | None = None

    def start(self, db: sqlite3.Connection) -> None:
        self._stir.set()
        self._loop = asyncio.create_task(self._keep(db))

    async def stop(self) -> None:
        if self._loop is not None:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop

    def written(self) -> None:
        self._written = time.monotonic()
        self._stir.set()

    async def catch_up(self, db: sqlite3.Connection, seconds: float) -> None:
        """Return when all that is written by now can be found. Errors: search-words-behind."""
        target = behind(db)
        end = time.monotonic() + seconds
        while target is not None and not reached(db, target):
            if time.monotonic() > end:
                error = FhirError("search-words-behind")
                error.headers["Retry-After"] = str(max(1, round(seconds)))
                raise error
            await self._submit(self.work)

    async def _keep(self, db: sqlite3.Connection) -> None:
        while True:
            await self._stir.wait()
            self._stir.clear()
            try:
                quiet = await self._quiet()
                while behind(db) is not None:
                    await self._submit(self.work)
                    await asyncio.sleep(PAUSE)
                    if quiet and self._rest() > 0:  # writers come first again
                        quiet = await self._quiet()
            except (FhirError, sqlite3.Error) as error:
                # A full disk, a busy file: the marks are still there.
                structlog.get_logger("fhir_server").warning(
                    "words not indexed yet", error=type(error).__name__
                )
                await asyncio.sleep(RETRY)
                self._stir.set()

    async def _quiet(self) -> bool:
        """Wait until nothing was written for a moment; False where patience came to its end."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            rest = self._rest()
            if rest <= 0:
                return True
            await asyncio.sleep(rest)
        return False

    def _rest(self) -> float:
        return self._written + QUIET - time.monotonic()

    def work(self, batch: Batch) -> None:
        """One slice, inside the transaction of the batch."""
        db, end = batch.db, time.monotonic() + SLICE
        mark = _mark(db)
        db.execute("UPDATE text_mark SET rid = ? WHERE rid > ?", (mark, mark))
        for seq, rid in db.execute(
            "SELECT seq, rid FROM text_stale ORDER BY seq LIMIT ?", (AT_ONCE,)
        ).fetchall():
            self._index(db, rid)
            db.execute("DELETE FROM text_stale WHERE seq = ?", (seq,))
            if time.monotonic() > end:
                return
        new = db.execute(
            "SELECT rid FROM resource WHERE rid > ? ORDER BY rid LIMIT ?", (mark, AT_ONCE)
        )
        for (rid,) in new.fetchall():
            self._index(db, rid)
            mark = rid
            if time.monotonic() > end:
                break
        db.execute("UPDATE text_mark SET rid = ?", (mark,))

    def _index(self, db: sqlite3.Connection, rid: int) -> None:
        """Replace the words of one resource."""
        old = db.execute("SELECT doc, words FROM text WHERE rid = ?", (rid,)).fetchall()
        delete = "INSERT INTO text_index (text_index, rowid, words) VALUES ('delete', ?, ?)"
        for doc, words in old:
            db.execute(delete, (doc, words))
            db.execute("DELETE FROM text WHERE doc = ?", (doc,))
        row = db.execute("SELECT type, body FROM resource WHERE rid = ?", (rid,)).fetchone()
        if row is None or row[1] is None:
            return
        for code, words in dict.fromkeys(self._words(row[1])):
            pid = self._params.make(db, row[0], code)
            cursor = db.execute(
                "INSERT INTO text (rid, pid, words) VALUES (?, ?, ?)", (rid, pid, words)
            )
            db.execute(
                "INSERT INTO text_index (rowid, words) VALUES (?, ?)", (cursor.lastrowid, words)
            )

    def _words(self, body: bytes) -> list[tuple[str, str]]:
        try:
            return list(self._texts(decode_stored(body)))
        except Exception:
            # One resource that nobody can read must not keep all others from being found.
            structlog.get_logger("fhir_server").exception("words of a resource not made")
            return []


def _mark(db: sqlite3.Connection) -> int:
    """The row up to which all is done; not above the last row, whose number may come again."""
    query = "SELECT min((SELECT rid FROM text_mark), (SELECT coalesce(max(rid), 0) FROM resource))"
    return int(db.execute(query).fetchone()[0])
