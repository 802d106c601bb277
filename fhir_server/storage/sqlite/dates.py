"""Parameters that have at most one date in any resource, which most have: what holds for some entry
of a resource then holds for its only one.

So two clauses, from a date and until a date, are one interval; and a page in order of the date
begins and ends with the interval.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeGuard

from ..plan import Clause, Match, Plan, Test
from .lower import ParamId
from .matching import SPANS
from .sql import Sql, both, either, lower_test

MOST_GROUPS = 16  # alternatives of a merged clause
Group = tuple[Test, ...]
(SPAN,) = SPANS["date"]


@dataclass(slots=True)
class Dates:
    """Questions to one connection, inside the transaction of a search."""

    db: sqlite3.Connection
    param_id: ParamId

    def single(self, pid: int) -> bool:
        found = self.db.execute("SELECT 1 FROM several WHERE pid = ?", (pid,)).fetchone()
        return found is None

    def merged(self, resource_type: str, where: tuple[Clause, ...]) -> tuple[Clause, ...]:
        """With one clause for each parameter of one date, instead of several."""
        codes = [clause.code for clause in where if _is_date(clause)]
        out = list(where)
        for code in dict.fromkeys(c for c in codes if codes.count(c) > 1):
            if not self.single(self.param_id(resource_type, code)):
                continue
            same = [c for c in out if _is_date(c) and c.code == code]
            groups = [sum(each, ()) for each in product(*(c.any_of for c in same))]
            if len(groups) <= MOST_GROUPS:
                place = out.index(same[0])
                out = [c for c in out if c not in same]
                out.insert(place, replace(same[0], any_of=tuple(groups)))
        return tuple(out)

    def bounds(self, plan: Plan, pid: int) -> tuple[list[Sql], tuple[Clause, ...]]:
        """What a clause on the first sort key asks of its entry `s`, and the clauses that are left.

        What bounds all alternatives comes first and by itself: there the index begins and ends.
        """
        code = plan.sort[0].code
        own = next((c for c in plan.where if _is_date(c) and c.code == code), None)
        if own is None:
            return [], plan.where
        rest = tuple(c for c in plan.where if c is not own)
        lows = [self._low(pid, group) for group in own.any_of]
        highs = [_high(group) for group in own.any_of]
        where = []
        if lows and None not in lows:
            where.append(Sql("s.low >= ?", [min(low for low in lows if low is not None)]))
        if highs and None not in highs:
            where.append(Sql("s.low <= ?", [max(high for high in highs if high is not None)]))
        # The tests themselves must not choose the index.
        tests = [both([lower_test(f"+s.{t.field}", t) for t in g]) for g in own.any_of]
        return [*where, either(tests)], rest

    def _low(self, pid: int, group: Group) -> int | None:
        found = [v for t in group if t.field == "low" for v in _whole(t, (">", ">=", "="))]
        ends = [v for t in group if t.field == "high" for v in _whole(t, (">", ">=", "="))]
        if ends and not self._wide(pid, max(ends)):
            found.append(max(ends) - SPAN.slack)
        return max(found, default=None)

    def _wide(self, pid: int, end: int) -> bool:
        """Something long, which may have begun at any time, ends there or later."""
        query = f"SELECT 1 FROM date WHERE pid = ? AND high >= ? AND {SPAN.wide} LIMIT 1"
        return self.db.execute(query, (pid, end)).fetchone() is not None


def _high(group: Group) -> int | None:
    """An entry begins before it ends."""
    found = [v for t in group for v in _whole(t, ("<", "<=", "="))]
    return min(found, default=None)


def _whole(test: Test, operators: Iterable[str]) -> list[int]:
    return [test.value] if test.operator in operators and isinstance(test.value, int) else []


def _is_date(clause: Clause) -> TypeGuard[Match]:
    return isinstance(clause, Match) and clause.kind == "date" and not clause.negate
