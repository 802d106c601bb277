"""Rows of one batch by table, written by few statements.

The sqlite3 module gives up the interpreter lock while SQLite works and takes it back after each
statement, which with a busy event loop is a wait. So each table gets its rows in one or two
statements, and their lengths come from a short menu, so that they stay prepared.
"""

from __future__ import annotations

import sqlite3
from typing import Any, TypeAlias

from .schema import COLUMNS

# By table, the values of all rows one after the other.
Rows: TypeAlias = dict[str, list[Any]]

# Columns by table. Index tables: rid, pid, then the entry without its code (see storage/plan.py).
TARGETS: dict[str, tuple[str, ...]] = {
    "resource": ("rid", "type", "id", "version", "updated", "method", "body"),
    "log": ("seq", "rid", "version"),
    **{kind: ("rid", *(c for c in columns if c != "rid")) for kind, columns in COLUMNS.items()},
}
# Rows of one statement. Numbers up to 15 need one, all others up to 256 mostly two.
SIZES = (256, 192, 128, 96, 64, 48, 32, 24, 16, *range(15, 0, -1))


def _statement(table: str, size: int) -> str:
    columns = TARGETS[table]
    # A second entry of the same content says nothing new; a second resource would be a fault.
    verb = "INSERT" if table in ("resource", "log") else "INSERT OR IGNORE"
    row = f"({','.join('?' * len(columns))})"
    return f"{verb} INTO {table} ({', '.join(columns)}) VALUES {','.join([row] * size)}"


_STATEMENTS = {table: {n: _statement(table, n) for n in SIZES} for table in TARGETS}


def pour(db: sqlite3.Connection, rows: Rows) -> None:
    """Write the rows inside the transaction that is open, and forget them."""
    for table, values in rows.items():
        width, statements = len(TARGETS[table]), _STATEMENTS[table]
        start, left = 0, len(values) // width
        for size in SIZES:
            while size <= left:
                end = start + size * width
                db.execute(statements[size], values[start:end])
                start, left = end, left - size
    rows.clear()
