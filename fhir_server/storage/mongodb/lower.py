"""Clauses of a plan as a MongoDB filter, and as stages where a chain needs a `$lookup`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from ..plan import AnyOf, Chain, Clause, Has, Ids, Match, Near, Not, OfType, Updated
from .matching import EVERYTHING, NOTHING, every, lower_match, lower_near, lower_updated, some

Json = dict[str, Any]
# The ids of the resources at the end of a chain, or to which the sources of a Has (the type of the
# target beside it) point; None where there are too many to name.
FindIds = Callable[[Chain | Has, str], Awaitable[list[str] | None]]


class Lowering:
    """Lowers the clauses of one resource type.

    `joins` are stages that come before the filter of a clause that needed them; `temporary` are
    the fields they add to a document.
    """

    def __init__(self, resource_type: str, find_ids: FindIds) -> None:
        self._type = resource_type
        self._find_ids = find_ids
        self.joins: list[Json] = []
        self.temporary: list[str] = []

    async def stages(self, clauses: Sequence[Clause], order: Json | None = None) -> list[Json]:
        """What lets only matches through, tombstones left out. The first stage is a `$match`.

        `order`: before anything is joined, so that the joins end when the page is full.
        """
        before: list[Json] = []
        after: list[Json] = []
        for clause in clauses:
            known = len(self.joins)
            part = await self.filter(clause)
            (before if len(self.joins) == known else after).append(part)
        before.append({"deleted": False})
        return [
            {"$match": every(before)},
            *([{"$sort": order}] if order and self.joins else []),
            *self.joins,
            *([{"$match": every(after)}] if after else []),
        ]

    async def filter(self, clause: Clause) -> Json:
        match clause:
            case Match():
                return lower_match(clause)
            case Ids():
                return {"_id": {"$nin" if clause.negate else "$in": list(clause.ids)}}
            case OfType():
                return EVERYTHING if self._type in clause.types else NOTHING
            case Updated():
                return lower_updated(clause)
            case Near():
                return lower_near(clause)
            case Chain():
                return await self._chain(clause)
            case Has():
                return await self._has(clause)
            case Not():
                return {"$nor": [every(await self._filters(clause.where))]}
            case AnyOf():
                return some([every(await self._filters(group)) for group in clause.groups])

    async def _filters(self, clauses: Sequence[Clause]) -> list[Json]:
        return [await self.filter(clause) for clause in clauses]

    async def _chain(self, chain: Chain) -> Json:
        """A short list of ids is compared with the index; of a long one nobody knows how long it
        is, so each candidate looks its own targets up."""
        ids = await self._find_ids(chain, self._type)
        if ids is not None:
            return references(chain.code, chain.target, ids)
        own, found = self._names("ids", "found")
        inner = await Lowering(chain.target, self._find_ids).stages(chain.where)
        self.joins.append({"$set": {own: pointed(chain.code, chain.target)}})
        lookup = {
            "from": chain.target,
            "localField": own,
            "foreignField": "_id",
            "pipeline": [*inner, *ONE],
            "as": found,
        }
        self.joins.append({"$lookup": lookup})
        return {found: {"$ne": []}}

    async def _has(self, has: Has) -> Json:
        """As a chain, from the other end: each candidate looks up who points to it."""
        ids = await self._find_ids(has, self._type)
        if ids is not None:
            return {"_id": {"$in": ids}}
        (found,) = self._names("sources")
        inner = await Lowering(has.source, self._find_ids).stages(has.where)
        # The index finds those that point here; that it is with this parameter is checked on them.
        here = {"$expr": {"$in": ["$$here", pointed(has.code, self._type)]}}
        lookup = {
            "from": has.source,
            "localField": "_id",
            "foreignField": "index.reference.id",
            "let": {"here": "$_id"},
            "pipeline": [*inner, {"$match": here}, *ONE],
            "as": found,
        }
        self.joins.append({"$lookup": lookup})
        return {found: {"$ne": []}}

    def _names(self, *names: str) -> list[str]:
        """Fields of their own for one join."""
        fresh = [f"{name}{len(self.joins)}" for name in names]
        self.temporary += fresh
        return fresh


ONE: list[Json] = [{"$limit": 1}, {"$project": {"_id": 1}}]


def pointed(code: str, target: str) -> Json:
    """The ids to which one reference parameter of a document points, as an expression."""
    entry = {"code": code, "type": target, "url": ""}
    same = {"$and": [{"$eq": [f"$$this.{field}", value]} for field, value in entry.items()]}
    entries = {"$ifNull": ["$index.reference", []]}
    return {"$map": {"input": {"$filter": {"input": entries, "cond": same}}, "in": "$$this.id"}}


def references(code: str, target: str, ids: Sequence[str]) -> Json:
    """Documents whose reference parameter points to one of these resources."""
    entry = {"code": code, "id": {"$in": list(ids)}, "url": "", "type": target}
    return {"index.reference": {"$elemMatch": entry}}
