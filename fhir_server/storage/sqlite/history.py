"""History as SQL: the current versions beside the older ones, merged in order.

Spec of behaviour: `HistoryPlan` in storage/base.py
"""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from ..base import HistoryPlan, Page, Stored, history_page
from .sql import Sql, join

COLUMNS = "v.type, v.id, v.version, v.updated, v.method, v.body"
NAMES = {"resource_type": "type", "id": "id", "version": "version", "updated": "updated"}


# Each type that has a resource, by jumping from one to the next.
TYPES = """WITH RECURSIVE found(type) AS (
  SELECT min(type) FROM resource UNION ALL
  SELECT (SELECT min(type) FROM resource r WHERE r.type > found.type) FROM found
  WHERE found.type IS NOT NULL)
SELECT type FROM found WHERE type IS NOT NULL"""


class Source(NamedTuple):
    """One part of a history: versions that a table has in the order of an index."""

    table: str
    condition: str  # as a partial index has it, so that SQLite takes it
    type: str = ""  # "": of every type


def read_history(db: sqlite3.Connection, plan: HistoryPlan) -> Page:
    total, sources = None, _sources(db, plan)
    if plan.total or not plan.limit:
        total = _count(db, plan, sources)
    if not plan.limit:
        return Page([], None, total)
    sql = lower_history(plan, sources)
    rows = db.execute(sql.text, sql.args).fetchall()
    found = [Stored(r[0], r[1], r[2], r[3], method=r[4], body=r[5]) for r in rows]
    return history_page(plan, found, total)


def _count(db: sqlite3.Connection, plan: HistoryPlan, sources: list[Source]) -> int | None:
    if not plan.most:
        whole = join([_part(plan, "count(*)", each) for each in sources], " UNION ALL ")
        return sum(int(row[0]) for row in db.execute(whole.text, whole.args))
    some = join([_part(plan, "1", each) for each in sources], " UNION ALL ")
    query = f"SELECT count(*) FROM ({some.text} LIMIT ?)"
    found = int(db.execute(query, [*some.args, plan.most + 1]).fetchone()[0])
    return found if found <= plan.most else None


def lower_history(plan: HistoryPlan, sources: list[Source]) -> Sql:
    """One more than the page. Each part comes in order from an index; SQLite merges them."""
    seek = _seek(plan)
    parts = [join([_part(plan, COLUMNS, each), *seek], " AND ") for each in sources]
    way = "ASC" if plan.ascending != plan.backward else "DESC"
    order = ", ".join(f"{NAMES[name]} {way}" for name in plan.order)
    both = join(parts, " UNION ALL ")
    return Sql(f"{both.text} ORDER BY {order} LIMIT ?", [*both.args, plan.limit + 1])


def _sources(db: sqlite3.Connection, plan: HistoryPlan) -> list[Source]:
    """Older versions have an index over all types. Current ones have not, since every creation
    would pay for it; each type's are merged instead.
    """
    if plan.id:
        return [Source(table, "1", plan.resource_type) for table in ("resource", "history")]
    types = [plan.resource_type] if plan.resource_type else [t for (t,) in db.execute(TYPES)]
    current = [
        Source("resource", f"v.method {is_} 'DELETE'", t) for t in types for is_ in ("<>", "=")
    ]
    return [*current, Source("history", "1", plan.resource_type)]


def _part(plan: HistoryPlan, columns: str, source: Source) -> Sql:
    tests: list[tuple[str, Any]] = []
    if source.type:
        tests.append(("v.type = ?", source.type))
    if plan.id:
        tests.append(("v.id = ?", plan.id))
    if plan.since is not None:
        tests.append(("v.updated >= ?", plan.since))
    if plan.until is not None:
        tests.append(("v.updated < ?", plan.until))
    where = [Sql(source.condition, []), *(Sql(text, [value]) for text, value in tests)]
    if plan.at is not None:
        where.append(Sql("v.updated < ?", [plan.at[1]]))
        if source.table == "history":
            where += [_not_replaced(each, plan.at[0]) for each in ("history", "resource")]
    joined = join(where, " AND ")
    return Sql(f"SELECT {columns} FROM {source.table} v WHERE {joined.text}", joined.args)


def _not_replaced(table: str, moment: int) -> Sql:
    text = (
        f"NOT EXISTS (SELECT 1 FROM {table} n WHERE n.type = v.type AND n.id = v.id"
        " AND n.version > v.version AND n.updated <= ?)"
    )
    return Sql(text, [moment])


def _seek(plan: HistoryPlan) -> list[Sql]:
    if plan.after is None:
        return []
    beyond = ">" if plan.ascending != plan.backward else "<"
    names = [f"v.{NAMES[name]}" for name in plan.order]
    # The first field once more, by itself: an index can begin there.
    first = Sql(f"{names[0]} {beyond}= ?", [plan.after[0]])
    marks = ", ".join("?" * len(names))
    return [first, Sql(f"({', '.join(names)}) {beyond} ({marks})", list(plan.after))]
