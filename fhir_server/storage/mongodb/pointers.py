"""Who points to a resource, and which values a parameter has."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from ..plan import KINDS, Kind, Value
from .documents import Json
from .driver import settle
from .layout import AT_ONCE, Collections
from .lower import references
from .matching import some


async def find_pointers(
    collections: Collections,
    params: Mapping[str, Sequence[str]],
    targets: Sequence[tuple[str, str]],
    limit: int,
    session: Any = None,
) -> list[tuple[str, str]]:
    """With a session one after the other, inside of its transaction."""
    by_type: dict[str, list[str]] = {}
    for target, id in targets:
        by_type.setdefault(target, []).append(id)
    gate = asyncio.Semaphore(1 if session else AT_ONCE)

    async def find(resource_type: str, codes: Sequence[str]) -> list[tuple[str, str]]:
        # One condition for all parameters that matter: the index of references serves it.
        either = some([references(c, t, ids) for c in codes for t, ids in by_type.items()])
        async with gate:
            target = collections.current(resource_type)
            live = {**either, "deleted": False}
            cursor = target.find(live, {"_id": 1}, session=session).limit(limit)
            return [(resource_type, each["_id"]) for each in await cursor.to_list(None)]

    # A collection that is not there gives nothing; only of many is it worth to ask first.
    there = await collections.names() if len(params) > AT_ONCE else params.keys()
    found = await asyncio.gather(*(find(t, codes) for t, codes in params.items() if t in there))
    return [each for one in found for each in one][:limit]


async def find_values(
    collections: Collections,
    resource_types: Sequence[str],
    kind: Kind,
    code: str,
    limit: int,
    milliseconds: int,
) -> list[tuple[Value, ...]]:
    there = await collections.names()
    entry, fields = f"index.{kind}", KINDS[kind]
    out: dict[tuple[Value, ...], None] = {}
    stages: list[Json] = [
        {"$match": {f"{entry}.code": code}},
        {"$unwind": f"${entry}"},
        {"$match": {f"{entry}.code": code}},
        {"$group": {"_id": {field: f"${entry}.{field}" for field in fields}}},
        {"$limit": limit},
    ]
    for each in resource_types:
        if each not in there or len(out) >= limit:
            continue
        target: Any = collections.current(each)
        cursor = await settle(target.aggregate(stages, maxTimeMS=milliseconds))
        for row in await cursor.to_list(None):
            out[tuple(row["_id"][field] for field in fields)] = None
    return list(out)[:limit]
