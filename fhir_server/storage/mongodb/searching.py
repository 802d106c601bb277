"""Plans run: as one aggregation of a type, or as a union of several types.

Before it, the ends of chains are looked for, each a query of its own: where they are few, their ids
stand in the filter, and an index of the searched type finds what points to them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...errors import FhirError
from ..base import Page, Stored
from ..plan import Chain, Clause, Has, Plan
from .documents import Json, unpack
from .driver import settle
from .layout import Collections
from .lower import Lowering, pointed
from .matching import every
from .pages import cursor_of, merge_stages, own_order, page_stages

# A chain whose end matches more resources than this is followed from its beginning instead.
MAX_NAMED = 1000


@dataclass
class Searching:
    """One plan on its way. `limits` are arguments of each aggregation, such as its session.

    `asked` keeps the queries that ran before the main one, for `explain`. Units: all aggregations
    together may take `seconds`; 0: no bound of their own.
    """

    collections: Collections
    plan: Plan
    limits: Json = field(default_factory=dict)
    seconds: float = 0.0
    asked: list[Json] = field(default_factory=list)
    _started: float = field(default_factory=time.monotonic)
    _ids: dict[tuple[Chain | Has, str], list[str] | None] = field(default_factory=dict)

    async def page(self) -> Page:
        plan = self.plan
        types = await self._types()
        total = None
        if plan.total or not plan.limit:
            total = await self._total(types)
        if not plan.limit or not types:
            return Page([], None, total)
        found = await self._run(types[0], await self._stages(types))
        return self._page(found, total)

    def _page(self, found: list[Json], total: int | None) -> Page:
        plan = self.plan
        more, found = len(found) > plan.limit, found[: plan.limit]
        if plan.backward:
            found.reverse()
        behind, before = (plan.after is not None), more
        if not plan.backward:
            behind, before = before, behind
        return Page(
            [self._stored(each) for each in found],
            cursor_of(plan, found[-1]) if behind and found else None,
            total,
            cursor_of(plan, found[0]) if before and found else None,
        )

    def _stored(self, found: Json) -> Stored:
        return unpack(self.plan.resource_type or found["type"], found)

    async def explained(self) -> Json:
        """The main query of a page and what its server says of it."""
        types = await self._types()
        stages = await self._stages(types) if types else []
        first = types[0] if types else ""
        told: list[tuple[int, str, str]] = []
        if types:
            command = {"aggregate": first, "pipeline": stages, "cursor": {}, "allowDiskUse": True}
            told = await self.collections.explained(command)
        return {
            "collection": first,
            "pipeline": stages,
            "before": self.asked,
            "index": list(dict.fromkeys(index for _, _, index in told if index)),
            "plan": ["  " * depth + f"{stage} {index}".rstrip() for depth, stage, index in told],
        }

    async def _types(self) -> list[str]:
        if self.plan.resource_type:
            return [self.plan.resource_type]
        existing = await self.collections.names()
        return sorted(existing & set(self.plan.types) if self.plan.types else existing)

    async def _stages(self, types: Sequence[str]) -> list[Json]:
        branches = _union(types, [await self._branch(each) for each in types])
        return branches if self.plan.resource_type else branches + merge_stages(self.plan)

    async def _branch(self, resource_type: str) -> list[Json]:
        lowering = Lowering(resource_type, self._find_ids)
        order = own_order(self.plan)
        stages = await lowering.stages(self.plan.where, order)
        ordered = bool(order and lowering.joins)
        return stages + page_stages(self.plan, resource_type, lowering.temporary, ordered=ordered)

    async def _total(self, types: Sequence[str]) -> int:
        if not types:
            return 0
        count: Json = {"$group": {"_id": None, "n": {"$sum": 1}}}
        counts = [[*await self._matching(each, self.plan.where), count] for each in types]
        return sum(each["n"] for each in await self._run(types[0], _union(types, counts)))

    async def _matching(self, resource_type: str, where: Sequence[Clause]) -> list[Json]:
        return await Lowering(resource_type, self._find_ids).stages(where)

    async def _find_ids(self, clause: Chain | Has, own_type: str) -> list[str] | None:
        key = clause, own_type if isinstance(clause, Has) else ""
        if key not in self._ids:
            if isinstance(clause, Chain):
                self._ids[key] = await self._ends(clause)
            else:
                self._ids[key] = await self._pointed(clause, own_type)
        return self._ids[key]

    async def _ends(self, chain: Chain) -> list[str] | None:
        stages = await self._matching(chain.target, chain.where)
        stages += [{"$limit": MAX_NAMED + 1}, {"$project": {"_id": 1}}]
        found = await self._ask(chain.target, stages)
        return None if len(found) > MAX_NAMED else [each["_id"] for each in found]

    async def _pointed(self, has: Has, own_type: str) -> list[str] | None:
        stages = await self._matching(has.source, has.where)
        entry = {"code": has.code, "type": own_type, "url": ""}
        head = every([{"index.reference": {"$elemMatch": entry}}, stages[0]["$match"]])
        ids = {"_id": 0, "ids": pointed(has.code, own_type)}
        tail: list[Json] = [{"$limit": MAX_NAMED + 1}, {"$project": ids}]
        found = await self._ask(has.source, [{"$match": head}, *stages[1:], *tail])
        if len(found) > MAX_NAMED:
            return None
        named = sorted({id for each in found for id in each["ids"]})
        return None if len(named) > MAX_NAMED else named

    async def _ask(self, resource_type: str, stages: list[Json]) -> list[Json]:
        self.asked.append({"collection": resource_type, "pipeline": stages})
        return await self._run(resource_type, stages)

    async def _run(self, resource_type: str, stages: list[Json]) -> list[Json]:
        target = self.collections.current(resource_type)
        cursor = await settle(target.aggregate(stages, allowDiskUse=True, **self._limits()))
        found: list[Json] = await cursor.to_list(None)
        return found

    def _limits(self) -> Json:
        """Errors: search-too-costly."""
        if not self.seconds:
            return self.limits
        left = self._started + self.seconds - time.monotonic()
        if left <= 0:
            raise FhirError("search-too-costly")
        return {**self.limits, "maxTimeMS": max(1, int(left * 1000))}


def _union(types: Sequence[str], branches: Sequence[list[Json]]) -> list[Json]:
    """One pipeline, to be run on the first type."""
    others = zip(types[1:], branches[1:], strict=True)
    unions = [{"$unionWith": {"coll": name, "pipeline": stages}} for name, stages in others]
    return [*branches[0], *unions]
