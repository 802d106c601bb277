"""A search plan as a MongoDB filter and aggregation.

Each index entry is a small document in the array of its kind, so one `$elemMatch` is one entry:
without it, `low` of one entry and `high` of another could together satisfy what no entry does.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from ...errors import FhirError
from ..plan import AnyOf, Chain, Clause, Cursor, Ids, Match, Plan, Sort, Test, Updated

Json = dict[str, Any]
OPERATORS = {"=": "$eq", "!=": "$ne", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
# Ids of the resources of a type that match clauses; the first half of a chain.
FindIds = Callable[[str, Sequence[Clause]], Awaitable[list[str]]]


async def lower_where(clauses: Sequence[Clause], find_ids: FindIds) -> Json:
    """The filter of all clauses together, tombstones left out."""
    parts = [await lower(clause, find_ids) for clause in clauses]
    return {"$and": [*parts, {"deleted": False}]} if parts else {"deleted": False}


async def lower(clause: Clause, find_ids: FindIds) -> Json:
    """Errors: store-not-supported."""
    if isinstance(clause, Match):
        return lower_match(clause)
    if isinstance(clause, Ids):
        return {"_id": {"$nin" if clause.negate else "$in": list(clause.ids)}}
    if isinstance(clause, Updated):
        return {"$or": [{"updated": _bounds(group)} for group in clause.any_of]}
    if isinstance(clause, Chain):
        ids = await find_ids(clause.target, clause.where)
        entry = {"code": clause.code, "id": {"$in": ids}, "type": clause.target, "url": ""}
        return {"index.reference": {"$elemMatch": entry}}
    if isinstance(clause, AnyOf):
        return {"$or": [await _all_of(group, find_ids) for group in clause.groups]}
    raise FhirError("store-not-supported")


async def _all_of(clauses: Sequence[Clause], find_ids: FindIds) -> Json:
    return {"$and": [await lower(each, find_ids) for each in clauses]}


def lower_match(clause: Match) -> Json:
    path = f"index.{clause.kind}"
    groups = [
        {path: {"$elemMatch": {"code": clause.code, **_fields(group)}}} for group in clause.any_of
    ]
    if clause.negate:
        return {"$nor": groups} if groups else {}
    return groups[0] if len(groups) == 1 else {"$or": groups} if groups else {"_id": {"$in": []}}


def _fields(group: Sequence[Test]) -> Json:
    out: Json = {}
    for test in group:
        out.setdefault(test.field, {}).update(_condition(test))
    return {
        field: condition["$eq"] if list(condition) == ["$eq"] else condition
        for field, condition in out.items()
    }


def _bounds(group: Sequence[Test]) -> Json:
    out: Json = {}
    for test in group:
        out.update(_condition(test))
    return out


def _condition(test: Test) -> Json:
    if test.operator in OPERATORS:
        return {OPERATORS[test.operator]: test.value}
    if test.operator == "starts":
        # A range, which an index serves as well as an anchored expression, and any text is safe.
        return {"$gte": test.value, "$lt": str(test.value) + "\U0010ffff"}
    if test.operator == "contains":
        return {"$regex": re.escape(str(test.value))}
    raise FhirError("store-not-supported")


def pipeline(plan: Plan, where: Json) -> list[Json]:
    """The stages of one page, one document longer than the page so that its end is seen."""
    stages: list[Json] = [{"$match": where}]
    order: Json = {}
    added: Json = {}
    for i, sort in enumerate(plan.sort):
        added[f"k{i}"] = _sort_key(sort)
        order[f"n{i}"] = 1
        order[f"k{i}"] = -1 if sort.descending else 1
    if added:
        missing = {f"n{i}": {"$lte": [f"$k{i}", None]} for i in range(len(plan.sort))}
        stages += [{"$set": added}, {"$set": missing}]
    if plan.after is not None:
        stages.append({"$match": _after(plan.sort, plan.after)})
    stages += [{"$sort": {**order, "_id": 1}}, {"$limit": plan.limit + 1}]
    stages.append({"$unset": ["index"]})
    return stages


def _sort_key(sort: Sort) -> Any:
    if sort.code == "_id":
        return "$_id"
    if sort.code == "_lastUpdated":
        return "$updated"
    entries = {"$ifNull": [f"$index.{sort.kind}", []]}
    own = {"$filter": {"input": entries, "cond": {"$eq": ["$$this.code", sort.code]}}}
    values = {"$map": {"input": own, "in": f"$$this.{sort.field}"}}
    return {"$ifNull": [{"$max" if sort.descending else "$min": values}, None]}


def _after(sorts: tuple[Sort, ...], cursor: Cursor) -> Json:
    """Documents behind the cursor: each key equal so far and the next one further, nulls last."""
    choices: list[Json] = []
    equal: Json = {}
    for i, sort in enumerate(sorts):
        value = cursor[i]
        if value is not None:
            beyond = {"$lt" if sort.descending else "$gt": value}
            choices.append({**equal, f"k{i}": beyond})
            choices.append({**equal, f"k{i}": None})
        equal = {**equal, f"k{i}": value}
    choices.append({**equal, "_id": {"$gt": cursor[-1]}})
    return {"$or": choices}


def cursor_of(plan: Plan, last: Json) -> Cursor:
    return (*(last.get(f"k{i}") for i in range(len(plan.sort))), last["_id"])
