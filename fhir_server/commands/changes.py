"""`fhir-server changes`: the change feed as NDJSON. Spec: docs/changes.md, storage/feed.py"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..errors import FhirError
from ..model.dates import instant
from ..model.json import encode
from ..storage.base import Committed, Feed, Store
from .stores import opened

Json = dict[str, Any]
IDLE = 1.0  # seconds without a change after which a run that does not follow ends
RETRY = 1.0  # seconds between two looks whether the store is back
KEEP_EACH = 1.0  # seconds between two writes of the token that is kept
KEEP_IDLE = 60.0  # the same while nothing comes: the token goes on, lest its place is forgotten
NOTE = "feed:"


class Taken(Exception):
    """Another process keeps the token of the same name."""


@dataclass
class Printer:
    """Prints changes; `keep` names the note that holds how far it came.

    What was printed but not yet noted when the process ends is printed again by the next: every
    change at least once.
    """

    store: Store
    say: Callable[[str], None]
    warn: Callable[[str], None]
    keep: str = ""
    resources: bool = False
    _kept: Json | None = field(default=None, init=False)
    _at: float = field(default=0.0, init=False)

    async def start(self, after: str) -> Feed:
        """Errors: feed-token, feed-gone, feed-not-supported, store-down, Taken."""
        if self.keep:
            self._kept = await self.store.note(NOTE + self.keep)
            after = after or (self._kept or {}).get("token", "")
        feed = self.store.changes(after)
        await feed.open()
        await self._note(feed.token)
        return feed

    async def run(self, feed: Feed, *, follow: bool) -> None:
        """Until nothing comes, or forever."""
        told = False
        while True:
            try:
                found = await feed.next(IDLE)
                if found is not None:
                    self.say(encode(await self._line(found)).decode())
                elif not follow:
                    return
                told = told or found is not None
                if time.monotonic() - self._at > (KEEP_EACH if told else KEEP_IDLE):
                    await self._note(feed.token)
                    told = False
            except FhirError as error:
                if error.code != "store-down" or not follow:
                    raise
                self.warn("存储不可用，稍后继续 / the store is down; going on when it is back")
                await asyncio.sleep(RETRY)

    async def finish(self, feed: Feed) -> None:
        with contextlib.suppress(FhirError):  # the store is down: the last token stands
            await self._note(feed.token)

    async def _line(self, found: Committed) -> Json:
        line: Json = {
            "kind": found.kind,
            "type": found.resource_type,
            "id": found.id,
            "version": found.version,
            "time": instant(found.updated),
            "token": found.token,
        }
        if self.resources and found.kind in ("create", "update"):
            version = await self.store.version(found.resource_type, found.id, found.version)
            line["resource"] = version.resource if version else None
        return line

    async def _note(self, token: str) -> None:
        self._at = time.monotonic()
        value = {"token": token}
        if not self.keep or value == self._kept:
            return
        if not await self.store.set_note(NOTE + self.keep, value, instead_of=self._kept):
            raise Taken(self.keep)
        self._kept = value


async def position(store: Store) -> str:
    """The token of this moment."""
    async with opened(store), store.changes() as feed:
        return feed.token


async def print_changes(printer: Printer, after: str, *, follow: bool) -> None:
    """Errors: as of `Printer.start`."""
    async with opened(printer.store), await printer.start(after) as feed:
        try:
            await printer.run(feed, follow=follow)
        finally:
            await printer.finish(feed)
