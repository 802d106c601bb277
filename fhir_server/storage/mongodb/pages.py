"""The order of a plan and where a page begins, as stages of an aggregation."""

from __future__ import annotations

from typing import Any

from ..plan import Cursor, Plan, Sort, Value
from .lower import every

Json = dict[str, Any]
OWN = {"_id": "_id", "_lastUpdated": "updated"}


def page_stages(plan: Plan, temporary: list[str]) -> list[Json]:
    """What follows the filter: one document more than the page, so that its end is seen."""
    keys = {_key(plan, i): _value(sort) for i, sort in enumerate(plan.sort) if sort.code not in OWN}
    stages: list[Json] = []
    if keys:
        # Without an entry comes last in both directions, whatever the direction does with null.
        missing = {_none(key): {"$lte": [f"${key}", None]} for key in keys}
        stages += [{"$set": keys}, {"$set": missing}]
    if plan.after is not None:
        stages.append({"$match": _after(plan, plan.after)})
    gone = ["index", *temporary, *map(_none, keys)]
    return [*stages, {"$sort": _order(plan)}, {"$limit": plan.limit + 1}, {"$unset": gone}]


def cursor_of(plan: Plan, last: Json) -> Cursor:
    return (*(last.get(_key(plan, i)) for i in range(len(plan.sort))), last["_id"])


def _key(plan: Plan, number: int) -> str:
    """The field that holds a sort key: one of the document's own, so that an index serves it, or
    one that is computed."""
    return OWN.get(plan.sort[number].code, f"key{number}")


def _none(key: str) -> str:
    return key + "none"


def _value(sort: Sort) -> Json:
    entries = {"$ifNull": [f"$index.{sort.kind}", []]}
    own = {"$filter": {"input": entries, "cond": {"$eq": ["$$this.code", sort.code]}}}
    values = {"$map": {"input": own, "in": f"$$this.{sort.field}"}}
    return {"$ifNull": [{"$max" if sort.descending else "$min": values}, None]}


def _order(plan: Plan) -> Json:
    order: Json = {}
    for i, sort in enumerate(plan.sort):
        key = _key(plan, i)
        if sort.code not in OWN:
            order[_none(key)] = 1
        order.setdefault(key, -1 if sort.descending else 1)
    order.setdefault("_id", 1)
    return order


def _after(plan: Plan, cursor: Cursor) -> Json:
    """Documents behind the cursor: each key equal so far and the next one further."""
    choices: list[Json] = []
    equal: list[Json] = []
    seen: set[str] = set()
    for i, sort in enumerate(plan.sort):
        key, value = _key(plan, i), cursor[i]
        if key not in seen:
            seen.add(key)
            choices += [every([*equal, further]) for further in _further(sort, key, value)]
            equal = [*equal, {key: value}]
    if "_id" not in seen:
        choices.append(every([*equal, {"_id": {"$gt": cursor[-1]}}]))
    return {"$or": choices}


def _further(sort: Sort, key: str, value: Value | None) -> list[Json]:
    if value is None:
        return []  # already among those without an entry, which come last
    beyond = {key: {"$lt" if sort.descending else "$gt": value}}
    return [beyond] if sort.code in OWN else [beyond, {key: None}]
