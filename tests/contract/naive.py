"""A search as the words of storage/plan.py say it, over resources in memory: what every store is
compared with. No index, no query language, no thought of speed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from fhir_server.storage.base import Change
from fhir_server.storage.plan import (
    KINDS,
    AnyOf,
    Chain,
    Clause,
    Ids,
    Match,
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
    "contains": lambda a, b: b in a,
}
Entry = Mapping[str, Any]


@dataclass
class Memory:
    """Current versions in order of creation. Shape: (type, id) to its last change."""

    current: dict[tuple[str, str], Change]

    def write(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self.current[change.resource_type, change.id] = change

    def live(self, resource_type: str) -> list[Change]:
        every = self.current.values()
        return [c for c in every if c.resource_type == resource_type and c.method != "DELETE"]

    def search(self, plan: Plan) -> list[str]:
        """Ids of all matches in order, whatever the limit."""
        found = [c for c in self.live(plan.resource_type) if self.all_of(plan.where, c)]
        for sort in reversed(plan.sort):
            found.sort(key=cmp_to_key(lambda a, b, s=sort: compare(s, a, b)))  # type: ignore[misc]
        return [each.id for each in found]

    def all_of(self, clauses: Sequence[Clause], change: Change) -> bool:
        return all(self.holds(clause, change) for clause in clauses)

    def holds(self, clause: Clause, change: Change) -> bool:
        match clause:
            case Match():
                entries = entries_of(change, clause.kind, clause.code)
                found = any(satisfies(e, group) for e in entries for group in clause.any_of)
                return found is not clause.negate
            case Ids():
                return (change.id in clause.ids) is not clause.negate
            case Updated():
                moment = {"at": change.updated}
                return any(satisfies(moment, group) for group in clause.any_of)
            case Chain():
                ends = {c.id for c in self.live(clause.target) if self.all_of(clause.where, c)}
                return any(
                    e["type"] == clause.target and e["id"] in ends and e["url"] == ""
                    for e in entries_of(change, "reference", clause.code)
                )
            case AnyOf():
                return any(self.all_of(group, change) for group in clause.groups)


def entries_of(change: Change, kind: str, code: str) -> list[Entry]:
    rows = change.index.get(kind, ())
    return [dict(zip(KINDS[kind], row[1:], strict=True)) for row in rows if row[0] == code]


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
