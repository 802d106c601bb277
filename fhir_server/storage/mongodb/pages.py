"""The order of a plan and where a page begins or ends, as stages of an aggregation.

Documents of one type are ordered by the keys of the plan, then by `_id`; of several types at last
by `type`, a field that each branch of the union adds. Backward, every order is reversed, and the
page is turned round when it is read.
"""

from __future__ import annotations

from typing import Any

from ..plan import Cursor, Plan, Sort, Value
from .matching import NOTHING, every

Json = dict[str, Any]
OWN = {"_id": "_id", "_lastUpdated": "updated"}


def page_stages(
    plan: Plan, resource_type: str, temporary: list[str], *, ordered: bool = False
) -> list[Json]:
    """What follows the filter of one type: one document more than the page, so that its end is
    seen. `ordered`: documents come in `own_order` already."""
    keys = _keys(plan)
    stages: list[Json] = []
    if keys:
        # Without an entry comes last in both directions, whatever the direction does with null.
        missing = {_none(key): {"$lte": [f"${key}", None]} for key in keys}
        stages += [{"$set": keys}, {"$set": missing}]
    if plan.after is not None:
        stages.append({"$match": _beyond(plan, plan.after, resource_type)})
    if not ordered:
        stages.append({"$sort": _order_of_one(plan)})
    stages.append({"$limit": plan.limit + 1})
    if not plan.resource_type:
        stages.append({"$set": {"type": {"$literal": resource_type}}})
    gone = ["index", *temporary, *(map(_none, keys) if plan.resource_type else ())]
    return [*stages, {"$unset": gone}]


def own_order(plan: Plan) -> Json | None:
    """The order of one type where it is one of fields that documents have; None where keys are
    computed first."""
    return None if _keys(plan) else _order_of_one(plan)


def _order_of_one(plan: Plan) -> Json:
    return {key: way for key, way in order_of(plan).items() if key != "type"}


def merge_stages(plan: Plan) -> list[Json]:
    """What follows the union of several types."""
    gone = [_none(key) for key in _keys(plan)]
    last = [{"$unset": gone}] if gone else []
    return [{"$sort": order_of(plan)}, {"$limit": plan.limit + 1}, *last]


def cursor_of(plan: Plan, found: Json) -> Cursor:
    tie = found["_id"] if plan.resource_type else f"{found['_id']}/{found['type']}"
    return (*(found.get(_key(plan, i)) for i in range(len(plan.sort))), tie)


def _keys(plan: Plan) -> dict[str, Json]:
    """The sort keys that are computed. Shape: name of the field to its expression."""
    sorts = enumerate(plan.sort)
    return {_key(plan, i): _value(sort) for i, sort in sorts if sort.code not in OWN}


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


def order_of(plan: Plan) -> Json:
    up = -1 if plan.backward else 1
    order: Json = {}
    for i, sort in enumerate(plan.sort):
        key = _key(plan, i)
        if sort.code not in OWN:
            order[_none(key)] = up
        order.setdefault(key, -up if sort.descending else up)
    order.setdefault("_id", up)
    if not plan.resource_type:
        order["type"] = up
    return order


def _beyond(plan: Plan, cursor: Cursor, resource_type: str) -> Json:
    """Documents beyond the cursor: each key equal so far and the next one further."""
    choices: list[Json] = []
    equal: list[Json] = []
    seen: set[str] = set()
    for i, sort in enumerate(plan.sort):
        key, value = _key(plan, i), cursor[i]
        if key not in seen:
            seen.add(key)
            further = _further(sort, key, value, backward=plan.backward)
            choices += [every([*equal, each]) for each in further]
            equal = [*equal, {key: value}]
    id, _, last_type = str(cursor[-1]).partition("/")
    # Of a document with the same id, its type decides.
    beyond = resource_type < last_type if plan.backward else resource_type > last_type
    same = bool(last_type) and beyond
    if "_id" not in seen:
        operator = ("$lt" if plan.backward else "$gt") + ("e" if same else "")
        choices.append(every([*equal, {"_id": {operator: id}}]))
    elif same:
        choices.append(every(equal))
    return {"$or": choices} if choices else NOTHING


def _further(sort: Sort, key: str, value: Value | None, *, backward: bool) -> list[Json]:
    """Those without an entry are last, so forward they follow every value."""
    if value is None:
        return [{key: {"$ne": None}}] if backward else []
    beyond = {key: {"$lt" if sort.descending is not backward else "$gt": value}}
    return [beyond] if backward or sort.code in OWN else [beyond, {key: None}]
