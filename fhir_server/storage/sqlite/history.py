"""History as SQL: the current versions beside the older ones, merged in order.

Spec of behaviour: `HistoryPlan` in storage/base.py
"""

from __future__ import annotations

import sqlite3
from typing import Any

from ..base import HistoryPlan, Page, Stored, history_page
from .sql import Sql, join

COLUMNS = "v.type, v.id, v.version, v.updated, v.method, v.body"
NAMES = {"resource_type": "type", "id": "id", "version": "version", "updated": "updated"}


def read_history(db: sqlite3.Connection, plan: HistoryPlan) -> Page:
    total = None
    if plan.total or not plan.limit:
        count = join([_part(plan, "count(*)", *each) for each in _sources(plan)], " UNION ALL ")
        total = sum(row[0] for row in db.execute(count.text, count.args))
    if not plan.limit:
        return Page([], None, total)
    sql = lower_history(plan)
    rows = db.execute(sql.text, sql.args).fetchall()
    found = [Stored(r[0], r[1], r[2], r[3], method=r[4], body=r[5]) for r in rows]
    return history_page(plan, found, total)


def lower_history(plan: HistoryPlan) -> Sql:
    """One more than the page. Each part comes in order from an index; SQLite merges them."""
    seek = _seek(plan)
    parts = [join([_part(plan, COLUMNS, *each), *seek], " AND ") for each in _sources(plan)]
    way = "ASC" if plan.ascending != plan.backward else "DESC"
    order = ", ".join(f"{NAMES[name]} {way}" for name in plan.order)
    both = join(parts, " UNION ALL ")
    return Sql(f"{both.text} ORDER BY {order} LIMIT ?", [*both.args, plan.limit + 1])


def _sources(plan: HistoryPlan) -> list[tuple[str, str]]:
    """Table and condition of each part. The condition on the method names a partial index."""
    if plan.resource_type and not plan.id:
        live, gone = "v.method <> 'DELETE'", "v.method = 'DELETE'"
        return [("resource", live), ("resource", gone), ("history", "1")]
    return [("resource", "1"), ("history", "1")]


def _part(plan: HistoryPlan, columns: str, table: str, condition: str) -> Sql:
    tests: list[tuple[str, Any]] = []
    if plan.resource_type:
        tests.append(("v.type = ?", plan.resource_type))
    if plan.id:
        tests.append(("v.id = ?", plan.id))
    if plan.since is not None:
        tests.append(("v.updated >= ?", plan.since))
    if plan.until is not None:
        tests.append(("v.updated < ?", plan.until))
    where = [Sql(condition, []), *(Sql(text, [value]) for text, value in tests)]
    if plan.at is not None:
        where.append(Sql("v.updated < ?", [plan.at[1]]))
        if table == "history":
            where += [_not_replaced(each, plan.at[0]) for each in ("history", "resource")]
    joined = join(where, " AND ")
    return Sql(f"SELECT {columns} FROM {table} v WHERE {joined.text}", joined.args)


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
