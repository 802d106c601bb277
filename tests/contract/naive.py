"""A search as the words of storage/plan.py say it, over resources in memory: what every store is
compared with. No index, no query language, no thought of speed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cmp_to_key
from typing import Any

from fhir_server.storage.base import Change
from fhir_server.storage.plan import (
    EARTH_RADIUS,
    KINDS,
    AnyOf,
    Chain,
    Clause,
    Has,
    Ids,
    Match,
    Near,
    Not,
    OfType,
    Plan,
    Sort,
    Test,
    Updated,
)

COMPARE = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "starts": lambda a, b: a.startswith(b),
    "ends": lambda a, b: a.endswith(b),
    "contains": lambda a, b: b in a,
    "in": lambda a, b: a in b,
    # Entries have a blank at each end.
    "within": lambda a, b: f" {b} " in a,
}
Entry = Mapping[str, Any]


@dataclass
class Memory:
    """Current versions in order of creation. Shape: (type, id) to its last change."""

    current: dict[tuple[str, str], Change]
    # Clauses inside clauses would be asked anew for each resource outside.
    _known: dict[tuple[str, tuple[Clause, ...]], list[Change]] = field(default_factory=dict)

    def write(self, changes: Sequence[Change]) -> None:
        self._known.clear()
        for change in changes:
            self.current[change.resource_type, change.id] = change

    def live(self, *types: str) -> list[Change]:
        """Of every type where none is named."""
        every = [c for c in self.current.values() if c.method != "DELETE"]
        return [c for c in every if not types or c.resource_type in types]

    def that(self, type: str, where: tuple[Clause, ...]) -> list[Change]:
        """Resources of the type for which all clauses hold."""
        if (type, where) not in self._known:
            found = [c for c in self.live(type) if self.all_of(where, c)]
            self._known[type, where] = found
        return self._known[type, where]

    def search(self, plan: Plan) -> list[str]:
        """Ids of all matches in order, whatever the limit."""
        return [each.id for each in self.matches(plan)]

    def matches(self, plan: Plan) -> list[Change]:
        """All matches in order; a plan of several types in order of creation."""
        types = (plan.resource_type,) if plan.resource_type else plan.types
        found = [c for c in self.live(*types) if self.all_of(plan.where, c)]
        for sort in reversed(plan.sort):
            found.sort(key=cmp_to_key(lambda a, b, s=sort: compare(s, a, b)))  # type: ignore[misc]
        return found

    def all_of(self, clauses: Sequence[Clause], change: Change) -> bool:
        return all(self.holds(clause, change) for clause in clauses)

    def holds(self, clause: Clause, change: Change) -> bool:
        match clause:
            case Match():
                entries = entries_of(change, clause.kind, clause.code, clause.parts)
                found = any(satisfies(e, group) for e in entries for group in clause.any_of)
                return found is not clause.negate
            case Ids():
                return (change.id in clause.ids) is not clause.negate
            case OfType():
                return change.resource_type in clause.types
            case Updated():
                moment = {"at": change.updated}
                return any(satisfies(moment, group) for group in clause.any_of)
            case Chain():
                ends = {c.id for c in self.that(clause.target, clause.where)}
                return any(
                    e["type"] == clause.target and e["id"] in ends and e["url"] == ""
                    for e in entries_of(change, "reference", clause.code)
                )
            case Has():
                return any(
                    e["type"] == change.resource_type and e["id"] == change.id and e["url"] == ""
                    for source in self.that(clause.source, clause.where)
                    for e in entries_of(source, "reference", clause.code)
                )
            case Near():
                here = clause.latitude, clause.longitude
                return any(
                    distance(here, (e["latitude"], e["longitude"])) <= clause.metres
                    for e in entries_of(change, "position", clause.code)
                )
            case Not():
                return not self.all_of(clause.where, change)
            case AnyOf():
                return any(self.all_of(group, change) for group in clause.groups)


def entries_of(change: Change, kind: str, code: str, parts: tuple[str, ...] = ()) -> list[Entry]:
    """Shape of an entry of kind composite: `part.field` to value, of those with these parts."""
    rows = [row for row in change.index.get(kind, ()) if row[0] == code]
    if kind != "composite":
        return [dict(zip(KINDS[kind], row[1:], strict=True)) for row in rows]
    return [
        {
            f"{place}.{field}": value
            for place, part in enumerate(row[1:])
            for field, value in zip(KINDS[part[0]], part[1:], strict=True)
        }
        for row in rows
        if tuple(part[0] for part in row[1:]) == parts
    ]


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the great circle, by the haversine formula. Units: degrees, metres."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, each)) for each in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(half)))


def satisfies(entry: Entry, group: Sequence[Test]) -> bool:
    return all(COMPARE[test.operator](entry[test.field], test.value) for test in group)


def sort_value(sort: Sort, change: Change) -> Any:
    """None where the resource has no entry."""
    if sort.code == "_id":
        return change.id
    if sort.code == "_lastUpdated":
        return change.updated
    values = [entry[sort.field] for entry in entries_of(change, sort.kind, sort.code)]
    if not values:
        return None
    return max(values) if sort.descending else min(values)


def compare(sort: Sort, a: Change, b: Change) -> int:
    x, y = sort_value(sort, a), sort_value(sort, b)
    if x is None or y is None:
        return (x is None) - (y is None)
    return ((x > y) - (x < y)) * (-1 if sort.descending else 1)
