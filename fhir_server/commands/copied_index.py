"""The index of a copy: entries also of the search parameters that clients added to the source.

The note of the copy says by which of them its entries were made. Where they changed on the way, the
types they belong to are indexed anew by the first server that opens the copy, and a search by them
waits for it; else they can be used at once.
"""

from __future__ import annotations

from typing import Any

from ..errors import FhirError
from ..exchange.call import Service
from ..exchange.index_note import NOTE
from ..exchange.indexing import IndexingStore
from ..exchange.upkeep import Chosen, Upkeep, prints_of
from ..model.json import canonical
from ..storage.base import Store
from ..storage.plan import Plan

Json = dict[str, Any]


class CopiedIndex:
    """Makes the entries of what is copied; `service` is one around neither of the two stores."""

    def __init__(self, service: Service) -> None:
        self._registry, self._indexer = service.registry, service.indexer

    def entries(self, resource: Json) -> Any:
        return self._indexer.entries(resource)

    async def begin(self, source: Store) -> str:
        """Index by the parameters that the source has now; their names and fingerprints as text."""
        chosen = await self._of(source).wanted()
        self._registry.use(chosen.wanted, {})
        return self._text(chosen)

    async def settle(self, target: Store, made_by: str | None) -> None:
        """What the servers of the target will find about its index. `made_by`: what `begin` said
        whenever something was copied, None where it said different things."""
        before = await target.note(NOTE) or {"epoch": 0}
        upkeep = self._of(target)
        note, chosen = await upkeep.announce()
        types = {t for each in chosen.wanted.values() for t in self._registry.types_of(each)}
        if self._text(chosen) != made_by:
            if types:
                await upkeep.ask(sorted(types))
            return
        for name, row in note["types"].items():
            if row["epoch"] > before["epoch"]:
                await upkeep.note.finish(name, row["epoch"], await _count(target, name))

    def _of(self, store: Store) -> Upkeep:
        return Upkeep(IndexingStore(store, self._indexer), self._registry)

    def _text(self, chosen: Chosen) -> str:
        prints = prints_of(self._registry, chosen.wanted)
        return canonical({url: text for url, (text, _) in prints.items()})


async def _count(store: Store, resource_type: str) -> int:
    """For who looks at the progress; 0 where counting would take too long."""
    try:
        page = await store.search(Plan(resource_type, limit=0, total=True))
    except FhirError as error:
        if error.code != "search-too-costly":
            raise
        return 0
    return page.total or 0
