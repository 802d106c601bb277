"""Index entries of what is in the store made anew, in the background.

One process of the store does it, a type at a time. Where it has come to lies in the note, so that
after a kill any process goes on from there.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

import structlog

from ..errors import FhirError
from ..storage.base import Page, Stored
from ..storage.plan import Cursor, Plan
from .index_note import unfinished
from .upkeep import POLL, Upkeep

Json = dict[str, Any]
BATCH = 25  # resources between two turns of the event loop: some milliseconds
CLOSING = 5.0  # seconds that a step under way may take when the server ends
TOLD = 0.5  # seconds between two notes of the progress
log = structlog.get_logger("fhir_server.search")


class Reindexer:
    """Runs behind the requests from `open` to `close`."""

    def __init__(self, upkeep: Upkeep) -> None:
        self._upkeep, self._note, self._store = upkeep, upkeep.note, upkeep.store
        self._running: asyncio.Task[None] | None = None
        self._closing = False

    async def open(self) -> None:
        await self._upkeep.open()
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        # Asked, not cancelled: a driver may take a cancellation in the middle of an operation for
        # its own, and go on.
        self._closing = True
        self._upkeep.wake.set()
        if self._running is not None:
            done, _ = await asyncio.wait([self._running], timeout=CLOSING)
            if not done:
                self._running.cancel()
        await self._upkeep.close()

    async def _run(self) -> None:
        while not self._closing:
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._upkeep.wake.wait()
            self._upkeep.wake.clear()
            try:
                await self._upkeep.look()
                await self._work()
            except FhirError as error:
                log.warning("search index not looked after", code=error.code)
            except Exception:
                log.exception("search index not looked after")

    async def _work(self) -> None:
        """Go through all types that are asked for, if no other process does."""
        while not self._closing and (types := unfinished(note := await self._note.read())):
            row = note["types"][types[0]]
            if self._upkeep.epoch < row["epoch"] or await self._upkeep.laggards(row["epoch"]):
                return  # looked at again soon
            if not await self._note.take() or not await self._pass(types[0], row):
                return
            await self._upkeep.look()

    async def _pass(self, resource_type: str, row: Json) -> bool:
        """Make the entries of all resources of a type anew, from where the note says.

        False where another process has taken over, or the server ends.
        """
        epoch, done, told = row["epoch"], row["done"], time.monotonic()
        after: Cursor | None = tuple(row["cursor"]) if row["cursor"] else None
        if row["total"] is None:
            total = await self._count(resource_type)
            if not await self._note.tell(resource_type, epoch, total=total):
                return False
        while True:
            began = time.monotonic()
            page = await self._store.search(Plan(resource_type, limit=BATCH, after=after))
            await self._renew(page.matches)
            done, after = done + len(page.matches), page.after
            if after is None:
                await self._note.finish(resource_type, epoch, done)
                return True
            if self._closing or time.monotonic() > told + TOLD:
                told = time.monotonic()
                await self._upkeep.look()
                at = {"done": done, "cursor": [*after]}
                if not await self._note.tell(resource_type, epoch, **at):
                    return await self._note.take()
                if self._closing:
                    return False
            # Half of the time of this process stays for requests.
            await asyncio.sleep(min(time.monotonic() - began, 0.1))

    async def _count(self, resource_type: str) -> int | None:
        try:
            page: Page = await self._store.search(Plan(resource_type, limit=0, total=True))
        except FhirError as error:
            if error.code != "search-too-costly":
                raise
            return None
        return page.total

    async def _renew(self, found: list[Stored]) -> None:
        """One resource that cannot be indexed keeps its entries, and holds up no other."""
        if not found:
            return
        try:
            await self._store.renew(found)
        except FhirError:
            raise
        except Exception:
            if len(found) == 1:
                log.exception("not indexed anew", type=found[0].resource_type, id=found[0].id)
                return
            for each in found:
                await self._renew([each])
