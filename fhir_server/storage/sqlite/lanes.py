"""Searches that an index does not bound, in threads of their own: a quick lane and a slow one.

A search that is too long for the event loop goes to the quick lane, where it may take a fraction
of a second; one that takes longer starts again in the slow lane, with the whole time there is for
a search. So a slow search holds up others of its kind only. What proved slow once goes to the slow
lane at once. Each lane has a bounded queue.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ...errors import FhirError, define
from .budget import Budget, interrupted

T = TypeVar("T")
Work = Callable[[sqlite3.Connection, Budget], T]

QUICK_SECONDS = 0.3
THREADS = 2  # of each lane
WAITING = 32  # searches that wait for a thread of a lane
REMEMBERED = 1000  # searches that proved slow
NICE = 5  # the slow lane steps back behind the event loop, in the units of nice(1)
LOOKS_A_ROW = 0.01  # SQLite takes about 50 steps for a row; see budget.STEPS

define(
    "search-busy", "throttled", 503,
    "服务器正忙于其他耗时检索，请稍后再试，或用患者、标识号、日期等参数缩小检索范围",
    "the server is busy with other long searches; try again later, or narrow the search by a"
    " parameter such as patient, identifier or a date",
)  # fmt: skip


class Lane:
    """Some threads with a connection each."""

    def __init__(self, name: str, connect: Callable[[], sqlite3.Connection], *, nice: int) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix=f"sqlite-{name}")
        self._local = threading.local()
        self._connect, self._nice = connect, nice
        self._connections: list[sqlite3.Connection] = []
        self._running: list[Budget] = []

    async def run(self, work: Work[T], budget: Budget, seconds: float, patience: float) -> T:
        """Units: it may wait for a thread for `patience` seconds, and then take `seconds`.

        Errors: search-busy; SQLite's interruption.
        """
        if len(self._running) >= THREADS + WAITING:
            raise busy(patience)
        self._running.append(budget)
        future = self._pool.submit(self._work, work, budget, seconds)
        # What waits for longer than it may take is given up; what runs cannot be cancelled so.
        end = asyncio.get_running_loop().call_later(patience, future.cancel)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if budget.deadline == float("inf") and not _cancelling():  # it never began
                raise busy(patience) from None
            budget.cancelled = True
            raise
        finally:
            end.cancel()
            self._running = [each for each in self._running if each is not budget]

    def _work(self, work: Work[T], budget: Budget, seconds: float) -> T:
        db = self._connection()
        budget.deadline = time.monotonic() + seconds
        with budget.on(db):
            return work(db, budget)

    def _connection(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            if self._nice:
                with contextlib.suppress(OSError, AttributeError):
                    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), self._nice)
            db = self._local.db = self._connect()
            self._connections.append(db)
        return db

    def close(self) -> None:
        for budget in self._running:
            budget.cancelled = True
        self._pool.shutdown(wait=True)
        for each in self._connections:
            each.close()


def _cancelling() -> bool:
    """The caller itself is to end."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class Lanes:
    """Spec: a search begins within `seconds` in each lane, or ends with search-busy; it ends within
    `seconds` of its beginning, or with search-too-costly."""

    def __init__(
        self, connect: Callable[[], sqlite3.Connection], *, seconds: float, rows: int
    ) -> None:
        self._quick = Lane("quick", connect, nice=0)
        self._slow = Lane("slow", connect, nice=NICE)
        self._seconds, self._looks = seconds, max(1, int(rows * LOOKS_A_ROW))
        self._known_slow: dict[Hashable, None] = {}

    async def run(self, key: Hashable, work: Work[T]) -> T:
        """`key`: equal for searches that cost the same. Errors: search-too-costly, search-busy."""
        most = self._seconds
        try:
            if key not in self._known_slow:
                try:
                    return await self._quick.run(
                        work, Budget(self._looks), min(QUICK_SECONDS, most), most
                    )
                except sqlite3.Error as error:
                    if not interrupted(error):
                        raise
                    self._remember(key)
            return await self._slow.run(work, Budget(self._looks), most, most)
        except sqlite3.Error as error:
            if interrupted(error):
                raise FhirError("search-too-costly") from error
            raise

    def _remember(self, key: Hashable) -> None:
        if len(self._known_slow) >= REMEMBERED:
            del self._known_slow[next(iter(self._known_slow))]
        self._known_slow[key] = None

    def close(self) -> None:
        self._quick.close()
        self._slow.close()


def busy(seconds: float) -> FhirError:
    error = FhirError("search-busy")
    error.headers["Retry-After"] = str(max(1, round(seconds)))
    return error
