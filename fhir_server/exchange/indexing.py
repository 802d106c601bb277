"""A store to which resources go with the index entries of the moment they are written.

Every write comes through here, and entries that were made before a parameter came are made again,
so that no write can miss a search parameter that this process knows of.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Coroutine, Sequence
from typing import Any, Protocol

from ..search import Indexer
from ..storage.base import Change, Page, Requirement, Store, Stored
from ..storage.plan import Plan


class Keeper(Protocol):
    """Who has to know of writes; see upkeep.py."""

    def before(self) -> Awaitable[None] | None:
        """Awaited before each write."""

    def check(self, changes: Sequence[Change]) -> None:
        """Refuses SearchParameters that cannot work."""

    async def after(self) -> None:
        """SearchParameters were written."""


class IndexingStore:
    """Passes everything on to `inner`, writes with their entries."""

    def __init__(self, inner: Store, indexer: Indexer) -> None:
        self.inner, self.indexer = inner, indexer
        self.keeper: Keeper | None = None
        self._under_way: set[object] = set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    # What is called most often goes the short way.

    def current(self, resource_type: str, id: str) -> Coroutine[Any, Any, Stored | None]:
        """As Store.current."""
        return self.inner.current(resource_type, id)

    def search(self, plan: Plan) -> Coroutine[Any, Any, Page]:
        """As Store.search."""
        return self.inner.search(plan)

    async def write(self, changes: Sequence[Change], guards: Sequence[Requirement] = ()) -> None:
        """As Store.write. Errors: also parameter-*, for SearchParameters that cannot work."""
        keeper = self.keeper
        waiting = keeper.before() if keeper is not None else None
        if waiting is not None:
            await waiting
        parameters = any(each.resource_type == "SearchParameter" for each in changes)
        if parameters and keeper is not None:
            keeper.check(changes)
        for each in changes:
            if each.resource is not None and each.indexed_by != self.indexer.generation:
                each.index = self.indexer.entries(each.resource)
        token = object()
        self._under_way.add(token)
        try:
            await self.inner.write(changes, guards)
        finally:
            self._under_way.discard(token)
        if parameters and keeper is not None:
            await keeper.after()

    async def drained(self, seconds: float) -> bool:
        """Are all writes over, in time, whose entries were made before now?"""
        deadline = time.monotonic() + seconds
        waiting = set(self._under_way)
        while waiting & self._under_way:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.005)
        return True

    async def renew(self, found: Sequence[Stored]) -> int:
        """Make the entries of resources anew; how many still had this version."""
        changes = []
        for each in found:
            entries = self.indexer.entries(each.resource)
            key = each.resource_type, each.id, each.version, each.updated
            changes.append(Change("PUT", *key, each.resource, each.body, entries))
        return await self.inner.reindex(changes)
