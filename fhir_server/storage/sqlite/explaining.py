"""What a search would do here: the SQL, what leads it, and SQLite's own plan."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from .searching import Search
from .sql import Sql

_INDEX = re.compile(r"USING (?:COVERING )?INDEX (\S+)|USING (?:INTEGER )?(PRIMARY KEY)").search
_TABLE = re.compile(r"(?:SEARCH|SCAN) (\S+)").match


def describe(search: Search) -> dict[str, Any]:
    """Shape: sql, lead, plan, index; of a search that has run with a log."""
    log = search.log or []
    plan: list[str] = []
    names: dict[str, None] = {}
    for sql, _, _ in log:
        for row in explain_query_plan(search.db, sql):
            plan.append(row)
            found = _INDEX(row)
            if found is not None:
                names[found[1] or _primary(row)] = None
    leads = [label if size < 0 else f"{label}: {size}" for _, label, size in log]
    return {
        "sql": ";\n".join(sql.text for sql, _, _ in log),
        "lead": "; ".join(dict.fromkeys(leads)),
        "plan": plan,
        "index": list(names),
    }


def explain_query_plan(db: sqlite3.Connection, sql: Sql) -> list[str]:
    rows = db.execute("EXPLAIN QUERY PLAN " + sql.text, sql.args).fetchall()
    depth: dict[int, int] = {}
    out = []
    for id, parent, _, text in rows:
        depth[id] = depth.get(parent, -1) + 1
        out.append("  " * depth[id] + text)
    return out


def _primary(row: str) -> str:
    found = _TABLE(row.strip())
    return f"{found[1]} (primary key)" if found else "primary key"
