"""History: the current versions beside the older ones, in one aggregation over all collections.

The aggregation yields the names of the versions of a page, which indexes hold; their documents are
read afterwards. Spec of behaviour: `HistoryPlan` in storage/base.py
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..base import HistoryPlan, Page, Stored, history_page
from ..plan import Cursor
from .documents import FIELDS, Json, past_key, unpack
from .driver import settle
from .layout import HISTORY, Collections

# Up to so many versions a copy that an unfinished update left in the history is found and not
# counted; beyond that the few there may be are not worth the work.
EXACT = 50_000
KEY = {"type": "$type", "id": "$id", "version": "$version"}
FIRST = {name: {"$first": f"${name}"} for name in ("type", "id", "version", "updated")}
NAMES = {"resource_type": "type", "id": "id", "version": "version", "updated": "updated"}


async def read_history(collections: Collections, plan: HistoryPlan, milliseconds: int) -> Page:
    types = [plan.resource_type] if plan.resource_type else sorted(await collections.names())
    if not types:
        return Page([], None, 0 if plan.total or not plan.limit else None)
    total = None
    if plan.total or not plan.limit:
        total = await _count(collections, plan, types, milliseconds)
    if not plan.limit:
        return Page([], None, total)
    way = 1 if plan.ascending != plan.backward else -1
    tail: list[Json] = [
        # A version that is also in the history, after an update that was cut short.
        {"$group": {"_id": KEY, **FIRST}},
        {"$sort": {NAMES[name]: way for name in plan.order}},
        {"$limit": plan.limit + 1},
    ]
    keys = await _run(collections, plan, types, tail, milliseconds)
    return history_page(plan, await _documents(collections, keys), total)


async def _run(
    collections: Collections, plan: HistoryPlan, types: Sequence[str], tail: list[Json], ms: int
) -> list[Json]:
    """All branches one after the other, then the tail."""
    paged = "$limit" in tail[-1]
    branches = [
        (name, _branch(plan, each, past=past, paged=paged))
        for each in types
        for name, past in ((each, False), (each + HISTORY, True))
    ]
    (_, first), *others = branches
    unions = [{"$unionWith": {"coll": name, "pipeline": stages}} for name, stages in others]
    target: Any = collections.current(types[0])
    stages = [*first, *unions, *tail]
    cursor = await settle(target.aggregate(stages, allowDiskUse=True, maxTimeMS=ms))
    found: list[Json] = await cursor.to_list(None)
    return found


def _branch(plan: HistoryPlan, resource_type: str, *, past: bool, paged: bool) -> list[Json]:
    """The versions of one collection that may be on the page, as their names alone."""
    id = "id" if past else "_id"
    where = _where(plan, id)
    if paged and plan.after is not None:
        where.append(_seek(plan, plan.after, resource_type, id))
    stages: list[Json] = [{"$match": {"$and": where} if where else {}}]
    if paged:
        way = 1 if plan.ascending != plan.backward else -1
        order = ("version",) if plan.id else ("updated", id, "version")
        # `_id` is unique: behind it the index needs no version.
        stages.append({"$sort": {n: way for n in order if past or n != "version" or plan.id}})
    if plan.at is not None and past:
        stages += _not_replaced(resource_type, plan.at[0])
    if paged or plan.most:
        stages.append({"$limit": (plan.limit if paged else plan.most) + 1})
    named = {"type": {"$literal": resource_type}, "id": f"${id}", "version": 1, "updated": 1}
    return [*stages, {"$project": {"_id": 0, **named}}]


def _where(plan: HistoryPlan, id: str) -> list[Json]:
    where: list[Json] = []
    if plan.id:
        where.append({id: plan.id})
    if plan.since is not None:
        where.append({"updated": {"$gte": plan.since}})
    untils = [each for each in (plan.until, plan.at[1] if plan.at else None) if each is not None]
    return where + [{"updated": {"$lt": each}} for each in untils]


def _not_replaced(resource_type: str, moment: int) -> list[Json]:
    """Without the versions that had a later one by then."""
    stages: list[Json] = []
    for source, id in ((resource_type + HISTORY, "$id"), (resource_type, "$_id")):
        same = [{"$eq": [id, "$$id"]}, {"$gt": ["$version", "$$version"]}]
        later = {"$match": {"$expr": {"$and": [*same, {"$lte": ["$updated", moment]}]}}}
        lookup = {
            "from": source,
            "let": {"id": "$id", "version": "$version"},
            "pipeline": [later, {"$limit": 1}, {"$project": {"_id": 1}}],
            "as": "later",
        }
        stages += [{"$lookup": lookup}, {"$match": {"later": []}}]
    return stages


def _seek(plan: HistoryPlan, cursor: Cursor, resource_type: str, id: str) -> Json:
    """Versions behind the cursor, among those of one type."""
    beyond = "$gt" if plan.ascending != plan.backward else "$lt"
    if plan.id:
        return {"version": {beyond: cursor[0]}}
    updated, at_type, at_id, at_version = cursor
    choices: list[Json] = [{"updated": {beyond: updated}}]
    if resource_type == at_type:
        choices.append({"updated": updated, id: {beyond: at_id}})
        choices.append({"updated": updated, id: at_id, "version": {beyond: at_version}})
    elif (resource_type > str(at_type)) == (beyond == "$gt"):
        choices.append({"updated": updated})
    return {"$or": choices}


async def _count(
    collections: Collections, plan: HistoryPlan, types: Sequence[str], ms: int
) -> int | None:
    size = 0
    if not plan.id:
        for each in types:
            size += await collections.current(each).estimated_document_count()
            size += await collections.past(each).estimated_document_count()
    tail: list[Json] = [{"$group": {"_id": KEY}}] if size <= EXACT else []
    if plan.most:
        tail.append({"$limit": plan.most + 1})
    counted = await _run(collections, plan, types, [*tail, {"$count": "n"}], ms)
    found = int(counted[0]["n"]) if counted else 0
    return found if found <= plan.most or not plan.most else None


async def _documents(collections: Collections, keys: Sequence[Json]) -> list[Stored]:
    """The versions by their names, in that order; what was purged meanwhile is left out."""
    by_type: dict[str, list[tuple[str, int]]] = {}
    for key in keys:
        by_type.setdefault(key["type"], []).append((key["id"], key["version"]))
    found: dict[tuple[str, str, int], Stored] = {}
    for resource_type, pairs in by_type.items():
        ids = list({id for id, _ in pairs})
        cursor = collections.current(resource_type).find({"_id": {"$in": ids}}, FIELDS)
        for each in await cursor.to_list(None):
            found[(resource_type, each["_id"], each["version"])] = unpack(resource_type, each)
        # An update puts the old version there before it replaces it, so none is missed.
        old = [pair for pair in pairs if (resource_type, *pair) not in found]
        if old:
            named = {"$in": [past_key(*pair) for pair in old]}
            where = {"_id": named, "id": {"$in": list({id for id, _ in old})}}
            cursor = collections.past(resource_type).find(where)
            for each in await cursor.to_list(None):
                found[(resource_type, each["id"], each["version"])] = unpack(resource_type, each)
    names = ((key["type"], key["id"], key["version"]) for key in keys)
    return [found[name] for name in names if name in found]


async def purge(collections: Collections, resource_type: str, id: str, history_only: bool) -> int:
    current, past = collections.current(resource_type), collections.past(resource_type)
    found = await current.find_one({"_id": id}, {"version": 1})
    older: Json = {"id": id, "version": {"$lt": found["version"]}} if found else {"id": id}
    count = int((await past.delete_many(older)).deleted_count)
    if history_only or found is None:
        return count
    # The history goes first: cut short here, the resource is still there and can be purged again.
    count += int((await current.delete_one({"_id": id})).deleted_count)
    # What a writer put there in the meantime, or an update that was cut short before.
    await past.delete_many({"id": id})
    return count
