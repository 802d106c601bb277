"""What a batch demands of the state it is written on, held and checked inside its transaction."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from pymongo import UpdateOne

from ..base import Change, Guard, Requirement, Unreferenced
from .layout import Collections
from .pointers import find_pointers

# Does a guard's plan find something now, inside the transaction? Its (type, id).
Find = Callable[[Guard, Any], Awaitable[tuple[str, str] | None]]
# Documents that stand for a resource: what comes to point to it touches one of them, what deletes
# it touches all. So the many who refer to one hospital seldom meet, and a deletion meets them all.
STRIPES = 16


async def hold(collections: Collections, requirements: Sequence[Requirement], session: Any) -> None:
    """Touch the documents of the conditions: of two transactions that touch the same one, one has
    to start again and then sees what the other wrote."""
    names = {name for each in requirements for name in _names(each)}
    # In one order, lest two batches hold each other's conditions.
    keys = sorted(hashlib.sha256(name.encode()).hexdigest() for name in names)
    touch = {"$inc": {"held": 1}, "$currentDate": {"at": True}}
    updates: list[Any] = [UpdateOne({"_id": key}, touch, upsert=True) for key in keys]
    if updates:
        await collections.guards().bulk_write(updates, session=session)


def _names(each: Requirement) -> Iterator[str]:
    if isinstance(each, Guard):
        yield each.key
    elif isinstance(each, Unreferenced):
        if each.strict:
            yield from (f"{t}/{id}#{n}" for t, id in each.targets for n in range(STRIPES))
    else:
        yield from (f"{t}/{id}#{random.randrange(STRIPES)}" for t, id in each.targets)


async def broken(
    collections: Collections,
    each: Requirement,
    changes: Sequence[Change],
    find: Find,
    session: Any,
) -> tuple[str, str, str] | None:
    """The arguments of the Conflict where a condition does not hold."""
    if isinstance(each, Guard):
        found, name = await find(each, session), each.key
    elif isinstance(each, Unreferenced):
        found, name = await referrer(collections, each, changes, session), "unreferenced"
    else:
        found, name = await _absent(collections, each.targets, session), "present"
    return (*found, name) if found is not None else None


async def referrer(
    collections: Collections, each: Unreferenced, changes: Sequence[Change], session: Any = None
) -> tuple[str, str] | None:
    """Something outside of the batch that points to a target."""
    own = {(change.resource_type, change.id) for change in changes}
    where = (collections, each.params, each.targets, len(own) + 1)
    found = await find_pointers(*where, session)
    return next((key for key in found if key not in own), None)


async def _absent(
    collections: Collections, targets: Sequence[tuple[str, str]], session: Any
) -> tuple[str, str] | None:
    by_type: dict[str, list[str]] = {}
    for resource_type, id in targets:
        by_type.setdefault(resource_type, []).append(id)
    for resource_type, ids in by_type.items():
        live = {"_id": {"$in": ids}, "deleted": False}
        cursor = collections.current(resource_type).find(live, {"_id": 1}, session=session)
        there = {row["_id"] for row in await cursor.to_list(None)}
        for id in ids:
            if id not in there:
                return resource_type, id
    return None
