"""Clauses of a plan as a MongoDB filter, and as stages where a chain needs a `$lookup`.

Each index entry is a small document in the array of its kind, so one `$elemMatch` is one entry:
without it, `low` of one entry and `high` of another could together satisfy what no entry does.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from ...errors import FhirError
from ..plan import AnyOf, Chain, Clause, Ids, Match, Test, Updated

Json = dict[str, Any]
OPERATORS = {"=": "$eq", "!=": "$ne", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
EVERYTHING: Json = {}
NOTHING: Json = {"_id": {"$in": []}}
LAST = 0x10FFFF  # the last code point

# The ids of the resources at the end of a chain; None where there are too many to name.
FindIds = Callable[[Chain], Awaitable[list[str] | None]]


class Lowering:
    """Lowers the clauses of one resource type. Errors: store-not-supported.

    `joins` are stages that come before the filter of a clause that needed them; `temporary` are
    the fields they add to a document.
    """

    def __init__(self, find_ids: FindIds) -> None:
        self._find_ids = find_ids
        self.joins: list[Json] = []
        self.temporary: list[str] = []

    async def stages(self, clauses: Sequence[Clause]) -> list[Json]:
        """What lets only matches through, tombstones left out. The first stage is a `$match`."""
        before: list[Json] = []
        after: list[Json] = []
        for clause in clauses:
            known = len(self.joins)
            part = await self.filter(clause)
            (before if len(self.joins) == known else after).append(part)
        before.append({"deleted": False})
        return [
            {"$match": every(before)},
            *self.joins,
            *([{"$match": every(after)}] if after else []),
        ]

    async def filter(self, clause: Clause) -> Json:
        if isinstance(clause, Match):
            return lower_match(clause)
        if isinstance(clause, Ids):
            return {"_id": {"$nin" if clause.negate else "$in": list(clause.ids)}}
        if isinstance(clause, Updated):
            return some([_fields(group, lambda _: "updated") for group in clause.any_of])
        if isinstance(clause, Chain):
            return await self._chain(clause)
        if isinstance(clause, AnyOf):
            return some([every([await self.filter(c) for c in g]) for g in clause.groups])
        raise FhirError("store-not-supported")

    async def _chain(self, chain: Chain) -> Json:
        """A short list of ids is compared with the index; of a long one nobody knows how long it
        is, so each candidate looks its own targets up."""
        ids = await self._find_ids(chain)
        if ids is not None:
            return references(chain.code, chain.target, ids)
        number = len(self.temporary) // 2
        own, found = f"ids{number}", f"found{number}"
        self.temporary += [own, found]
        inner = Lowering(self._find_ids)
        pipeline = await inner.stages(chain.where)
        self.joins.append({"$set": {own: _targets(chain)}})
        lookup = {
            "from": chain.target,
            "localField": own,
            "foreignField": "_id",
            "pipeline": [*pipeline, {"$limit": 1}, {"$project": {"_id": 1}}],
            "as": found,
        }
        self.joins.append({"$lookup": lookup})
        return {found: {"$ne": []}}


def _targets(chain: Chain) -> Json:
    """The ids to which one reference parameter of a document points, as an expression."""
    entry = {"code": chain.code, "type": chain.target, "url": ""}
    same = {"$and": [{"$eq": [f"$$this.{field}", value]} for field, value in entry.items()]}
    entries = {"$ifNull": ["$index.reference", []]}
    return {"$map": {"input": {"$filter": {"input": entries, "cond": same}}, "in": "$$this.id"}}


def references(code: str, target: str, ids: Sequence[str]) -> Json:
    """Documents whose reference parameter points to one of these resources."""
    entry = {"code": code, "id": {"$in": list(ids)}, "url": "", "type": target}
    return {"index.reference": {"$elemMatch": entry}}


def lower_match(clause: Match) -> Json:
    path = f"index.{clause.kind}"
    groups = [{path: {"$elemMatch": {"code": clause.code, **g}}} for g in _groups(clause)]
    if clause.negate:
        return {"$nor": groups} if groups else EVERYTHING
    return some(groups)


def _groups(clause: Match) -> list[Json]:
    """Shape: the conditions of each alternative on an index entry."""
    tests = [group[0] for group in clause.any_of if len(group) == 1]
    if (
        len(tests) == len(clause.any_of) > 1
        and {t.operator for t in tests} == {"="}
        and len({t.field for t in tests}) == 1
    ):
        # `status=active,completed`: one condition rather than a branch for each value.
        return [{tests[0].field: {"$in": [t.value for t in tests]}}]
    return [_fields(group, lambda test: test.field) for group in clause.any_of]


def some(filters: list[Json]) -> Json:
    if not filters:
        return NOTHING
    return filters[0] if len(filters) == 1 else {"$or": filters}


def every(filters: list[Json]) -> Json:
    real = [each for each in filters if each]
    if not real:
        return EVERYTHING
    return real[0] if len(real) == 1 else {"$and": real}


def _fields(group: Sequence[Test], path: Callable[[Test], str]) -> Json:
    """All tests of a group; two that use one operator on one field go under `$and`."""
    out: Json = {}
    clash: list[Json] = []
    for test in group:
        condition, field = _condition(test), path(test)
        known = out.setdefault(field, {})
        if known.keys() & condition.keys():
            clash.append({field: condition})
        else:
            known.update(condition)
    return {**out, "$and": clash} if clash else out


def _condition(test: Test) -> Json:
    if test.operator in OPERATORS:
        return {OPERATORS[test.operator]: test.value}
    text = str(test.value)
    if test.operator == "starts":
        # A range is served by an index and takes any text literally.
        end = after_prefix(text)
        return {"$gte": text, **({"$lt": end} if end else {})}
    if test.operator == "contains":
        return {"$regex": re.escape(text).replace("\0", "\\x00")}
    raise FhirError("store-not-supported")


def after_prefix(text: str) -> str:
    """The least text behind all that begin with this one; "" where there is none."""
    while text:
        number = ord(text[-1]) + 1
        if number <= LAST:
            # Surrogates are not characters; UTF-8 orders the rest by their number.
            return text[:-1] + chr(0xE000 if 0xD800 <= number <= 0xDFFF else number)
        text = text[:-1]
    return ""
