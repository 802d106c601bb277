"""A write decides on what is there, and decides again where another writer was faster."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

from ..storage.base import Change, Conflict, Guard
from .call import Call, Reply
from .provenance import commit
from .writing import pause

# Writers of one resource in this process queue here instead of colliding in the store.
_queues: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()


@dataclass(slots=True)
class Decision:
    """What a write comes to as things stand: the answer, once the changes are committed."""

    reply: Reply
    changes: Sequence[Change] = ()
    guards: Sequence[Guard] = ()


def queue(resource_type: str, name: str) -> asyncio.Lock:
    """The lock of one resource or condition; it lives while somebody holds or awaits it."""
    lock = _queues.get((resource_type, name))
    if lock is None:
        lock = _queues[(resource_type, name)] = asyncio.Lock()
    return lock


async def carry_out(call: Call, decide: Callable[[], Awaitable[Decision]]) -> Reply:
    """Conditions and versions hold at the moment of the commit.

    Errors: those of `decide` and of the store, write-contended.
    """
    for attempt in range(1, 100):
        decision = await decide()
        try:
            if decision.changes:
                await commit(call, decision.changes, decision.guards)
        except Conflict:
            await pause(attempt)
            continue
        return decision.reply
    raise AssertionError("pause() ends the loop")


async def carry_out_in_turn(
    call: Call, name: str, decide: Callable[[], Awaitable[Decision]]
) -> Reply:
    """`name`: the id of the resource, or the criteria, that other writers may also be at."""
    lock = queue(call.resource_type, name)
    async with lock:
        return await carry_out(call, decide)
