"""`fhir-server copy FROM TO`: everything a store holds, into another store. Spec: docs/deploy.md

All versions with their numbers and times, and the tombstones of deletions, in the order of their
times. A note in the target says how far the copy came, so that it can go on after any stop; what is
copied twice does no harm.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from ..errors import FhirError
from ..model.json import canonical
from ..storage.base import Change, HistoryPlan, Store, Stored, history_cursor
from ..storage.plan import Cursor
from .copied_index import CopiedIndex
from .progress import bar
from .stores import opened, path_of

Json = dict[str, Any]
NOTE = "copy"
PAGE = 500
# While the source is written to, a version may become visible a little after one with a later
# time. So where the target lacks some, the end of what was copied is read again.
OVERLAP = 60_000_000  # microseconds
PASSES = 5
PATIENCE = 60.0  # seconds without a store before the copy gives up
T = TypeVar("T")


class Refused(Exception):
    """The copy cannot begin, or cannot go on. The text says why, in both languages."""


def name_of(address: str) -> str:
    """What an address names, without user, password and options."""
    if address.startswith("sqlite:"):
        return f"sqlite:{path_of(address).resolve()}"
    parts = urlsplit(address)
    hosts = ",".join(sorted(parts.netloc.rpartition("@")[2].split(",")))
    return f"mongodb://{hosts}/{parts.path.strip('/') or 'fhir'}"


@dataclass
class Copier:
    """One copy. `index` makes the entries of resources, `tell` hears how many versions are read
    of how many."""

    source: Store
    target: Store
    name: str  # of the source
    index: CopiedIndex
    tell: Callable[[int, int], None]
    page: int = PAGE
    _note: Json = field(default_factory=dict, init=False)
    _kept: Json | None = field(default=None, init=False)

    async def run(self) -> None:
        """Errors: Refused, store-down."""
        await self._begin()
        total = await count(self.source)
        for number in range(PASSES):
            await self._pass(total, OVERLAP if number else 0)
            total = await count(self.source)
            if await count(self.target) >= total:
                break
        await patiently(partial(self.index.settle, self.target, self._note["indexed_by"]))
        await self._keep(done=True, holds=await count(self.target))

    async def _begin(self) -> None:
        own = await patiently(partial(self.index.begin, self.source))
        self._kept = await self.target.note(NOTE)
        holds = await count(self.target)
        if self._kept is None:
            if holds:
                raise Refused(
                    "目标中已有其他数据 / the target holds other data: copy into an empty store"
                )
            self._note = {"from": self.name, "cursor": None, "read": 0, "types": [], "done": False,
                          "indexed_by": own}  # fmt: skip
            await self._keep()
            return
        self._note = dict(self._kept)
        if self._kept["from"] != self.name:
            raise Refused(
                "目标是另一来源的副本 / the target is the copy of another store:"
                f" {self._kept['from']}"
            )
        if self._kept["done"] and holds != self._kept["holds"]:
            raise Refused(
                "上次复制之后目标中的数据已有改动 / the target was written to since it was copied"
            )
        if self._kept.get("indexed_by") != own:
            await self._keep(indexed_by=None)

    async def _pass(self, total: int, back: int) -> None:
        """All versions behind the place of the last, or from `back` before it."""
        cursor = self._note["cursor"]
        after = (cursor[0] - back, "", "", 0) if cursor and back else cursor and tuple(cursor)
        plan = HistoryPlan(ascending=True, limit=self.page, after=after)
        while True:
            page = await patiently(partial(self.source.history, plan))
            if page.matches:
                changes = [self._change(each) for each in self._tops(page.matches)]
                await patiently(partial(self.target.restore, changes))
                last = history_cursor(plan, page.matches[-1])
                await self._move(last, page.matches)
                plan = replace(plan, after=last)
            self.tell(min(self._note["read"], total), total)
            if page.after is None:
                return

    async def _move(self, last: Cursor, found: Sequence[Stored]) -> None:
        """The place of the copy never goes back."""
        cursor = self._note["cursor"]
        reached = cursor is None or tuple(cursor) < last
        news = [v for v in found if cursor is None or tuple(cursor) < _place(v)]
        types = {*self._note["types"], *(each.resource_type for each in found)}
        await self._keep(
            cursor=list(last) if reached else cursor,
            read=self._note["read"] + len(news),
            types=sorted(types),
            done=False,
        )

    async def _keep(self, **facts: Any) -> None:
        note = {**self._note, **facts}
        if note == self._kept:
            return
        if not await patiently(partial(self._set, note)):
            raise Refused("另一进程正在向此目标复制 / another process is copying into this target")
        self._note, self._kept = dict(note), note

    async def _set(self, note: Json) -> bool:
        if await self.target.set_note(NOTE, note, instead_of=self._kept):
            return True
        return await self.target.note(NOTE) == note  # the answer of an earlier try was lost

    def _tops(self, found: Sequence[Stored]) -> list[tuple[Stored, bool]]:
        """With whether it is the last of its resource on the page: only that needs entries."""
        last = {(each.resource_type, each.id): each for each in found}
        return [(each, last[each.resource_type, each.id] is each) for each in found]

    def _change(self, found: tuple[Stored, bool]) -> Change:
        each, top = found
        key = each.resource_type, each.id, each.version, each.updated
        method: Any = each.method
        if each.deleted:
            return Change("DELETE", *key)
        resource = each.resource
        return Change(
            method, *key, resource, each.body, self.index.entries(resource) if top else {}
        )

    @property
    def types(self) -> list[str]:
        return list(self._note["types"])


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Try again while a store is away, as when another server becomes primary."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return await call()
        except FhirError as error:
            if error.code != "store-down" or time.monotonic() > end:
                raise
            await asyncio.sleep(1)


def _place(found: Stored) -> Cursor:
    return found.updated, found.resource_type, found.id, found.version


async def count(store: Store, resource_type: str = "") -> int:
    page = await patiently(partial(store.history, HistoryPlan(resource_type, limit=0)))
    return page.total or 0


async def verify(source: Store, target: Store, types: Sequence[str]) -> list[tuple[str, int, int]]:
    """Versions of each type in the source and in the target."""
    return [(each, await count(source, each), await count(target, each)) for each in types]


async def compare_all(source: Store, target: Store, tell: Callable[[int], None]) -> str:
    """Read both whole, side by side; the first version that differs, "" where none does."""
    plan, read = HistoryPlan(ascending=True, limit=PAGE), 0
    while True:
        here = await patiently(partial(source.history, plan))
        there = await patiently(partial(target.history, plan))
        for one, other in zip(here.matches, there.matches, strict=False):
            if _whole(one) != _whole(other):
                return f"{one.resource_type}/{one.id}/_history/{one.version}"
        if len(here.matches) != len(there.matches):
            return "…"
        read += len(here.matches)
        tell(read)
        if here.after is None:
            return ""
        plan = replace(plan, after=history_cursor(plan, here.matches[-1]))


def _whole(found: Stored) -> tuple[Any, ...]:
    content = "" if found.deleted else canonical(found.resource)
    return (*_place(found), found.method, content)


async def copy_store(
    stores: tuple[Store, Store],
    addresses: tuple[str, str],
    index: CopiedIndex,
    console: Console,
    *,
    compare: bool,
    page: int,
) -> str:
    """Copy with a progress bar, then a table of counts; what differs at the end, "" for nothing.

    Errors: Refused, store-down.
    """
    source, target = stores
    name, other = map(name_of, addresses)
    if name == other:
        raise Refused("来源与目标相同 / source and target are the same")
    async with opened(source), opened(target):
        with bar(console) as progress:
            task = progress.add_task("复制 Copying", total=None)
            copier = Copier(
                source,
                target,
                name,
                index,
                lambda read, total: progress.update(task, completed=read, total=total),
                page,
            )
            await copier.run()
        counts = await verify(source, target, copier.types)
        console.print(_table(counts))
        differs = next(
            (f"{each[0]} {each[1]} / {each[2]}" for each in counts if each[1] != each[2]), ""
        )
        if compare and not differs:
            with bar(console) as progress:
                task = progress.add_task("核对 Comparing", total=sum(each[1] for each in counts))
                differs = await compare_all(
                    source, target, lambda read: progress.update(task, completed=read)
                )
        return differs


def _table(counts: Sequence[tuple[str, int, int]]) -> Table:
    table = Table(title="版本数 / versions", title_justify="left")
    for head in ("类型 type", "来源 source", "目标 target"):
        table.add_column(head)
    for each in counts:
        table.add_row(each[0], str(each[1]), str(each[2]))
    return table
