"""Jobs: requests whose client does not wait for the answer.

What becomes of a job stands in the store, so every process of the server knows it and a restart
loses nothing: the note `async` lists the jobs, and each result has a note of its own. The process
that runs a job renews its entry while it lives; an entry that nobody renews is a job that died.

Spec: http://hl7.org/fhir/R4/async.html
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from secrets import token_hex
from typing import TypeAlias

import structlog

from ..errors import FhirError, define
from ..storage.base import Store
from .call import Json, Reply
from .results import failed, pack, size_of, unpack
from .writing import pause

define(
    "async-unknown", "not-found", 404,
    "没有此异步任务：已取消、结果已过期，或从未有过",
    "no such job: it was cancelled, its result has expired, or it never was",
)  # fmt: skip
define(
    "async-busy", "throttled", 429,
    "正在运行的异步任务已达上限（{limit}），请稍后再试",
    "as many jobs as allowed ({limit}) are running; try again later",
)  # fmt: skip
define(
    "async-interrupted", "incomplete", 500,
    "任务运行中服务器停止，任务未完成：事务要么全部生效要么全部未生效，批处理可能部分生效，请查询后重发",
    "the server stopped while this job was running: a transaction is done whole or not at all, a"
    " batch maybe in part; look, and send it again",
)  # fmt: skip
log = structlog.get_logger("fhir_server.jobs")
Work: TypeAlias = Callable[["Progress"], Awaitable[Reply]]
Listed: TypeAlias = dict[str, Json]  # by id

LIST = "async"
KEPT = 200  # results; beyond it the oldest make room
KEPT_BYTES = 256 * 1024 * 1024
# Units: seconds. Between two signs of life; after which a silent job counts as dead (clocks of
# several machines may differ by the half of it); for jobs to end when the server stops.
BEAT, SILENT, GRACE = 3.0, 20.0, 5.0
TRIES = 20


@dataclass(frozen=True, slots=True)
class Running:
    """How long a job has been running, in seconds, and how far it is."""

    seconds: int
    progress: str


class Progress:
    """How far a job is, as it says itself: `120 of 300`. Empty where it cannot tell."""

    __slots__ = ("text",)

    def __init__(self) -> None:
        self.text = ""

    def __call__(self, done: int, total: int) -> None:
        self.text = f"{done} of {total}"


class Jobs:
    """The jobs of a server on one store. `limit` counts those that run in all its processes.

    Shape of an entry of the list: {"state": "running", "started", "beat", "progress"}, then
    {"state": "ended" or "interrupted", "ends", "bytes"}. Units: `keep` (from the end of a job),
    `beat` and `silent` in seconds; moments in milliseconds since 1970.
    """

    def __init__(
        self,
        store: Store,
        *,
        limit: int = 8,
        keep: float = 3600,
        beat: float = BEAT,
        silent: float = SILENT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._limit, self._clock = store, limit, clock
        self._keep, self._silent = int(keep * 1000), int(silent * 1000)
        self._beat = beat
        self._lock = asyncio.Lock()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._progress: dict[str, Progress] = {}
        self._heart: asyncio.Task[None] | None = None

    # --- what a client asks for

    async def start(self, work: Work) -> str:
        """Run it from now on; the id of the job. Errors: async-busy, store-down."""
        id = token_hex(16)
        await self._make_room()

        def enter(jobs: Listed) -> None:
            now = self._now()
            if sum(self._runs(job, now) for job in jobs.values()) >= self._limit:
                raise FhirError("async-busy", limit=self._limit)
            jobs[id] = {"state": "running", "started": now, "beat": now}

        await self._change(enter)
        self._progress[id] = Progress()
        self._tasks[id] = asyncio.create_task(self._run(id, work))
        if self._heart is None or self._heart.done():
            self._heart = asyncio.create_task(self._live())
        return id

    async def wait(self, id: str, seconds: float) -> bool:
        """Does this job of this process end within that time?"""
        task = self._tasks.get(id)
        if task is not None:
            await asyncio.wait({task}, timeout=seconds)
        return task is None or task.done()

    async def look(self, id: str) -> Reply | Running:
        """The result of a job, or how far it is.

        Errors: async-unknown, async-interrupted, and the one with which the job has failed.
        """
        now = self._now()
        job = (await self._store.note(LIST) or {}).get(id)
        if job is None or self._expired(job, now):
            raise FhirError("async-unknown")
        if self._runs(job, now):
            own = self._progress.get(id)
            text = own.text if own is not None else job.get("progress", "")
            return Running((now - job["started"]) // 1000, text)
        if job["state"] != "ended":
            raise FhirError("async-interrupted")
        kept = await self._store.note(_result(id))
        if kept is None:
            raise FhirError("async-unknown")
        reply = await unpack(kept)
        reply.headers["Expires"] = formatdate(job["ends"] // 1000, usegmt=True)
        return reply

    async def cancel(self, id: str) -> None:
        """Stop it where it runs, and forget its result. Errors: async-unknown."""

        def leave(jobs: Listed) -> None:
            if id not in jobs or self._expired(jobs[id], self._now()):
                raise FhirError("async-unknown")
            del jobs[id]

        await self._change(leave)
        await self._stop(id)
        await self._store.drop_note(_result(id))

    async def close(self) -> None:
        """End with the server: short jobs are waited for, the others are marked."""
        if self._tasks:
            await asyncio.wait(set(self._tasks.values()), timeout=GRACE)
        left = list(self._tasks)
        for id in left:
            await self._stop(id)
        if self._heart is not None:
            self._heart.cancel()

        def mark(jobs: Listed) -> None:
            for id in left:
                if id in jobs and jobs[id]["state"] == "running":
                    jobs[id] = {"state": "interrupted", "ends": self._now() + self._keep}

        if left:
            with suppress(FhirError):  # where the store is gone too, silence says it
                await self._change(mark)

    # --- the life of a job

    async def _run(self, id: str, work: Work) -> None:
        try:
            try:
                packed = await pack(await work(self._progress[id]))
            except FhirError as error:
                packed = failed(error)
            except Exception:
                log.exception("job failed")
                packed = failed(FhirError("internal"))
            await self._end(id, packed)
        finally:
            del self._tasks[id], self._progress[id]

    async def _end(self, id: str, packed: Json) -> None:
        """Keep the result; a store that is out of reach is worth some patience."""

        def end(jobs: Listed) -> None:
            if id in jobs:
                ends = self._now() + self._keep
                jobs[id] = {"state": "ended", "ends": ends, "bytes": size_of(packed)}

        for _ in range(TRIES):
            try:
                await self._store.set_note(_result(id), packed, instead_of=None)
                if id not in await self._change(end):  # another process has cancelled it
                    await self._store.drop_note(_result(id))
                return
            except FhirError as error:
                log.warning("result not kept yet", code=error.code)
                await asyncio.sleep(self._beat)
        log.error("result lost")

    async def _stop(self, id: str) -> None:
        task = self._tasks.get(id)
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _live(self) -> None:
        """Signs of life of the jobs of this process, as long as there are any."""
        while self._tasks:
            await asyncio.sleep(self._beat)
            try:
                await self._renew()
            except FhirError as error:
                log.warning("no sign of life", code=error.code)

    async def _renew(self) -> None:
        running = dict(self._progress)

        def renew(jobs: Listed) -> None:
            for id, progress in running.items():
                if id in jobs and jobs[id]["state"] == "running":
                    jobs[id] |= {"beat": self._now(), "progress": progress.text}

        jobs = await self._change(renew)
        for id in running.keys() - jobs.keys():  # cancelled in another process
            await self._stop(id)
            await self._store.drop_note(_result(id))

    # --- the list

    async def _change(self, edit: Callable[[Listed], None]) -> Listed:
        """Edit the list, again where another process was first. Errors: write-contended."""
        async with self._lock:
            for attempt in itertools.count(1):
                old = await self._store.note(LIST)
                new = {id: dict(job) for id, job in (old or {}).items()}
                edit(new)
                if new == (old or {}) or await self._store.set_note(LIST, new, instead_of=old):
                    break
                await pause(attempt)
            return new

    async def _make_room(self) -> None:
        """Forget what has expired, and the oldest results where there are too many."""
        jobs, now = await self._store.note(LIST) or {}, self._now()
        gone = [id for id, job in jobs.items() if self._expired(job, now)]
        ended = [id for id, job in jobs.items() if id not in gone and not self._runs(job, now)]
        ended.sort(key=lambda id: int(jobs[id].get("ends", 0)), reverse=True)
        size = sum(int(jobs[id].get("bytes", 0)) for id in ended)
        while len(ended) >= KEPT or size > KEPT_BYTES:
            gone.append(ended.pop())
            size -= int(jobs[gone[-1]].get("bytes", 0))
        for id in gone:  # before it leaves the list, or nobody would know of it
            await self._store.drop_note(_result(id))

        def leave(jobs: Listed) -> None:
            for id in gone:
                jobs.pop(id, None)

        if gone:
            await self._change(leave)

    def _now(self) -> int:
        return int(self._clock() * 1000)

    def _runs(self, job: Json, now: int) -> bool:
        return bool(job["state"] == "running" and now - job["beat"] < self._silent)

    def _expired(self, job: Json, now: int) -> bool:
        ends = job.get("ends", job.get("beat", 0) + self._silent + self._keep)
        return bool(now >= ends)


def _result(id: str) -> str:
    return f"async/{id}"
